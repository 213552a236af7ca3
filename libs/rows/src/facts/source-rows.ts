import type { DuckDBConnection } from '@duckdb/node-api';
import type { MeasureRules } from '../measures/measure-rules.js';
import { RowRelation } from '../measures/row-relation.js';
import { firstContactColumns } from '../measures/series-plan.js';
import type { FirstContact, SeriesPlan } from '../measures/series-plan.js';
import type { WorkingDays } from '../measures/working-days.js';
import { parquet } from '../segments/key-relation.js';
import { sqlId, sqlNumber } from '../sql.js';
import type { DatasetId, Segment } from '../tasks.js';

/** What the facts of one month of a dataset are read from. */
export interface MonthSource {
  readonly connection: DuckDBConnection;
  readonly rules: MeasureRules;
  readonly workingDays: WorkingDays;
  readonly dataset: DatasetId;
  readonly own: Segment;
  readonly segments: readonly Segment[];
}

export function relation(month: MonthSource, source: string, plans: readonly SeriesPlan[]): RowRelation {
  return new RowRelation(month.rules, month.workingDays, month.dataset, month.segments, source, plans);
}

export function ownRows(month: MonthSource): string {
  return `SELECT * FROM ${parquet([month.own.file])}`;
}

/** Files of the same dataset whose rows can lie within so many seconds of a row of the month, the month itself not. */
export function nearbySegments(month: string, segments: readonly Segment[], seconds: number): readonly Segment[] {
  const [first, after] = monthBounds(month);
  return segments.filter((segment) => {
    if (segment.month === month) return false;
    const [start, end] = monthBounds(segment.month);
    return end > first - seconds * 1000 && start < after + seconds * 1000;
  });
}

function monthBounds(month: string): readonly [number, number] {
  const [year, number] = month.split('-').map(Number);
  if (year === undefined || number === undefined) throw new Error(`not a month: ${month}`);
  return [Date.UTC(year, number - 1), Date.UTC(year, number)];
}

/**
 * The rows of the month that are contacts, each with two answers: whether it is a first contact, and whether an order
 * of the same caller and topic (or one linked to it) follows within the window. Looks into the months around.
 */
export function contactRows(month: MonthSource, contact: FirstContact): string {
  const around = nearbySegments(
    month.own.month,
    month.segments.filter((segment) => segment.dataset === month.dataset),
    contact.windowSeconds,
  );
  const [instant] = contact.orderBy;
  if (instant === undefined) throw new Error('a first contact needs an order of instants');
  const at = sqlId(instant);
  const window = sqlNumber(contact.windowSeconds);
  const near = [
    `SELECT *, true AS is_own FROM ${parquet([month.own.file])}`,
    ...(around.length > 0 ? [`SELECT *, false AS is_own FROM ${parquet(around.map((segment) => segment.file))}`] : []),
  ].join(' UNION ALL BY NAME ');
  const look = new RowRelation(month.rules, month.workingDays, month.dataset, month.segments, near, [
    contact.pool,
    ['is', 'is_valid'],
  ]);
  const pool = look.condition(contact.pool, null);
  const valid = look.condition(['is', 'is_valid'], null);
  const from = look.from();
  const distance = (earlier: string, later: string) => `date_diff('second', ${earlier}, ${later})`;
  return `
    WITH pool AS (
      SELECT r.*, lag(r.${at}) OVER w AS previous_at, lead(r.${at}) OVER w AS next_at
      FROM ${from} WHERE ${pool}
      WINDOW w AS (PARTITION BY ${contact.same.map((name) => `r.${sqlId(name)}`).join(', ')}
                   ORDER BY ${contact.orderBy.map((name) => `r.${sqlId(name)}`).join(', ')})
    ), linked AS (
      SELECT DISTINCT p.order_id FROM pool p
      JOIN (SELECT r.parent_order_id, r.${at} FROM ${from} WHERE ${valid} AND r.parent_order_id IS NOT NULL) c
        ON c.parent_order_id = p.order_id
      WHERE ${distance(`p.${at}`, `c.${at}`)} BETWEEN 0 AND ${window}
    )
    SELECT p.* EXCLUDE (is_own, previous_at, next_at${look
      .stagedColumns()
      .map((name) => `, ${sqlId(name)}`)
      .join('')}),
      p.parent_order_id IS NULL
        AND coalesce(${distance('p.previous_at', `p.${at}`)} > ${window}, true) AS ${firstContactColumns.first},
      coalesce(${distance(`p.${at}`, 'p.next_at')} <= ${window}, false)
        OR p.order_id IN (SELECT order_id FROM linked) AS ${firstContactColumns.repeated}
    FROM pool p WHERE p.is_own`;
}
