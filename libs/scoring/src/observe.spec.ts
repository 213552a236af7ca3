import { describe, expect, it } from '@jest/globals';
import type { Observation } from './assessment.js';
import type { CityData } from './city-data.js';
import { readCity } from './city-rows.js';
import { observe } from './observe.js';
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
  ONLINE_PERIODS,
  sample,
  scoringMethod,
  way,
} from './sample-method.spec-support.js';
import type { IndicatorSpec } from './scoring-method.js';

function observed(spec: IndicatorSpec, data: Partial<CityData>): Observation {
  const method = scoringMethod([spec]);
  const observation = observe(method, readCity(method, cityData(data)))[spec.id];
  if (observation === undefined) throw new Error('not in the result');
  return observation;
}

describe('test calls', () => {
  const greeting = indicator(
    'greeting',
    measured([way({ kind: 'median', id: 'greeting.mystery_calls', dataset: 'mystery_calls' })], {
      adjustment: { factor: 0.8, shareBelow: 0.5, unknownFlag: 'interruptible_unknown' },
    }),
    curve([15, 100], [30, 70], [45, 30], [60, 0]),
  );
  const greetings = (interruptible: (number | null)[]) => ({
    samples: {
      mystery_calls: sample({
        'greeting.mystery_calls': [31, 12, 40, 14],
        'greeting.mystery_calls:adjustment': interruptible,
      }),
    },
  });

  it('take 0.8 of the score of the median greeting when fewer than half could be interrupted', () => {
    const observation = observed(greeting, greetings([1, 0, 0, null]));
    expect(observation).toMatchObject({ state: 'observed', value: 22.5, n: 4, numerator: null, flags: [] });
    expect(observation.score).toBeCloseTo(68, 9);
  });

  it('keep the score when exactly half could, or when nobody tried', () => {
    expect(observed(greeting, greetings([1, 0, null, null])).score).toBe(85);
    expect(observed(greeting, greetings([null, null, null, null]))).toMatchObject({
      score: 85,
      flags: ['interruptible_unknown'],
    });
  });

  it('score menu layers row by row: 0, 1, 2 layers and one call without a route', () => {
    const toAgent = indicator(
      'to_agent',
      measured([way({ kind: 'mean_of_row_scores', id: 'to_agent.mystery_calls', dataset: 'mystery_calls' })]),
      curve([0, 100], [1, 85], [2, 60], [3, 30], [4, 0]),
    );
    const data = { samples: { mystery_calls: sample({ 'to_agent.mystery_calls': [100, 85, 60, 0] }) } };
    expect(observed(toAgent, data)).toMatchObject({ value: 61.25, score: 61.25, n: 4 });
  });

  it('average the audio marks', () => {
    const audio = indicator(
      'audio',
      measured([way({ kind: 'mean', scale: 1, id: 'audio.mystery_calls', dataset: 'mystery_calls' })]),
      curve([1, 0], [3, 50], [4, 80], [5, 100]),
    );
    const data = { samples: { mystery_calls: sample({ 'audio.mystery_calls': [5, 4, null, 4.5, 3] }) } };
    expect(observed(audio, data)).toMatchObject({ value: 4.125, score: 82.5, n: 4 });
  });

  it('average half marks to per cent: correct, correct, partly, wrong', () => {
    const accuracy = indicator(
      'answer_accuracy',
      measured([way({ kind: 'mean', scale: 100, id: 'accuracy', dataset: 'mystery_calls' })]),
    );
    const data = { samples: { mystery_calls: sample({ accuracy: [1, 1, 0.5, 0] }) } };
    expect(observed(accuracy, data)).toMatchObject({ value: 62.5, score: 62.5, numerator: null });
  });
});

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

