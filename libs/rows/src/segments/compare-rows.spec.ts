import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { StoredRows } from '../../../../test/rows/stored-rows.js';
import type { Row } from '../../../../test/rows/stored-rows.js';
import { UploadFolder, workbookParts } from '../decode/sample-uploads.js';
import { runTask } from '../process/run-task.js';
import type { CheckResult, CommittedRows, CompareDetail, CompareResult, DatasetId, Segment } from '../tasks.js';
import { compare } from './compare-rows.js';
import { merge } from './merge-month.js';

let stored: StoredRows;
let uploads: UploadFolder;
beforeAll(async () => {
  stored = await StoredRows.open();
  uploads = new UploadFolder();
});
afterAll(async () => {
  uploads.remove();
  await stored.close();
});

let files = 0;
/** The segments of a dataset after these imports. */
async function segmentsOf(dataset: DatasetId, committed: readonly CommittedRows[]): Promise<readonly Segment[]> {
  const months = new Set(committed.flatMap((each) => each.months.map(({ month }) => month)));
  const segments: Segment[] = [];
  for (const month of months) {
    files += 1;
    const out = join(stored.folder, `segment-${files}.parquet`);
    const { segment } = await merge(stored.connection, { kind: 'merge', dataset, month, committed, out });
    if (segment) segments.push(segment);
  }
  return segments;
}

async function compared(
  dataset: DatasetId,
  before: readonly (readonly Row[])[],
  rows: readonly Row[],
): Promise<CompareResult & { detail: CompareDetail }> {
  const committed: CommittedRows[] = [];
  for (const each of before) committed.push(await stored.import(dataset, each));
  const segments = await segmentsOf(dataset, committed);
  const { months } = await stored.import(dataset, rows);
  const result = await compare(stored.connection, { kind: 'compare', dataset, months, segments, detail: true });
  if (!result.detail) throw new Error('no detail');
  return { ...result, detail: result.detail };
}

const order = (id: string, day: string, more: Row = {}): Row => ({
  order_id: id,
  created_at: `${day} 10:00:00`,
  channel: 'phone',
  ...more,
});

describe('the rows of an import beside the stored ones', () => {
  it('are all new where nothing is stored', async () => {
    const result = await compared('work_orders', [], [order('A', '2023-01-05'), order('B', '2023-02-05')]);
    expect(result).toMatchObject({ inserted: 2, changed: 0, unchanged: 0 });
    expect(result.detail).toMatchObject({ days: 2, presentDays: 0, present: [], changedRows: [] });
  });

  it('of a superset are new but for those that stand as they are', async () => {
    const first = [order('A', '2023-01-05'), order('B', '2023-01-06')];
    const result = await compared(
      'work_orders',
      [first],
      [...first, order('C', '2023-01-06'), order('D', '2023-01-07')],
    );
    expect(result).toMatchObject({ inserted: 2, changed: 0, unchanged: 2 });
  });

  it('of an overlap leave alone what only the stored side has', async () => {
    const result = await compared(
      'work_orders',
      [[order('A', '2023-01-05'), order('B', '2023-01-06')], [order('B', '2023-01-06', { topic_l1: 'roads' })]],
      [order('B', '2023-01-06', { topic_l1: 'roads' }), order('C', '2023-01-07')],
    );
    expect(result).toMatchObject({ inserted: 1, changed: 0, unchanged: 1 });
  });

  it('of a correction are told with key, column, old and new value', async () => {
    const result = await compared(
      'work_orders',
      [
        [
          order('A', '2023-01-05', { topic_l1: 'old', back_count: 1, is_invalid: false }),
          order('B', '2023-01-06', { closed_at: '2023-01-09 08:00:00' }),
          order('C', '2023-01-07'),
        ],
      ],
      [
        order('B', '2023-01-06'),
        order('A', '2023-01-05', { topic_l1: 'new', back_count: 2, is_invalid: true }),
        order('C', '2023-01-07'),
      ],
    );
    expect(result).toMatchObject({ inserted: 0, changed: 2, unchanged: 1 });
    expect(result.detail.changedRows).toEqual([
      {
        key: [{ column: 'order_id', value: 'A', hidden: false }],
        cells: [
          { column: 'topic_l1', old: 'old', new: 'new', hidden: false },
          { column: 'back_count', old: 1, new: 2, hidden: false },
          { column: 'is_invalid', old: false, new: true, hidden: false },
        ],
      },
      {
        key: [{ column: 'order_id', value: 'B', hidden: false }],
        cells: [{ column: 'closed_at', old: '2023-01-09T08:00:00+08:00', new: null, hidden: false }],
      },
    ]);
  });

  it('that move to another month are changed, not new', async () => {
    const result = await compared(
      'work_orders',
      [[order('A', '2023-01-31'), order('B', '2023-01-31')]],
      [order('A', '2023-02-01')],
    );
    expect(result).toMatchObject({ inserted: 0, changed: 1, unchanged: 0 });
    expect(result.detail.changedRows[0]?.cells).toEqual([
      {
        column: 'created_at',
        old: '2023-01-31T10:00:00+08:00',
        new: '2023-02-01T10:00:00+08:00',
        hidden: false,
      },
    ]);
  });

  it('are told apart by all columns of the key', async () => {
    const callback = (id: string, hour: string, more: Row = {}): Row => ({
      order_id: id,
      attempted_at: `2023-01-05 ${hour}:00:00`,
      connected: true,
      ...more,
    });
    const result = await compared(
      'callbacks',
      [[callback('A', '09'), callback('A', '10')]],
      [callback('A', '10', { connected: false }), callback('A', '11'), callback('B', '09')],
    );
    expect(result).toMatchObject({ inserted: 2, changed: 1, unchanged: 0 });
    expect(result.detail.changedRows[0]?.key).toEqual([
      { column: 'order_id', value: 'A', hidden: false },
      { column: 'attempted_at', value: '2023-01-05T10:00:00+08:00', hidden: false },
    ]);
  });

  it('are compared with the rows of their own dataset only', async () => {
    const segments = await stored.segments({
      online_sessions: [{ session_id: 'A', started_at: '2023-01-05 10:00:00' }],
    });
    const { months } = await stored.import('work_orders', [order('A', '2023-01-05')]);
    const task = { kind: 'compare', dataset: 'work_orders', months, segments, detail: true } as const;
    expect(await compare(stored.connection, task)).toMatchObject({
      ...{ inserted: 1, changed: 0, unchanged: 0 },
      detail: { days: 1, presentDays: 0 },
    });
  });

  it('may be none at all', async () => {
    const result = await compared('work_orders', [[order('A', '2023-01-05')]], []);
    expect(result).toEqual({
      ...{ inserted: 0, changed: 0, unchanged: 0 },
      detail: { days: 0, presentDays: 0, present: [], firstRows: [], changedRows: [] },
    });
  });
});

