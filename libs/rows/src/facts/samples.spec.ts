import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadMethodology } from '@hotline/methodology';
import { StoredRows } from '../../../../test/rows/stored-rows.js';
import type { Row } from '../../../../test/rows/stored-rows.js';
import type { DatasetId, SamplesResult } from '../tasks.js';
import { samples } from './gather-samples.js';

let stored: StoredRows;
beforeAll(async () => {
  stored = await StoredRows.open();
});
afterAll(() => stored.close());

async function read(rows: Readonly<Partial<Record<DatasetId, readonly Row[]>>>): Promise<SamplesResult> {
  return samples(() => Promise.resolve(stored.connection), {
    kind: 'samples',
    methodology: loadMethodology(),
    period: { start: '2023-01-01', end: '2023-07-01' },
    segments: await stored.segments(rows),
  });
}

const test = (id: string, at: string, more: Row = {}): Row => ({
  mystery_id: id,
  rater_no: 1,
  placed_at: at,
  connected: true,
  ...more,
});

describe('samples', () => {
  it('are the rows of the period in the order of their keys, each method with its own', async () => {
    const { samples: found } = await read({
      mystery_calls: [
        test('M3', '2023-06-30 23:59:59', { greeting_seconds: 31, greeting_interruptible: false }),
        test('M1', '2023-01-01 00:00:00', { greeting_seconds: 12, greeting_interruptible: true, seconds_to_human: 30 }),
        test('M2', '2023-03-01 09:00:00', { connected: false }),
        test('M2', '2023-03-01 09:00:00', { rater_no: 2, greeting_seconds: 99, answer_verdict: 'wrong' }),
        test('M0', '2022-12-31 23:59:59', { greeting_seconds: 1 }),
        test('M4', '2023-07-01 00:00:00', { greeting_seconds: 1 }),
      ],
    });
    const calls = found['mystery_calls'];
    expect(calls?.rows).toBe(4);
    expect([...(calls?.values['greeting.mystery_calls'] ?? [])]).toEqual([12, NaN, NaN, 31]);
    expect([...(calls?.values['greeting.mystery_calls:adjustment'] ?? [])]).toEqual([1, NaN, NaN, 0]);
    // M1 began at midnight, in no day period; M2 at nine was not reached; M3 has no known wait.
    expect([...(calls?.values['period_connect.mystery_calls'] ?? [])]).toEqual([NaN, 0, NaN, NaN]);
    expect(calls?.strata['period_connect.mystery_calls']).toEqual([null, 'p09', 'p09', 'p21']);
  });

  it('of a survey hold one column per question', async () => {
    const { samples: found, companions } = await read({
      survey_responses: [
        { response_id: 'A', collected_at: '2023-02-01 00:00:00', q_process_access: 4, q_awareness: 5, mode: 'web' },
        { response_id: 'B', collected_at: '2023-02-01 00:00:00', q_used_non_phone: false, q_solved_self_service: true },
      ],
    });
    const survey = found['survey_responses'];
    expect([...(survey?.values['process_experience.survey:q_process_access'] ?? [])]).toEqual([4, NaN]);
    expect([...(survey?.values['channel_awareness.survey'] ?? [])]).toEqual([1, NaN]);
    expect([...(survey?.values['channel_usage.survey'] ?? [])]).toEqual([NaN, 0]);
    expect(companions['survey_counts']).toEqual({
      total: 2,
      by_mode: { web: 1, unknown: 1 },
      by_audience: { unknown: 2 },
    });
  });

  it('tell test chats that asked for a human and were never joined', async () => {
    const chat = (id: string, joined: boolean): Row => ({
      chat_id: id,
      rater_no: 1,
      placed_at: '2023-02-01 09:00:00',
      human_joined: joined,
    });
    const { samples: found } = await read({ mystery_chats: [chat('A', false), chat('B', true)] });
    expect([...(found['mystery_chats']?.values['never_joined:mystery_chats:tried'] ?? [])]).toEqual([1, NaN]);
    expect([...(found['mystery_chats']?.values['never_joined:mystery_chats:joined'] ?? [])]).toEqual([NaN, 1]);
  });

  it('are absent, and every companion null, where nothing was uploaded', async () => {
    const { samples: found, channels, profile, companions } = await read({});
    expect(found).toEqual({});
    expect(channels).toEqual([]);
    expect(profile).toBeNull();
    expect(Object.values(companions).every((value) => value === null)).toBe(true);
  });
});

describe('the state of a city', () => {
  it('counts the latest check of each channel within 365 days before the end', async () => {
    const { channels, companions } = await read({
      channels: [
        { channel: 'web', checked_at: '2022-07-01', is_live: true },
        { channel: 'app', checked_at: '2023-05-01', is_live: false },
        { channel: 'app', checked_at: '2023-06-30', is_live: true, can_query_order: false, evidence_url: 'https://a' },
        { channel: 'app', checked_at: '2023-07-01', is_live: false },
        { channel: 'weibo', checked_at: '2022-06-30', is_live: true },
        { channel: 'phone', checked_at: '2023-01-01', is_live: true },
      ],
    });
    // 1 July 2022 is 365 days before the end, 30 June 2022 is 366.
    expect(channels.map(({ channel, checkedAt }) => [channel, checkedAt])).toEqual([
      ['app', '2023-06-30'],
      ['phone', '2023-01-01'],
      ['web', '2022-07-01'],
    ]);
    expect(channels[0]?.columns).toMatchObject({ is_live: true, can_query_order: false, has_human_chat: null });
    expect(companions['channel_list']).toHaveLength(3);
  });

  it('takes the profile of the greatest year not after the last day', async () => {
    const profiles = [2021, 2022, 2024].map((year) => ({ year, resident_population: year * 1000, agent_count: null }));
    expect((await read({ city_profile: profiles })).profile).toEqual({
      year: 2022,
      residentPopulation: 2_022_000,
      agentCount: null,
    });
  });
});