describe('day periods', () => {
  const spec = (minRowsPerStratum = 3) =>
    indicator(
      'hotline_period_connect',
      measured([
        way({
          kind: 'mean_of_stratum_means',
          id: 'period_connect.calls',
          dataset: 'calls',
          usableShare: 0.9,
          minRowsPerStratum,
          minStrata: 4,
          strata: HOTLINE_PERIODS,
        }),
      ]),
    );
  const period = (stratum: string, scores: number[]) =>
    fact(
      'period_connect.calls',
      scores.length,
      scores.reduce((sum, score) => sum + score, 0),
      { stratum },
    );
  // 15 s → 100, 30 s → 80, 60 s → 60, 45 s → 70, 120 s → 30, 300 s → 0; 10 s → 100.
  const example = [
    period('p09', [100, 80, 0]),
    period('p11', [100, 100]),
    period('p13', [60, 60, 30]),
    period('p17', [100, 100, 0]),
    period('p19', [70, 70, 70]),
  ];

  it('count equally; one with too few rows is left out, not zero', () => {
    const observation = observed(spec(), { facts: example });
    expect(observation.value).toBeCloseTo(61.666667, 6);
    expect(observation.score).toBe(observation.value);
    expect(observation).toMatchObject({ n: 14, numerator: null, flags: ['partial_strata', 'days_missing'] });
    expect(observation.strata?.p11).toEqual({ n: 2, mean: null });
    expect(observation.strata?.p21).toEqual({ n: 0, mean: null });
    expect(observation.strata?.p09).toEqual({ n: 3, mean: 60 });
  });

  it('must hold an evening, or the hotline would gain by closing it', () => {
    const daytime = indicator(
      'online',
      measured([
        way({
          kind: 'mean_of_stratum_means',
          id: 'period_connect.calls',
          dataset: 'calls',
          minRowsPerStratum: 3,
          minStrata: 2,
          strata: HOTLINE_PERIODS,
        }),
      ]),
    );
    expect(observed(daytime, { facts: [period('p09', [1, 1, 1]), period('p13', [1, 1, 1])] })).toMatchObject({
      state: 'too_few',
      n: 6,
      value: null,
    });
    const evening = [period('p09', [1, 1, 1]), period('p17', [1, 1, 1])];
    expect(observed(daytime, { facts: evening })).toMatchObject({ state: 'observed', value: 1 });
  });

  it('must be four of six', () => {
    expect(observed(spec(), { facts: example.slice(0, 4) })).toMatchObject({ state: 'too_few', n: 11 });
  });

  it('cannot be told when waits are unknown for more than a tenth of the answered calls', () => {
    const usable = (total: number) => [...example, fact('period_connect.calls:usable', 10, total)];
    expect(observed(spec(), { facts: usable(9) }).state).toBe('observed');
    expect(observed(spec(), { facts: usable(8) })).toMatchObject({ state: 'not_observed', n: 0, method: null });
  });

  it('are read from test chats the same way: 60, 43.3 and 90 points make 64.444444', () => {
    const online = indicator(
      'online_period_connect',
      measured([
        way({
          kind: 'mean_of_stratum_means',
          id: 'online_connect.mystery_chats',
          dataset: 'mystery_chats',
          minRowsPerStratum: 3,
          minStrata: 2,
          strata: ONLINE_PERIODS,
        }),
      ]),
    );
    // Waits 60, 180 s, nobody; 240, 240, 600 s; 120 s three times; curve 60 → 100, 180 → 80, 300 → 50, 600 → 0.
    const data = {
      samples: {
        mystery_chats: sample(
          { 'online_connect.mystery_chats': [100, 80, 0, 65, 65, 0, 90, 90, 90] },
          { 'online_connect.mystery_chats': ['o09', 'o09', 'o09', 'o13', 'o13', 'o13', 'o17', 'o17', 'o17'] },
        ),
      },
    };
    const observation = observed(online, data);
    expect(observation.value).toBeCloseTo(64.444444, 6);
    expect(observation.flags).toEqual([]);
  });
});

