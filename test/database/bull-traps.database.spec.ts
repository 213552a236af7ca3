import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { JobLedger, openLog, type JobHandler } from '@hotline/platform';
import { TenantsService, type TenantEntity } from '@hotline/tenancy';
import type { Queue } from 'bull';
import { v7 as uuid } from 'uuid';
import { closeQueue, openQueue, type MessageQueue } from '../../libs/platform/src/jobs/bull-queue.js';
import { createTestDatabase, testSecret, type TestDatabase } from '../harness/test-cluster.js';
import { testPlatform, type TestPlatform } from '../harness/test-platform.js';
import { TestRedis } from '../harness/test-redis.js';

/** What Bull 4 and Redis do to messages, and that no job is lost, doubled or stuck by it. */
const kinds = ['count-rows'];
const [kind = ''] = kinds;
const patience = 20_000;
const quiet = openLog({ logLevel: 'fatal' });

let redis: TestRedis;
let database: TestDatabase;
let platforms: TestPlatform[];
let queues: Queue[];
let wuhan: TenantEntity;
let hangzhou: TenantEntity;

beforeAll(async () => {
  redis = await TestRedis.start({ running: false });
});
afterAll(() => redis.close());
beforeEach(async () => {
  await redis.up();
  database = await createTestDatabase();
  platforms = [];
  queues = [];
  const { app } = await open({ run: () => Promise.resolve() });
  const city = (cityCode: string) => ({ kind: 'city', name: cityCode, cityCode, isDemo: false }) as const;
  wuhan = await app.get(TenantsService).createTenant(city('420100'));
  hangzhou = await app.get(TenantsService).createTenant(city('330100'));
});
afterEach(async () => {
  for (const platform of platforms) await platform.close();
  for (const queue of queues) await closeQueue(queue as MessageQueue);
  await database.drop();
  await redis.down();
});

async function open(
  handler: JobHandler,
  settings: { leaseMs?: number; jobs?: number; lockDuration?: number } = {},
): Promise<TestPlatform> {
  const { leaseMs = 5_000, jobs = 2, lockDuration = 30_000 } = settings;
  const platform = await testPlatform({
    database,
    poolSize: 4,
    jobKinds: kinds,
    jobTiming: { retryDelayMs: 10, leaseMs, pollMs: 50, queue: { lockDuration, stalledInterval: 100 } },
    env: { HOTLINE_REDIS_URL: redis.url, HOTLINE_JOBS: String(jobs) },
  });
  platform.handlers.register(kind, handler);
  platforms.push(platform);
  return platform;
}

/** The queue of the platforms, as another process sees it that may do with it what it likes. */
function ourQueue(lockDuration = 30_000): MessageQueue {
  const queue = openQueue({ redisUrl: redis.url, secret: testSecret }, quiet, { lockDuration, stalledInterval: 100 });
  queues.push(queue);
  return queue;
}

/** Bull as it comes. */
function plainQueue(): Queue<Record<string, unknown>> {
  const queue = redis.queue('plain', { lockDuration: 100, stalledInterval: 100 });
  queues.push(queue);
  return queue;
}

const ask = (of: TenantEntity, subject = 'x'): Promise<string> => {
  const [platform] = platforms;
  if (!platform) throw new Error('no platform is open');
  return platform.db.run(of, (manager) => platform.queue.enqueue(manager, of, { kind, subject, payload: {} }));
};

const done = async (of: TenantEntity, id: string) => platforms[0]?.queue.waitFor(of, id, patience);

/** Takes a message as a worker does that dies at once. @returns the job it names */
async function takeAndDie(queue: Queue): Promise<string> {
  for (;;) {
    const message = (await queue.getNextJob()) as { data: { job: string } } | null;
    if (message) return message.data.job;
  }
}

/** Holds the thread in pieces longer than a lock lasts. */
async function holdThread(): Promise<void> {
  for (let piece = 0; piece < 5; piece += 1) {
    const end = Date.now() + 200;
    while (Date.now() < end);
    await sleep(60);
  }
}

