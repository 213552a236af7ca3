import { afterAll, beforeAll } from '@jest/globals';
import { describeJobRunner } from '../harness/job-runner-contract.js';
import { TestRedis } from '../harness/test-redis.js';

let redis: TestRedis;
beforeAll(async () => {
  redis = await TestRedis.start();
});
afterAll(() => redis.close());

describeJobRunner('jobs run by way of Redis', () => ({ HOTLINE_REDIS_URL: redis.url }));