describe('online service that is not there', () => {
  const when = [
    { series: 'never_joined:online_sessions', minTried: 100 },
    { series: 'never_joined:mystery_chats', minTried: 9 },
  ];
  const response = indicator(
    'online_response',
    measured(
      [
        way({
          kind: 'mean_of_stratum_means',
          id: 'online_response.mystery_chats',
          dataset: 'mystery_chats',
          minRowsPerStratum: 3,
          minStrata: 2,
          strata: ONLINE_PERIODS,
        }),
      ],
      {
        zeroRules: [
          { id: 'never_joined', when },
          { id: 'no_such_channel', when: 'no_online_human_service' },
        ],
      },
    ),
  );
  const strata = ['o09', 'o09', 'o09', 'o13', 'o13', 'o13', 'o17', 'o17', 'o17'];
  const zero = { state: 'observed', value: 0, score: 0, n: 0, numerator: null, denominator: null, method: null };

  it('scores the median gaps of chats: 83.3, 95 and 35 points make 71.111111', () => {
    const scores = [100, 90, 60, 95, 95, 95, 75, 30, 0];
    const data = {
      samples: {
        mystery_chats: sample({ 'online_response.mystery_chats': scores }, { 'online_response.mystery_chats': strata }),
      },
    };
    expect(observed(response, data).value).toBeCloseTo(71.111111, 6);
  });

  it('is 0 when a human was asked for often enough and never joined', () => {
    const chats = (tried: number, joined: number) => ({
      samples: {
        mystery_chats: sample({
          'never_joined:mystery_chats:tried': Array.from({ length: 10 }, (_, row) => (row < tried ? 1 : null)),
          'never_joined:mystery_chats:joined': Array.from({ length: 10 }, (_, row) => (row < joined ? 1 : null)),
        }),
      },
    });
    expect(observed(response, chats(9, 0))).toMatchObject({ ...zero, flags: ['never_joined'] });
    expect(observed(response, chats(8, 0)).state).toBe('not_observed');
    expect(observed(response, chats(9, 1)).state).toBe('not_observed');
    const sessions = { facts: [fact('never_joined:online_sessions:tried', 100, 100)] };
    expect(observed(response, sessions)).toMatchObject({ ...zero, flags: ['never_joined'] });
  });

  it('is 0 when every live channel is known to have no human, and unknown when one does not say', () => {
    const without = [channel('web', { is_live: true, has_human_chat: false }), channel('phone', { is_live: true })];
    expect(observed(response, { channels: without })).toMatchObject({ ...zero, flags: ['no_such_channel'] });
    const silent = [...without, channel('app', { is_live: true, has_human_chat: null })];
    expect(observed(response, { channels: silent }).state).toBe('not_observed');
    const human = [...without, channel('app', { is_live: true, has_human_chat: true })];
    expect(observed(response, { channels: human }).state).toBe('not_observed');
    const closed = [...without, channel('app', { is_live: false, has_human_chat: true })];
    expect(observed(response, { channels: closed }).state).toBe('observed');
    expect(observed(response, { channels: [] }).state).toBe('not_observed');
  });

  it('is 0 for scripts only without any online chat', () => {
    const script = indicator(
      'online_script',
      measured([way({ kind: 'mean', scale: 100, id: 'online_script.mystery_chats', dataset: 'mystery_chats' })], {
        zeroRules: [{ id: 'no_such_channel', when: 'no_online_service' }],
      }),
    );
    const web = channel('web', { is_live: true, has_human_chat: false });
    expect(observed(script, { channels: [web] })).toMatchObject({ ...zero, flags: ['no_such_channel'] });
    const robot = channel('online_chat', { is_live: true, has_human_chat: false });
    expect(observed(script, { channels: [web, robot] }).state).toBe('not_observed');
  });
});

