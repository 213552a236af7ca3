import { afterAll, describe, expect, it } from '@jest/globals';
import { dictionary } from '../datasets/dictionary.js';
import type { DatasetId } from '../tasks.js';
import { knownRowRules } from './row-rules.js';
import { CheckFolder, checkRow } from './sample-check.js';

const folder = new CheckFolder();
afterAll(() => folder.remove());

type Cells = Readonly<Record<string, string>>;
const t = (time: string) => `2023-05-04 ${time}`;

/** Rule, a row that breaks it, and the nearest row that does not. */
const cases: readonly (readonly [rule: string, breaking: Cells, keeping: Cells])[] = [
  [
    'calls.answered_before_request',
    { result: 'answered', agent_requested_at: t('09:00:30'), answered_at: t('09:00:29') },
    { result: 'answered', agent_requested_at: t('09:00:30'), answered_at: t('09:00:30') },
  ],
  [
    'calls.answered_before_start',
    { result: 'answered', answered_at: t('08:59:59') },
    { result: 'answered', answered_at: t('09:00:00') },
  ],
  ['calls.ended_before_start', { ended_at: t('08:59:59') }, { ended_at: t('09:00:00') }],
  [
    'calls.ended_before_answer',
    { result: 'answered', answered_at: t('09:01:00'), ended_at: t('09:00:59') },
    { result: 'answered', answered_at: t('09:01:00'), ended_at: t('09:01:00') },
  ],
  ['calls.request_before_start', { agent_requested_at: t('08:59:59') }, { agent_requested_at: t('09:00:00') }],
  ['calls.result_conflict', { result: 'answered' }, { result: 'answered', answered_at: t('09:01:00') }],
  ['calls.result_conflict', { result: 'ivr_only', answered_at: t('09:01:00') }, { result: 'ivr_only' }],
  ['calls.long', { ended_at: t('13:00:01') }, { ended_at: t('13:00:00') }],
  [
    'calls.rating_not_answered',
    { satisfaction: '满意' },
    { satisfaction: '满意', result: 'answered', answered_at: t('09:01:00') },
  ],
  ['daily.answered_over_offered', { offered: '80', answered: '81' }, { offered: '80', answered: '80' }],
  ['daily.abandoned_over_offered', { offered: '80', answered: '0', abandoned: '81' }, { abandoned: '20' }],
  ['daily.offered_over_total', { calls_total: '99' }, { calls_total: '100' }],
  [
    'daily.self_service_over_total',
    { calls_total: '100', self_service: '101' },
    { calls_total: '100', self_service: '100' },
  ],
  ['daily.within_order', { within_15s: '51', within_30s: '50' }, { within_15s: '50', within_30s: '50' }],
  ['daily.within_order', { within_15s: '81' }, { within_15s: '80' }],
  ['daily.within_order', { within_30s: '81' }, { within_30s: '80' }],
  [
    'daily.ratings_order',
    { ratings_valid: '10', ratings_satisfied: '11' },
    { ratings_valid: '10', ratings_satisfied: '10' },
  ],
  ['daily.ratings_order', { ratings_valid: '81' }, { ratings_valid: '80' }],
  ['daily.sum', { abandoned: '19' }, { abandoned: '20' }],
  // 80 of 100 are 80 per cent.
  ['daily.rate', { connect_rate_reported: '80.6' }, { connect_rate_reported: '80.5' }],
  ['daily.rate', { connect_rate_reported: '79.4' }, { connect_rate_reported: '79.5' }],
  ['orders.closed_before_created', { closed_at: t('08:59:59') }, { closed_at: t('09:00:00') }],
  ['orders.contact_before_created', { first_contact_at: t('08:59:59') }, { first_contact_at: t('09:00:00') }],
  ['orders.deadline_before_created', { deadline_at: t('08:59:59') }, { deadline_at: '2023-05-04' }],
  [
    'orders.extension_shorter',
    { deadline_at: '2023-05-09', extended_deadline_at: '2023-05-08' },
    { deadline_at: '2023-05-09', extended_deadline_at: '2023-05-09' },
  ],
  ['orders.own_parent', { parent_order_id: 'w1' }, { parent_order_id: 'w0' }],
  ['orders.closed_without_time', { status: '已办结' }, { status: '已办结', closed_at: t('10:00:00') }],
  ['orders.open_with_time', { status: '办理中', closed_at: t('10:00:00') }, { status: '办理中' }],
  [
    'orders.extension_uncounted',
    { deadline_at: '2023-05-09', extended_deadline_at: '2023-05-19', extension_count: '0' },
    { deadline_at: '2023-05-09', extended_deadline_at: '2023-05-19', extension_count: '1' },
  ],
  ['orders.no_topic', { topic_l1: '' }, { topic_l1: '市容' }],
  [
    'callbacks.answer_without_contact',
    { connected: '否', satisfaction: '满意' },
    { connected: '是', satisfaction: '满意' },
  ],
  ['callbacks.answer_without_contact', { connected: '否', is_resolved: '否' }, { connected: '否' }],
  [
    'sessions.joined_before_request',
    { human_requested_at: t('09:01:00'), human_joined_at: t('09:00:59') },
    { human_requested_at: t('09:01:00'), human_joined_at: t('09:01:00') },
  ],
  ['sessions.request_before_start', { human_requested_at: t('08:59:59') }, { human_requested_at: t('09:00:00') }],
  [
    'sessions.joined_without_request',
    { human_joined_at: t('09:01:00') },
    { human_requested_at: t('09:00:30'), human_joined_at: t('09:01:00') },
  ],
  [
    'sessions.reply_without_human',
    { median_reply_seconds: '20' },
    { median_reply_seconds: '20', human_requested_at: t('09:00:30'), human_joined_at: t('09:01:00') },
  ],
  [
    'mystery.wait_without_contact',
    { connected: '否', seconds_to_human: '9' },
    { connected: '是', seconds_to_human: '9' },
  ],
  ['mystery.rubric_without_contact', { connected: '否', script_polite: '是' }, { connected: '否', audio_score: '4' }],
  [
    'mystery.rubric_without_contact',
    { connected: '否', answer_verdict: '准确' },
    { connected: '是', answer_verdict: '准确' },
  ],
  ['mystery.outside_periods', { placed_at: t('08:59:59') }, { placed_at: t('23:59:59') }],
  ['mystery.route_conflict', { agent_route_found: '否' }, { agent_route_found: '否', connected: '否' }],
  ['chats.wait_without_human', { human_joined: '否', seconds_to_human: '9' }, { human_joined: '否' }],
  ['chats.wait_without_human', { human_joined: '否', median_reply_seconds: '9' }, { median_reply_seconds: '9' }],
  ['chats.outside_periods', { placed_at: t('11:00:00') }, { placed_at: t('10:59:59') }],
  ['chats.outside_periods', { placed_at: t('12:59:59') }, { placed_at: t('13:00:00') }],
  ['chats.outside_periods', { placed_at: t('21:00:00') }, { placed_at: t('20:59:59') }],
  [
    'survey.solved_without_use',
    { q_used_non_phone: '否', q_solved_self_service: '是' },
    { q_used_non_phone: '是', q_solved_self_service: '是' },
  ],
  ['channels.no_evidence', { is_live: '是' }, { is_live: '是', evidence_url: 'https://12345.example.gov.cn' }],
  [
    'channels.function_without_live',
    { is_live: '否', can_query_order: '是' },
    { is_live: '否', can_query_order: '否' },
  ],
];

