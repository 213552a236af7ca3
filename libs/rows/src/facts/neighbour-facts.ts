import type { Neighbour, SeriesPlan } from '../measures/series-plan.js';
import { parquet } from '../segments/key-relation.js';
import { sqlId } from '../sql.js';
import type { SegmentFact } from '../tasks.js';
import { exactSum, toNumber } from './exact-sum.js';
import { countedRows, rowQuantity } from './series-statement.js';
import { relation } from './source-rows.js';
import type { MonthSource } from './source-rows.js';

/**
 * Facts of a series that counts the first or the last row of a key in whatever period is asked for: each row carries
 * the day of the row before (or after) it, from any month. Of several rows on one day the inner ones are in no fact.
 */
export async function countByNeighbour(
  month: MonthSource,
  plan: SeriesPlan,
  neighbour: Neighbour,
): Promise<readonly SegmentFact[]> {
  const [per, by] = [sqlId(neighbour.per), sqlId(neighbour.by)];
  const others = month.segments
    .filter((segment) => segment.dataset === month.dataset && segment.month !== month.own.month)
    .map((segment) => segment.file);
  const source = [
    `SELECT *, true AS is_own FROM ${parquet([month.own.file])}`,
    ...(others.length > 0
      ? [
          `SELECT *, false AS is_own FROM ${parquet(others)}
           WHERE ${per} IN (SELECT ${per} FROM ${parquet([month.own.file])})`,
        ]
      : []),
  ].join(' UNION ALL BY NAME ');
  const rows = relation(month, source, [plan]);
  const condition = countedRows(plan, rows);
  const quantity = plan.quantity === null ? null : rowQuantity(plan.quantity, plan, rows);
  const step = neighbour.side === 'after' ? 'lag' : 'lead';
  const total = quantity === null ? 'NULL' : plan.quantity?.kind === 'hit' ? 'count(*) FILTER (WHERE q)' : 'sum(q)';
  const from = rows.from();
  await month.workingDays.ensure(month.connection);
  const reader = await month.connection.runAndReadAll(`
    SELECT CAST(day AS VARCHAR), CAST(other_day AS VARCHAR), count(*), ${total}
    FROM (
      SELECT r.is_own, CAST(${rows.value(plan.place, null)} AS DATE) AS day, ${quantity ?? 'NULL'} AS q,
        CAST(${step}(r.${by}) OVER (PARTITION BY r.${per} ORDER BY r.${by}) AS DATE) AS other_day
      FROM ${from} WHERE ${condition}
    ) WHERE is_own AND day IS NOT NULL AND other_day IS DISTINCT FROM day
    GROUP BY day, other_day`);
  return reader.getRows().map(([day, other, count, sum]) => {
    const n = Number(count);
    const otherDay = other === null ? null : String(other);
    return {
      dataset: month.dataset,
      month: month.own.month,
      series: plan.series,
      day: String(day),
      stratum: null,
      after: neighbour.side === 'after' ? otherDay : null,
      until: neighbour.side === 'until' ? otherDay : null,
      n,
      total: plan.quantity === null ? n : toNumber(exactSum(sum)),
    };
  });
}
