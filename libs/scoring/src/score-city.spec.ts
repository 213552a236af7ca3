import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CityData, Sample } from './city-data.js';
import {
  channel,
  cityData,
  curve,
  daysFromApril,
  fact,
  HOTLINE_PERIODS,
  IDENTITY,
  indicator,
  measured,
  sample,
  scoringMethod,
  way,
} from './sample-method.spec-support.js';
import { scoreCity } from './score-city.js';

// A small method with every way of drawing: day blocks, normal means, rows, channels.
const method = scoringMethod(
  [
    indicator(
      'connect',
      measured([way({ kind: 'ratio', scale: 100, id: 'connect.calls', dataset: 'calls' })]),
      curve([30, 0], [60, 20], [80, 50], [98, 100]),
      { parent: 'access', weight: 0.5, interval: { kind: 'day_block_bootstrap' } },
    ),
    indicator(
      'period',
      measured([
        way({
          kind: 'mean_of_stratum_means',
          id: 'period.calls',
          dataset: 'calls',
          minRowsPerStratum: 2,
          minStrata: 2,
          strata: HOTLINE_PERIODS,
        }),
      ]),
      null,
      { parent: 'access', weight: 0.5, interval: { kind: 'bootstrap', within: 'stratum' } },
    ),
    indicator(
      'complaints',
      measured([way({ kind: 'ratio', scale: 100, id: 'complaints.orders', dataset: 'work_orders' })]),
      curve([0, 100], [50, 0]),
      { parent: 'quality', weight: 0.3, direction: 'lower', interval: { kind: 'wilson' } },
    ),
    indicator(
      'script',
      measured([way({ kind: 'mean', scale: 100, id: 'script.mystery_calls', dataset: 'mystery_calls' })]),
      IDENTITY,
      { parent: 'quality', weight: 0.4, interval: { kind: 'bootstrap' } },
    ),
    indicator(
      'channels',
      measured([
        way({
          kind: 'count_channels',
          id: 'channels.channels',
          dataset: 'channels',
          count: ['is_live'],
          functionColumns: [],
        }),
      ]),
      curve([0, 0], [4, 100]),
      { parent: 'quality', weight: 0.3 },
    ),
  ],
  {
    dimensions: [{ id: 'service', weight: 1 }],
    elements: [
      { id: 'access', parent: 'service', weight: 0.5 },
      { id: 'quality', parent: 'service', weight: 0.5 },
    ],
    bootstrap: { replicates: 200, quantiles: [0.025, 0.975], minDays: 14 },
    companions: [{ id: 'asa', unit: 's' }],
  },
);

const DAYS = daysFromApril(20);
const city: CityData = cityData({
  facts: DAYS.flatMap((day, index) => [
    fact('connect.calls', 100 + index, 80 + (index % 5), { day }),
    // Row scores are fractions, whose sum depends on its order unless one is kept.
    fact('period.calls', 10, 700.1 + index / 7, { day, stratum: 'p09' }),
    fact('period.calls:squares', 10, 51_000.3 + index / 3, { day, stratum: 'p09' }),
    fact('period.calls', 10, 500.7 + index / 11, { day, stratum: 'p19' }),
    fact('period.calls', 3, 0.1 * index, { day, stratum: 'p19', after: '2023-03-01' }),
    fact('period.calls:squares', 13, 31_000.9 + index / 13, { day, stratum: 'p19' }),
    fact('complaints.orders', 40, index % 3, { day }),
  ]),
  samples: {
    mystery_calls: sample({
      'script.mystery_calls': [0.5, 2 / 3, 1, 0.75, 1 / 3, null, 1, 0.25, 0.1, 0.9],
    }),
  },
  channels: [channel('web', { is_live: true }), channel('app', { is_live: true })],
});

