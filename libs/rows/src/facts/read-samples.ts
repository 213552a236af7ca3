import type { Condition, Value } from '@hotline/methodology';
import type { Period, Sample } from '@hotline/scoring';
import { methodsInUse, triedInUse } from '../measures/measure-rules.js';
import type { MethodInUse } from '../measures/measure-rules.js';
import { datasetSpec } from '../datasets/dictionary.js';
import { keyColumns } from '../segments/key-relation.js';
import { sqlText } from '../sql.js';
import type { DatasetId } from '../tasks.js';
import type { PeriodRows } from './period-rows.js';

/** A quantity of each row, by the name under which the core knows it. Rows outside have none. */
interface RowQuantity {
  readonly name: string;
  readonly place: Value;
  readonly rows: Condition;
  readonly quantity: Condition | Value | 1;
  readonly isHit: boolean;
  readonly use: MethodInUse | null;
}

/** Rows of a small dataset that are placed in the period, in the order of their keys; null: there is none. */
export async function readSample(period: PeriodRows, dataset: DatasetId): Promise<Sample | null> {
  const quantities = quantitiesOf(period, dataset);
  const byMonth = quantities.every((each) => each.place === datasetSpec(dataset).period.column);
  const rows = period.relation(
    dataset,
    [quantities.map((each) => [each.place, each.rows, each.quantity]), stratumColumns(period, dataset)],
    byMonth ? period.task.period.start : null,
  );
  if (!rows) return null;
  const inPeriod = (place: Value) => placedIn(period.task.period, rows.value(place, null));
  const strata = stratumColumns(period, dataset);
  const columns = [
    ...quantities.map((each) => {
      const curve = each.use?.curve ?? null;
      const value =
        each.quantity === 1
          ? '1'
          : each.isHit
            ? `CASE WHEN ${rows.condition(each.quantity as Condition, curve)} THEN 1 ELSE 0 END`
            : rows.value(each.quantity as Value, curve);
      return `CASE WHEN ${inPeriod(each.place)} AND ${rows.condition(each.rows, curve)} THEN CAST(${value} AS DOUBLE) END`;
    }),
    ...strata.map((each) => `CAST(${rows.value(each.stratum, null)} AS VARCHAR)`),
  ];
  const places = [...new Set(quantities.map((each) => inPeriod(each.place)))];
  const read = await period.read(
    rows,
    columns,
    `WHERE ${places.join(' OR ')} ORDER BY ${keyColumns(dataset)
      .map((column) => `r.${column}`)
      .join(', ')}`,
  );
  const count = read[0]?.length ?? 0;
  if (count === 0) return null;
  return {
    rows: count,
    values: Object.fromEntries(
      quantities.map((each, index) => [
        each.name,
        Float64Array.from(read[index] ?? [], (value) => (typeof value === 'number' ? value : Number.NaN)),
      ]),
    ),
    strata: Object.fromEntries(
      strata.map((each, index) => [
        each.id,
        (read[quantities.length + index] ?? []).map((value) => (typeof value === 'string' ? value : null)),
      ]),
    ),
  };
}

/** Condition that an instant or day lies in [start, end). */
export function placedIn(period: Period, instant: string): string {
  return `coalesce(${instant} >= ${sqlText(period.start)}::TIMESTAMP AND ${instant} < ${sqlText(period.end)}::TIMESTAMP, false)`;
}

function stratumColumns(
  period: PeriodRows,
  dataset: DatasetId,
): readonly { readonly id: string; readonly stratum: string }[] {
  return methodsOf(period, dataset).flatMap(({ method }) =>
    method.kind === 'mean_of_stratum_means' ? [{ id: method.id, stratum: method.stratum }] : [],
  );
}

function methodsOf(period: PeriodRows, dataset: DatasetId): readonly MethodInUse[] {
  return methodsInUse(period.task.methodology).filter((use) => use.dataset === dataset);
}

function quantitiesOf(period: PeriodRows, dataset: DatasetId): readonly RowQuantity[] {
  const tried = triedInUse(period.task.methodology)
    .filter((each) => each.dataset === dataset)
    .flatMap(({ rule, tried: given }) =>
      (['tried', 'joined'] as const).map((part) => ({
        name: `${rule}:${dataset}:${part}`,
        place: given.placeBy,
        rows: given[part],
        quantity: 1 as const,
        isHit: false,
        use: null,
      })),
    );
  return [...methodsOf(period, dataset).flatMap(methodQuantities), ...tried];
}

function methodQuantities(use: MethodInUse): readonly RowQuantity[] {
  const { method, adjustment } = use;
  const base = { name: method.id, place: method.placeBy, isHit: false, use };
  switch (method.kind) {
    case 'ratio':
      return [{ ...base, rows: method.rows, quantity: method.hit, isHit: true }];
    case 'mean':
    case 'median': {
      const own = { ...base, rows: method.rows, quantity: method.of };
      if (!adjustment) return [own];
      const tested: Condition = ['and', method.rows, adjustment.rows];
      return [own, { ...base, name: `${method.id}:adjustment`, rows: tested, quantity: adjustment.hit, isHit: true }];
    }
    case 'mean_of_row_scores':
    case 'mean_of_stratum_means':
      return [{ ...base, rows: method.rows, quantity: method.rowScore }];
    case 'mean_of_item_means':
      return method.items.map((item) => ({
        ...base,
        name: `${method.id}:${item}`,
        rows: ['filled', item] as const,
        quantity: item,
      }));
    // These need sums over time or over a state; no small dataset is measured so.
    case 'ratio_of_sums':
    case 'first_contact':
    case 'annualised_ratio':
    case 'count_channels':
      return [];
  }
}
