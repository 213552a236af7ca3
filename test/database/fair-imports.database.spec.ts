import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { importJobs } from '@hotline/imports';
import type { RequestContext } from '@hotline/platform';
import pg from 'pg';
import { TestImports } from '../harness/test-imports.js';
import { TestRedis } from '../harness/test-redis.js';

/** Real imports of small files, one job at a time: who waits for whom. */
const bulk = 500;
const patience = 60_000;

let redis: TestRedis;
beforeAll(async () => {
  redis = await TestRedis.start();
});
afterAll(() => redis.close());

const daily = (calls: number): string => `统计日期,人工请求量,人工接通量\n2023-05-04,${calls},${calls - 1}\n`;
const orders = (count: number): string => {
  const lines = Array.from({ length: count }, (_, index) => `W${index},2023-0${1 + (index % 9)}-04 09:00:00`);
  return ['工单编号,受理时间', ...lines, ''].join('\n');
};

interface StartedJob {
  readonly id: string;
  readonly kind: string;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
}

describe.each([
  ['in the process', () => ({})],
  ['by way of Redis', () => ({ HOTLINE_REDIS_URL: redis.url, HOTLINE_API_JOBS: '1' })],
])('imports that are worked on %s', (_, env: () => Record<string, string>) => {
  let imports: TestImports;
  beforeAll(async () => {
    imports = await TestImports.start({ runJobs: false, env: { ...env(), HOTLINE_JOBS: '1' } });
  }, 60_000);
  afterAll(() => imports.close());

  const jobsOf = async ({ tenantId }: RequestContext): Promise<StartedJob[]> =>
    imports.platform.db.run({ tenantId }, (manager) =>
      manager.query<StartedJob[]>(
        `select id, kind, created_at as "createdAt", started_at as "startedAt" from job where tenant_id = $1`,
        [tenantId],
      ),
    );
  const cancelAll = async (ctx: RequestContext): Promise<void> => {
    for (const { id } of await jobsOf(ctx)) await imports.platform.queue.cancel(ctx, id);
  };

  it(`of one tenant, ${bulk} of them, delay those of another by no more than one job`, async () => {
    const [busy, other] = [await imports.newCity(), await imports.newCity()];
    for (let sent = 0; sent < bulk; sent += 1)
      await imports.send(busy, { dataset: 'call_metrics_daily', text: daily(1000 + sent) });
    await imports.platform.runner.start();
    const started = async (): Promise<StartedJob[]> =>
      (await jobsOf(busy)).filter(({ startedAt }) => startedAt !== null);
    while ((await started()).length < 3) await new Promise((resolve) => setTimeout(resolve, 10));

    const own = await imports.receive(other, { dataset: 'call_metrics_daily', text: daily(77) });
    expect(own.state).toBe('committed');
    const theirs = await jobsOf(other);
    expect(theirs.map(({ kind }) => kind).sort()).toEqual([importJobs.check, importJobs.commit]);
    for (const { createdAt, startedAt } of theirs) {
      const before = (await started()).filter(
        (job) => job.startedAt !== null && startedAt !== null && job.startedAt > createdAt && job.startedAt < startedAt,
      );
      expect(before.length).toBeLessThanOrEqual(1);
    }
    expect((await jobsOf(busy)).filter(({ startedAt }) => startedAt === null).length).toBeGreaterThan(bulk / 2);

    // Within a tenant, what somebody waits to see goes before what goes through by itself.
    const seen = await imports.receive(busy, { dataset: 'call_metrics_daily', text: daily(9) }, { commit: false });
    expect(seen.state).toBe('checked');
    const [preview] = (await jobsOf(busy)).filter(({ createdAt }) => createdAt >= seen.uploadedAt);
    const checks = (await started()).filter(
      (job) =>
        job.kind === importJobs.check &&
        job.startedAt !== null &&
        preview?.startedAt != null &&
        job.startedAt > seen.uploadedAt &&
        job.startedAt < preview.startedAt,
    );
    expect(checks.length).toBeLessThanOrEqual(1);
    await cancelAll(busy);
  }, 120_000);

  it('leave nothing when they are cancelled while they are checked', async () => {
    const ctx = await imports.newCity();
    await imports.platform.runner.start();
    const { id } = await imports.send(ctx, { dataset: 'work_orders', text: orders(150_000) });
    const [check] = await jobsOf(ctx);
    await until(async () => (await imports.platform.queue.find(ctx, check?.id ?? ''))?.state === 'running');
    await imports.platform.queue.cancel(ctx, check?.id ?? '');
    expect((await imports.platform.queue.waitFor(ctx, check?.id ?? '', patience)).state).toBe('cancelled');
    expect((await imports.settled(ctx, id)).state).toBe('discarded');
    expect(filesOf(ctx)).toEqual([]);
    expect(readdirSync(imports.platform.files.scratchRoot).filter((name) => name.startsWith('work@'))).toEqual([]);
  });

  it('are as they were when they are cancelled while they come into force', async () => {
    const ctx = await imports.newCity();
    await imports.platform.runner.start();
    const checked = await imports.receive(ctx, { dataset: 'work_orders', text: orders(50) }, { commit: false });
    const before = filesOf(ctx);
    // Somebody else holds what the commit needs in the end, so that it is still at work when it is cancelled.
    const holder = new pg.Client(imports.platform.database.superuserUrl);
    await holder.connect();
    try {
      await holder.query('begin');
      await holder.query('lock table row_state in share mode');
      await imports.service.commit(ctx, checked.id);
      const commit = (await jobsOf(ctx)).find(({ kind }) => kind === importJobs.commit);
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
  });

  function filesOf({ tenantId }: RequestContext): string[] {
    return readdirSync(imports.platform.files.pathFor(tenantId), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();
  }
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patience;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
