import { describe, expect, it } from '@jest/globals';
import {
  curve,
  daysFromApril,
  fact,
  IDENTITY,
  indicator,
  measured,
  observed,
  way,
} from './sample-method.spec-support.js';

describe('rates from daily facts', () => {
  const connectCurve = curve([30, 0], [60, 20], [80, 50], [90, 75], [95, 90], [98, 100]);
  const connect = (minN: number) =>
    indicator(
      'hotline_connect_rate',
      measured([
        way({ kind: 'ratio', scale: 100, id: 'connect_rate.calls', dataset: 'calls', minN }),
        way({ kind: 'ratio_of_sums', scale: 100, id: 'connect_rate.daily', dataset: 'call_metrics_daily', minN }),
      ]),
      connectCurve,
    );

  it('count 4 answered of 7 requests', () => {
    const facts = [fact('connect_rate.calls', 5, 3), fact('connect_rate.calls', 2, 1, { day: '2023-04-11' })];
    const observation = observed(connect(1), { facts });
    expect(observation).toMatchObject({ numerator: 4, denominator: 7, n: 7, method: 'connect_rate.calls' });
    expect(observation.value).toBeCloseTo(57.142857, 6);
    expect(observation.score).toBeCloseTo(18.095238, 6);
    expect(observation.flags).toEqual(['days_missing']);
  });

  it('say how many rows there are when they are too few', () => {
    expect(observed(connect(8), { facts: [fact('connect_rate.calls', 7, 4)] })).toEqual({
      state: 'too_few',
      value: null,
      score: null,
      n: 7,
      numerator: null,
      denominator: null,
      method: 'connect_rate.calls',
      flags: [],
    });
  });

  it('are not observed, rather than 0, without a row', () => {
    expect(observed(connect(1), {})).toEqual({
      state: 'not_observed',
      value: null,
      score: null,
      n: 0,
      numerator: null,
      denominator: null,
      method: null,
      flags: [],
    });
    expect(observed(connect(1), { facts: [fact('connect_rate.calls', 7, 0)] })).toMatchObject({ value: 0, score: 0 });
  });

  it('fall back on the daily totals when the call log is too small', () => {
    const facts = [
      fact('connect_rate.calls', 3, 3),
      fact('connect_rate.daily', 1, 300),
      fact('connect_rate.daily:denominator', 1, 400),
      fact('connect_rate.daily', 1, 80, { day: '2023-04-11' }),
      fact('connect_rate.daily:denominator', 1, 100, { day: '2023-04-11' }),
    ];
    expect(observed(connect(400), { facts })).toMatchObject({
      value: 76,
      n: 500,
      numerator: 380,
      denominator: 500,
      method: 'connect_rate.daily',
      flags: ['fallback_method', 'days_missing'],
    });
  });

  it('do not flag missing days when each day has a row', () => {
    const facts = daysFromApril(91).map((day) => fact('connect_rate.calls', 10, 9, { day }));
    expect(observed(connect(1), { facts }).flags).toEqual([]);
  });

  it('count days from the first to the one before the end, and no other', () => {
    const facts = ['2023-03-31', '2023-04-01', '2023-06-30', '2023-07-01'].map((day) =>
      fact('connect_rate.calls', 10, 9, { day }),
    );
    expect(observed(connect(1), { facts }).n).toBe(20);
  });

  it('count a row as the first of its key only where the one before lies outside the period, the last likewise', () => {
    const facts = [
      fact('connect_rate.calls', 1, 1, { after: '2023-03-31' }),
      fact('connect_rate.calls', 10, 10, { after: '2023-04-01' }),
      fact('connect_rate.calls', 100, 100, { until: '2023-06-30' }),
      fact('connect_rate.calls', 1000, 1000, { until: '2023-07-01' }),
    ];
    expect(observed(connect(1), { facts }).n).toBe(1001);
  });

  it('are not observed where nobody fills the column in', () => {
    const complaints = indicator(
      'complaint_rate',
      measured([
        way({ kind: 'ratio', scale: 100, id: 'complaint_rate.orders', dataset: 'work_orders', recorded: true }),
      ]),
      curve([0.25, 100], [1, 85], [3, 50], [10, 0]),
    );
    const facts = [fact('complaint_rate.orders', 50, 0)];
    expect(observed(complaints, { facts })).toMatchObject({ state: 'not_observed', n: 0, method: null });
    const recorded = [...facts, fact('complaint_rate.orders:recorded', 50, 50)];
    expect(observed(complaints, { facts: recorded })).toMatchObject({ state: 'observed', value: 0, score: 100 });
    const one = [fact('complaint_rate.orders', 50, 1), fact('complaint_rate.orders:recorded', 1, 1)];
    expect(observed(complaints, { facts: one }).score).toBeCloseTo(67.5, 9);
  });

  it('are flagged for a low participation in the ratings, from 10 % on not', () => {
    const ratings = indicator(
      'post_call_satisfaction',
      measured([way({ kind: 'ratio', scale: 100, id: 'post_call.calls', dataset: 'calls' })]),
      curve([70, 0], [90, 50], [95, 75], [98.74, 100]),
      { flags: ['low_participation'] },
    );
    const with10 = (answered: number) => [
      fact('post_call.calls', 10, 9),
      fact('rating_participation:post_call.calls', answered, 10),
    ];
    expect(observed(ratings, { facts: with10(25) })).toMatchObject({ value: 90, score: 50, flags: [] });
    expect(observed(ratings, { facts: with10(100) }).flags).toEqual([]);
    expect(observed(ratings, { facts: with10(101) }).flags).toEqual(['low_participation']);
  });

  it('are flagged as too short for an interval below 14 days with rows', () => {
    const spec = indicator(
      'fcr',
      measured([way({ kind: 'first_contact', scale: 100, id: 'fcr.orders', dataset: 'work_orders' })]),
      IDENTITY,
      { interval: { kind: 'day_block_bootstrap' }, flags: ['short_period'] },
    );
    const facts = (days: number) => daysFromApril(days).map((day) => fact('fcr.orders', 5, 3, { day }));
    expect(observed(spec, { facts: facts(13) })).toMatchObject({ value: 60, flags: ['short_period'] });
    expect(observed(spec, { facts: facts(14) })).toMatchObject({ value: 60, flags: [] });
  });

  it('carry no flag that the method does not foresee', () => {
    const spec = indicator(
      'share',
      measured([way({ kind: 'ratio', scale: 100, id: 'share.orders', dataset: 'work_orders' })]),
      IDENTITY,
      { flags: ['default_limits'] },
    );
    const facts = [fact('share.orders', 5, 3), fact('share.orders:default_limits', 2, 2)];
    expect(observed(spec, { facts }).flags).toEqual(['default_limits']);
  });
});

