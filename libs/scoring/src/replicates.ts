import type { Observation } from './assessment.js';
import { drawSums } from './bootstrap.js';
import type { CityRows } from './city-rows.js';
import type { ColumnMemory } from './column-memory.js';
import { decidingMethod } from './leaf.js';
import type { Leaf } from './leaf.js';
import { fillNormal, randomStream } from './random.js';
import { resamplingOf } from './resample.js';
import type { Resampling } from './resample.js';
import { scoreValues } from './score-value.js';

/** Value and score of a leaf in each replicate. */
export interface Replicates {
  readonly values: Float64Array;
  readonly scores: Float64Array;
}

export interface ObservedLeaf {
  readonly leaf: Leaf;
  readonly observation: Observation;
}

export interface DrawOptions {
  readonly seed: number;
  readonly replicates: number;
  readonly minDays: number;
  readonly memory: ColumnMemory;
}

type Drawn = Extract<Resampling, { kind: 'drawn' }>;

/**
 * Replicates of every leaf, in the order given; null where nothing is drawn and the value stands in every replicate.
 * One replicate is one draw of each dataset, seen by all leaves that read it.
 */
export function replicate(
  leaves: readonly ObservedLeaf[],
  city: CityRows,
  options: DrawOptions,
): (Replicates | null)[] {
  const resamplings = leaves.map(({ leaf, observation }) => resamplingOf(leaf, observation, city, options));
  const sums = sumsOfDrawn(resamplings, city, options);
  return leaves.map((observed, index) => {
    const resampling = resamplings[index];
    if (resampling === undefined || resampling.kind === 'fixed') return null;
    return resampling.kind === 'normal'
      ? normalReplicates(observed, resampling, options)
      : drawnReplicates(observed, resampling, sums.get(resampling) ?? [], options);
  });
}

function drawnReplicates(
  { leaf, observation }: ObservedLeaf,
  { fillValues, factorAt }: Drawn,
  sums: readonly Float64Array[],
  { replicates: count, memory }: DrawOptions,
): Replicates | null {
  const method = decidingMethod(leaf, observation);
  const { value, score } = observation;
  if (method === undefined || value === null || score === null) return null;
  const values = memory.take(count);
  fillValues(values, sums);
  const scores = memory.take(count);
  scoreValues(method, leaf.curve, values, scores);
  for (let i = 0; i < count; i += 1) {
    if (factorAt !== null) scores[i] = (scores[i] as number) * factorAt(sums, i);
    if (Number.isFinite(values[i])) continue;
    // Of a few rows none may be drawn; such a replicate says nothing, so the observed value stands.
    values[i] = value;
    scores[i] = score;
  }
  return { values, scores };
}

/** Points, so the mean stays within 0–100. */
function normalReplicates(
  { observation }: ObservedLeaf,
  { mean, deviation }: Extract<Resampling, { kind: 'normal' }>,
  { seed, replicates, memory }: DrawOptions,
): Replicates {
  const values = memory.take(replicates);
  fillNormal(randomStream(seed, `normal:${observation.method}`), values);
  for (let i = 0; i < replicates; i += 1)
    values[i] = Math.min(100, Math.max(0, mean + deviation * (values[i] as number)));
  return { values, scores: values };
}

/** Draws each group of datasets once and gives every resampling the sums of its columns. */
function sumsOfDrawn(resamplings: readonly Resampling[], city: CityRows, { seed, replicates, memory }: DrawOptions) {
  const sums = new Map<Drawn, Float64Array[]>();
  const drawn = resamplings.filter((resampling): resampling is Drawn => resampling.kind === 'drawn');
  for (const { label, members, units, groups, columnOf } of [...rowDraws(drawn, city), ...dayDraws(drawn, memory)]) {
    const columns = members.flatMap((member) => member.columns.map(columnOf));
    const all = drawSums({ units, groups }, columns, { replicates, seed, label }, memory);
    let first = 0;
    for (const member of members) {
      sums.set(member, all.slice(first, first + member.columns.length));
      first += member.columns.length;
    }
  }
  return sums;
}

interface Draw {
  readonly label: string;
  readonly members: readonly Drawn[];
  readonly units: number;
  readonly groups: readonly (readonly [number, number])[];
  readonly columnOf: (column: Float64Array) => Float64Array;
}

function rowDraws(drawn: readonly Drawn[], city: CityRows): Draw[] {
  const rows = drawn.filter(({ unit }) => unit === 'row');
  return [...groupBy(rows, ({ dataset }) => dataset)].flatMap(([dataset, members]) => {
    const sample = city.samples.get(dataset);
    if (sample === undefined) return [];
    return [{ label: `rows:${dataset}`, members, units: sample.rows, groups: sample.groups, columnOf: (c) => c }];
  });
}

/**
 * Days on which a dataset has rows are drawn as often as there are. Datasets that cover the same days share the draw: a
 * busy day is busy for calls and orders alike.
 */
function dayDraws(drawn: readonly Drawn[], memory: ColumnMemory): Draw[] {
  const byDataset = groupBy(
    drawn.filter(({ unit }) => unit === 'day'),
    ({ dataset }) => dataset,
  );
  const byDays = groupBy([...byDataset], ([, members]) => String.fromCharCode(...coveredDays(members)));
  return [...byDays.values()].map((datasets) => {
    const members = datasets.flatMap(([, own]) => own);
    const days = coveredDays(members);
    const units = days.length;
    return {
      label: `days:${datasets
        .map(([dataset]) => dataset)
        .sort()
        .join()}`,
      members,
      units,
      groups: [[0, units]],
      columnOf: (column) => {
        const kept = memory.take(units);
        for (let unit = 0; unit < units; unit += 1) kept[unit] = column[days[unit] as number] as number;
        return kept;
      },
    };
  });
}

/** The days of the period on which any of these has a row. */
function coveredDays(members: readonly Drawn[]): number[] {
  const isCovered: boolean[] = [];
  for (const { covered } of members) {
    for (let day = 0; day < (covered?.length ?? 0); day += 1) isCovered[day] ||= (covered?.[day] as number) > 0;
  }
  return isCovered.flatMap((is, day) => (is ? [day] : []));
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
