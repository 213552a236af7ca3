import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadMethodology } from '@hotline/methodology';
import { COMPANION_SERIES } from '@hotline/scoring';
import { StoredRows } from '../../../../test/rows/stored-rows.js';
import type { Row } from '../../../../test/rows/stored-rows.js';
import { factPlan } from '../measures/method-plan.js';
import type { DatasetId, Segment, SegmentFact } from '../tasks.js';
import { facts } from './count-facts.js';
import { dependents } from './find-dependents.js';

const methodology = loadMethodology();
let stored: StoredRows;
beforeAll(async () => {
  stored = await StoredRows.open();
});
afterAll(() => stored.close());

async function count(dataset: DatasetId, segments: readonly Segment[]): Promise<readonly SegmentFact[]> {
  const months = segments.filter((segment) => segment.dataset === dataset).map((segment) => segment.month);
  return facts(stored.connection, {
    kind: 'facts',
    methodology,
    dataset,
    months,
    segments,
  });
}

/** day, stratum, n, total of a series; and the neighbour day where it has one. */
function cells(found: readonly SegmentFact[], series: string): readonly unknown[] {
  return found
    .filter((fact) => fact.series === series)
    .map(({ day, stratum, n, total, after, until }) =>
      [day, stratum, n, total, after ?? until].filter((cell) => cell !== null),
    );
}

describe('the series', () => {
  it('hold every companion that the core reads from facts, and each name once', () => {
    const names = factPlan(methodology).map((plan) => plan.series);
    expect(names).toEqual(expect.arrayContaining([...COMPANION_SERIES]));
    expect(new Set(names).size).toBe(names.length);
  });
});

const call = (id: number, time: string, result: string, wait: number | null, more: Row = {}): Row => ({
  call_id: `C${id}`,
  started_at: `2023-05-04 ${time}`,
  direction: 'inbound',
  result,
  queue_seconds: wait,
  ...more,
});

describe('facts of calls', () => {
  it('count requests, not calls, and score each by its wait in its day period', async () => {
    const found = await count(
      'calls',
      await stored.segments({
        calls: [
          call(1, '09:00:00', 'answered', 15),
          call(2, '10:59:59', 'answered', 30),
          call(3, '10:00:00', 'abandoned_queue', 40),
          call(4, '11:00:00', 'answered', 60),
          call(5, '12:00:00', 'ivr_only', null),
          call(6, '12:00:00', 'phantom', null),
          call(7, '12:00:00', 'answered', 1, { direction: 'outbound' }),
          call(8, '08:59:59', 'blocked', null),
          call(9, '23:59:59', 'answered', null),
        ],
      }),
    );
    // Requests: 1, 2, 3, 4, 8, 9; answered: 1, 2, 4, 9. Call 9 has no known wait.
    expect(cells(found, 'connect_rate.calls')).toEqual([['2023-05-04', 6, 4]]);
    expect(cells(found, 'period_connect.calls')).toEqual([
      ['2023-05-04', 'p09', 3, 180],
      ['2023-05-04', 'p11', 1, 60],
    ]);
    expect(cells(found, 'period_connect.calls:squares')).toEqual([
      ['2023-05-04', 'p09', 3, 16_400],
      ['2023-05-04', 'p11', 1, 3_600],
    ]);
    expect(cells(found, 'period_connect.calls:usable')).toEqual([['2023-05-04', 4, 3]]);
    expect(cells(found, 'call_ratio.calls')).toEqual([['2023-05-04', 7, 7]]);
    expect(cells(found, 'night_connect_rate')).toEqual([['2023-05-04', 1, 0]]);
    expect(cells(found, 'asa')).toEqual([['2023-05-04', 3, 105]]);
    expect(cells(found, 'connect_15s')).toEqual([['2023-05-04', 5, 1]]);
    expect(cells(found, 'self_service_share')).toEqual([['2023-05-04', 7, 1]]);
  });

  it('keep each wait apart for the quantile', async () => {
    const found = await count(
      'calls',
      await stored.segments({ calls: [call(1, '09:00:00', 'answered', 20), call(2, '09:00:00', 'answered', 20.5)] }),
    );
    const waits = found.filter((fact) => fact.series === 'wait_p90').map((fact) => [Number(fact.stratum), fact.n]);
    expect(waits).toEqual([
      [20, 1],
      [20.5, 1],
    ]);
  });

  it('sum exactly, whatever the order of the rows', async () => {
    const waits = Array.from({ length: 200 }, (_, index) => 15 + (index % 97) / 7);
    const rows = waits.map((wait, index) => call(index, '09:30:00', 'answered', wait));
    const forwards = await count('calls', await stored.segments({ calls: rows }));
    const backwards = await count('calls', await stored.segments({ calls: [...rows].reverse() }));
    expect(backwards).toEqual(forwards);
  });

  const anyCall = fc
    .record({
      time: fc.constantFrom('08:59:59', '09:00:00', '10:30:00', '23:00:00'),
      result: fc.constantFrom('answered', 'answered', 'abandoned_queue', 'abandoned_ring', 'ivr_only', 'phantom'),
      wait: fc.constantFrom(null, 4, 15, 20.5, 400),
      more: fc.record({
        direction: fc.constantFrom('inbound', 'inbound', 'outbound'),
        satisfaction: fc.constantFrom(null, 'satisfied', 'dissatisfied', 'no_opinion'),
        rating_invited: fc.constantFrom(null, true, false),
        talk_seconds: fc.constantFrom(null, 60, 90.25),
      }),
    })
    .map(
      ({ time, result, wait, more }) =>
        (id: number) =>
          call(id, time, result, wait, more),
    );

  it('of a file are those of its rows one by one, added up', async () => {
    const added = (all: readonly (readonly SegmentFact[])[]) => {
      const sums = new Map<string, { n: number; total: number }>();
      for (const { series, day, stratum, n, total } of all.flat()) {
        const key = `${series} ${day} ${stratum ?? ''}`;
        const sum = sums.get(key) ?? { n: 0, total: 0 };
        sums.set(key, { n: sum.n + n, total: sum.total + total });
      }
      // Of each row alone, the double nearest to its total is added.
      return [...sums].sort().map(([key, { n, total }]) => [key, n, total.toFixed(6)]);
    };
    await fc.assert(
      fc.asyncProperty(fc.array(anyCall, { minLength: 2, maxLength: 12 }), async (drawn) => {
        const rows = drawn.map((make, index) => make(index));
        const together = await count('calls', await stored.segments({ calls: rows }));
        const alone: (readonly SegmentFact[])[] = [];
        for (const row of rows) alone.push(await count('calls', await stored.segments({ calls: [row] })));
        expect(added([together])).toEqual(added(alone));
      }),
      { numRuns: 8 },
    );
  });
});

