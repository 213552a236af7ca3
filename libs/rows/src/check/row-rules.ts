import { datasetSpec, type DatasetSpec } from '../datasets/dictionary.js';
import { sqlId } from '../sql.js';

/** The SQL condition under which a row of the dataset breaks a rule of the dictionary. */
export interface RowCondition {
  /** Column under which the issue is listed. */
  readonly column: string;
  /** Over the typed columns of one row; NULL counts as "not broken". null: needs other datasets, see `check-file.ts`. */
  readonly sql: string | null;
}

const before = (earlier: string, later: string): RowCondition => ({ column: earlier, sql: `${earlier} < ${later}` });
const above = (column: string, limit: string): RowCondition => ({ column, sql: `${column} > ${limit}` });
const filled = (...columns: string[]) => columns.map((column) => `${column} IS NOT NULL`).join(' OR ');
const isTrue = (...columns: string[]) => columns.map((column) => `${column} IS TRUE`).join(' OR ');

function rubricOf(dataset: DatasetSpec): string {
  return filled(
    ...dataset.columns
      .filter((column) => column.enum === 'check' || column.enum === 'answer_verdict')
      .map((column) => sqlId(column.id)),
  );
}

const fourHours = 4 * 3600;

const conditions = (): Readonly<Record<string, RowCondition>> => ({
  'calls.answered_before_request': before('answered_at', 'agent_requested_at'),
  'calls.answered_before_start': before('answered_at', 'started_at'),
  'calls.ended_before_start': before('ended_at', 'started_at'),
  'calls.ended_before_answer': before('ended_at', 'answered_at'),
  'calls.request_before_start': before('agent_requested_at', 'started_at'),
  'calls.result_conflict': { column: 'result', sql: `(result = 'answered') <> (answered_at IS NOT NULL)` },
  'calls.long': { column: 'ended_at', sql: `epoch(ended_at) - epoch(started_at) > ${fourHours}` },
  'calls.rating_not_answered': { column: 'satisfaction', sql: `satisfaction IS NOT NULL AND result <> 'answered'` },

  'daily.answered_over_offered': above('answered', 'offered'),
  'daily.abandoned_over_offered': above('abandoned', 'offered'),
  'daily.offered_over_total': above('offered', 'calls_total'),
  'daily.self_service_over_total': above('self_service', 'calls_total'),
  'daily.within_order': {
    column: 'within_15s',
    sql: 'within_15s > within_30s OR within_15s > answered OR within_30s > answered',
  },
  'daily.ratings_order': {
    column: 'ratings_valid',
    sql: 'ratings_satisfied > ratings_valid OR ratings_valid > answered',
  },
  'daily.sum': { column: 'offered', sql: 'answered + abandoned <> offered' },
  'daily.rate': {
    column: 'connect_rate_reported',
    // Half a point of tolerance, widened by less than any written figure so that exactly 0.5 is within it.
    sql: 'offered > 0 AND abs(connect_rate_reported - answered * 100.0 / offered) > 0.5 + 1e-9',
  },

  'orders.closed_before_created': before('closed_at', 'created_at'),
  'orders.contact_before_created': before('first_contact_at', 'created_at'),
  'orders.deadline_before_created': before('deadline_at', 'created_at'),
  'orders.extension_shorter': before('extended_deadline_at', 'deadline_at'),
  'orders.own_parent': { column: 'parent_order_id', sql: 'parent_order_id = order_id' },
  'orders.closed_without_time': { column: 'closed_at', sql: `status = 'closed' AND closed_at IS NULL` },
  'orders.open_with_time': { column: 'status', sql: `status = 'open' AND closed_at IS NOT NULL` },
  'orders.extension_uncounted': {
    column: 'extension_count',
    sql: 'extended_deadline_at IS NOT NULL AND extension_count = 0',
  },
  'orders.no_topic': { column: 'topic_l1', sql: 'topic_l1 IS NULL' },

  'callbacks.answer_without_contact': {
    column: 'connected',
    sql: `connected IS FALSE AND (${filled('satisfaction', 'is_resolved')})`,
  },
  'callbacks.unknown_order': { column: 'order_id', sql: null },

  'sessions.joined_before_request': before('human_joined_at', 'human_requested_at'),
  'sessions.request_before_start': before('human_requested_at', 'started_at'),
  'sessions.joined_without_request': {
    column: 'human_joined_at',
    sql: 'human_joined_at IS NOT NULL AND human_requested_at IS NULL',
  },
  'sessions.reply_without_human': {
    column: 'median_reply_seconds',
    sql: 'median_reply_seconds IS NOT NULL AND human_joined_at IS NULL',
  },

  'mystery.wait_without_contact': {
    column: 'seconds_to_human',
    sql: 'connected IS FALSE AND seconds_to_human IS NOT NULL',
  },
  'mystery.rubric_without_contact': {
    column: 'connected',
    sql: `connected IS FALSE AND (${rubricOf(datasetSpec('mystery_calls'))})`,
  },
  'mystery.outside_periods': { column: 'placed_at', sql: 'hour(placed_at) < 9' },
  'mystery.route_conflict': {
    column: 'agent_route_found',
    sql: 'agent_route_found IS FALSE AND connected IS TRUE',
  },

  'chats.wait_without_human': {
    column: 'human_joined',
    sql: `human_joined IS FALSE AND (${filled('seconds_to_human', 'median_reply_seconds')})`,
  },
  'chats.outside_periods': {
    column: 'placed_at',
    sql: 'NOT (hour(placed_at) BETWEEN 9 AND 10 OR hour(placed_at) BETWEEN 13 AND 20)',
  },

  'survey.solved_without_use': {
    column: 'q_solved_self_service',
    sql: 'q_used_non_phone IS FALSE AND q_solved_self_service IS TRUE',
  },

  'channels.no_evidence': { column: 'evidence_url', sql: 'is_live IS TRUE AND evidence_url IS NULL' },
  'channels.function_without_live': {
    column: 'is_live',
    sql: `is_live IS FALSE AND (${isTrue(
      'can_create_order',
      'can_query_order',
      'can_see_progress',
      'cross_channel_synced',
      'has_human_chat',
    )})`,
  },
});

let built: Readonly<Record<string, RowCondition>> | undefined;

/** Throws where a rule of the dictionary has no condition: no rule is ever left untested in silence. */
export function rowCondition(rule: string): RowCondition {
  built ??= conditions();
  const found = built[rule];
  if (!found) throw new Error(`no condition for the rule ${rule}`);
  return found;
}

/** Rules that have a condition here; all of them stand in the dictionary. */
export function knownRowRules(): readonly string[] {
  built ??= conditions();
  return Object.keys(built);
}