describe('two deaths of workers', () => {
  it('end a message of plain Bull for good, although it has attempts left', async () => {
    const queue = plainQueue();
    const { id } = await queue.add({}, { attempts: 3 });
    for (let death = 0; death < 2; death += 1) {
      await queue.getNextJob();
      const watch = queue as unknown as { moveUnlockedJobsToWait(): Promise<void> };
      await until(async () => {
        await watch.moveUnlockedJobsToWait();
        const message = await queue.getJob(id);
        return (await message?.isActive()) === false;
      });
    }
    const message = await queue.getJob(id);
    expect(await message?.isFailed()).toBe(true);
    expect(message?.attemptsMade).toBe(0);
  });

  it('leave a job to the next worker, as do five', async () => {
    const id = await ask(wuhan);
    const dying = ourQueue(50);
    const { shared, db } = platforms[0] as TestPlatform;
    for (let death = 0; death < 5; death += 1) {
      const job = await takeAndDie(dying);
      expect(await new JobLedger(shared, db).claim(kinds, 1, job)).toMatchObject({ id, attempt: death + 1 });
    }
    await (await open({ run: () => Promise.resolve() })).runner.start();
    expect(await done(wuhan, id)).toMatchObject({ state: 'done', attempt: 6 });
  });
});

describe('an id that Bull has seen', () => {
  it('is taken again by plain Bull and never run, without a word', async () => {
    const queue = plainQueue();
    const ran: unknown[] = [];
    void queue.process(({ data }) => {
      ran.push(data['round']);
      return Promise.resolve();
    });
    const first = await queue.add({ round: 1 }, { jobId: 'same' });
    await first.finished();
    const second = await queue.add({ round: 2 }, { jobId: 'same' });
    expect(second.data).toEqual({ round: 2 });
    const third = await queue.add({ round: 3 }, { jobId: 'other' });
    await third.finished();
    expect(ran).toEqual([1, 3]);
  });

  it('does not keep a job from running whose message was used up', async () => {
    const id = await ask(wuhan);
    const careless = ourQueue();
    const message = await careless.getNextJob();
    await message?.moveToCompleted('nothing done', false, true);
    await (await open({ run: () => Promise.resolve() })).runner.start();
    expect((await done(wuhan, id))?.state).toBe('done');
  });

  it('is forgotten in the end, so that Redis stays small', async () => {
    const queue = ourQueue();
    void queue.process('*', 8, () => Promise.resolve());
    for (let round = 0; round < 24; round += 1) {
      await queue.addBulk(Array.from({ length: 50 }, () => ({ name: kind, data: { job: uuid() }, opts: {} })));
    }
    await until(async () => (await queue.getWaitingCount()) + (await queue.getActiveCount()) === 0);
    expect(await queue.getCompletedCount()).toBe(1_000);
  });
});

describe('a worker that holds its thread', () => {
  it('shares its message with a second one in plain Bull', async () => {
    const ran: number[] = [];
    for (const worker of [1, 2]) {
      void plainQueue().process(async () => {
        ran.push(worker);
        if (ran.length === 1) await holdThread();
      });
    }
    await plainQueue().add({});
    await until(() => ran.length === 2);
    expect([...ran].sort()).toEqual([1, 2]);
  });

  it('keeps its job to itself', async () => {
    const ran: string[] = [];
    const handler: JobHandler = {
      run: async (job) => {
        ran.push(job.subject);
        if (job.subject === 'long') await holdThread();
      },
    };
    const stalled: string[] = [];
    ourQueue().on('global:stalled', (message: string) => stalled.push(message));
    for (let worker = 0; worker < 2; worker += 1) {
      await (await open(handler, { leaseMs: 20_000, lockDuration: 100 })).runner.start();
    }
    const id = await ask(wuhan, 'long');
    expect(await done(wuhan, id)).toMatchObject({ state: 'done', attempt: 1 });
    await until(() => stalled.length > 0);
    const next = await ask(wuhan, 'next');
    await done(wuhan, next);
    expect(ran).toEqual(['long', 'next']);
  });
});

