import type { Observation } from './assessment.js';
import type { CityRows } from './city-rows.js';
import { completedDays } from './completed-days.js';
import type { CompletedDays } from './completed-days.js';
import type { ColumnMemory } from './column-memory.js';
import { decidingMethod, readsFacts } from './leaf.js';
import type { Leaf } from './leaf.js';
import { scaleOf } from './measure.js';
import { adjustmentFactor } from './score-value.js';
import type { SampleRows } from './sample-rows.js';
import type { MethodSpec } from './scoring-method.js';

/** How the replicates of a value come about. */
export type Resampling =
  /** Nothing is drawn: counts of channels, zero rules, too few days. */
  | { readonly kind: 'fixed' }
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number }
  /** Rows of a small dataset or days of a large one. */
  | {
      readonly kind: 'drawn';
      readonly unit: 'row' | 'day';
      readonly dataset: string;
      /** One number per row of the dataset, or per day of the period. */
      readonly columns: readonly Float64Array[];
      /** Writes the value of every replicate from the sums of the columns; not finite when no row was drawn. */
      readonly fillValues: (values: Float64Array, sums: readonly Float64Array[]) => void;
      /** Factor on the score in a replicate; null where there is none. */
      readonly factorAt: ((sums: readonly Float64Array[], replicate: number) => number) | null;
      /** Rows of the method on each day, where days are drawn. */
      readonly covered: Float64Array | null;
    };

type Drawn = Extract<Resampling, { kind: 'drawn' }>;
/** What depends on the kind of the method. */
type Sums = Pick<Drawn, 'columns' | 'fillValues'>;

const FIXED: Resampling = { kind: 'fixed' };

export function resamplingOf(
  leaf: Leaf,
  observation: Observation,
  city: CityRows,
  { minDays, memory }: { readonly minDays: number; readonly memory: ColumnMemory },
): Resampling {
  const method = decidingMethod(leaf, observation);
  if (method === undefined || leaf.interval.kind === 'none') return FIXED;
  if (!readsFacts(method, city)) {
    const sample = city.samples.get(method.dataset);
    const sums = sample === undefined ? null : sumsOfRows(method, observation, sample, memory);
    if (sample === undefined || sums === null) return FIXED;
    const drawn = { kind: 'drawn', unit: 'row', dataset: method.dataset, factorAt: null, covered: null } as const;
    return adjusted(leaf, method, sample, { ...sums, ...drawn }, memory);
  }
  if (method.kind === 'mean_of_stratum_means') return normalMeans(method.id, observation, city);
  const days = completedDays(method, leaf.measure.methods, city) ?? ownDays(method, city);
  return days.covered < minDays ? FIXED : drawnDays(method, days);
}

/**
 * Rows within day periods, known by their sums alone: the mean of a period of n ≥ 30 rows is drawn from the normal
 * distribution with its sample variance ÷ n. Large logs hold thousands of rows per period, where the bootstrap
 * distribution of a mean is normal for all purposes; the mean of such independent means is normal again.
 */
function normalMeans(id: string, observation: Observation, city: CityRows): Resampling {
  const tallies = city.facts.strata(id);
  const squares = city.facts.strata(`${id}:squares`);
  let variance = 0;
  let counted = 0;
  for (const [stratum, { mean }] of Object.entries(observation.strata ?? {})) {
    const tally = tallies.get(stratum);
    const square = squares.get(stratum)?.total ?? null;
    if (mean === null || tally === undefined) continue;
    // Without squares the spread is unknown, which is not the same as none. All scores 0 need no square.
    if (square === null && tally.total !== 0) return FIXED;
    const spread = Math.max(0, (square ?? 0) - tally.total * mean);
    variance += tally.n > 1 ? spread / (tally.n - 1) / tally.n : 0;
    counted += 1;
  }
  if (counted === 0 || observation.value === null) return FIXED;
  return { kind: 'normal', mean: observation.value, deviation: Math.sqrt(variance) / counted };
}

type Days = Pick<CompletedDays, 'total' | 'denominator' | 'n' | 'covered' | 'datasets'>;

function ownDays(method: MethodSpec, city: CityRows): Days {
  const { n, total, covered } = city.facts.daily(method.id);
  const denominator = method.kind === 'ratio_of_sums' ? city.facts.daily(`${method.id}:denominator`).total : n;
  return { total, denominator, n, covered, datasets: [method.dataset] };
}

function drawnDays(method: MethodSpec, { total, denominator, n, datasets }: Days): Resampling {
  return {
    kind: 'drawn',
    unit: 'day',
    // Days of two datasets together are other days than those of one.
    dataset: datasets.join('+'),
    columns: [total, denominator],
    fillValues: ratios(scaleOf(method)),
    factorAt: null,
    covered: n,
  };
}

