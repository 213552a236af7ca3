import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { loadMethodology } from '@hotline/methodology';
import { StoredRows } from '../../../../test/rows/stored-rows.js';
import type { Row } from '../../../../test/rows/stored-rows.js';
import { facts } from '../facts/count-facts.js';
import { dependents } from '../facts/find-dependents.js';
import type { CommittedRows, DatasetId, Segment, SegmentFact } from '../tasks.js';
import { affected } from './find-affected.js';
import { merge } from './merge-month.js';

let stored: StoredRows;
beforeAll(async () => {
  stored = await StoredRows.open();
});
afterAll(() => stored.close());

let files = 0;
function mergeMonth(dataset: DatasetId, month: string, committed: readonly CommittedRows[]) {
  files += 1;
  const out = join(stored.folder, `segment-${files}.parquet`);
  return merge(stored.connection, { kind: 'merge', dataset, month, committed, out });
}

async function rowsOf(segment: Segment | null, columns: string): Promise<readonly unknown[]> {
  if (!segment) return [];
  const reader = await stored.connection.runAndReadAll(
    `SELECT ${columns} FROM read_parquet('${segment.file}') ORDER BY ALL`,
  );
  return reader.getRowsJson();
}

const order = (id: string, day: string, more: Row = {}): Row => ({
  order_id: id,
  created_at: `${day} 10:00:00`,
  channel: 'phone',
  ...more,
});

