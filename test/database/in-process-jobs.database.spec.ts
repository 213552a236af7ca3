import { describeJobRunner } from '../harness/job-runner-contract.js';

describeJobRunner('jobs run in the process');