describe('a forged message', () => {
  it('changes neither the tenant nor the work of a job', async () => {
    const seen: unknown[] = [];
    const platform = await open({
      run: async ({ tenantId, subject, payload }) => void seen.push({ tenantId, subject, payload }),
    });
    const id = await ask(wuhan, 'mine');
    await redis.command('flushall');
    const forged = { job: id, tenantId: hangzhou.tenantId, subject: 'theirs', payload: { all: true } };
    await ourQueue().add('revert-import', forged);
    await platform.runner.start();
    await done(wuhan, id);
    expect(seen).toEqual([{ tenantId: wuhan.tenantId, subject: 'mine', payload: {} }]);
  });

  it('that names no job is let pass', async () => {
    const ran: string[] = [];
    const platform = await open({ run: async (job) => void ran.push(job.subject) });
    await platform.runner.start();
    const forger = ourQueue();
    for (const job of [uuid(), `' or true --`, 7, null]) await forger.add(kind, { job } as { job: string });
    await done(wuhan, await ask(wuhan, 'real'));
    expect(ran).toEqual(['real']);
  });
});

describe('Redis', () => {
  it('may forget everything while jobs wait and run', async () => {
    const ran: string[] = [];
    const started = gate();
    const proceed = gate();
    const platform = await open(
      {
        run: async ({ subject }) => {
          ran.push(subject);
          if (subject !== 'running') return;
          started.open();
          await proceed.opened;
        },
      },
      { jobs: 1 },
    );
    await platform.runner.start();
    const ids = [await ask(wuhan, 'running')];
    await started.opened;
    for (let waiting = 1; waiting <= 5; waiting += 1) ids.push(await ask(wuhan, `waiting ${waiting}`));
    const other = await ask(hangzhou, 'other');
    // Its message is there to be lost.
    const line = ourQueue();
    await until(async () => (await line.getWaitingCount()) > 0);
    await redis.command('flushall');
    proceed.open();
    for (const id of ids) expect(await done(wuhan, id)).toMatchObject({ state: 'done', attempt: 1 });
    expect((await done(hangzhou, other))?.state).toBe('done');
    expect([...ran].sort()).toEqual(
      ['running', 'other', ...[1, 2, 3, 4, 5].map((number) => `waiting ${number}`)].sort(),
    );
  });

  it('may crash and come back empty, again and again', async () => {
    const ran: string[] = [];
    const platform = await open({
      run: async ({ subject }) => {
        ran.push(subject);
        await sleep(20);
      },
    });
    await platform.runner.start();
    const ids: string[] = [];
    for (let crash = 0; crash < 5; crash += 1) {
      for (let job = 0; job < 5; job += 1) ids.push(await ask(wuhan, `${crash} ${job}`));
      // Each time at another moment of what a worker does with a message.
      await sleep(12 * crash);
      await redis.down();
      ids.push(await ask(wuhan, `${crash} meanwhile`));
      await redis.up();
    }
    for (const id of ids) expect(await done(wuhan, id)).toMatchObject({ state: 'done', attempt: 1 });
    expect(new Set(ran).size).toBe(ids.length);
    expect(ran).toHaveLength(ids.length);
  });

  it('may hold what a worker of before its crash wrote of a message that it had forgotten', async () => {
    const platform = await open({ run: () => Promise.resolve() });
    const queue = ourQueue();
    const id = await platform.db.run(wuhan, async (manager) => {
      const job = await platform.queue.enqueue(manager, wuhan, { kind, subject: 'x', payload: {} });
      // Taking a message notes when, also of a message that is no more: of such a one nothing else is known.
      await queue.client.hset(queue.toKey(`${job}:1`), 'processedOn', Date.now());
      return job;
    });
    await platform.runner.start();
    expect(await done(wuhan, id)).toMatchObject({ state: 'done', attempt: 1 });
  });

  it('may be absent when the process starts', async () => {
    await redis.down();
    const platform = await open({ run: () => Promise.resolve() });
    await platform.runner.start();
    const id = await ask(wuhan);
    expect((await platform.queue.find(wuhan, id))?.state).toBe('queued');
    await redis.up();
    expect((await done(wuhan, id))?.state).toBe('done');
  });

  it('is named in the log when it may drop messages', async () => {
    const lines: string[] = [];
    await redis.down();
    await redis.up('--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru');
    const log = openLog({ logLevel: 'error' }, { write: (line) => void lines.push(line) });
    queues.push(openQueue({ redisUrl: redis.url, secret: testSecret }, log));
    await until(() => lines.length > 0);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      policy: 'allkeys-lru',
      msg: expect.stringContaining('noeviction'),
    });
  });
});

function gate(): { readonly opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patience;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await sleep(20);
  }
}
