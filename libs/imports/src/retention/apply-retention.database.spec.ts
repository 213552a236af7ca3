import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { RequestContext } from '@hotline/platform';
import { RowPool } from '@hotline/rows';
import { TestImports } from '../../../../test/harness/test-imports.js';
import { segmentFile } from '../import-files.js';
import { SegmentEntity } from '../segment.entity.js';
import { SweepFiles } from '../sweep-files.js';
import { ApplyRetention } from './apply-retention.js';
import { RetentionService } from './retention.service.js';

let testing: TestImports;
beforeAll(async () => {
  testing = await TestImports.start();
}, 60_000);
afterAll(() => testing.close());

/** Orders by id and day, committed. */
async function commit(ctx: RequestContext, ...orders: readonly string[]): Promise<void> {
  const lines = orders.map((order) => `${order} 10:00:00,电话`);
  const text = ['工单编号,受理时间,受理渠道', ...lines, ''].join('\n');
  expect((await testing.receive(ctx, { dataset: 'work_orders', text })).state).toBe('committed');
}

/** Ids of the orders in force, by month. */
async function inForce(ctx: RequestContext): Promise<Record<string, unknown[]>> {
  const { platform } = testing;
  const segments = await platform.db.runReadOnly(ctx, (manager) =>
    manager.findBy(SegmentEntity, { tenantId: ctx.tenantId }),
  );
  const found: Record<string, unknown[]> = {};
  for (const segment of segments) {
    const { file, month } = segmentFile(segment, platform.files.pathFor(ctx.tenantId));
    const { rows } = await platform.app.get(RowPool).run({ kind: 'read', file, offset: 0, limit: 100, where: {} });
    found[month] = rows.map((row) => row['order_id']).sort();
  }
  return found;
}

/** Keeps orders from that month on, at once. */
async function keepFrom(ctx: RequestContext, month: string): Promise<void> {
  const { app, db, queue } = testing.platform;
  const [year = NaN, number = NaN] = month.split('-').map(Number);
  const now = new Date(Date.now() + 8 * 3_600_000);
  const months = (now.getUTCFullYear() - year) * 12 + now.getUTCMonth() + 1 - number;
  await app.get(RetentionService).set(ctx, 'work_orders', months);
  await db.run(ctx, (manager) =>
    manager.query(`update retention_rule set applies_from = now() - interval '1 second', applied_at = null`),
  );
  await app.get(ApplyRetention).enqueueDue();
  const [job] = await db.runReadOnly(ctx, (manager) =>
    manager.query<{ id: string }[]>(
      `select id from job where kind = 'apply-retention' order by created_at desc limit 1`,
    ),
  );
  expect((await queue.waitFor(ctx, job?.id ?? '', 30_000)).state).toBe('done');
}

it('a row that was moved into a month that is closed now does not come back where it was before', async () => {
  const ctx = await testing.newCity();
  await commit(ctx, 'W1,2023-10-05', 'W2,2023-10-06');
  // Corrected: W1 belongs to January, which closes with it in it.
  await commit(ctx, 'W1,2023-01-05', 'W9,2023-01-06');
  expect(await inForce(ctx)).toEqual({ '2023-01': ['W1', 'W9'], '2023-10': ['W2'] });
  await keepFrom(ctx, '2023-05');
  expect(await inForce(ctx)).toEqual({ '2023-10': ['W2'] });
  await commit(ctx, 'W3,2023-10-07');
  expect(await inForce(ctx)).toEqual({ '2023-10': ['W2', 'W3'] });
  // On later days, and for the sweep, there is nothing left to do.
  await keepFrom(ctx, '2023-05');
  await testing.platform.app.get(SweepFiles).sweep(Date.now() + 30 * 86_400_000);
  await commit(ctx, 'W4,2023-10-08');
  expect(await inForce(ctx)).toEqual({ '2023-10': ['W2', 'W3', 'W4'] });
}, 120_000);
