import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { JobLedger, LeaseLost, type JobHandler } from '@hotline/platform';
import { aborted, gate, jobRunners, kinds, patience, until, type RunnerSettings } from './job-runners.js';

/**
 * What every runner of jobs owes where work is interrupted: by workers that are lost, by those who cancel it, by processes
 * that stop, and by others at the same work. `env` chooses the runner.
 */
export function describeInterruptedJobs(name: string, env: RunnerSettings = () => ({})): void {
  describe(name, () => {
    const { open, tenants, tenant, ask, leaveRow, rowsLeft } = jobRunners(env);

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
      for (let round = 0; round < 6; round += 1) for (const of of tenants()) asked.push(await ask(one, of));
      await Promise.all([one.runner.start(), two.runner.start()]);
      await until(() => ran.length >= asked.length);
      expect([...ran].sort()).toEqual([...asked].sort());
    });
  });
}
