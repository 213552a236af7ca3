import { sqlId } from '../sql.js';
import type { DatasetId, Note } from '../tasks.js';
import type { ColumnPlan } from './column-plan.js';

/** SQL of a typed column after the import rules that look at other columns of the row; `null`: nothing to add. */
export interface DerivedColumns {
  readonly sql: Readonly<Record<string, string>>;
  /** Columns of which unread cells are asked. */
  readonly spelled: ReadonlySet<string>;
  readonly notes: readonly Note[];
}

const pathSeparator = '->|→|>|/|\\|';

/**
 * Rules of the dictionary that fill one column from others of the same row.
 * @param cell SQL of the unread cell of a column
 */
export function derivedColumns(
  dataset: DatasetId,
  plans: readonly ColumnPlan[],
  cell: (plan: ColumnPlan) => string,
): DerivedColumns {
  const sql: Record<string, string> = {};
  const spelled = new Set<string>();
  const notes: Note[] = [];
  const planOf = (id: string) => plans.find((plan) => plan.spec.id === id && plan.source !== null);

  if (dataset === 'calls') {
    const result = planOf('result');
    const requested = planOf('agent_requested_at');
    if (!result) {
      sql['result'] =
        `CASE WHEN answered_at IS NOT NULL THEN 'answered' WHEN agent_requested_at IS NOT NULL THEN 'abandoned_queue' ELSE 'ivr_only' END`;
      notes.push({ code: 'result_derived', params: {} });
    } else if (result.headerRule === 'answered_or_not' && requested) {
      spelled.add('result');
      sql['result'] =
        `CASE WHEN result = 'abandoned_queue' AND agent_requested_at IS NULL AND trim(${cell(result)}) = '否' THEN 'ivr_only' ELSE result END`;
    }
  }
  for (const plan of plans)
    if (plan.headerRule === 'mean_of_answered' && plan.source !== null) {
      sql[plan.spec.id] = `${sqlId(plan.spec.id)} * answered`;
      notes.push({ code: 'mean_multiplied', params: { header: plan.source.header, column: plan.spec.id } });
    }
  if (dataset === 'work_orders' && planOf('topic_l1') && !planOf('topic_l2')) {
    const level = (n: number) => `nullif(trim(string_split_regex(topic_l1, '${pathSeparator}')[${n}]), '')`;
    const isPath = `regexp_matches(topic_l1, '${pathSeparator}')`;
    sql['topic_l1'] = `CASE WHEN ${isPath} THEN ${level(1)} ELSE topic_l1 END`;
    sql['topic_l2'] = `CASE WHEN ${isPath} THEN ${level(2)} END`;
    if (!planOf('topic_l3')) sql['topic_l3'] = `CASE WHEN ${isPath} THEN ${level(3)} END`;
  }
  return { sql, spelled, notes };
}
