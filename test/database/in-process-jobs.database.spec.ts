import { describeInterruptedJobs } from '../harness/interrupted-jobs-contract.js';
import { describeJobRunner } from '../harness/job-runner-contract.js';

describeJobRunner('jobs run in the process');
describeInterruptedJobs('jobs run in the process');