describe('companions from rows', () => {
  it('describe test calls', async () => {
    const { companions } = await read({
      mystery_calls: [
        test('A', '2023-02-01 09:30:00', { seconds_to_human: 10, agent_route_found: true, ivr_layers_to_agent: 1 }),
        test('B', '2023-02-01 10:30:00', { connected: false, agent_route_found: false, ivr_layers_to_agent: 9 }),
        test('C', '2023-02-01 22:30:00', { seconds_to_human: 25, ivr_layers_to_agent: 2 }),
        test('D', '2023-02-01 22:30:00', { greeting_seconds: 5, greeting_interruptible: true }),
      ],
    });
    expect(companions).toMatchObject({
      interruptible_share: 100,
      menu_layers_mean: 1.5,
      mystery_wait_median: 17.5,
      mystery_connect_by_period: { p09: 50, p11: null, p13: null, p17: null, p19: null, p21: 100 },
      rater_agreement: null,
    });
  });

  it('measure how far two raters agree beyond chance', async () => {
    const pairs = [
      ...Array.from({ length: 4 }, () => ['correct', 'correct']),
      ...Array.from({ length: 4 }, () => ['wrong', 'wrong']),
      ...Array.from({ length: 2 }, () => ['correct', 'wrong']),
    ];
    const { companions } = await read({
      mystery_calls: pairs.flatMap(([first = null, second = null], index) => [
        test(`P${index}`, '2023-02-01 09:30:00', { answer_verdict: first }),
        test(`P${index}`, '2023-02-01 09:30:00', { rater_no: 2, answer_verdict: second }),
      ]),
    });
    // Observed 0.8; expected 0.6 × 0.4 + 0.4 × 0.6 = 0.48; (0.8 − 0.48) ÷ 0.52.
    expect(companions['rater_agreement']).toBeCloseTo(0.32 / 0.52, 12);
  });

  it('name the topics with most orders, and callers who called again', async () => {
    const order = (id: string, topic: string, more: Row = {}): Row => ({
      order_id: id,
      created_at: '2023-02-01 09:00:00',
      channel: 'web',
      topic_l1: topic,
      ...more,
    });
    const call = (id: string, caller: string | null, more: Row = {}): Row => ({
      call_id: id,
      started_at: '2023-02-01 09:00:00',
      direction: 'inbound',
      result: 'answered',
      caller_hash: caller,
      ...more,
    });
    const { companions } = await read({
      work_orders: [
        order('1', 'roads', { topic_l2: 'potholes' }),
        order('2', 'roads', { topic_l2: 'potholes' }),
        order('3', 'noise'),
        order('4', 'heating'),
        order('5', 'heating', { is_invalid: true }),
      ],
      calls: [
        call('1', 'x'),
        call('2', 'x'),
        call('3', 'y'),
        call('4', 'y', { result: 'phantom' }),
        call('5', 'z'),
        call('6', null),
        call('7', null),
        call('8', 'w', { started_at: '2022-12-31 09:00:00' }),
      ],
    });
    expect(companions['top_topics']).toEqual([
      { topic_l1: 'roads', topic_l2: 'potholes', count: 2 },
      { topic_l1: 'heating', topic_l2: null, count: 1 },
      { topic_l1: 'noise', topic_l2: null, count: 1 },
    ]);
    expect(companions['repeat_caller_share']).toBeCloseTo(100 / 3, 12);
  });

  it('show the robot and the human part of test chats apart', async () => {
    const { companions } = await read({
      mystery_chats: [
        {
          chat_id: 'A',
          rater_no: 1,
          placed_at: '2023-02-01 09:00:00',
          human_joined: true,
          seconds_to_human: 40,
          robot_script_opening: 'yes',
          robot_script_wording: 'partly',
          human_script_opening: 'no',
          ability_solved: 'yes',
        },
      ],
    });
    expect(companions['online_parts']).toEqual({ robot: 75, human: 0 });
    expect(companions['chat_wait_median']).toBe(40);
    expect(companions['chat_reply_median']).toBeNull();
  });

  it('do not depend on the order in which the rows came', async () => {
    const marks = ['yes', 'partly', 'no', 'partly', 'no', 'yes', 'yes', 'no', 'partly', 'partly', 'yes'];
    const chats = marks.map((mark, index): Row => ({
      chat_id: `C${index}`,
      rater_no: 1,
      placed_at: '2023-02-01 09:00:00',
      human_joined: true,
      robot_script_opening: mark,
      robot_script_wording: marks[(index * 3) % 11] ?? 'no',
      robot_ability_understood: marks[(index * 5) % 11] ?? 'no',
    }));
    const parts = async (rows: readonly Row[]) => (await read({ mystery_chats: rows })).companions['online_parts'];
    const asWritten = await parts(chats);
    for (let first = 1; first < chats.length; first += 1) {
      expect(await parts([...chats.slice(first), ...chats.slice(0, first)])).toEqual(asWritten);
    }
  });
});
