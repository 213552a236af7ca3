import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Fact } from './city-data.js';
import { scoreCity } from './score-city.js';
import {
  cityData,
  curve,
  daysFromApril,
  fact,
  IDENTITY,
  indicator,
  measured,
  observed,
  scoringMethod,
  way,
} from './sample-method.spec-support.js';

const minN = 400;
const connect = indicator(
  'hotline_connect_rate',
  measured([
    way({ kind: 'ratio', scale: 100, id: 'connect_rate.calls', dataset: 'calls', minN }),
    way({ kind: 'ratio_of_sums', scale: 100, id: 'connect_rate.daily', dataset: 'call_metrics_daily', minN }),
  ]),
  IDENTITY,
  { interval: { kind: 'day_block_bootstrap' } },
);

/** Requests and answered ones of a day, as the call log and as the daily totals have them; null: not in that file. */
interface Day {
  readonly rows: readonly [requests: number, answered: number] | null;
  readonly totals: readonly [offered: number, answered: number] | null;
}

const quarter = daysFromApril(91);

function factsOf(days: readonly Day[]): Fact[] {
  return days.flatMap(({ rows, totals }, index) => {
    const day = quarter[index] ?? '';
    return [
      ...(rows === null ? [] : [fact('connect_rate.calls', rows[0], rows[1], { day })]),
      ...(totals === null
        ? []
        : [
            fact('connect_rate.daily', 1, totals[1], { day }),
            fact('connect_rate.daily:denominator', 1, totals[0], { day }),
          ]),
    ];
  });
}

const figures = (most: number) =>
  fc.tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 0, max: most })).map(([a, b]) => {
    return [Math.max(a, b), Math.min(a, b)] as const;
  });
const someDays = (most: number) =>
  fc.array(fc.record({ rows: fc.option(figures(most)), totals: fc.option(figures(most)) }), {
    minLength: 1,
    maxLength: 91,
  });

/** Written down day by day, as a person with the two files would add them up: one file first, the other where it has none. */
function addUp(days: readonly Day[], first: 'rows' | 'totals') {
  const second = first === 'rows' ? 'totals' : 'rows';
  let [n, answered] = [0, 0];
  const from: Record<'rows' | 'totals', string[]> = { rows: [], totals: [] };
  days.forEach((day, index) => {
    const file = day[first] !== null ? first : second;
    const found = day[file];
    if (found === null) return;
    n += found[0];
    answered += found[1];
    from[file].push(quarter[index] ?? '');
  });
  return { n, answered, from };
}

/** The first file with enough of its own comes first; where none has, the first that has enough with the other. */
function byHand(days: readonly Day[]) {
  const files = ['rows', 'totals'] as const;
  const alone = (file: 'rows' | 'totals') => days.reduce((sum, day) => sum + (day[file]?.[0] ?? 0), 0);
  const first = files.find((file) => alone(file) >= minN) ?? files.find((file) => addUp(days, file).n >= minN);
  return first === undefined ? null : addUp(days, first);
}

/** Every day of some spans. */
function daysOf(spans: readonly { readonly start: string; readonly end: string }[]): string[] {
  return quarter.filter((day) => spans.some(({ start, end }) => start <= day && day < end));
}

