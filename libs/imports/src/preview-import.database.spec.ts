import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import type { RequestContext } from '@hotline/platform';
import fc from 'fast-check';
import { TestImports, type UploadedFile } from '../../../test/harness/test-imports.js';
import type { ImportEntity } from './import.entity.js';
import type { ImportsService } from './imports.service.js';
import { SegmentEntity } from './segment.entity.js';

let testing: TestImports;
let imports: ImportsService;
beforeAll(async () => {
  testing = await TestImports.start();
  imports = testing.service;
}, 60_000);
afterAll(() => testing.close());

const waiting = { commit: false } as const;
const orders = (...rows: readonly string[]): UploadedFile => ({
  dataset: 'work_orders',
  text: `${['工单编号,受理时间,受理渠道,一级分类,来电人电话,备注', ...rows].join('\n')}\n`,
});
const order = (id: string, day: string, topic = '道路', phone = '13800000001'): string =>
  `${id},${day} 10:00:00,电话,${topic},${phone},x`;

async function commit(ctx: RequestContext, id: string, onlyIf: number): Promise<ImportEntity> {
  await imports.commit(ctx, id, { onlyIf });
  return testing.settled(ctx, id);
}

async function segmentsOf({ tenantId }: RequestContext): Promise<readonly SegmentEntity[]> {
  return testing.platform.db.runReadOnly({ tenantId }, (manager) => manager.findBy(SegmentEntity, { tenantId }));
}

describe('the preview of an import', () => {
  it('tells what is new, changed and unchanged, and which days are there already, and stores nothing', async () => {
    const ctx = await testing.newCity();
    await testing.receive(ctx, orders(order('A', '2023-01-30'), order('B', '2023-01-31'), order('C', '2023-01-31')));
    const before = await segmentsOf(ctx);
    const next = orders(
      order('A', '2023-01-30'),
      order('B', '2023-02-01'),
      order('C', '2023-01-31', '供水', '13800000002'),
      order('D', '2023-02-01'),
      order('E', '某日'),
    );
    const { id } = await testing.receive(ctx, next, waiting);
    const preview = await imports.preview(ctx, id);
    expect(preview).toMatchObject({
      version: 1,
      changes: { inserted: 1, changed: 2, unchanged: 1 },
      detail: {
        days: 3,
        presentDays: 2,
        present: [{ first: '2023-01-30', last: '2023-01-31' }],
      },
    });
    expect(preview.entity.result).toMatchObject({
      counts: { read: 5, accepted: 4, refused: 1 },
      firstDay: '2023-01-30',
      lastDay: '2023-02-01',
    });
    const { firstRows, changedRows } = preview.detail;
    expect(changedRows.map(({ key, cells }) => [key[0]?.value, cells.map(({ column }) => column)])).toEqual([
      ['C', ['topic_l1', 'caller_hash']],
      ['B', ['created_at']],
    ]);
    expect(changedRows[0]?.cells).toEqual([
      { column: 'topic_l1', old: '道路', new: '供水', hidden: false },
      { column: 'caller_hash', old: null, new: null, hidden: true },
    ]);
    expect(firstRows.map((row) => row[0]?.value)).toEqual(['A', 'C', 'B', 'D']);
    expect(JSON.stringify(preview.detail)).not.toMatch(/1380000000|[0-9a-f]{64}/);

    expect(await segmentsOf(ctx)).toEqual(before);
    expect((await imports.get(ctx, id)).state).toBe('checked');
    const done = await commit(ctx, id, preview.version);
    expect([done.state, done.changes?.rows]).toEqual(['committed', preview.changes]);
    expect(done.changes).toMatchObject({ rowsBefore: 3, rowsAfter: 4 });
  });

  const row = fc
    .tuple(
      fc.constantFrom('A', 'B', 'C', 'D'),
      fc.constantFrom('2023-01-31', '2023-02-01', '2023-03-01'),
      fc.constantFrom('道路', '供水'),
    )
    .map(([id, day, topic]) => order(id, day, topic));
  const files = fc.array(
    fc.record({ rows: fc.uniqueArray(row, { minLength: 1, maxLength: 5 }), revert: fc.boolean() }),
    { minLength: 3, maxLength: 5 },
  );

  it('is what the commit then reports, after any uploads and reverts', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (sequence) => {
        const ctx = await testing.newCity();
        let last: string | null = null;
        for (const { rows, revert } of sequence) {
          if (revert && last !== null) {
            await imports.revert(ctx, last);
            expect((await testing.settled(ctx, last)).changes?.rows).toBeNull();
            last = null;
          }
          const uploaded = await testing.receive(ctx, orders(...rows), waiting);
          // The same bytes as an import in force are that import.
          if (uploaded.state === 'committed') continue;
          const { version, changes } = await imports.preview(ctx, uploaded.id);
          const { inserted, changed, unchanged } = changes;
          expect(inserted + changed + unchanged).toBe(uploaded.result?.counts.accepted);
          const done = await commit(ctx, uploaded.id, version);
          expect([done.state, done.changes?.rows]).toEqual(['committed', changes]);
          const { rowsBefore, rowsAfter } = done.changes ?? { rowsBefore: Number.NaN, rowsAfter: Number.NaN };
          expect(rowsAfter - rowsBefore).toBe(inserted);
          last = uploaded.id;
        }
      }),
      { seed: 12345, numRuns: 5 },
    );
  }, 120_000);

  it('is stale once something else was committed; a new one holds', async () => {
    const ctx = await testing.newCity();
    const first = await testing.receive(ctx, orders(order('A', '2023-01-30')), waiting);
    const second = await testing.receive(ctx, orders(order('A', '2023-01-30', '供水')), waiting);
    const early = await imports.preview(ctx, second.id);
    expect([early.version, early.changes]).toEqual([0, { inserted: 1, changed: 0, unchanged: 0 }]);
    expect((await commit(ctx, first.id, 0)).state).toBe('committed');

    await expect(imports.commit(ctx, second.id, { onlyIf: early.version })).rejects.toMatchObject({
      code: 'preview_stale',
      params: { version: 0, current: 1 },
    });
    expect((await imports.get(ctx, second.id)).state).toBe('checked');
    const late = await imports.preview(ctx, second.id);
    expect([late.version, late.changes]).toEqual([1, { inserted: 0, changed: 1, unchanged: 0 }]);
    expect((await commit(ctx, second.id, late.version)).changes?.rows).toEqual(late.changes);
  });

  it('serves one commit: of two that rely on the same version, the other is told that it came too late', async () => {
    const ctx = await testing.newCity();
    const ids: string[] = [];
    for (const topic of ['道路', '供水']) {
      ids.push((await testing.receive(ctx, orders(order('A', '2023-01-30', topic)), waiting)).id);
    }
    const asked = await Promise.allSettled(ids.map((id) => commit(ctx, id, 0)));
    const outcomes = asked.map((each) => {
      if (each.status === 'rejected') return (each.reason as { code: string }).code;
      return each.value.state === 'committed' ? 'committed' : each.value.commitRefusal?.code;
    });
    expect(outcomes.sort()).toEqual(['committed', 'preview_stale']);
    expect((await segmentsOf(ctx)).map(({ rows }) => rows)).toEqual([1]);
  });

  it('is there for checked imports only', async () => {
    const ctx = await testing.newCity();
    const { id } = await testing.receive(ctx, orders(order('A', '2023-01-30')));
    await expect(imports.preview(ctx, id)).rejects.toMatchObject({ code: 'import_not_checked' });
    const stranger = await testing.newCity();
    const { id: theirs } = await testing.receive(stranger, orders(order('B', '2023-01-30')), waiting);
    await expect(imports.preview(ctx, theirs)).rejects.toMatchObject({ code: 'import_not_found' });
  });
});

