import { describe, expect, it } from '@jest/globals';
import { datasetIds } from '@hotline/rows';
import type { CityPlan, Row } from './city-plan.js';
import { dayOf, weekdayOf } from './calendar.js';
import { columnIds, columnsOf, chineseWords, keyColumns } from './dictionary-columns.js';
import { generateRows } from './generate-rows.js';

const level = 0.55;
const plan: CityPlan = {
  code: '420100',
  name: '武汉市',
  seed: 11,
  callsPerYear: 24_000,
  ordersPerYear: 9_000,
  residentPopulation: 60_000,
  quality: {
    staffing: level,
    eveningCover: 0.3,
    menu: level,
    onlineService: level,
    channels: level,
    training: level,
    orderDiscipline: level,
    satisfaction: level,
    surveyMood: level,
  },
  since: '2025-01-01',
  dirtyShare: 0,
};
const year = { start: '2025-01-01', end: '2026-01-01' };
const quarter = { start: '2025-03-01', end: '2025-06-01' };
const rowsOf = (dataset: Parameters<typeof generateRows>[0], of: CityPlan = plan, period = quarter): Row[] => [
  ...generateRows(dataset, of, period),
];
const calls = rowsOf('calls');
const orders = rowsOf('work_orders');
const text = (row: Row, column: string): string => String(row[column]);
const share = (rows: readonly Row[], hit: (row: Row) => boolean): number => rows.filter(hit).length / rows.length;

