import { afterAll, beforeAll } from '@jest/globals';
import { describeInterruptedJobs } from '../harness/interrupted-jobs-contract.js';
import { describeJobRunner } from '../harness/job-runner-contract.js';
import { TestRedis } from '../harness/test-redis.js';

let redis: TestRedis;
beforeAll(async () => {
  redis = await TestRedis.start();
});
afterAll(() => redis.close());

const byRedis = () => ({ HOTLINE_REDIS_URL: redis.url });
describeJobRunner('jobs run by way of Redis', byRedis);
describeInterruptedJobs('jobs run by way of Redis', byRedis);