describe('all or nothing', () => {
  const all = { mode: 'all_or_nothing' } as const;
  const faulty = orders(order('A', '2023-01-30'), order('B', '某日'));

  it('commits nothing of a file with a refused row, and says how many', async () => {
    const ctx = await testing.newCity();
    const uploaded = await testing.receive(ctx, faulty, all);
    expect([uploaded.state, uploaded.commitRefusal]).toEqual([
      'checked',
      { code: 'rows_refused', params: { read: 2, refused: 1 } },
    ]);
    await expect(imports.commit(ctx, uploaded.id, all)).rejects.toMatchObject({ code: 'rows_refused' });
    expect(await segmentsOf(ctx)).toEqual([]);

    await imports.commit(ctx, uploaded.id, { mode: 'good_rows' });
    const good = await testing.settled(ctx, uploaded.id);
    expect([good.state, good.commitRefusal, good.changes?.rows]).toEqual([
      'committed',
      null,
      { inserted: 1, changed: 0, unchanged: 0 },
    ]);
  });

  it('commits a file without one', async () => {
    const ctx = await testing.newCity();
    const uploaded = await testing.receive(ctx, orders(order('A', '2023-01-30')), all);
    expect([uploaded.state, uploaded.commitRefusal]).toEqual(['committed', null]);
  });

  it('also says so where no row at all can be committed', async () => {
    const ctx = await testing.newCity();
    const uploaded = await testing.receive(ctx, orders(order('B', '某日')), { mode: 'good_rows' });
    expect([uploaded.state, uploaded.commitRefusal?.code]).toEqual(['checked', 'nothing_to_commit']);
  });
});

describe('the same bytes again', () => {
  it('commit the import that the first upload left waiting, or still being checked', async () => {
    const ctx = await testing.newCity();
    const file = orders(order('A', '2023-01-30'));
    const first = await imports.receive(ctx, Readable.from([Buffer.from(file.text)]), {
      fileName: 'orders.csv',
      dataset: file.dataset,
      commit: false,
    });
    const again = await testing.receive(ctx, file);
    expect([again.id, again.state]).toEqual([first.id, 'committed']);
  });

  it('in another file, in another order, change nothing', async () => {
    const ctx = await testing.newCity();
    await testing.receive(ctx, orders(order('A', '2023-01-30'), order('B', '2023-02-01')));
    const before = await segmentsOf(ctx);
    const again = await testing.receive(ctx, orders(order('B', '2023-02-01'), order('A', '2023-01-30')));
    expect(again.changes?.rows).toEqual({ inserted: 0, changed: 0, unchanged: 2 });
    const content = (segments: readonly SegmentEntity[]) => segments.map(({ month, sha256 }) => [month, sha256]).sort();
    expect(content(await segmentsOf(ctx))).toEqual(content(before));
  });
});
