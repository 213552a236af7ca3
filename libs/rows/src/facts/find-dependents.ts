import type { Methodology } from '@hotline/methodology';
import { factPlan } from '../measures/method-plan.js';
import type { SeriesPlan } from '../measures/series-plan.js';
import type { DatasetId, Segment } from '../tasks.js';
import { nearbySegments } from './source-rows.js';

/** Months of a dataset whose segments change, among all segments as they will be. */
export interface ChangedMonths {
  readonly methodology: Methodology;
  readonly dataset: DatasetId;
  readonly months: readonly string[];
  readonly segments: readonly Segment[];
}

export interface DependentMonth {
  readonly dataset: DatasetId;
  readonly month: string;
}

/**
 * Other (dataset, month) pairs whose facts may change when segments of these months change: orders within the repeat
 * window, every month of a dataset whose rows look for rows of the changed one at any time (`exists`), and every other
 * month of a dataset whose facts know the row before or after. Depends on the list of segments only, never on rows that
 * are already gone.
 */
export function dependents(change: ChangedMonths): readonly DependentMonth[] {
  const plans = factPlan(change.methodology);
  const found = new Map<string, DependentMonth>();
  const changed = new Set(change.months);
  const mark = (dataset: DatasetId, months: readonly string[]) => {
    for (const month of months) {
      if (dataset !== change.dataset || !changed.has(month)) found.set(`${dataset} ${month}`, { dataset, month });
    }
  };
  const segments = (dataset: DatasetId) => change.segments.filter((segment) => segment.dataset === dataset);
  const months = (dataset: DatasetId) => segments(dataset).map((segment) => segment.month);
  for (const plan of plans) {
    if (looksInto(plan, change.dataset)) mark(plan.dataset, months(plan.dataset));
    if (plan.dataset !== change.dataset) continue;
    if (plan.neighbour) mark(plan.dataset, months(plan.dataset));
    if (plan.firstContact) {
      for (const month of changed) {
        const around = nearbySegments(month, segments(plan.dataset), plan.firstContact.windowSeconds);
        mark(
          plan.dataset,
          around.map((segment) => segment.month),
        );
      }
    }
  }
  return [...found.keys()].sort().flatMap((key) => found.get(key) ?? []);
}

/** Whether a row of the series is counted by what another dataset holds. */
function looksInto(plan: SeriesPlan, dataset: DatasetId): boolean {
  const visit = (part: unknown): boolean =>
    Array.isArray(part) && ((part[0] === 'exists' && part[1] === dataset) || part.some((inner) => visit(inner)));
  return visit(plan.rows) || (plan.quantity?.kind === 'hit' && visit(plan.quantity.condition));
}