describe('what is shown before a commit', () => {
  it('are the first five rows by time, whatever their order in the file', async () => {
    const days = [9, 3, 7, 1, 5, 2];
    const result = await compared(
      'work_orders',
      [],
      // A month file is sorted, as the check writes it; the months come in their order.
      days.map((day) => order(`W${day}`, `2023-0${day}-01`)),
    );
    const ids = result.detail.firstRows.map((row) => row.find(({ column }) => column === 'order_id')?.value);
    expect(ids).toEqual(['W1', 'W2', 'W3', 'W5', 'W7']);
    expect(result.detail.firstRows[0]).toHaveLength(24);
    expect(result.detail.firstRows[0]?.slice(0, 4)).toEqual([
      { column: 'order_id', value: 'W1', hidden: false },
      { column: 'created_at', value: '2023-01-01T10:00:00+08:00', hidden: false },
      { column: 'channel', value: 'phone', hidden: false },
      { column: 'order_type', value: null, hidden: false },
    ]);
  });

  it('never holds a keyed hash, only that it is there or has changed', async () => {
    const [before, after] = ['a1b2'.repeat(16), 'c3d4'.repeat(16)];
    const result = await compared(
      'work_orders',
      [[order('A', '2023-01-05', { caller_hash: before })]],
      [order('A', '2023-01-05', { caller_hash: after })],
    );
    expect(result.detail.changedRows).toEqual([
      {
        key: [{ column: 'order_id', value: 'A', hidden: false }],
        cells: [{ column: 'caller_hash', old: null, new: null, hidden: true }],
      },
    ]);
    const cellOf = (id: string) => result.detail.firstRows[0]?.find(({ column }) => column === id);
    expect(cellOf('caller_hash')).toEqual({ column: 'caller_hash', value: null, hidden: true });
    expect(cellOf('agent_hash')).toEqual({ column: 'agent_hash', value: null, hidden: false });
    expect(JSON.stringify(result)).not.toMatch(/a1b2|c3d4/);
  });

  it('are twenty changed rows at most, the earliest', async () => {
    const rows = (topic: string) =>
      Array.from({ length: 30 }, (_, index) =>
        order(`K${index}`, `2023-01-${String(30 - index).padStart(2, '0')}`, { topic_l1: topic }),
      );
    const result = await compared('work_orders', [rows('old')], rows('new'));
    expect(result.changed).toBe(30);
    expect(result.detail.changedRows.map(({ key }) => key[0]?.value)).toEqual(
      Array.from({ length: 20 }, (_, index) => `K${29 - index}`),
    );
  });

  it('are the days that have rows already, as spans', async () => {
    const days = (...numbers: number[]) =>
      numbers.map((day) => order(`D${day}`, `2023-01-${String(day).padStart(2, '0')}`));
    const result = await compared('work_orders', [days(1, 2, 3, 9, 30, 31)], days(2, 3, 4, 9, 31));
    expect(result.detail).toMatchObject({
      days: 5,
      presentDays: 4,
      present: [
        { first: '2023-01-02', last: '2023-01-03' },
        { first: '2023-01-09', last: '2023-01-09' },
        { first: '2023-01-31', last: '2023-01-31' },
      ],
    });
  });

  it('are whole years where a row speaks for one', async () => {
    const profile = (year: number, people: number): Row => ({ year, resident_population: people });
    const result = await compared(
      'city_profile',
      [[profile(2022, 1_000_000)]],
      [profile(2022, 1_100_000), profile(2023, 1)],
    );
    expect(result).toMatchObject({
      ...{ inserted: 1, changed: 1, unchanged: 0 },
      detail: { days: 730, presentDays: 365, present: [{ first: '2022-01-01', last: '2022-12-31' }] },
    });
  });
});