describe('channels', () => {
  const count = (columns: string[], functionColumns: string[], ...points: [number, number][]) =>
    indicator(
      'count',
      measured([
        way({
          kind: 'count_channels',
          id: 'count.channels',
          dataset: 'channels',
          count: ['is_live', ...columns],
          functionColumns,
        }),
      ]),
      curve(...points),
    );
  const live = count([], [], [0, 0], [1, 15], [3, 40], [5, 70], [7, 100]);
  const integration: [number, number][] = [
    [0, 0],
    [1, 25],
    [4, 100],
  ];

  it('are live by their latest check of the last 365 days', () => {
    const channels = [
      channel('web', { is_live: true }),
      channel('app', { is_live: false }, '2023-05-01'),
      channel('app', { is_live: true }, '2023-06-01'),
      channel('weibo', { is_live: true }, '2022-06-30'),
      channel('mailbox', { is_live: false }),
      channel('phone', { is_live: true }),
    ];
    expect(observed(live, { channels })).toMatchObject({ value: 2, score: 27.5, n: 3, numerator: null });
    const yearOld = [...channels, channel('weibo', { is_live: true }, '2022-07-01')];
    expect(observed(live, { channels: yearOld }).value).toBe(3);
    const tomorrow = [...channels, channel('web', { is_live: false }, '2023-07-01')];
    expect(observed(live, { channels: tomorrow }).value).toBe(2);
  });

  it('are 0 when a list names none, and unknown without a list', () => {
    expect(observed(live, { channels: [channel('phone', { is_live: true })] })).toMatchObject({
      value: 0,
      score: 0,
      n: 0,
    });
    expect(observed(live, { channels: [] })).toMatchObject({ state: 'not_observed', value: null });
  });

  it('show a function where the cell says so, empty is "not shown"', () => {
    const all = { can_create_order: true, can_query_order: true, can_see_progress: true, cross_channel_synced: true };
    const channels = [
      channel('web', { is_live: true, ...all }),
      channel('app', {
        is_live: true,
        can_create_order: true,
        can_query_order: null,
        can_see_progress: true,
        cross_channel_synced: false,
      }),
      channel('mailbox', { is_live: false, ...all }),
    ];
    const of = (...columns: string[]) => observed(count(columns, columns, ...integration), { channels });
    expect(of('can_create_order')).toMatchObject({ value: 2, score: 50 });
    expect(of('can_query_order')).toMatchObject({ value: 1, score: 25 });
    expect(of('can_see_progress', 'cross_channel_synced')).toMatchObject({ value: 1, score: 25 });
  });

  it('are unknown where no live channel has the cell filled', () => {
    const query = count(['can_query_order'], ['can_query_order'], ...integration);
    const silent = [channel('web', { is_live: true, can_query_order: null })];
    expect(observed(query, { channels: silent }).state).toBe('not_observed');
    const closed = [channel('web', { is_live: false, can_query_order: null })];
    expect(observed(query, { channels: closed })).toMatchObject({ state: 'observed', value: 0 });
  });
});

describe('surveys', () => {
  const process = indicator(
    'process_experience',
    measured([
      way({
        kind: 'mean_of_item_means',
        id: 'process',
        dataset: 'survey_responses',
        items: ['access', 'attitude', 'professionalism', 'speed', 'result'],
        minAnswersPerItem: 2,
        minItems: 4,
      }),
    ]),
    curve([1, 0], [3, 50], [5, 100]),
  );
  const answers = (result: (number | null)[], speed: (number | null)[] = [3, 3, null]) => ({
    samples: {
      survey_responses: sample({
        'process:access': [4, 4, null],
        'process:attitude': [3, 4, null],
        'process:professionalism': [4, 5, null],
        'process:speed': speed,
        'process:result': result,
      }),
    },
  });

  it('average the means of the questions with answers enough: 4, 3.5, 4.5 and 3 make 3.75', () => {
    const observation = observed(process, answers([5, null, null]));
    expect(observation).toMatchObject({ value: 3.75, score: 68.75, n: 2, flags: ['partial_items'] });
    expect(observed(process, answers([3, 4, null]))).toMatchObject({ value: 3.7, flags: [] });
  });

  it('need four of the five questions', () => {
    expect(observed(process, answers([5, null, null], [1, null, null]))).toMatchObject({ state: 'too_few', n: 2 });
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