describe('generated rows', () => {
  it('are the same for the same plan and differ for another seed', () => {
    for (const dataset of datasetIds) expect(JSON.stringify(rowsOf(dataset))).toBe(JSON.stringify(rowsOf(dataset)));
    expect(rowsOf('calls', { ...plan, seed: 12 }).slice(0, 50)).not.toEqual(calls.slice(0, 50));
  });

  it('tell the same story for a month alone as within the quarter', () => {
    const april = { start: '2025-04-01', end: '2025-05-01' };
    const inApril = (column: string, rows: readonly Row[]): Row[] =>
      rows.filter((row) => text(row, column).startsWith('2025-04'));
    expect(rowsOf('calls', plan, april)).toEqual(inApril('started_at', calls));
    expect(rowsOf('work_orders', plan, april)).toEqual(
      orders.filter((row) => text(row, 'order_id').startsWith('202504')),
    );
    expect(rowsOf('callbacks', plan, april)).toEqual(inApril('attempted_at', rowsOf('callbacks')));
    expect(rowsOf('mystery_calls', plan, april)).toEqual([]);
  });

  it('hold every column of the dictionary and only its codes', () => {
    for (const dataset of datasetIds) {
      const columns = new Map(columnsOf(dataset, columnIds(dataset)).map((column) => [column.id, column]));
      const isCode = (id: string, value: Row[string]): boolean => {
        const name = columns.get(id)?.enum;
        return typeof value !== 'string' || name === undefined || chineseWords(name).has(value);
      };
      const rows = rowsOf(dataset, plan, dataset === 'calls' ? quarter : year);
      expect(new Set(rows.flatMap((row) => Object.keys(row)))).toEqual(new Set(columns.keys()));
      const strange = rows.flatMap((row) => Object.entries(row).filter(([id, value]) => !isCode(id, value)));
      expect(strange).toEqual([]);
    }
  });

  it('have keys of their own', () => {
    for (const dataset of datasetIds) {
      const rows = rowsOf(dataset, plan, { start: '2025-01-01', end: '2026-01-01' });
      const keys = rows.map((row) =>
        keyColumns(dataset)
          .map((id) => row[id] ?? '')
          .join(' '),
      );
      expect(keys.filter((key) => /^ | $/.test(key))).toEqual([]);
      expect(new Set(keys).size).toBe(rows.length);
    }
  });

  it('follow the days of the week and the hours of the day', () => {
    const perWeekday = (weekday: number): number =>
      calls.filter((row) => weekdayOf(dayOf(text(row, 'started_at').slice(0, 10))) === weekday).length;
    const perHour = (hour: number): number =>
      calls.filter((row) => Number(text(row, 'started_at').slice(11, 13)) === hour).length;
    expect(perWeekday(1)).toBeGreaterThan(1.3 * perWeekday(0));
    expect(perWeekday(2)).toBeGreaterThan(1.2 * perWeekday(6));
    for (const peak of [9, 10, 14, 15])
      for (const valley of [3, 7, 12, 22]) expect(perHour(peak)).toBeGreaterThan(1.5 * perHour(valley));
    // A quarter of 24 000 calls a year, test and outgoing calls on top.
    expect(calls.length).toBeGreaterThan(5_400);
    expect(calls.length).toBeLessThan(7_400);
  });

  it('let callers wait longer and give up more often where evenings are understaffed', () => {
    const requests = calls.filter(
      (row) => row.direction === 'inbound' && row.result !== 'ivr_only' && row.result !== 'phantom',
    );
    const hour = (row: Row): number => Number(text(row, 'started_at').slice(11, 13));
    const day = requests.filter((row) => hour(row) >= 9 && hour(row) < 17);
    const evening = requests.filter((row) => hour(row) >= 19);
    const answered = (row: Row): boolean => row.result === 'answered';
    expect(share(day, answered)).toBeGreaterThan(share(evening, answered) + 0.05);
    const quick = (row: Row): boolean => Number(row.queue_seconds) + Number(row.ring_seconds) <= 15;
    expect(share(day.filter(answered), quick)).toBeGreaterThan(share(evening.filter(answered), quick) + 0.05);
  });

  it('hold every kind of call, and people who call again', () => {
    const results = new Set(calls.map((row) => row.result));
    expect([...results].sort()).toEqual(
      ['abandoned_queue', 'abandoned_ring', 'answered', 'blocked', 'ivr_only', 'overflow', 'phantom'].sort(),
    );
    expect(share(calls, (row) => row.direction === 'outbound')).toBeGreaterThan(0.03);
    const numbers = calls.flatMap((row) => (row.caller_hash === null ? [] : [text(row, 'caller_hash')]));
    expect(numbers.filter((number) => !/^1[3-9]\d{9}$/.test(number))).toEqual([]);
    expect(new Set(numbers).size).toBeLessThan(0.9 * numbers.length);
    const answered = calls.filter((row) => row.direction === 'inbound' && row.result === 'answered');
    const rated = share(answered, (row) => row.satisfaction !== null);
    expect(rated).toBeGreaterThan(0.15);
    expect(rated).toBeLessThan(0.5);
    const short = calls.filter((row) => row.result === 'abandoned_queue' && Number(row.queue_seconds) <= 5);
    expect(short.length).toBeGreaterThan(0);
  });

  it('break no rule of the dictionary while they are clean', () => {
    const reversed = (rows: readonly Row[], later: string, earlier: string): Row[] =>
      rows.filter((row) => row[later] !== null && row[earlier] !== null && text(row, later) < text(row, earlier));
    expect(reversed(calls, 'agent_requested_at', 'started_at')).toEqual([]);
    expect(reversed(calls, 'answered_at', 'agent_requested_at')).toEqual([]);
    expect(reversed(calls, 'ended_at', 'answered_at')).toEqual([]);
    expect(reversed(calls, 'ended_at', 'started_at')).toEqual([]);
    expect(calls.filter((row) => (row.result === 'answered') !== (row.answered_at !== null))).toEqual([]);
    for (const column of ['closed_at', 'first_contact_at', 'deadline_at'])
      expect(reversed(orders, column, 'created_at')).toEqual([]);
    expect(reversed(orders, 'extended_deadline_at', 'deadline_at')).toEqual([]);
    expect(orders.filter((row) => row.parent_order_id === row.order_id)).toEqual([]);
    expect(reversed(rowsOf('online_sessions'), 'human_joined_at', 'human_requested_at')).toEqual([]);
    for (const row of rowsOf('call_metrics_daily')) {
      expect(Number(row.calls_total)).toBeGreaterThanOrEqual(Number(row.offered));
      expect(Number(row.offered)).toBeGreaterThanOrEqual(Number(row.answered) + Number(row.abandoned));
      expect(Number(row.within_30s)).toBeGreaterThanOrEqual(Number(row.within_15s));
    }
  });

  it('refer to each other', () => {
    const callById = new Map(calls.map((row) => [row.call_id, row]));
    const byPhone = orders.filter((row) => row.channel === 'phone');
    const unlinked = byPhone.filter((order) => {
      const call = callById.get(order.call_id ?? null);
      return call?.result !== 'answered' || call.caller_hash !== order.caller_hash;
    });
    expect(unlinked).toEqual([]);
    expect(orders.filter((row) => row.channel !== 'phone' && row.call_id !== null)).toEqual([]);

    const orderIds = new Set(orders.map((row) => row.order_id));
    const linked = orders.filter((row) => row.parent_order_id !== null);
    expect(linked.length).toBeGreaterThan(10);
    // Parents may be up to six days older than the quarter.
    const orphans = linked.filter((row) => !orderIds.has(row.parent_order_id ?? null));
    expect(orphans.filter((row) => text(row, 'created_at') >= '2025-03-07')).toEqual([]);

    const whole = { ...plan, since: quarter.start };
    const known = new Set(rowsOf('work_orders', whole).map((row) => row.order_id));
    const attempts = rowsOf('callbacks', whole);
    expect(attempts.filter((attempt) => !known.has(attempt.order_id ?? null))).toEqual([]);
    expect(new Set(attempts.map((row) => row.order_id)).size).toBeLessThan(attempts.length);
  });

  it('sum up to the daily totals', () => {
    for (const row of rowsOf('call_metrics_daily')) {
      const onDay = calls.filter(
        (call) => text(call, 'started_at').startsWith(text(row, 'date')) && call.direction === 'inbound',
      );
      expect(row.answered).toBe(onDay.filter((call) => call.result === 'answered').length);
      expect(row.calls_total).toBe(onDay.filter((call) => call.result !== 'phantom').length);
    }
  });

  it('carry out the test protocol: six periods, three days or more, several scenarios, second raters', () => {
    const tests = rowsOf(
      'mystery_calls',
      { ...plan, testCallsPerPeriod: 2 },
      { start: '2025-01-01', end: '2026-01-01' },
    );
    const first = tests.filter((row) => row.rater_no === 1);
    expect(first).toHaveLength(48);
    const limits = [9, 11, 13, 17, 19, 21, 24];
    limits.slice(0, 6).forEach((from, index) => {
      const inPeriod = first.filter((row) => {
        const hour = Number(text(row, 'placed_at').slice(11, 13));
        return hour >= from && hour < (limits[index + 1] ?? Number.NaN);
      });
      expect(inPeriod).toHaveLength(8);
      expect(new Set(inPeriod.map((row) => row.scenario_tag)).size).toBeGreaterThanOrEqual(2);
      expect(new Set(inPeriod.map((row) => text(row, 'placed_at').slice(0, 10))).size).toBeGreaterThanOrEqual(3);
    });
    const heardTwice = tests.length - first.length;
    expect(heardTwice).toBeGreaterThanOrEqual(3);
    expect(heardTwice).toBeLessThanOrEqual(18);
  });

  it('begin on the first day of the records', () => {
    const [first] = generateRows('calls', { ...plan, since: '2025-03-10' }, quarter);
    expect(text(first ?? {}, 'started_at').slice(0, 10)).toBe('2025-03-10');
  });
});