describe('the segment of a month', () => {
  it('is the file of the import itself where no later import touches its keys', async () => {
    const first = await stored.import('work_orders', [order('A', '2023-01-05'), order('B', '2023-02-05')]);
    const second = await stored.import('work_orders', [order('C', '2023-02-07')]);
    const { segment } = await mergeMonth('work_orders', '2023-01', [first, second]);
    expect(segment?.file).toBe(first.months[0]?.file);
    expect(segment?.bytes).toBe((await readFile(first.months[0]?.file ?? '')).length);
  });

  it('holds the latest row of each key', async () => {
    const first = await stored.import('work_orders', [
      order('A', '2023-01-05', { topic_l1: 'old' }),
      order('B', '2023-01-06', { topic_l1: 'kept' }),
    ]);
    const second = await stored.import('work_orders', [order('A', '2023-01-05', { topic_l1: 'new' })]);
    const { segment } = await mergeMonth('work_orders', '2023-01', [first, second]);
    expect(await rowsOf(segment, 'order_id, topic_l1')).toEqual([
      ['A', 'new'],
      ['B', 'kept'],
    ]);
    expect(segment?.rows).toBe(2);
  });

  it('loses a row that a later import gives another month, and is gone when none is left', async () => {
    const first = await stored.import('work_orders', [order('A', '2023-01-31')]);
    const second = await stored.import('work_orders', [order('A', '2023-02-01')]);
    const list = [first, second];
    expect(
      await affected(stored.connection, { kind: 'affected', dataset: 'work_orders', changed: second, committed: list }),
    ).toEqual(['2023-01', '2023-02']);
    expect((await mergeMonth('work_orders', '2023-01', list)).segment).toBeNull();
    expect(await rowsOf((await mergeMonth('work_orders', '2023-02', list)).segment, 'order_id')).toEqual([['A']]);
  });

  it('stays sorted by time and key, whatever the order of the imports', async () => {
    const days = (numbers: readonly number[]) =>
      numbers.map((day) => order(`T${day}`, `2023-01-${String(day).padStart(2, '0')}`));
    const first = await stored.import('work_orders', days([11, 12, 20]));
    const second = await stored.import('work_orders', days([1, 2]));
    const third = await stored.import('work_orders', days([12, 15]));
    const ids = async (list: readonly CommittedRows[]) => {
      const { segment } = await mergeMonth('work_orders', '2023-01', list);
      const reader = await stored.connection.runAndReadAll(`SELECT order_id FROM '${segment?.file ?? ''}'`);
      return reader.getRowsJson().flat();
    };
    expect(await ids([first, second])).toEqual(['T1', 'T2', 'T11', 'T12', 'T20']);
    expect(await ids([first, second, third])).toEqual(['T1', 'T2', 'T11', 'T12', 'T15', 'T20']);
  });

  it('has the same bytes whenever it is built from the same list, and leaves nothing half written', async () => {
    const rows = Array.from({ length: 3000 }, (_, index) => order(`K${index}`, '2023-03-05'));
    const first = await stored.import('work_orders', rows);
    const second = await stored.import(
      'work_orders',
      rows.filter((_, index) => index % 3 === 0),
    );
    const once = await mergeMonth('work_orders', '2023-03', [first, second]);
    const again = await mergeMonth('work_orders', '2023-03', [first, second]);
    expect(once.segment?.rows).toBe(3000);
    expect(again.segment?.sha256).toBe(once.segment?.sha256);
    expect((await readdir(stored.folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

/** A tenant whose segments and facts are carried on from commit to commit, as the service does it. */
class Tenant {
  readonly lists = new Map<DatasetId, CommittedRows[]>();
  private readonly segments = new Map<string, Segment>();
  private readonly facts = new Map<string, readonly SegmentFact[]>();

  async change(dataset: DatasetId, changed: CommittedRows, list: CommittedRows[]): Promise<void> {
    this.lists.set(dataset, list);
    const months = await affected(stored.connection, { kind: 'affected', dataset, changed, committed: list });
    for (const month of months) {
      const { segment } = await mergeMonth(dataset, month, list);
      if (segment) this.segments.set(`${dataset} ${month}`, segment);
      else this.segments.delete(`${dataset} ${month}`);
    }
    const segments = [...this.segments.values()];
    const change = { methodology: loadMethodology(), dataset, months, segments };
    const pairs = [...months.map((month) => ({ dataset, month })), ...dependents(change)];
    for (const pair of pairs) await this.count(pair.dataset, pair.month, segments);
  }

  async rebuild(): Promise<void> {
    this.segments.clear();
    this.facts.clear();
    for (const [dataset, list] of this.lists) {
      for (const month of new Set(list.flatMap((committed) => committed.months.map((each) => each.month)))) {
        const { segment } = await mergeMonth(dataset, month, list);
        if (segment) this.segments.set(`${dataset} ${month}`, segment);
      }
    }
    const segments = [...this.segments.values()];
    for (const { dataset, month } of segments) await this.count(dataset, month, segments);
  }

  private async count(dataset: DatasetId, month: string, segments: readonly Segment[]): Promise<void> {
    const found = await facts(stored.connection, {
      kind: 'facts',
      methodology: loadMethodology(),
      dataset,
      months: [month],
      segments,
    });
    if (found.length > 0) this.facts.set(`${dataset} ${month}`, found);
    else this.facts.delete(`${dataset} ${month}`);
  }

  state() {
    const sorted = <T>(map: ReadonlyMap<string, T>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      segments: sorted(this.segments).map(([key, { rows, ...segment }]) => [
        key,
        rows,
        (segment as { sha256?: string }).sha256,
      ]),
      facts: sorted(this.facts),
    };
  }
}

// Few keys and callers, and days within a week of a month's end: nearly every step touches what another month knows.
const anyDay = fc.constantFrom('2023-01-30', '2023-02-01', '2023-02-02', '2023-02-27', '2023-03-01');
const anyId = fc.constantFrom('A', 'B', 'C');
const anyOrder = fc.record({
  dataset: fc.constant('work_orders' as const),
  order_id: anyId,
  day: anyDay,
  caller_hash: fc.constantFrom('x', 'x', 'y'),
  parent_order_id: fc.constantFrom(null, null, null, 'A'),
  is_resolved_on_call: fc.boolean(),
  closed: fc.constantFrom(null, '2023-03-01'),
});
const anyCallback = fc.record({
  dataset: fc.constant('callbacks' as const),
  order_id: anyId,
  day: anyDay,
  hour: fc.constantFrom('09', '15'),
  connected: fc.constantFrom(true, true, false),
  satisfaction: fc.constantFrom('satisfied', 'dissatisfied'),
});
const anyStep = fc.oneof(
  { weight: 3, arbitrary: fc.array(anyOrder, { minLength: 1, maxLength: 3 }) },
  { weight: 3, arbitrary: fc.array(anyCallback, { minLength: 1, maxLength: 3 }) },
  {
    weight: 2,
    arbitrary: fc.record({
      revert: fc.nat(),
      dataset: fc.constantFrom('work_orders' as const, 'callbacks' as const),
    }),
  },
);

type AnyOrder = typeof anyOrder extends fc.Arbitrary<infer T> ? T : never;
type AnyCallback = typeof anyCallback extends fc.Arbitrary<infer T> ? T : never;

/** A file never holds a key twice: the check has kept the last row. */
function orderRows(given: readonly AnyOrder[]): readonly Row[] {
  const rows = given.map(({ dataset: _, day, closed, ...cells }) => ({
    ...cells,
    created_at: `${day} 10:00:00`,
    closed_at: closed === null ? null : `${closed} 18:00:00`,
    channel: 'phone',
    topic_l1: 'roads',
  }));
  return [...new Map(rows.map((row) => [row.order_id, row])).values()];
}

function callbackRows(given: readonly AnyCallback[]): readonly Row[] {
  const rows = given.map(({ dataset: _, day, hour, ...cells }) => ({ ...cells, attempted_at: `${day} ${hour}:00:00` }));
  return [...new Map(rows.map((row) => [`${row.order_id} ${row.attempted_at}`, row])).values()];
}

describe('what is derived step by step', () => {
  it('equals what is built from nothing, after any imports and reverts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 4, maxLength: 7 }), async (steps) => {
        const tenant = new Tenant();
        for (const step of steps) {
          if ('revert' in step) {
            const list = tenant.lists.get(step.dataset) ?? [];
            const gone = list[step.revert % Math.max(1, list.length)];
            if (gone)
              await tenant.change(
                step.dataset,
                gone,
                list.filter((each) => each !== gone),
              );
          } else {
            const orders = step.flatMap((row) => (row.dataset === 'work_orders' ? [row] : []));
            const callbacks = step.flatMap((row) => (row.dataset === 'callbacks' ? [row] : []));
            const dataset = orders.length > 0 ? 'work_orders' : 'callbacks';
            const rows = orders.length > 0 ? orderRows(orders) : callbackRows(callbacks);
            const added = await stored.import(dataset, rows);
            await tenant.change(dataset, added, [...(tenant.lists.get(dataset) ?? []), added]);
          }
        }
        const stepwise = tenant.state();
        await tenant.rebuild();
        expect(stepwise).toEqual(tenant.state());
      }),
      { seed: 12345, numRuns: 12, endOnFailure: true },
    );
  });
});
