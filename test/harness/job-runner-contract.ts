import { describe, expect, it } from '@jest/globals';
import { gate, jobRunners, kind, patience, until, type RunnerSettings } from './job-runners.js';

/** What every runner of jobs owes those who ask for them. `env` chooses the runner. */
export function describeJobRunner(name: string, env: RunnerSettings = () => ({})): void {
  describe(name, () => {
    const { open, openBare, tenant, ask, leaveRow, rowsLeft } = jobRunners(env);

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
      const platform = await openBare([kind, 'other']);
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
