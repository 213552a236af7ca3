import { describe, expect, it } from '@jest/globals';
import type { CityData, CompanionValue } from './city-data.js';
import { readCity } from './city-rows.js';
import { companions } from './companions.js';
import { observe } from './observe.js';
import { cityData, fact, IDENTITY, indicator, measured, scoringMethod, way } from './sample-method.spec-support.js';
import type { IndicatorSpec } from './scoring-method.js';

function companion(id: string, data: Partial<CityData>, indicators: IndicatorSpec[] = []): CompanionValue {
  const method = scoringMethod(indicators, { companions: [{ id, unit: '' }] });
  const city = readCity(method, cityData(data));
  return companions(method, city, observe(method, city), data.companions ?? {})[id] ?? null;
}

const ratioOf = (id: string, series: string, dataset: string) =>
  indicator(id, measured([way({ kind: 'ratio', scale: 100, id: series, dataset })]));

describe('figures of the call log', () => {
  const log = [
    fact('connect_15s', 7, 3),
    fact('asa', 9, 180),
    fact('asa:usable', 10, 9),
    fact('wait_p90', 5, 5, { stratum: '10' }),
    fact('wait_p90', 3, 3, { stratum: '9' }),
    fact('wait_p90', 2, 2, { stratum: '100', day: '2023-04-11' }),
  ];
  const daily = [fact('connect_15s.daily', 1, 30), fact('connect_15s.daily:denominator', 1, 40)];

  it('are shares of the requests and means of the waits', () => {
    expect(companion('connect_15s', { facts: [...log, ...daily] })).toBeCloseTo(300 / 7, 9);
    expect(companion('asa', { facts: log })).toBe(20);
    expect(companion('abandon_rate', { facts: [fact('abandon_rate', 8, 2)] })).toBe(25);
    expect(companion('talk_mean', { facts: [fact('talk_mean', 4, 600)] })).toBe(150);
  });

  it('find the 90th percentile of the waits in numeric order', () => {
    // 9 9 9 10 10 10 10 10 100 100: h = 9 × 0.9 = 8.1 → the 9th and 10th are both 100.
    expect(companion('wait_p90', { facts: log })).toBe(100);
    // Without one of the long waits h = 8 × 0.9 = 7.2 → 10 + 0.2 × 90.
    const fewer = [...log.slice(0, -1), fact('wait_p90', 1, 1, { stratum: '100' })];
    expect(companion('wait_p90', { facts: fewer })).toBeCloseTo(28, 9);
  });

  it('leave waits alone when more than a tenth of them is unknown, and take the daily totals', () => {
    const unknown = [...log, fact('asa:usable', 1, 0)];
    expect(companion('asa', { facts: unknown })).toBeNull();
    expect(companion('wait_p90', { facts: unknown })).toBeNull();
    expect(companion('connect_15s', { facts: [...unknown, ...daily] })).toBe(75);
    expect(companion('connect_15s', { facts: [...log.slice(0, 1), ...daily] })).toBe(75);
  });

  it('relate ratings to answered calls under the method that measured the satisfaction', () => {
    const satisfaction = ratioOf('post_call_satisfaction', 'post_call.calls', 'calls');
    const fromDaily = indicator(
      'post_call_satisfaction',
      measured([way({ kind: 'ratio_of_sums', scale: 100, id: 'post_call.daily', dataset: 'call_metrics_daily' })]),
    );
    const calls = [fact('post_call.calls', 10, 9), fact('rating_participation:post_call.calls', 25, 10)];
    const totals = [
      fact('post_call.daily', 1, 80),
      fact('post_call.daily:denominator', 1, 100),
      fact('rating_participation:post_call.daily', 1, 100),
      fact('rating_participation:post_call.daily:denominator', 1, 1000),
    ];
    expect(companion('rating_participation', { facts: [...calls, ...totals] }, [satisfaction])).toBe(40);
    expect(companion('rating_participation', { facts: [...calls, ...totals] }, [fromDaily])).toBe(10);
    expect(companion('rating_participation', { facts: [] }, [satisfaction])).toBeNull();
  });
});

