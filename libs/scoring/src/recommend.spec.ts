import { describe, expect, it } from '@jest/globals';
import type { Observation } from './assessment.js';
import type { CompanionValue } from './city-data.js';
import { recommend } from './recommend.js';
import { HOTLINE_PERIODS, IDENTITY, indicator, measured, scoringMethod, way } from './sample-method.spec-support.js';

// Weights of the 2023 method: service channels 0.3, approachability 0.2, audio 0.3; the rest fills up to 1.
const method = scoringMethod(
  [
    indicator('audio', measured([]), IDENTITY, { parent: 'affinity', weight: 0.3 }),
    indicator('entry', measured([]), IDENTITY, { parent: 'affinity', weight: 0.7 }),
    indicator(
      'hotline_period_connect',
      measured([
        way({
          kind: 'mean_of_stratum_means',
          id: 'period_connect.calls',
          dataset: 'calls',
          minRowsPerStratum: 3,
          minStrata: 4,
          strata: HOTLINE_PERIODS,
        }),
      ]),
      null,
      { parent: 'accessibility' },
    ),
    indicator('callback_satisfaction', measured([]), IDENTITY, { parent: 'evaluation' }),
  ],
  {
    dimensions: [
      { id: 'channel', weight: 0.3 },
      { id: 'perception', weight: 0.7 },
    ],
    elements: [
      { id: 'affinity', parent: 'channel', weight: 0.2 },
      { id: 'accessibility', parent: 'channel', weight: 0.8 },
      { id: 'evaluation', parent: 'perception', weight: 1 },
    ],
    recommendations: {
      threshold: 60,
      targetLow: 80,
      targetHigh: 100,
      rules: [
        { id: 'line_quality', indicators: ['audio'] },
        { id: 'shorten_entry', indicators: ['entry', 'audio'] },
        {
          id: 'evening_service',
          indicators: ['hotline_period_connect'],
          extraTrigger: { id: 'evening_gap', countsAs: 'hotline_period_connect', margin: 10 },
        },
        {
          id: 'review_closures',
          indicators: ['callback_satisfaction'],
          extraTrigger: { id: 'resolution_gap', countsAs: 'callback_satisfaction', margin: 10 },
        },
      ],
    },
  },
);

const seen = (score: number | null, more: Partial<Observation> = {}): Observation => ({
  state: score === null ? 'not_observed' : 'observed',
  value: score,
  score,
  n: 100,
  numerator: null,
  denominator: null,
  method: null,
  flags: [],
  ...more,
});
const fine = {
  audio: seen(90),
  entry: seen(90),
  hotline_period_connect: seen(90),
  callback_satisfaction: seen(90),
};
const findings = (
  changed: Record<string, Observation>,
  companions: Record<string, CompanionValue> = {},
  peerFirstQuartiles: Record<string, number> = {},
) => ({ indicators: { ...fine, ...changed }, companions, peerFirstQuartiles });

describe('recommendations', () => {
  it('call up a rule below 60 and not at 60', () => {
    expect(recommend(method, findings({}))).toEqual([]);
    expect(recommend(method, findings({ audio: seen(60) }))).toEqual([]);
    expect(recommend(method, findings({ audio: seen(59.99) })).map(({ id }) => id)).toContain('line_quality');
  });

  it('weigh the gap to 80: audio at 50 has priority 0.54 and gains as much', () => {
    const [first] = recommend(method, findings({ audio: seen(50) }));
    expect(first).toMatchObject({ id: 'line_quality', triggered_by: ['audio'] });
    expect(first?.priority).toBeCloseTo(0.54, 9);
    expect(first?.gain).toBeCloseTo(0.54, 9);
  });

  it('gain nothing where the element stays unrated all the same', () => {
    const [first] = recommend(
      method,
      findings({ audio: seen(50), entry: seen(null), hotline_period_connect: seen(90) }),
    );
    // Audio holds 0.3 of its element, which is less than two thirds.
    expect(first?.priority).toBeCloseTo(0.54, 9);
    expect(first?.gain).toBeCloseTo(0, 9);
  });

  it('state no gain for an index that is not rated', () => {
    const [first] = recommend(method, findings({ audio: seen(50), callback_satisfaction: seen(null) }));
    expect(first).toMatchObject({ id: 'line_quality', gain: null });
  });

  it('never rest on an indicator that is not observed', () => {
    expect(recommend(method, findings({ audio: seen(null), entry: seen(null) }))).toEqual([]);
  });

  it('aim at 100 where 80 is reached, when peers are better still', () => {
    const [first] = recommend(method, findings({ entry: seen(85) }, {}, { entry: 88 }));
    // 0.3 × 0.2 × 0.7 × (100 − 85)
    expect(first).toMatchObject({ id: 'shorten_entry', triggered_by: ['entry'] });
    expect(first?.priority).toBeCloseTo(0.63, 9);
    expect(recommend(method, findings({ entry: seen(88) }, {}, { entry: 88 }))).toEqual([]);
  });

  it('put the most points first, and the order of the method where they are equal', () => {
    const low = recommend(method, findings({ audio: seen(50), callback_satisfaction: seen(50) }));
    // 0.7 × 30 = 21 against 0.54 of two rules that both rest on audio alone.
    expect(low.map(({ id }) => id)).toEqual(['review_closures', 'line_quality', 'shorten_entry']);
  });

  it('see an evening that is worse than the day by the margin', () => {
    const strata = (day: number, evening: number | null) => ({
      method: 'period_connect.calls',
      strata: {
        p09: { n: 50, mean: day },
        p11: { n: 2, mean: null },
        p13: { n: 50, mean: day },
        p17: { n: 50, mean: evening },
      },
    });
    const of = (day: number, evening: number | null) =>
      recommend(method, findings({ hotline_period_connect: seen(82, strata(day, evening)) }));
    expect(of(87, 77)).toMatchObject([{ id: 'evening_service', triggered_by: ['hotline_period_connect'] }]);
    // 0.3 × 0.8 × (100 − 82)
    expect(of(87, 77)[0]?.priority).toBeCloseTo(4.32, 9);
    expect(of(86.9, 77)).toEqual([]);
    expect(of(77, 87)).toEqual([]);
    expect(of(87, null)).toEqual([]);
  });

  it('see orders marked as resolved whose citizens are not satisfied', () => {
    const satisfied = { callback_satisfaction: seen(75, { value: 82 }) };
    expect(recommend(method, findings(satisfied, { resolution_rate: 92 }))).toMatchObject([
      { id: 'review_closures', triggered_by: ['callback_satisfaction'] },
    ]);
    expect(recommend(method, findings(satisfied, { resolution_rate: 91.9 }))).toEqual([]);
    expect(recommend(method, findings(satisfied, { resolution_rate: null }))).toEqual([]);
  });
});