/** null where no row is behind the value. */
function sumsOfRows(
  method: MethodSpec,
  observation: Observation,
  sample: SampleRows,
  memory: ColumnMemory,
): Sums | null {
  const values = sample.values(method.id) ?? new Float64Array(sample.rows).fill(NaN);
  switch (method.kind) {
    case 'median':
      return medianOfDrawn(values);
    case 'mean_of_stratum_means': {
      const strata = sample.strataOf(method.id) ?? [];
      const counted = method.strata.filter(({ id }) => (observation.strata?.[id]?.mean ?? null) !== null);
      return meanOfMeans(
        counted.map(({ id }) => values.map((value, row) => (strata[row] === id ? value : NaN))),
        memory,
      );
    }
    case 'mean_of_item_means': {
      const items = method.items.flatMap((item) => sample.values(`${method.id}:${item}`) ?? []);
      return meanOfMeans(
        items.filter((item) => answers(item) >= Math.max(1, method.minAnswersPerItem)),
        memory,
      );
    }
    case 'ratio_of_sums': {
      const denominator = sample.values(`${method.id}:denominator`) ?? new Float64Array(sample.rows);
      return {
        columns: [withoutGaps(values, memory), withoutGaps(denominator, memory)],
        fillValues: ratios(method.scale),
      };
    }
    case 'ratio':
    case 'mean':
    case 'mean_of_row_scores':
    case 'first_contact':
      return { columns: [withoutGaps(values, memory), presence(values, memory)], fillValues: ratios(scaleOf(method)) };
    case 'count_channels':
    case 'annualised_ratio':
      return null;
  }
}

/** The score adjustment is drawn with the rows it depends on. */
function adjusted(leaf: Leaf, method: MethodSpec, sample: SampleRows, drawn: Drawn, memory: ColumnMemory): Drawn {
  const { adjustment } = leaf.measure;
  const tested = sample.values(`${method.id}:adjustment`);
  if (adjustment === undefined || tested === undefined) return drawn;
  const hits = drawn.columns.length;
  return {
    ...drawn,
    columns: [...drawn.columns, withoutGaps(tested, memory), presence(tested, memory)],
    factorAt: (sums, replicate) =>
      adjustmentFactor(adjustment, sumAt(sums, hits + 1, replicate), sumAt(sums, hits, replicate)),
  };
}

/** How often each different value is drawn tells the median. */
function medianOfDrawn(values: Float64Array): Sums {
  const levels = [...new Set(values.filter((value) => !Number.isNaN(value)))].sort((a, b) => a - b);
  return {
    columns: levels.map((level) => values.map((value) => (value === level ? 1 : 0))),
    fillValues(into, sums) {
      for (let i = 0; i < into.length; i += 1) {
        let n = 0;
        for (let level = 0; level < levels.length; level += 1) n += sumAt(sums, level, i);
        // The middle values are those of these ranks, from 0; of an odd number both are the same one.
        const low = Math.floor((n - 1) / 2);
        const high = Math.floor(n / 2);
        let passed = 0;
        let middle = NaN;
        for (let level = 0; level < levels.length && passed <= high; level += 1) {
          const reached = passed + sumAt(sums, level, i);
          if (passed <= low && low < reached) middle = levels[level] as number;
          if (passed <= high && high < reached) middle = (middle + (levels[level] as number)) / 2;
          passed = reached;
        }
        into[i] = middle;
      }
    },
  };
}

/** Plain mean of the means of several series; one of which no row was drawn is left out. */
function meanOfMeans(series: readonly Float64Array[], memory: ColumnMemory): Sums {
  return {
    columns: series.flatMap((values) => [withoutGaps(values, memory), presence(values, memory)]),
    fillValues(into, sums) {
      for (let i = 0; i < into.length; i += 1) {
        let means = 0;
        let counted = 0;
        for (let part = 0; part < series.length; part += 1) {
          const n = sumAt(sums, 2 * part + 1, i);
          if (n === 0) continue;
          means += sumAt(sums, 2 * part, i) / n;
          counted += 1;
        }
        into[i] = means / counted;
      }
    },
  };
}

/** First column ÷ second column. */
function ratios(scale: number): Sums['fillValues'] {
  return (into, [total = new Float64Array(), n = new Float64Array()]) => fillRatios(into, total, n, scale);
}

function fillRatios(into: Float64Array, total: Float64Array, n: Float64Array, scale: number): void {
  for (let i = 0; i < into.length; i += 1) into[i] = ((total[i] as number) / (n[i] as number)) * scale;
}

/** Column of a sum over the rows that are in a series. */
function withoutGaps(values: Float64Array, memory: ColumnMemory): Float64Array {
  const column = memory.copy(values);
  for (let row = 0; row < column.length; row += 1) if (Number.isNaN(column[row])) column[row] = 0;
  return column;
}

/** Column of the number of these rows. */
function presence(values: Float64Array, memory: ColumnMemory): Float64Array {
  const column = memory.take(values.length);
  for (let row = 0; row < column.length; row += 1) if (!Number.isNaN(values[row])) column[row] = 1;
  return column;
}

function answers(values: Float64Array): number {
  let count = 0;
  for (let row = 0; row < values.length; row += 1) if (!Number.isNaN(values[row])) count += 1;
  return count;
}

function sumAt(sums: readonly Float64Array[], column: number, replicate: number): number {
  return sums[column]?.[replicate] ?? NaN;
}