describe('figures of the orders', () => {
  it('are unknown where nobody fills the column in', () => {
    expect(companion('return_rate', { facts: [fact('return_rate', 50, 0)] })).toBeNull();
    const recorded = [fact('return_rate', 50, 0), fact('return_rate:recorded', 1, 1)];
    expect(companion('return_rate', { facts: recorded })).toBe(0);
    expect(companion('on_call_answer_rate', { facts: [fact('on_call_answer_rate', 50, 0)] })).toBeNull();
    expect(companion('on_call_answer_rate', { facts: [fact('on_call_answer_rate', 50, 10)] })).toBe(20);
  });

  it('stand by type and by channel', () => {
    const facts = [
      fact('working_days_by_type', 2, 9, { stratum: 'help' }),
      fact('working_days_by_type', 4, 4, { stratum: 'consult' }),
      fact('orders_by_channel', 3, 3, { stratum: 'phone' }),
      fact('orders_by_channel', 2, 2, { stratum: 'phone', day: '2023-05-01' }),
      fact('orders_by_channel', 1, 1, { stratum: 'platform_transfer' }),
    ];
    expect(companion('working_days_by_type', { facts })).toEqual({ consult: 1, help: 4.5 });
    expect(companion('orders_by_channel', { facts })).toEqual({ phone: 5, platform_transfer: 1 });
    expect(companion('orders_by_channel', {})).toBeNull();
  });

  it('count an order once, however often it was called back', () => {
    // One order reached at the second attempt, two days after the first; one not reached before the period and in it.
    const facts = [
      fact('callback_reach:denominator', 1, 1, { day: '2023-04-10' }),
      fact('callback_reach:denominator', 1, 1, { day: '2023-04-12', after: '2023-04-10' }),
      fact('callback_reach', 1, 1, { day: '2023-04-12' }),
      fact('callback_reach:denominator', 1, 1, { day: '2023-03-20' }),
      fact('callback_reach:denominator', 1, 1, { day: '2023-04-02', after: '2023-03-20' }),
    ];
    expect(companion('callback_reach', { facts })).toBe(50);
  });

  it('derive the overdue rate from the part that measured it', () => {
    const promise = indicator(
      'result_commitment',
      {
        kind: 'components',
        valueOf: 'on_time_rate',
        components: [
          {
            id: 'on_time_rate',
            weight: 1,
            curve: IDENTITY,
            measure: measured([way({ kind: 'ratio', scale: 100, id: 'on_time.orders', dataset: 'work_orders' })]),
            interval: { kind: 'day_block_bootstrap' },
          },
        ],
      },
      null,
    );
    expect(companion('overdue_rate', { facts: [fact('on_time.orders', 8, 6)] }, [promise])).toBe(25);
    expect(companion('overdue_rate', {}, [promise])).toBeNull();
  });
});

describe('figures beside others', () => {
  it('compare the two satisfactions only where both are known', () => {
    const both = [
      ratioOf('post_call_satisfaction', 'post_call.calls', 'calls'),
      ratioOf('callback_satisfaction', 'callback_satisfaction.callbacks', 'callbacks'),
    ];
    const facts = [fact('post_call.calls', 10, 9), fact('callback_satisfaction.callbacks', 4, 3)];
    expect(companion('satisfaction_gap', { facts }, both)).toBe(15);
    expect(companion('satisfaction_gap', { facts: facts.slice(0, 1) }, both)).toBeNull();
  });

  it('count agents per 100 000 residents', () => {
    const profile = { year: 2023, residentPopulation: 2_000_000, agentCount: 110 };
    expect(companion('seats_per_100k', { profile })).toBe(5.5);
    expect(companion('seats_per_100k', { profile: { ...profile, agentCount: null } })).toBeNull();
    expect(companion('seats_per_100k', {})).toBeNull();
  });

  it('pass on what was read from the rows', () => {
    const ready = { top_topics: [{ topic: 'noise', count: 3 }] };
    expect(companion('top_topics', { companions: ready })).toEqual(ready.top_topics);
    expect(companion('rater_agreement', { companions: ready })).toBeNull();
  });
});