const datasetOf = (rule: string) =>
  dictionary().datasets.find((dataset) => dataset.rules.some(({ id }) => id === rule));

describe('the rules of the dictionary', () => {
  it('all have a condition, and no condition is without a rule', () => {
    const ids = dictionary().datasets.flatMap((dataset) => dataset.rules.map(({ id }) => id));
    expect([...knownRowRules()].toSorted()).toEqual(ids.toSorted());
  });

  it('are all tried here', () => {
    const tried = new Set([...cases.map(([rule]) => rule), 'callbacks.unknown_order']);
    expect([...tried].toSorted()).toEqual([...knownRowRules()].toSorted());
  });
});

describe.each(cases)('%s', (rule, breaking, keeping) => {
  const dataset = datasetOf(rule)?.id as DatasetId;
  const level = datasetOf(rule)?.rules.find(({ id }) => id === rule)?.level;
  const found = async (cells: Cells) => {
    const { result, rows, issues } = await checkRow(folder, dataset, cells);
    return { issues: issues.filter((issue) => issue['rule'] === rule), rows, result };
  };

  it('is found, and refuses the row only as an error', async () => {
    const { issues, rows, result } = await found(breaking);
    expect(issues).toMatchObject([{ row: '2', level }]);
    expect(rows).toHaveLength(level === 'error' ? 0 : 1);
    expect([result.counts.refused, result.counts.warned]).toEqual(level === 'error' ? [1, 0] : [0, 1]);
  });

  it('is not found in the nearest good row', async () => {
    const { issues, rows } = await found(keeping);
    expect(issues).toEqual([]);
    expect(rows).toHaveLength(1);
  });
});

describe('a row that cannot be read', () => {
  it('is refused for that alone, not for what its empty places would break', async () => {
    const { issues } = await checkRow(folder, 'calls', { result: 'answered', answered_at: '吃饭时' });
    expect(issues.map((issue) => issue['rule'])).toEqual(['bad_datetime']);
  });

  it('names every cell that is wrong', async () => {
    const { issues } = await checkRow(folder, 'calls', { started_at: '', result: '怪', queue_seconds: '-1' });
    expect(issues.map((issue) => [issue['column'], issue['rule'], issue['value']])).toEqual([
      ['started_at', 'required_empty', null],
      ['queue_seconds', 'negative_duration', '-1'],
      ['result', 'unknown_value', '怪'],
    ]);
  });
});

describe('call-backs of unknown orders', () => {
  it('are kept with a warning, and known ones without', async () => {
    const orders = await folder.check(
      'work_orders',
      ['order_id', 'created_at', 'channel', 'topic_l1'],
      [['w1', t('08:00:00'), 'phone', '市容']],
    );
    const segments = orders.result.months.map((month) => ({ ...month, dataset: 'work_orders' as const }));
    const headers = ['order_id', 'attempted_at', 'connected'];
    const rows = [
      ['w1', t('09:00:00'), '是'],
      ['w2', t('09:00:00'), '是'],
    ];
    const checked = await folder.check('callbacks', headers, rows, { segments });
    expect(checked.issues).toMatchObject([
      { row: '3', column: 'order_id', rule: 'callbacks.unknown_order', level: 'warning' },
    ]);
    expect(checked.result.counts).toMatchObject({ accepted: 2, warned: 1 });

    const without = await folder.check('callbacks', headers, rows);
    expect(without.result.counts).toMatchObject({ accepted: 2, warned: 2 });
  });
});