describe('calls per resident', () => {
  const spec = (minN: number) =>
    indicator(
      'call_ratio',
      measured([
        way({
          kind: 'annualised_ratio',
          scale: 100,
          id: 'call_ratio.calls',
          dataset: 'calls',
          minN,
          requestsOnly: false,
        }),
        way({
          kind: 'annualised_ratio',
          scale: 100,
          id: 'call_ratio.daily_offered',
          dataset: 'call_metrics_daily',
          minN,
          requestsOnly: true,
        }),
      ]),
      curve([0, 0], [10, 35], [40.46, 85], [52.84, 100]),
    );
  const profile = { year: 2023, residentPopulation: 730_000, agentCount: null };
  const calls = (series: string, days: number) => daysFromApril(days).map((day) => fact(series, 200, 200, { day }));

  it('are 10 % at 18 000 calls on 90 covered days and 730 000 residents', () => {
    const observation = observed(spec(28), { facts: calls('call_ratio.calls', 90), profile });
    expect(observation.value).toBeCloseTo(10, 9);
    expect(observation.score).toBeCloseTo(35, 9);
    expect(observation).toMatchObject({ n: 90, denominator: 730_000, flags: ['days_missing', 'annualised'] });
    expect(observation.numerator).toBeCloseTo(73_000, 6);
  });

  it('are exact for a full year, which needs no projection', () => {
    const period = { start: '2022-07-01', end: '2022-07-02' };
    expect(observed(spec(1), { period, facts: [], profile }).state).toBe('not_observed');
    const leap = { start: '2024-02-29', end: '2024-03-01' };
    // March 2023 to February 2024 holds 366 days.
    const day = [fact('call_ratio.calls', 730, 730, { day: '2024-02-29' })];
    expect(observed(spec(1), { period: leap, facts: day, profile }).value).toBeCloseTo(36.6, 9);
    const toLeapDay = { start: '2024-02-28', end: '2024-02-29' };
    // From 28 February 2023 to 28 February 2024: 366 days as well.
    const before = [fact('call_ratio.calls', 730, 730, { day: '2024-02-28' })];
    expect(observed(spec(1), { period: toLeapDay, facts: before, profile }).value).toBeCloseTo(36.6, 9);
  });

  it('need residents and 28 covered days', () => {
    const facts = calls('call_ratio.calls', 27);
    expect(observed(spec(28), { facts, profile })).toMatchObject({ state: 'too_few', n: 27 });
    expect(observed(spec(28), { facts })).toMatchObject({ state: 'not_observed', n: 0 });
  });

  it('say so when requests for a human stand in for all calls', () => {
    const observation = observed(spec(28), { facts: calls('call_ratio.daily_offered', 91), profile });
    expect(observation.flags).toEqual(['fallback_method', 'annualised', 'requests_only']);
  });
});
