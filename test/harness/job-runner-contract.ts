import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { completeJob, JobLedger, LeaseLost, type ClaimedJob, type JobHandler } from '@hotline/platform';
import { TenantsService, type TenantEntity } from '@hotline/tenancy';
import { v7 as uuid } from 'uuid';
import { createTestDatabase, type TestDatabase } from './test-cluster.js';
import { testPlatform, type TestPlatform } from './test-platform.js';

const kind = 'count-rows';
const kinds = [kind];
const patience = 20_000;

/**
 * What every runner of jobs owes those who ask for them. `env` chooses the runner; each test has a database of its own
 * and starts its runners itself.
 */
export function describeJobRunner(name: string, env: () => Readonly<Record<string, string>> = () => ({})): void {
  describe(name, () => {
    let database: TestDatabase;
    let platforms: TestPlatform[];
    let tenants: TenantEntity[];

    beforeEach(async () => {
      database = await createTestDatabase();
      platforms = [];
      tenants = [];
      const platform = await open({ run: () => Promise.resolve() });
      for (const cityCode of ['420100', '330100', '510100']) {
        const tenant = { kind: 'city', name: cityCode, cityCode, isDemo: false } as const;
        tenants.push(await platform.app.get(TenantsService).createTenant(tenant));
      }
    });
    afterEach(async () => {
      for (const platform of platforms) await platform.close();
      await database.drop();
    });

    async function open(
      handler: JobHandler,
      settings: { jobs?: number; leaseMs?: number; retryDelayMs?: number } = {},
    ): Promise<TestPlatform> {
      const platform = await testPlatform({
        database,
        poolSize: 4,
        jobKinds: kinds,
        jobTiming: { retryDelayMs: settings.retryDelayMs ?? 10, leaseMs: settings.leaseMs ?? 5_000, pollMs: 50 },
        env: { ...env(), HOTLINE_JOBS: String(settings.jobs ?? 2) },
      });
      platform.handlers.register(kind, handler);
      platforms.push(platform);
      return platform;
    }

    const tenant = (index = 0): TenantEntity => {
      const found = tenants[index];
      if (!found) throw new Error(`there is no tenant ${index}`);
      return found;
    };

    const ask = (platform: TestPlatform, of: TenantEntity, subject = 'x', priority = 0): Promise<string> =>
      platform.db.run(of, (manager) =>
        platform.queue.enqueue(manager, of, { kind, subject, payload: { subject }, priority }),
      );

    /** The work of a job that leaves a row behind and completes it in the same transaction. */
    const leaveRow = (
      platform: TestPlatform,
      job: Pick<ClaimedJob, 'id' | 'tenantId' | 'fence'>,
      row: string,
    ): Promise<void> =>
      platform.db.run(job, async (manager) => {
        await manager.query(
          `insert into api_key (tenant_id, id, name, prefix, hash, scopes) values ($1, $2, $3, '', '', '{}')`,
          [job.tenantId, uuid(), row],
        );
        await completeJob(manager, job, { row });
      });

    const rowsLeft = async (platform: TestPlatform, of: TenantEntity): Promise<string[]> => {
      const rows = await platform.db.run(of, (manager) =>
        manager.query<{ name: string }[]>('select name from api_key'),
      );
      return rows.map((row) => row.name).sort();
    };

    it('runs a job once its transaction is committed, and keeps the work with the completion', async () => {
      const platform = await open({ run: (job) => leaveRow(platform, job, job.subject) });
      await platform.runner.start();
      const id = await ask(platform, tenant(), 'first');
      expect(await platform.queue.waitFor(tenant(), id, patience)).toMatchObject({
        state: 'done',
        attempt: 1,
        result: { row: 'first' },
        errorCode: null,
      });
      expect(await rowsLeft(platform, tenant())).toEqual(['first']);
    });

    it('never runs a job whose transaction was given up', async () => {
      const ran: string[] = [];
      const platform = await open({ run: async (job) => void ran.push(job.subject) });
      await platform.runner.start();
      await platform.db
        .run(tenant(), async (manager) => {
          await platform.queue.enqueue(manager, tenant(), { kind, subject: 'never', payload: {} });
          throw new Error('changed my mind');
        })
        .catch(() => undefined);
      await platform.queue.waitFor(tenant(), await ask(platform, tenant(), 'next'), patience);
      expect(ran).toEqual(['next']);
    });

    it('runs what was asked for while no worker was there', async () => {
      const platform = await open({ run: () => Promise.resolve() });
      const id = await ask(platform, tenant());
      expect((await platform.queue.find(tenant(), id))?.state).toBe('queued');
      await platform.runner.start();
      expect((await platform.queue.waitFor(tenant(), id, patience)).state).toBe('done');
    });

    it('shows a job to its own tenant only', async () => {
      const platform = await open({ run: () => Promise.resolve() });
      const id = await ask(platform, tenant(0));
      expect(await platform.queue.find(tenant(1), id)).toBeNull();
      await platform.queue.cancel(tenant(1), id);
      await platform.runner.start();
      expect((await platform.queue.waitFor(tenant(0), id, patience)).state).toBe('done');
    });

    it('runs one job of a tenant at a time, urgent ones first, and other tenants beside it', async () => {
      const order: string[] = [];
      const first = gate();
      const platform = await open({
        run: async (job) => {
          order.push(job.subject);
          // Waits for the other tenant's job, which must therefore run beside it.
          if (job.subject === 'a1') await first.opened;
          if (job.subject === 'b1') first.open();
        },
      });
      const ids = [await ask(platform, tenant(0), 'a1')];
      await platform.runner.start();
      await until(() => order.includes('a1'));
      ids.push(await ask(platform, tenant(0), 'a2'), await ask(platform, tenant(0), 'a3 urgent', 10));
      const other = await ask(platform, tenant(1), 'b1');
      for (const id of ids) expect((await platform.queue.waitFor(tenant(0), id, patience)).state).toBe('done');
      expect((await platform.queue.waitFor(tenant(1), other, patience)).state).toBe('done');
      expect(order).toEqual(['a1', 'b1', 'a3 urgent', 'a2']);
    });

    it('lets no tenant wait behind the many jobs of another', async () => {
      const order: string[] = [];
      const platform = await open({ run: async (job) => void order.push(job.subject) }, { jobs: 1 });
      for (const subject of ['a1', 'a2', 'a3', 'a4']) await ask(platform, tenant(0), subject);
      const last = await ask(platform, tenant(1), 'b1');
      await platform.runner.start();
      await platform.queue.waitFor(tenant(1), last, patience);
      await until(() => order.length === 5);
      expect(order).toEqual(['a1', 'b1', 'a2', 'a3', 'a4']);
    });

    it('tries again after a failure', async () => {
      const platform = await open({
        run: async (job) => {
          if (job.attempt < 3) throw Object.assign(new Error('not yet'), { code: 'rows_busy' });
          await leaveRow(platform, job, `attempt ${job.attempt}`);
        },
      });
      await platform.runner.start();
      const id = await ask(platform, tenant());
      expect(await platform.queue.waitFor(tenant(), id, patience)).toMatchObject({ state: 'done', attempt: 3 });
      expect(await rowsLeft(platform, tenant())).toEqual(['attempt 3']);
    });

    it('gives a job up after three attempts, has things put right, and goes on', async () => {
      const putRight: string[] = [];
      const platform = await open({
        run: async (job) => {
          if (job.subject === 'poison') throw Object.assign(new Error('broken'), { code: 'parser_crashed' });
        },
        failed: async (job) => void putRight.push(`${job.subject} ${job.attempt}`),
      });
      await platform.runner.start();
      const poison = await ask(platform, tenant(0), 'poison');
      const after = await ask(platform, tenant(0), 'after');
      expect(await platform.queue.waitFor(tenant(0), poison, patience)).toMatchObject({
        state: 'failed',
        attempt: 3,
        errorCode: 'parser_crashed',
      });
      expect((await platform.queue.waitFor(tenant(0), after, patience)).state).toBe('done');
      expect(putRight).toEqual(['poison 3']);
    });

    it('does not give a job up because the database is busy: somebody may hold what it needs for half a minute', async () => {
      const platform = await open({
        run: async (job) => {
          const busy = new Error('canceling statement due to lock timeout');
          if (job.attempt < 5) throw Object.assign(busy, { code: '55P03' });
          await leaveRow(platform, job, `attempt ${job.attempt}`);
        },
      });
      await platform.runner.start();
      const id = await ask(platform, tenant());
      expect(await platform.queue.waitFor(tenant(), id, patience)).toMatchObject({ state: 'done', attempt: 5 });
    });

    it('holds nobody up with a job that fails: others run before it is tried again', async () => {
      const order: string[] = [];
      const platform = await open(
        {
          run: async (job) => {
            order.push(job.subject);
            if (job.subject === 'poison') throw new Error('broken');
          },
        },
        { jobs: 1, retryDelayMs: 1_000 },
      );
      const ids = [
        await ask(platform, tenant(0), 'poison', 10),
        await ask(platform, tenant(0), 'own'),
        await ask(platform, tenant(1), 'other'),
      ];
      await platform.runner.start();
      await until(() => order.length === 4);
      expect(order[0]).toBe('poison');
      expect(order.slice(1, 3).sort()).toEqual(['other', 'own']);
      expect(order[3]).toBe('poison');
      await platform.queue.cancel(tenant(0), ids[0] ?? '');
    });

    it('gives a silent worker’s job to another; what the first then commits is refused', async () => {
      const platform = await open({ run: (job) => leaveRow(platform, job, `fence ${job.fence}`) });
      const id = await ask(platform, tenant());
      const silent = await new JobLedger(platform.shared, platform.db).claim(kinds, 30);
      if (!silent) throw new Error('the job was not there to claim');
      await platform.runner.start();
      expect(await platform.queue.waitFor(tenant(), id, patience)).toMatchObject({ state: 'done', attempt: 2 });
      await expect(leaveRow(platform, silent, `fence ${silent.fence}`)).rejects.toBeInstanceOf(LeaseLost);
      expect(await rowsLeft(platform, tenant())).toEqual(['fence 2']);
      expect(await platform.queue.find(tenant(), id)).toMatchObject({ state: 'done', result: { row: 'fence 2' } });
    });

    it('lets a worker that lost its job change nothing while another is at work on it', async () => {
      const platform = await open({ run: () => Promise.resolve() });
      const id = await ask(platform, tenant());
      const ledger = new JobLedger(platform.shared, platform.db);
      const lost = await ledger.claim(kinds, 1);
      await sleep(50);
      const holder = await ledger.claim(kinds, 60_000);
      if (lost?.id !== id || holder?.id !== id) throw new Error('the job was not there to claim twice');
      await expect(leaveRow(platform, lost, 'stale')).rejects.toBeInstanceOf(LeaseLost);
      await expect(ledger.renew(lost, 60_000)).rejects.toBeInstanceOf(LeaseLost);
      await expect(ledger.end(lost, 'failed', 'stale')).rejects.toBeInstanceOf(LeaseLost);
      expect(await platform.queue.find(tenant(), id)).toMatchObject({ state: 'running', attempt: 2 });
      await leaveRow(platform, holder, 'fresh');
      expect(await rowsLeft(platform, tenant())).toEqual(['fresh']);
    });

    it('lets a silent worker commit as long as nobody else has the job', async () => {
      const platform = await open({ run: () => Promise.resolve() });
      const id = await ask(platform, tenant());
      const slow = await new JobLedger(platform.shared, platform.db).claim(kinds, 1);
      if (!slow) throw new Error('the job was not there to claim');
      await leaveRow(platform, slow, 'late but whole');
      expect((await platform.queue.find(tenant(), id))?.state).toBe('done');
      await platform.runner.start();
      expect(await rowsLeft(platform, tenant())).toEqual(['late but whole']);
    });

    it('keeps a job that takes longer than a lease', async () => {
      const platform = await open(
        {
          run: async (job) => {
            const { id } = job;
            const lease = async (): Promise<number | null> => {
              const [row] = await platform.db.run(job, (manager) =>
                manager.query<{ until: number }[]>(
                  'select extract(epoch from lease_until)::float8 as until from job where id = $1',
                  [id],
                ),
              );
              return row?.until ?? null;
            };
            const start = await lease();
            await until(async () => (await lease()) !== start);
            await leaveRow(platform, job, 'kept');
          },
        },
        { leaseMs: 1_000 },
      );
      await platform.runner.start();
      const id = await ask(platform, tenant());
      expect(await platform.queue.waitFor(tenant(), id, patience)).toMatchObject({ state: 'done', attempt: 1 });
    });

    it('ends a job whose every worker went silent', async () => {
      const putRight: string[] = [];
      const platform = await open({
        run: () => Promise.reject(new Error('must not run again')),
        failed: async (job) => void putRight.push(job.subject),
      });
      const id = await ask(platform, tenant(), 'killer');
      const ledger = new JobLedger(platform.shared, platform.db);
      for (let lost = 1; lost <= 6; lost += 1) await until(async () => (await ledger.claim(kinds, 1)) !== null);
      await platform.runner.start();
      expect(await platform.queue.waitFor(tenant(), id, patience)).toMatchObject({
        state: 'failed',
        errorCode: 'worker_lost',
      });
      expect(putRight).toEqual(['killer']);
    });

    it('never starts a job that was cancelled while it waited', async () => {
      const seen: string[] = [];
      const platform = await open({
        run: async () => void seen.push('run'),
        failed: async () => void seen.push('put right'),
      });
      const id = await ask(platform, tenant());
      await platform.queue.cancel(tenant(), id);
      await platform.runner.start();
      expect((await platform.queue.waitFor(tenant(), id, patience)).state).toBe('cancelled');
      expect(seen).toEqual(['put right']);
    });

    it('tells a running job to stop when it is cancelled, and tries it no more', async () => {
      const started = gate();
      const platform = await open({
        run: async (job) => {
          started.open();
          await aborted(job.signal);
          throw new Error('stopped');
        },
      });
      await platform.runner.start();
      const id = await ask(platform, tenant());
      await started.opened;
      await platform.queue.cancel(tenant(), id);
      expect(await platform.queue.waitFor(tenant(), id, patience)).toMatchObject({ state: 'cancelled', attempt: 1 });
    });

    it('lets a job end when the process stops', async () => {
      const started = gate();
      const proceed = gate();
      const platform = await open({
        run: async (job) => {
          started.open();
          await proceed.opened;
          await leaveRow(platform, job, 'ended well');
        },
      });
      await platform.runner.start();
      const id = await ask(platform, tenant());
      await started.opened;
      const stopped = platform.runner.stop(patience);
      proceed.open();
      await stopped;
      expect((await platform.queue.find(tenant(), id))?.state).toBe('done');
    });

    it('hands a job back that does not end in time; another process runs it', async () => {
      const started = gate();
      const first = await open({
        run: async (job) => {
          started.open();
          await aborted(job.signal);
          throw new Error('no time left');
        },
      });
      await first.runner.start();
      const id = await ask(first, tenant());
      await started.opened;
      await first.runner.stop(10);
      expect(await first.queue.find(tenant(), id)).toMatchObject({ state: 'queued', attempt: 0 });
      const second = await open({ run: (job) => leaveRow(second, job, 'second process') });
      await second.runner.start();
      expect(await second.queue.waitFor(tenant(), id, patience)).toMatchObject({ state: 'done', attempt: 1 });
    });

    it('runs each job once with two processes at work', async () => {
      const ran: string[] = [];
      const handler: JobHandler = { run: async (job) => void ran.push(job.id) };
      const [one, two] = [await open(handler), await open(handler)];
      const asked: string[] = [];
      for (let round = 0; round < 6; round += 1) for (const of of tenants) asked.push(await ask(one, of));
      await Promise.all([one.runner.start(), two.runner.start()]);
      await until(() => ran.length >= asked.length);
      expect([...ran].sort()).toEqual([...asked].sort());
    });

    it('shows how far a job is', async () => {
      const told = gate();
      const proceed = gate();
      const platform = await open({
        run: async (job) => {
          await job.progress('merge', 3, 12);
          told.open();
          await proceed.opened;
          await job.progress('merge', 12, 12);
        },
      });
      await platform.runner.start();
      const id = await ask(platform, tenant());
      await told.opened;
      expect(await platform.queue.find(tenant(), id)).toMatchObject({
        state: 'running',
        progress: { step: 'merge', done: 3, total: 12, share: 0.25 },
      });
      proceed.open();
      expect((await platform.queue.waitFor(tenant(), id, patience)).progress).toMatchObject({
        step: 'merge',
        done: 12,
        total: 12,
        share: 1,
        secondsLeft: 0,
      });
    });

    it('refuses to start unless every kind of job has exactly one handler', async () => {
      const platform = await testPlatform({ database, jobKinds: [kind, 'other'], env: env() });
      platforms.push(platform);
      await expect(platform.runner.start()).rejects.toThrow('count-rows has no handler; other has no handler');
      platform.handlers.register(kind, { run: () => Promise.resolve() });
      platform.handlers.register('other', { run: () => Promise.resolve() });
      expect(() => platform.handlers.register(kind, { run: () => Promise.resolve() })).toThrow('two handlers');
      platform.handlers.register('unheard of', { run: () => Promise.resolve() });
      await expect(platform.runner.start()).rejects.toThrow('unheard of has a handler but is no known kind');
      await expect(
        platform.db.run(tenant(), (manager) =>
          platform.queue.enqueue(manager, tenant(), { kind: 'unheard of', subject: '', payload: {} }),
        ),
      ).rejects.toThrow('not known');
    });
  });
}

function gate(): { readonly opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patience;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