const order = (id: string, created: string, more: Row = {}): Row => ({
  order_id: id,
  created_at: created,
  channel: 'phone',
  caller_hash: 'caller',
  topic_l1: 'roads',
  ...more,
});

describe('first contacts', () => {
  const settled: Row = { is_resolved_on_call: true };

  it('look into the months before and after', async () => {
    const segments = await stored.segments({
      work_orders: [
        order('A', '2023-01-28 10:00:00', settled),
        order('B', '2023-02-04 10:00:00', settled),
        order('C', '2023-02-11 10:00:01', settled),
      ],
    });
    const found = await count('work_orders', segments);
    // B stands exactly seven days after A: A is repeated and B no first contact. C stands a second too late for B.
    expect(cells(found, 'fcr.orders')).toEqual([
      ['2023-02-04', 1, 0],
      ['2023-02-18', 1, 1],
    ]);
    expect(
      dependents({
        methodology,
        dataset: 'work_orders',
        months: ['2023-02'],
        segments,
      }),
    ).toEqual([{ dataset: 'work_orders', month: '2023-01' }]);
  });

  it('of the same second go by the smaller order id', async () => {
    const found = await count(
      'work_orders',
      await stored.segments({
        work_orders: [order('Y', '2023-01-05 10:00:00', settled), order('X', '2023-01-05 10:00:00')],
      }),
    );
    // X came first and was dispatched; Y follows it and is no first contact.
    expect(cells(found, 'fcr.orders')).toEqual([['2023-01-12', 1, 0]]);
    expect(cells(found, 'fcr.orders:recorded')).toEqual([]);
  });

  it('are followed by a linked order even of another caller and topic, unless that one is invalid', async () => {
    const linked = (id: string, more: Row) =>
      order(id, '2023-01-08 10:00:00', { caller_hash: 'someone else', topic_l1: 'noise', ...more });
    const found = await count(
      'work_orders',
      await stored.segments({
        work_orders: [
          order('A', '2023-01-05 10:00:00', settled),
          order('B', '2023-01-06 10:00:00', { ...settled, topic_l2: 'potholes' }),
          linked('L', { parent_order_id: 'A' }),
          linked('M', { parent_order_id: 'B', is_invalid: true }),
        ],
      }),
    );
    expect(cells(found, 'fcr.orders')).toEqual([
      ['2023-01-12', 1, 0],
      ['2023-01-13', 1, 1],
    ]);
  });
});

