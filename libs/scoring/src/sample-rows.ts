import type { Sample } from './city-data.js';
import { at } from './numeric.js';
import type { RowsSource, Tally } from './rows-source.js';

/**
 * The rows of a small dataset in an order that depends on what they hold alone, so that sums and draws do not depend on
 * the order in which they came. Rows of one day period stand together.
 */
export interface SampleRows extends RowsSource {
  readonly rows: number;
  /** NaN: the row is not in the series; undefined: no row is. */
  values(series: string): Float64Array | undefined;
  /** Day period of each row as the method sees it; undefined where the method has none. */
  strataOf(series: string): readonly (string | null)[] | undefined;
  /** Rows that are in at least one of the series. */
  countInAny(series: readonly string[]): number;
  /** Neighbouring rows of one day period, the unit within which rows are drawn: [first, count]. */
  readonly groups: readonly (readonly [number, number])[];
}

export function orderRows(sample: Sample): SampleRows {
  const labels = groupLabels(sample);
  const order = canonicalOrder(sample, labels);
  const values = new Map<string, Float64Array>();
  for (const [series, given] of Object.entries(sample.values)) {
    const ordered = new Float64Array(sample.rows);
    order.forEach((row, position) => {
      ordered[position] = given[row] ?? NaN;
    });
    values.set(series, ordered);
  }
  const strata = new Map<string, (string | null)[]>();
  for (const [series, given] of Object.entries(sample.strata)) {
    strata.set(
      series,
      order.map((row) => given[row] ?? null),
    );
  }

  return {
    rows: sample.rows,
    values: (series) => values.get(series),
    strataOf: (series) => strata.get(series),
    groups: neighbours(order.map((row) => labels[row] ?? '')),
    tally: (series) => tallyOf(values.get(series) ?? new Float64Array()),
    strata(series) {
      const own = values.get(series) ?? new Float64Array();
      const stratum = strata.get(series) ?? [];
      const tallies = new Map<string, { n: number; total: number }>();
      own.forEach((value, row) => {
        const id = stratum[row] ?? null;
        if (Number.isNaN(value) || id === null) return;
        const tally = tallies.get(id) ?? { n: 0, total: 0 };
        tally.n += 1;
        tally.total += value;
        tallies.set(id, tally);
      });
      return tallies;
    },
    countInAny(series) {
      const columns = series.flatMap((id) => values.get(id) ?? []);
      let count = 0;
      for (let row = 0; row < sample.rows; row += 1) {
        if (columns.some((column) => !Number.isNaN(at(column, row)))) count += 1;
      }
      return count;
    },
  };
}

/** n and total over the values that are there. */
function tallyOf(values: Float64Array): Tally {
  let n = 0;
  let total = 0;
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] as number;
    if (Number.isNaN(value)) continue;
    n += 1;
    total += value;
  }
  return { n, total };
}

/** Day period of each row, whichever method names it; empty for none. */
function groupLabels(sample: Sample): string[] {
  const columns = Object.keys(sample.strata)
    .sort()
    .map((series) => sample.strata[series] ?? []);
  return Array.from({ length: sample.rows }, (_, row) => {
    for (const column of columns) {
      const label = column[row];
      if (label !== undefined && label !== null) return label;
    }
    return '';
  });
}

function canonicalOrder(sample: Sample, labels: readonly string[]): number[] {
  const columns = Object.keys(sample.values)
    .sort()
    .flatMap((series) => sample.values[series] ?? []);
  const compare = (a: number, b: number) => {
    const left = labels[a] ?? '';
    const right = labels[b] ?? '';
    if (left !== right) return left < right ? -1 : 1;
    for (let i = 0; i < columns.length; i += 1) {
      const x = columns[i]?.[a] ?? NaN;
      const y = columns[i]?.[b] ?? NaN;
      if (x === y) continue;
      if (x < y || (Number.isNaN(x) && !Number.isNaN(y))) return -1;
      if (x > y || (Number.isNaN(y) && !Number.isNaN(x))) return 1;
    }
    return 0;
  };
  return Array.from({ length: sample.rows }, (_, row) => row).sort(compare);
}

function neighbours(labels: readonly string[]): [number, number][] {
  const groups: [number, number][] = [];
  labels.forEach((label, row) => {
    const last = groups.at(-1);
    if (last !== undefined && label === labels[row - 1]) last[1] += 1;
    else groups.push([row, 1]);
  });
  return groups;
}
