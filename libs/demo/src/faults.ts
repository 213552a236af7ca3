import type { DatasetId } from '@hotline/rows';
import type { Row } from './city-plan.js';
import { columnIds, keyColumns } from './dictionary-columns.js';
import { instantSeconds, respell } from './spellings.js';
import { instantText } from './calendar.js';
import { itemAt, Random } from './random.js';

/**
 * What an importer that follows the dictionary does with the row: refuses it, stores it with a warning, stores it as
 * the same value in another spelling, skips it (no data at all), or lets a later row with the same key replace it.
 */
export type FaultOutcome = 'refused' | 'warned' | 'accepted' | 'skipped' | 'replaced';

export interface FaultKind {
  readonly id: string;
  readonly outcome: FaultOutcome;
  /** The faulty row that stands in place of the clean one, or after it where `extra`; null: does not fit this row. */
  readonly make: (row: Row, dataset: DatasetId) => Row | null;
  readonly extra?: true;
}

const kind = (id: string, outcome: FaultOutcome, make: FaultKind['make']): FaultKind => ({ id, outcome, make });
const extra = (id: string, outcome: FaultOutcome, make: FaultKind['make']): FaultKind => ({
  id,
  outcome,
  make,
  extra: true,
});

const blankRow = extra('blank_row', 'skipped', (row) => Object.fromEntries(Object.keys(row).map((id) => [id, null])));
const totalRow = extra('total_row', 'skipped', (row, dataset) => ({
  ...Object.fromEntries(Object.keys(row).map((id) => [id, null])),
  [itemAt(columnIds(dataset), 0)]: '合计',
}));
const repeatedKey = extra('repeated_key', 'replaced', (row) => ({ ...row }));
const missingKey = kind('missing_key', 'refused', (row, dataset) => ({
  ...row,
  [itemAt(keyColumns(dataset), 0)]: null,
}));

/** Replaces the text of a column, where there is one. */
const rewrite =
  (column: string, to: (text: string) => string | null): FaultKind['make'] =>
  (row) => {
    const value = row[column];
    if (value === null || value === undefined || value === '') return null;
    const text = to(String(value));
    return text === null || text === String(value) ? null : { ...row, [column]: text };
  };

/** Sets an instant so many seconds after another one. */
const setAfter =
  (column: string, other: string, seconds: number): FaultKind['make'] =>
  (row) => {
    const at = row[other];
    return typeof at === 'string' && row[column] !== null
      ? { ...row, [column]: instantText(instantSeconds(at) + seconds) }
      : null;
  };

const future = (column: string): FaultKind =>
  kind(
    'future_date',
    'refused',
    rewrite(column, (text) => `2099${text.slice(4)}`),
  );
const otherDates = (column: string): readonly FaultKind[] =>
  (['chinese', 'slashes', 'compact'] as const).map((spelling) =>
    kind(
      `date_${spelling}`,
      'accepted',
      rewrite(column, (text) => respell[spelling](text)),
    ),
  );
const scientific = (column: string): FaultKind =>
  kind('scientific_id', 'refused', (row) => ({ ...row, [column]: '2.02505E+13' }));
const hiddenNumber = kind(
  'hidden_number',
  'accepted',
  rewrite('caller_hash', (text) => `${text.slice(0, 3)}****${text.slice(7)}`),
);
const fullWidth = (column: string): FaultKind =>
  kind(
    'full_width_digits',
    'accepted',
    rewrite(column, (text) => respell.fullWidth(text)),
  );

