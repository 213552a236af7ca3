import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { importJobs } from '@hotline/imports';
import type { RequestContext } from '@hotline/platform';
import pg from 'pg';
import { rowProcessesOf, send } from '../harness/processes.js';
import { TestImports } from '../harness/test-imports.js';
import { TestRedis } from '../harness/test-redis.js';

/** Real imports of small files, one job at a time: who waits for whom. */
const bulk = 500;
/** Files that are sent at the same time, as far as the service lets one tenant. */
const atOnce = 4;
const patience = 60_000;

let redis: TestRedis;
beforeAll(async () => {
  redis = await TestRedis.start();
});
afterAll(() => redis.close());

const daily = (calls: number): string => `统计日期,人工请求量,人工接通量\n2023-05-04,${calls},${calls - 1}\n`;
const orders = (count: number): string => {
  const lines = Array.from({ length: count }, (_, index) => `W${index},2023-0${1 + (index % 9)}-04 09:00:00,电话`);
  return ['工单编号,受理时间,受理渠道', ...lines, ''].join('\n');
};

interface StartedJob {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
}

describe.each([
  ['in the process', () => ({})],
  ['by way of Redis', () => ({ HOTLINE_REDIS_URL: redis.url, HOTLINE_API_JOBS: '1' })],
])('imports that are worked on %s', (_, env: () => Record<string, string>) => {
  let imports: TestImports;
  beforeAll(async () => {
    imports = await start();
  }, 120_000);
  afterAll(() => imports.close());

  const start = (): Promise<TestImports> => TestImports.start({ runJobs: false, env: { ...env(), HOTLINE_JOBS: '1' } });
  const jobsOf = async (of: TestImports, { tenantId }: RequestContext): Promise<StartedJob[]> =>
    of.platform.db.run({ tenantId }, (manager) =>
      manager.query<StartedJob[]>(
        `select id, kind, subject, created_at as "createdAt", started_at as "startedAt" from job where tenant_id = $1`,
        [tenantId],
      ),
    );

  it(`of one tenant, ${bulk} of them, delay those of another, and its own that somebody waits for, by no more than one job`, async () => {
    const crowded = await start();
    try {
      const [busy, other] = [await crowded.newCity(), await crowded.newCity()];
      for (let sent = 0; sent < bulk; sent += atOnce) {
        const calls = Array.from({ length: atOnce }, (_each, index) => daily(1000 + sent + index));
        await Promise.all(calls.map((text) => crowded.send(busy, { dataset: 'call_metrics_daily', text })));
      }
      await crowded.platform.runner.start();
      const startedOf = async (): Promise<StartedJob[]> =>
        (await jobsOf(crowded, busy)).filter(({ startedAt }) => startedAt !== null);
      await until(async () => (await startedOf()).length >= 3);
      /** Jobs of the crowd that began while this one waited. */
      const before = async ({ id, createdAt, startedAt }: StartedJob): Promise<number> =>
        (await startedOf()).filter((job) => job.id !== id && between(createdAt, job.startedAt, startedAt)).length;

      const own = await crowded.receive(other, { dataset: 'call_metrics_daily', text: daily(77) });
      expect(own.state).toBe('committed');
      const theirs = await jobsOf(crowded, other);
      expect(theirs.map(({ kind }) => kind).sort()).toEqual([importJobs.check, importJobs.commit]);
      for (const job of theirs) expect(await before(job)).toBeLessThanOrEqual(1);

      const seen = await crowded.receive(busy, { dataset: 'call_metrics_daily', text: daily(9) }, { commit: false });
      expect(seen.state).toBe('checked');
      const [preview] = (await jobsOf(crowded, busy)).filter(
        ({ kind, createdAt }) => kind === importJobs.check && createdAt >= seen.uploadedAt,
      );
      expect(preview && (await before(preview))).toBeLessThanOrEqual(1);
      expect((await startedOf()).length).toBeLessThan(bulk);
    } finally {
      await crowded.close();
    }
  }, 600_000);

  it('leave nothing when they are cancelled while they are checked', async () => {
    const ctx = await imports.newCity();
    await imports.platform.runner.start();
    expect((await imports.receive(ctx, { dataset: 'work_orders', text: orders(1) })).state).toBe('committed');
    const kept = filesOf(ctx);
    // Its row process stands still, so that it is still at work when it is cancelled.
    const stopped = rowProcessesOf(process.pid);
    for (const pid of stopped) send(pid, 'SIGSTOP');
    const { id } = await imports.send(ctx, { dataset: 'work_orders', text: orders(50) });
    const job = (await jobsOf(imports, ctx)).find(({ subject }) => subject === id);
    await until(async () => (await imports.platform.queue.find(ctx, job?.id ?? ''))?.state === 'running');
    await imports.platform.queue.cancel(ctx, job?.id ?? '');
    expect((await imports.platform.queue.waitFor(ctx, job?.id ?? '', patience)).state).toBe('cancelled');
    for (const pid of stopped) send(pid, 'SIGCONT');
    expect((await imports.settled(ctx, id)).state).toBe('discarded');
    expect(filesOf(ctx)).toEqual(kept);
    expect(readdirSync(imports.platform.files.scratchRoot).filter((name) => name.startsWith('work@'))).toEqual([]);
  }, 120_000);

  it('are as they were when they are cancelled while they come into force', async () => {
    const ctx = await imports.newCity();
    await imports.platform.runner.start();
    const checked = await imports.receive(ctx, { dataset: 'work_orders', text: orders(50) }, { commit: false });
    expect([checked.state, checked.refusal]).toEqual(['checked', null]);
    const before = filesOf(ctx);
    // Somebody else holds what the commit needs in the end, so that it is still at work when it is cancelled.
    const holder = new pg.Client(imports.platform.database.superuserUrl);
    await holder.connect();
    try {
      await holder.query('begin');
      await holder.query('lock table row_state in share mode');
      await imports.service.commit(ctx, checked.id);
      const commit = (await jobsOf(imports, ctx)).find(({ kind }) => kind === importJobs.commit);
      await until(async () => (await imports.platform.queue.find(ctx, commit?.id ?? ''))?.state === 'running');
      await imports.platform.queue.cancel(ctx, commit?.id ?? '');
      expect((await imports.platform.queue.waitFor(ctx, commit?.id ?? '', patience)).state).toBe('cancelled');
    } finally {
      await holder.end();
    }
    const after = await imports.settled(ctx, checked.id);
    expect([after.state, after.commitRefusal?.code]).toEqual(['checked', 'commit_cancelled']);
    expect(filesOf(ctx)).toEqual(before);
    await imports.service.commit(ctx, checked.id);
    expect((await imports.settled(ctx, checked.id)).state).toBe('committed');
  }, 120_000);

  function filesOf({ tenantId }: RequestContext): string[] {
    return readdirSync(imports.platform.files.pathFor(tenantId), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();
  }
});

function between(after: Date, time: Date | null, before: Date | null): boolean {
  return time !== null && before !== null && time > after && time < before;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patience;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
