import type { DuckDBConnection } from '@duckdb/node-api';
import { measureRules } from '../measures/measure-rules.js';
import { factPlan } from '../measures/method-plan.js';
import { WorkingDays } from '../measures/working-days.js';
import type { FactsTask, SegmentFact } from '../tasks.js';
import { countByDay } from './month-facts.js';
import { countByNeighbour } from './neighbour-facts.js';

/**
 * Daily facts of the rows of some months of a dataset, in a fixed order. A month without segment has none; so have the
 * small datasets, which are read as samples.
 */
export async function facts(connection: DuckDBConnection, task: FactsTask): Promise<readonly SegmentFact[]> {
  const { methodology } = task;
  const plans = factPlan(methodology).filter((plan) => plan.dataset === task.dataset);
  const rules = measureRules(methodology);
  const workingDays = new WorkingDays(rules.calendar);
  const found: SegmentFact[] = [];
  for (const name of [...new Set(task.months)].sort()) {
    const own = task.segments.find((segment) => segment.dataset === task.dataset && segment.month === name);
    if (!own || plans.length === 0) continue;
    const month = { connection, rules, workingDays, dataset: task.dataset, own, segments: task.segments };
    found.push(
      ...(await countByDay(
        month,
        plans.filter((plan) => plan.neighbour === null),
      )),
    );
    for (const plan of plans) {
      if (plan.neighbour !== null) found.push(...(await countByNeighbour(month, plan, plan.neighbour)));
    }
  }
  return found.sort(byPlace);
}

function byPlace(a: SegmentFact, b: SegmentFact): number {
  return (
    compare(a.month, b.month) ||
    compare(a.series, b.series) ||
    compare(a.day, b.day) ||
    compare(a.stratum ?? '', b.stratum ?? '') ||
    compare(a.after ?? '', b.after ?? '') ||
    compare(a.until ?? '', b.until ?? '')
  );
}

/** By code unit: the order must not depend on the language of the machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