describe('an assessment', () => {
  const assessment = scoreCity(method, city, { seed: 42 });

  it('names its method and period', () => {
    expect(assessment.methodology).toEqual({ id: 'sample', version: '1', digest: 'digest of the sample' });
    expect(assessment.period).toEqual({ start: '2023-04-01', end: '2023-07-01', days: 91 });
    expect(assessment.companions).toEqual({ asa: null });
  });

  it('follows from its observations', () => {
    const { indicators, elements, dimensions, index } = assessment;
    const score = (id: string) => indicators[id]?.score ?? NaN;
    expect(score('channels')).toBe(50);
    expect(elements.access?.score).toBeCloseTo((score('connect') + score('period')) / 2, 9);
    expect(elements.quality?.score).toBeCloseTo(0.3 * score('complaints') + 0.4 * score('script') + 15, 9);
    expect(index.score).toBe(dimensions.service?.score);
    expect(index.coverage).toBeCloseTo(1, 12);
  });

  it('says how likely each grade or a better one is', () => {
    const { interval, grade_or_better: chances, score, grade } = assessment.index;
    expect(interval?.low).toBeLessThan(score ?? NaN);
    expect(interval?.high).toBeGreaterThan(score ?? NaN);
    const shares = Object.values(chances ?? {});
    expect(shares).toHaveLength(10);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(chances?.[grade ?? '']).toBeGreaterThan(0);
  });

  it('refuses a period without a day', () => {
    const backwards = { ...city, period: { start: '2023-07-01', end: '2023-07-01' } };
    expect(() => scoreCity(method, backwards, { seed: 1 })).toThrow(/at least one day/);
    expect(() => scoreCity(method, { ...city, period: { start: 'July', end: '2023-07-01' } }, { seed: 1 })).toThrow(
      /July/,
    );
  });

  it('makes nothing of a city without data, and no zero', () => {
    const empty = scoreCity(method, cityData(), { seed: 1 });
    for (const observation of Object.values(empty.indicators)) {
      expect(observation).toMatchObject({ state: 'not_observed', value: null, score: null, n: 0 });
    }
    expect(empty.index).toEqual({
      rated: false,
      score: null,
      display: null,
      coverage: 0,
      grade: null,
      interval: null,
      grade_or_better: null,
    });
    expect(empty.recommendations).toEqual([]);
  });
});

describe('any assessment', () => {
  const shuffled = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });
  const reordered = (given: Sample, order: number[]): Sample => ({
    ...given,
    values: Object.fromEntries(
      Object.entries(given.values).map(([id, values]) => [id, Float64Array.from(order, (row) => values[row] ?? NaN)]),
    ),
  });

  it('is the same to the bit in whatever order facts, rows and channels come', () => {
    const expected = JSON.stringify(scoreCity(method, city, { seed: 9 }));
    const rows = city.samples.mystery_calls;
    if (rows === undefined) throw new Error('no test calls');
    const order = shuffled(Array.from({ length: rows.rows }, (_, row) => row));
    fc.assert(
      fc.property(shuffled(city.facts), order, shuffled(city.channels), (facts, rowOrder, channels) => {
        const data = { ...city, facts, channels, samples: { mystery_calls: reordered(rows, rowOrder) } };
        expect(JSON.stringify(scoreCity(method, data, { seed: 9 }))).toBe(expected);
      }),
      { seed: 10, numRuns: 25 },
    );
  });

  it('never falls when more calls are answered, more checks met or fewer citizens complain', () => {
    const index = (hits: number, complaints: number, mark: number) =>
      scoreCity(
        method,
        {
          ...city,
          facts: [
            ...city.facts.filter(({ series }) => series.startsWith('period')),
            fact('connect.calls', 1000, hits),
            fact('complaints.orders', 1000, complaints),
          ],
          samples: { mystery_calls: sample({ 'script.mystery_calls': [mark, 0.5, 1] }) },
        },
        { seed: 1, replicates: 0 },
      ).index.score ?? NaN;
    const count = fc.nat(1000);
    const mark = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(count, count, count, count, mark, mark, (h1, h2, c1, c2, m1, m2) => {
        const worse = index(Math.min(h1, h2), Math.max(c1, c2), Math.min(m1, m2));
        expect(index(Math.max(h1, h2), Math.min(c1, c2), Math.max(m1, m2))).toBeGreaterThanOrEqual(worse - 1e-9);
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  it('loses what is left out and gains no zero from it', () => {
    const series = [...new Set(city.facts.map((each) => each.series))];
    fc.assert(
      fc.property(fc.subarray(series), fc.boolean(), fc.boolean(), (kept, calls, channels) => {
        const data = {
          ...city,
          facts: city.facts.filter((each) => kept.includes(each.series)),
          samples: calls ? city.samples : {},
          channels: channels ? city.channels : [],
        };
        const complete = scoreCity(method, city, { seed: 1, replicates: 0 }).indicators;
        for (const [id, observation] of Object.entries(
          scoreCity(method, data, { seed: 1, replicates: 0 }).indicators,
        )) {
          if (observation.state === 'observed') expect(observation.score).toBe(complete[id]?.score);
          else expect(observation).toMatchObject({ value: null, score: null });
        }
      }),
      { seed: 12, numRuns: 60 },
    );
  });
});