/** Faults by dataset, in the order in which they are dealt out. The small datasets are typed by hand and checked: none. */
export const faultKinds: Readonly<Partial<Record<DatasetId, readonly FaultKind[]>>> = {
  calls: [
    kind('unknown_spelling', 'refused', (row) => ({ ...row, result: '接通(转)' })),
    ...otherDates('started_at'),
    kind('answered_before_request', 'refused', setAfter('answered_at', 'agent_requested_at', -7)),
    blankRow,
    kind(
      'spelled_duration',
      'accepted',
      rewrite('talk_seconds', (text) => respell.duration(Number(text))),
    ),
    missingKey,
    future('started_at'),
    kind('rating_without_answer', 'warned', (row) =>
      row.direction === 'inbound' && row.result !== 'answered' ? { ...row, satisfaction: 'satisfied' } : null,
    ),
    repeatedKey,
    fullWidth('caller_hash'),
    kind('ended_before_start', 'refused', setAfter('ended_at', 'started_at', -60)),
    hiddenNumber,
    kind(
      'date_without_time',
      'refused',
      rewrite('started_at', (text) => text.slice(0, 10)),
    ),
    totalRow,
    scientific('call_id'),
  ],
  work_orders: [
    kind('unknown_spelling', 'refused', (row) => ({ ...row, channel: '飞信' })),
    kind('closed_before_created', 'refused', setAfter('closed_at', 'created_at', -3600)),
    ...otherDates('created_at'),
    blankRow,
    kind('no_topic', 'warned', (row) => ({ ...row, topic_l1: null, topic_l2: null, topic_l3: null })),
    missingKey,
    repeatedKey,
    kind('extension_shorter', 'refused', (row) =>
      typeof row.deadline_at === 'string'
        ? { ...row, extended_deadline_at: instantText(instantSeconds(row.deadline_at) - 86_400), extension_count: 1 }
        : null,
    ),
    fullWidth('caller_hash'),
    kind('closed_without_time', 'warned', (row) =>
      row.status === 'closed' && row.is_resolved_on_call === false ? { ...row, closed_at: null } : null,
    ),
    future('created_at'),
    totalRow,
    hiddenNumber,
    scientific('order_id'),
  ],
  callbacks: [
    kind('unknown_order', 'warned', (row) => ({ ...row, order_id: '20190101100001' })),
    kind('unknown_spelling', 'refused', (row) => ({ ...row, satisfaction: '还行' })),
    ...otherDates('attempted_at'),
    kind('answer_without_contact', 'warned', (row) =>
      row.connected === false ? { ...row, satisfaction: 'satisfied' } : null,
    ),
    missingKey,
    blankRow,
    future('attempted_at'),
  ],
  online_sessions: [
    kind('joined_before_request', 'refused', setAfter('human_joined_at', 'human_requested_at', -5)),
    ...otherDates('started_at'),
    kind('reply_without_human', 'warned', (row) =>
      row.human_joined_at === null ? { ...row, median_reply_seconds: 40 } : null,
    ),
    kind('unknown_spelling', 'refused', (row) => ({ ...row, channel: '微聊' })),
    blankRow,
    repeatedKey,
  ],
  call_metrics_daily: [
    kind(
      'thousands_separators',
      'accepted',
      rewrite('talk_seconds_sum', (text) => respell.thousands(Number(text))),
    ),
    totalRow,
    kind(
      'date_chinese',
      'accepted',
      rewrite('date', (text) => respell.chinese(`${text} 00:00:00`).replace(/日.*/, '日')),
    ),
    kind('answered_over_offered', 'refused', (row) => ({ ...row, answered: Number(row.offered) + 10 })),
    blankRow,
  ],
  survey_responses: [
    kind('unknown_spelling', 'refused', (row) => ({ ...row, q_overall: '还可以吧' })),
    kind('rating_in_words', 'accepted', (row) => (row.q_overall === 4 ? { ...row, q_overall: '满意' } : null)),
    kind('solved_without_use', 'warned', (row) =>
      row.q_used_non_phone === false ? { ...row, q_solved_self_service: true } : null,
    ),
    fullWidth('q_trust'),
    blankRow,
  ],
};

const faults = new WeakMap<Row, FaultKind>();

/** Which fault a generated row carries; null for a clean one. */
export function faultOf(row: Row): FaultKind | null {
  return faults.get(row) ?? null;
}

/** Clean rows with a share of faulty ones. The kinds take turns, so that some thousand rows show all of them. */
export function* withFaults(dataset: DatasetId, seed: number, share: number, rows: Iterable<Row>): Generator<Row> {
  const kinds = faultKinds[dataset];
  if (!kinds || share <= 0) {
    yield* rows;
    return;
  }
  const random = Random.of(seed, 'faults', dataset);
  // A kind that fits few rows waits in front until one comes; a kind that was used goes to the end.
  const waiting = [...kinds];
  for (const row of rows) {
    if (!random.chance(share)) {
      yield row;
      continue;
    }
    const [faulty, fault] = firstThatFits(waiting, row, dataset);
    waiting.splice(waiting.indexOf(fault), 1);
    waiting.push(fault);
    if (fault.extra) yield row;
    faults.set(faulty, fault);
    yield faulty;
  }
}

function firstThatFits(kinds: readonly FaultKind[], row: Row, dataset: DatasetId): readonly [Row, FaultKind] {
  for (const fault of kinds) {
    const faulty = fault.make(row, dataset);
    if (faulty) return [faulty, fault];
  }
  throw new Error(`no fault fits a row of ${dataset}`);
}