describe('the same rows in another format', () => {
  const header = ['通话编号', '来电时间', '呼叫结果', '主叫号码', '排队时长'];
  const rows = [
    ['C1', '2023-05-04 09:00:00', '接通', '13800000001', '12'],
    ['C2', '2023-05-04 09:01:00', '排队放弃', '13800000002', '40'],
  ];
  let checks = 0;
  async function check(file: string): Promise<CheckResult> {
    checks += 1;
    const [outDir, scratchDir] = [join(stored.folder, `check-${checks}`), join(stored.folder, `scratch-${checks}`)];
    await mkdir(outDir);
    await mkdir(scratchDir);
    const task = { fileName: 'calls', hashKey: 'ab'.repeat(32), uploadedAt: '2023-06-01T00:00:00+08:00' };
    return runTask(stored, { kind: 'check', file, outDir, segments: [], ...task }, { scratchDir });
  }
  const text = (delimiter: string, table: readonly (readonly string[])[]) =>
    table.map((row) => `${row.join(delimiter)}\r\n`).join('');

  it('are unchanged: CSV in GB18030, then a workbook, then other columns first and a row more', async () => {
    const csv = await check(uploads.write('calls.csv', iconv.encode(text(',', [header, ...rows]), 'gb18030')));
    const segments = await segmentsOf('calls', [csv]);
    const changes = async ({ months }: CheckResult) => {
      const task = { kind: 'compare', dataset: 'calls', months, segments, detail: false } as const;
      return compare(stored.connection, task);
    };
    const book = await check(
      await uploads.zip('calls.xlsx', workbookParts({ sheets: [{ name: '通话', rows: [header, ...rows] }] })),
    );
    expect([csv.type, csv.encoding, book.type]).toEqual(['csv', 'gb18030', 'xlsx']);
    expect(await changes(book)).toEqual({ inserted: 0, changed: 0, unchanged: 2, detail: null });

    const more = [...rows, ['C3', '2023-05-03 09:00:00', '接通', '13800000003', '']];
    const turned = [header, ...more].map((row) => [...row].reverse());
    const tabs = await check(uploads.write('calls.tsv', text('\t', turned)));
    expect(await changes(tabs)).toEqual({ inserted: 1, changed: 0, unchanged: 2, detail: null });
  });
});

describe('counts', () => {
  // Few keys on both sides of a month's end: nearly every import meets the ones before.
  const anyRow = fc.record({
    order_id: fc.constantFrom('A', 'B', 'C', 'D'),
    day: fc.constantFrom('2023-01-30', '2023-01-31', '2023-02-01'),
    topic_l1: fc.constantFrom(null, 'roads', 'water'),
    extension_count: fc.constantFrom(null, 0),
  });
  const anyImport = fc.uniqueArray(anyRow, { minLength: 1, maxLength: 4, selector: (row) => row.order_id });

  it('are those of a table that is kept row by row, after any imports', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyImport, { minLength: 2, maxLength: 5 }), async (sequence) => {
        const table = new Map<string, string>();
        const committed: CommittedRows[] = [];
        for (const given of sequence) {
          const segments = await segmentsOf('work_orders', committed);
          const added = await stored.import(
            'work_orders',
            given.map(({ day, order_id: id, ...more }) => order(id, day, more)),
          );
          const expected = { inserted: 0, changed: 0, unchanged: 0 };
          for (const row of given) {
            const [now, old] = [JSON.stringify(row), table.get(row.order_id)];
            expected[old === undefined ? 'inserted' : old === now ? 'unchanged' : 'changed'] += 1;
            table.set(row.order_id, now);
          }
          const task = { kind: 'compare', dataset: 'work_orders', months: added.months, segments } as const;
          expect(await compare(stored.connection, { ...task, detail: false })).toEqual({ ...expected, detail: null });
          const { detail } = await compare(stored.connection, { ...task, detail: true });
          expect(detail?.changedRows).toHaveLength(expected.changed);
          committed.push(added);
        }
      }),
      { seed: 12345, numRuns: 12 },
    );
  });
});
