import { describe, expect, it } from '@jest/globals';
import type { Observation } from './assessment.js';
import type { CityData } from './city-data.js';
import {
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
import type { IndicatorSpec, IntervalSpec, MethodSpec } from './scoring-method.js';

function observed(spec: IndicatorSpec, data: Partial<CityData>, seed = 1): Observation {
  const observation = scoreCity(scoringMethod([spec]), cityData(data), { seed }).indicators[spec.id];
  if (observation === undefined) throw new Error('not in the result');
  return observation;
}

const BOOTSTRAP: IntervalSpec = { kind: 'bootstrap' };
const repeat = <T>(times: number, ...values: T[]): T[] => Array.from({ length: times }, () => values).flat();

describe('Wilson intervals', () => {
  const answers = indicator(
    'business_env_answers',
    measured([way({ kind: 'mean', scale: 100, id: 'answers', dataset: 'mystery_calls' })]),
    IDENTITY,
    { interval: { kind: 'wilson', otherwise: 'bootstrap' } },
  );

  it('give 3 of 4 right answers 30.06 to 95.44', () => {
    const { wilson, interval } = observed(answers, { samples: { mystery_calls: sample({ answers: [1, 1, 0, 1] }) } });
    expect(wilson?.low).toBeCloseTo(30.06, 2);
    expect(wilson?.high).toBeCloseTo(95.44, 2);
    expect(wilson).toMatchObject({ score_low: wilson?.low, score_high: wilson?.high });
    expect(interval).toBeUndefined();
  });

  it('give way to the bootstrap as soon as one answer is partly right', () => {
    const data = { samples: { mystery_calls: sample({ answers: repeat(5, 1, 1, 0.5, 0) }) } };
    const { wilson, interval } = observed(answers, data);
    expect(wilson).toBeUndefined();
    expect(interval?.low).toBeLessThan(62.5);
    expect(interval?.high).toBeGreaterThan(62.5);
  });

  it('put the smaller score first where more is worse', () => {
    const complaints = indicator(
      'complaint_rate',
      measured([way({ kind: 'ratio', scale: 100, id: 'complaints', dataset: 'work_orders' })]),
      curve([0.25, 100], [1, 85], [3, 50], [10, 0]),
      { interval: { kind: 'wilson' }, direction: 'lower' },
    );
    const { wilson } = observed(complaints, { facts: [fact('complaints', 100, 5)] });
    // Wilson of 5 in 100: centre (0.05 + 0.0192073) ÷ 1.0384146, half width 0.0450…
    expect(wilson?.low).toBeCloseTo(2.15, 2);
    expect(wilson?.high).toBeCloseTo(11.18, 2);
    expect(wilson?.score_low).toBe(0);
    expect(wilson?.score_high).toBeCloseTo(85 - ((wilson?.low ?? NaN) - 1) * 17.5, 9);
  });
});

describe('row bootstrap', () => {
  const rating = (method: Partial<MethodSpec> = {}) =>
    indicator(
      'trust',
      measured([
        {
          ...way({ kind: 'mean', scale: 1, id: 'trust.survey', dataset: 'survey_responses' }),
          ...method,
        } as MethodSpec,
      ]),
      curve([1, 0], [3, 50], [5, 100]),
      { interval: BOOTSTRAP },
    );
  const survey = { samples: { survey_responses: sample({ 'trust.survey': repeat(100, 1, 3, 5, 5) }) } };

  it('is as wide as theory says for a mean of many rows', () => {
    const { interval, value } = observed(rating(), survey);
    // Mean 3.5, variance (6.25 + 0.25 + 2.25 + 2.25) ÷ 4 = 2.75; 1.96 × √(2.75 ÷ 400) = 0.1625.
    expect(value).toBe(3.5);
    expect((interval?.low ?? NaN) - (3.5 - 0.1625)).toBeCloseTo(0, 1);
    expect((interval?.high ?? NaN) - (3.5 + 0.1625)).toBeCloseTo(0, 1);
    expect(Math.abs((interval?.high ?? NaN) - (interval?.low ?? NaN) - 0.325)).toBeLessThan(0.04);
    // 25 points of score per mark.
    expect(interval?.score_low).toBeCloseTo(((interval?.low ?? NaN) - 1) * 25, 9);
  });

  it('repeats with its seed and changes with another', () => {
    expect(observed(rating(), survey, 5).interval).toEqual(observed(rating(), survey, 5).interval);
    expect(observed(rating(), survey, 6).interval).not.toEqual(observed(rating(), survey, 5).interval);
  });

  it('leaves the interval out when no replicates are asked for', () => {
    const assessment = scoreCity(scoringMethod([rating()]), cityData(survey), { seed: 1, replicates: 0 });
    expect(assessment.indicators.trust?.interval).toBeUndefined();
    expect(assessment.index).toMatchObject({ score: 62.5, interval: null, grade_or_better: null });
  });

  it('draws medians, and the adjustment with the rows it rests on', () => {
    const greeting = indicator(
      'greeting',
      measured([way({ kind: 'median', id: 'greeting', dataset: 'mystery_calls' })], {
        adjustment: { factor: 0.8, shareBelow: 0.5, unknownFlag: 'interruptible_unknown' },
      }),
      curve([15, 100], [30, 70]),
      { interval: BOOTSTRAP },
    );
    const columns = { greeting: repeat(9, 10, 12), 'greeting:adjustment': repeat(9, 1, 0) };
    const { interval, score } = observed(greeting, { samples: { mystery_calls: sample(columns) } });
    expect(score).toBe(100);
    // Medians of tens and twelves; exactly half could be interrupted, in many replicates fewer.
    expect(interval).toEqual({ low: 10, high: 12, score_low: 80, score_high: 100 });
  });

  it('does not vary where every row of a day period is the same', () => {
    const spec = indicator(
      'period',
      measured([
        way({
          kind: 'mean_of_stratum_means',
          id: 'period',
          dataset: 'mystery_calls',
          minRowsPerStratum: 2,
          minStrata: 2,
          strata: HOTLINE_PERIODS,
        }),
      ]),
      null,
      { interval: { kind: 'bootstrap', within: 'stratum' } },
    );
    const samples = {
      mystery_calls: sample({ period: repeat(3, 100, 40) }, { period: repeat(3, 'p09', 'p17') }),
    };
    expect(observed(spec, { samples }).interval).toEqual({ low: 70, high: 70, score_low: 70, score_high: 70 });
  });

  it('keeps the observed value in replicates that drew no row of the method', () => {
    const columns = { 'trust.survey': [5, 5, ...repeat(20, null)] };
    const { interval } = observed(rating(), { samples: { survey_responses: sample(columns) } });
    expect(interval).toEqual({ low: 5, high: 5, score_low: 100, score_high: 100 });
  });
});

describe('day blocks', () => {
  const connect = indicator(
    'connect',
    measured([way({ kind: 'ratio', scale: 100, id: 'connect.calls', dataset: 'calls' })]),
    IDENTITY,
    { interval: { kind: 'day_block_bootstrap' } },
  );
  const good = (day: string) => fact('connect.calls', 100, 90, { day });
  const bad = (day: string) => fact('connect.calls', 100, 50, { day });

  it('vary with the days, not with the calls', () => {
    const facts = daysFromApril(20).map((day, index) => (index % 2 === 0 ? good(day) : bad(day)));
    const { interval, wilson } = observed(connect, { facts });
    // Days of 90 and 50: standard deviation 20, of the mean of 20 days 4.47; a binomial one of 2000 calls were 1.02.
    expect(wilson).toBeUndefined();
    expect(Math.abs((interval?.high ?? NaN) - (interval?.low ?? NaN) - 2 * 1.96 * 4.47)).toBeLessThan(2.5);
  });

  it('need fourteen days', () => {
    const facts = (days: number) => daysFromApril(days).map(good);
    expect(observed(connect, { facts: facts(14) }).interval).toEqual({
      low: 90,
      high: 90,
      score_low: 90,
      score_high: 90,
    });
    expect(observed(connect, { facts: facts(13) })).toMatchObject({
      score: 90,
      flags: ['days_missing', 'short_period'],
    });
    expect(observed(connect, { facts: facts(13) }).interval).toBeUndefined();
  });

  it('of day periods are as wide as the spread of their calls', () => {
    const spec = indicator(
      'period',
      measured([
        way({
          kind: 'mean_of_stratum_means',
          id: 'period.calls',
          dataset: 'calls',
          minRowsPerStratum: 30,
          minStrata: 2,
          strata: HOTLINE_PERIODS,
        }),
      ]),
      null,
      { interval: { kind: 'bootstrap', within: 'stratum' } },
    );
    // 400 calls by day, half of them 100 and half 0; 400 in the evening, all 60.
    const facts = [
      fact('period.calls', 400, 20_000, { stratum: 'p09' }),
      fact('period.calls:squares', 400, 2_000_000, { stratum: 'p09' }),
      fact('period.calls', 400, 24_000, { stratum: 'p17' }),
      fact('period.calls:squares', 400, 1_440_000, { stratum: 'p17' }),
    ];
    const { value, interval } = observed(spec, { facts });
    // Variance 2500 × 400/399 ÷ 400 by day, 0 in the evening; half of its root, 1.2516, is the deviation of the mean.
    expect(value).toBe(55);
    expect(Math.abs((interval?.high ?? NaN) - (interval?.low ?? NaN) - 2 * 1.96 * 1.2516)).toBeLessThan(0.6);
    const unknown = facts.filter(({ series }) => series === 'period.calls');
    expect(observed(spec, { facts: unknown }).interval).toBeUndefined();
  });
});

describe('joint intervals', () => {
  const promise = indicator(
    'promise',
    {
      kind: 'components',
      valueOf: 'kept',
      components: [
        {
          id: 'told',
          weight: 0.4,
          curve: IDENTITY,
          measure: measured([way({ kind: 'ratio', scale: 100, id: 'told.calls', dataset: 'mystery_calls' })]),
          interval: { kind: 'wilson' },
        },
        {
          id: 'kept',
          weight: 0.6,
          curve: IDENTITY,
          measure: measured([way({ kind: 'ratio', scale: 100, id: 'kept.orders', dataset: 'work_orders' })]),
          interval: { kind: 'day_block_bootstrap' },
        },
      ],
    },
    null,
    { interval: { kind: 'joint' } },
  );
  const kept = (days: number) => daysFromApril(days).map((day) => fact('kept.orders', 10, 8, { day }));
  const told = { mystery_calls: sample({ 'told.calls': repeat(10, 1, 0) }) };

  it('vary with both parts', () => {
    const { interval, components } = observed(promise, { samples: told, facts: kept(20) });
    // Kept does not vary: 80. Told: 50 ± 1.96 × 50 ÷ √20 = 21.9, of which 0.4 counts.
    expect(interval).toMatchObject({ low: 80, high: 80 });
    expect(Math.abs((interval?.score_high ?? NaN) - (interval?.score_low ?? NaN) - 2 * 0.4 * 21.9)).toBeLessThan(2.5);
    expect(components?.told?.wilson?.low).toBeCloseTo(29.93, 2);
    expect(components?.kept?.interval).toMatchObject({ low: 80, high: 80 });
  });

  it('are left out where a part cannot be drawn', () => {
    expect(observed(promise, { samples: told, facts: kept(13) }).interval).toBeUndefined();
    expect(observed(promise, { samples: told }).interval).toBeUndefined();
    expect(observed(promise, { facts: kept(20) }).interval).toMatchObject({ score_low: 80, score_high: 80 });
  });
});