describe('days with rows and days with totals', () => {
  it('count each once, whatever the mixture, and say which file gave each', () => {
    fc.assert(
      fc.property(someDays(40), (days) => {
        const observation = observed(connect, { facts: factsOf(days) });
        const expected = byHand(days);
        if (expected === null) {
          expect(observation.state).not.toBe('observed');
          return;
        }
        const { n, answered, from } = expected;
        expect(observation).toMatchObject({ state: 'observed', n, numerator: answered, denominator: n });
        expect(observation.value).toBeCloseTo((answered / n) * 100, 9);
        const isMixed = from.rows.length > 0 && from.totals.length > 0;
        expect(observation.sources === undefined).toBe(!isMixed);
        const { 'connect_rate.calls': rows = [], 'connect_rate.daily': totals = [] } = observation.sources ?? {};
        if (isMixed) expect([daysOf(rows), daysOf(totals)]).toEqual([from.rows, from.totals]);
        const covered = new Set([...from.rows, ...from.totals]).size;
        expect(observation.flags.includes('days_missing')).toBe(covered < 91);
      }),
      { numRuns: 500, seed: 20231 },
    );
  });

  it('take the rows of a day that has both, and the totals of days without rows', () => {
    const days: Day[] = [
      { rows: [300, 150], totals: [310, 310] },
      { rows: [200, 100], totals: null },
      { rows: null, totals: [500, 400] },
      { rows: null, totals: null },
      { rows: null, totals: [100, 100] },
      { rows: [100, 100], totals: [100, 0] },
    ];
    expect(observed(connect, { facts: factsOf(days) })).toMatchObject({
      // 150 + 100 + 400 + 100 + 100 of 300 + 200 + 500 + 100 + 100.
      numerator: 850,
      n: 1200,
      method: 'connect_rate.calls',
      flags: ['fallback_method', 'days_missing', 'short_period'],
      sources: {
        'connect_rate.calls': [
          { start: '2023-04-01', end: '2023-04-03' },
          { start: '2023-04-06', end: '2023-04-07' },
        ],
        'connect_rate.daily': [
          { start: '2023-04-03', end: '2023-04-04' },
          { start: '2023-04-05', end: '2023-04-06' },
        ],
      },
    });
  });

  it('leave the totals of a day alone that the method which decides has already', () => {
    // Too few rows for the call log to decide: the totals do, and the log adds the one day that they lack.
    const days: Day[] = [
      { rows: [10, 0], totals: [500, 400] },
      { rows: [20, 20], totals: null },
    ];
    expect(observed(connect, { facts: factsOf(days) })).toMatchObject({
      method: 'connect_rate.daily',
      numerator: 420,
      n: 520,
    });
  });

  it('are enough together where neither is alone', () => {
    const days: Day[] = [
      { rows: [250, 200], totals: null },
      { rows: null, totals: [250, 100] },
    ];
    expect(observed(connect, { facts: factsOf(days) })).toMatchObject({ value: 60, method: 'connect_rate.calls' });
    const fewer: Day[] = [
      { rows: [250, 200], totals: null },
      { rows: null, totals: [149, 100] },
    ];
    expect(observed(connect, { facts: factsOf(fewer) })).toMatchObject({ state: 'too_few', n: 250 });
  });

  it('draw the interval from the days of both', () => {
    const days = quarter.map((_, index): Day =>
      index < 45 ? { rows: [20 + index, 10], totals: [1, 1] } : { rows: null, totals: [20 + index, 15] },
    );
    const score = (given: readonly Day[]) => {
      const data = cityData({ facts: factsOf(given) });
      return scoreCity(scoringMethod([connect]), data, { seed: 7 }).indicators['hotline_connect_rate'];
    };
    const mixed = score(days);
    // The same days, all of them from the call log: the same value and, drawn by the same seed, a like interval.
    const plain = score(days.map(({ rows, totals }): Day => ({ rows: rows ?? totals, totals: null })));
    expect(mixed?.value).toBe(plain?.value);
    expect(mixed?.interval?.low).toBeCloseTo(plain?.interval?.low ?? NaN, 0);
    expect(mixed?.interval?.high).toBeCloseTo(plain?.interval?.high ?? NaN, 0);
    expect(mixed?.interval?.low).toBeLessThan(mixed?.value ?? NaN);
  });
});

describe('calls per resident', () => {
  const methods = ['calls', 'daily_total', 'daily_offered'].map((part) =>
    way({
      kind: 'annualised_ratio',
      scale: 100,
      id: `call_ratio.${part}`,
      dataset: part === 'calls' ? 'calls' : 'call_metrics_daily',
      minN: 28,
      requestsOnly: part === 'daily_offered',
    }),
  );
  const ratio = indicator('call_ratio', measured(methods), curve([0, 0], [100, 100]));
  const profile = { year: 2023, residentPopulation: 730_000, agentCount: null };
  const daily = (series: string, from: number, to: number, total: number) =>
    quarter.slice(from, to).map((day) => fact(series, series.endsWith('.calls') ? total : 1, total, { day }));

  it('count the days of the log and the totals of the others', () => {
    const facts = [
      ...daily('call_ratio.calls', 0, 40, 100),
      ...daily('call_ratio.daily_total', 30, 91, 300),
      ...daily('call_ratio.daily_offered', 30, 91, 250),
    ];
    // (40 × 100 + 51 × 300) ÷ 91 × 365 ÷ 730 000 × 100.
    expect(observed(ratio, { facts, profile })).toMatchObject({
      value: expect.closeTo((((4000 + 15_300) / 91) * 36_500) / 730_000, 9),
      n: 91,
      method: 'call_ratio.calls',
    });
  });

  it('never mix all calls with requests for a human', () => {
    const facts = [...daily('call_ratio.calls', 0, 40, 100), ...daily('call_ratio.daily_offered', 40, 91, 90)];
    const observation = observed(ratio, { facts, profile });
    expect(observation).toMatchObject({ n: 40, method: 'call_ratio.calls' });
    expect(observation.flags).toEqual(['days_missing', 'annualised']);
    expect(observation.sources).toBeUndefined();
  });
});