describe('promises', () => {
  it('are due by the working calendar: Friday 28 April 2023 by Thursday 4 May', async () => {
    const dispatched = (id: string, contact: string | null) =>
      order(id, '2023-04-28 16:00:00', { first_contact_at: contact });
    const found = await count(
      'work_orders',
      await stored.segments({
        work_orders: [
          dispatched('A', '2023-05-04 23:59:59'),
          dispatched('B', '2023-05-05 00:00:00'),
          dispatched('C', null),
          order('D', '2023-04-28 16:00:00', { is_resolved_on_call: true }),
        ],
      }),
    );
    expect(cells(found, 'response_kept.orders')).toEqual([['2023-05-04', 3, 1]]);
    expect(cells(found, 'response_kept.orders:recorded')).toEqual([['2023-05-04', 2, 2]]);
    expect(cells(found, 'response_kept.orders:calendar_missing')).toEqual([]);
    // Without a deadline five working days: 4, 5, 6 (make-up Saturday), 8 and 9 May.
    expect(cells(found, 'on_time.orders')).toEqual([['2023-05-09', 3, 0]]);
    expect(cells(found, 'on_time.orders:default_limits')).toEqual([['2023-05-09', 3, 3]]);
  });

  it('say when a working day was counted in a year without calendar', async () => {
    const found = await count(
      'work_orders',
      await stored.segments({
        work_orders: [
          order('A', '2019-03-01 09:00:00'),
          order('B', '2019-03-01 09:00:00', { deadline_at: '2019-03-20 23:59:59' }),
        ],
      }),
    );
    expect(cells(found, 'response_kept.orders')).toEqual([['2019-03-04', 2, 0]]);
    expect(cells(found, 'response_kept.orders:calendar_missing')).toEqual([['2019-03-04', 2, 2]]);
    expect(cells(found, 'on_time.orders:calendar_missing')).toEqual([['2019-03-08', 1, 1]]);
    expect(cells(found, 'on_time.orders:default_limits')).toEqual([['2019-03-08', 1, 1]]);
  });

  it('to call back are kept by the last second of the seventh day, by any attempt that reached the citizen', async () => {
    const closed = (id: string, more: Row = {}) =>
      order(id, '2023-03-01 08:00:00', { closed_at: '2023-03-10 12:00:00', ...more });
    const attempt = (id: string, at: string, connected: boolean): Row => ({
      order_id: id,
      attempted_at: at,
      connected,
    });
    const found = await count(
      'work_orders',
      await stored.segments({
        work_orders: [closed('A'), closed('B'), closed('C'), closed('D', { callback_required: false })],
        callbacks: [
          attempt('A', '2023-03-11 09:00:00', false),
          attempt('A', '2023-03-17 12:00:00', true),
          attempt('B', '2023-03-17 12:00:01', true),
          attempt('C', '2023-02-01 09:00:00', false),
        ],
      }),
    );
    expect(cells(found, 'called_back.orders')).toEqual([['2023-03-17', 3, 1]]);
    expect(cells(found, 'callback_tried_rate')).toEqual([['2023-03-17', 3, 2]]);
    // 1 March to 10 March 2023: Thursday, Friday, Monday to Friday.
    expect(cells(found, 'working_days_by_type')).toEqual([['2023-03-10', 'other', 4, 28]]);
  });
});

describe('call-backs', () => {
  it('carry the day of the neighbour, so that any period finds its first and last answer', async () => {
    const answer = (at: string, satisfaction: string): Row => ({
      order_id: 'A',
      attempted_at: at,
      connected: true,
      satisfaction,
    });
    const segments = await stored.segments({
      callbacks: [
        answer('2023-01-30 09:00:00', 'dissatisfied'),
        answer('2023-01-30 15:00:00', 'neutral'),
        answer('2023-02-02 09:00:00', 'satisfied'),
        answer('2023-02-03 09:00:00', 'no_opinion'),
      ],
    });
    const found = await count('callbacks', segments);
    expect(cells(found, 'callback_satisfaction.callbacks')).toEqual([
      ['2023-01-30', 1, 0, '2023-02-02'],
      ['2023-02-02', 1, 1],
    ]);
    expect(cells(found, 'callback_satisfaction_first')).toEqual([
      ['2023-01-30', 1, 0],
      ['2023-02-02', 1, 1, '2023-01-30'],
    ]);
    expect(cells(found, 'callback_reach:denominator')).toEqual([
      ['2023-01-30', 1, 1],
      ['2023-02-02', 1, 1, '2023-01-30'],
      ['2023-02-03', 1, 1, '2023-02-02'],
    ]);
    expect(cells(found, 'called_back.orders:recorded')).toEqual([
      ['2023-01-30', 2, 2],
      ['2023-02-02', 1, 1],
      ['2023-02-03', 1, 1],
    ]);
  });
});

describe('the small datasets', () => {
  it('have no facts', async () => {
    const segments = await stored.segments({
      mystery_calls: [{ mystery_id: 'M', rater_no: 1, placed_at: '2023-01-05 09:00:00', connected: true }],
    });
    expect(await count('mystery_calls', segments)).toEqual([]);
  });
});
