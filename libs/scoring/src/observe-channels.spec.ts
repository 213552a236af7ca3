import { describe, expect, it } from '@jest/globals';
import {
  channel,
  curve,
  fact,
  indicator,
  measured,
  observed,
  ONLINE_PERIODS,
  sample,
  way,
} from './sample-method.spec-support.js';

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
