import { at } from './numeric.js';
import { drawIndices } from './random.js';
import type { RandomState } from './random.js';

/** Rows or days that are drawn with replacement, as many as there are, within groups of neighbours. */
export interface DrawUnits {
  readonly units: number;
  /** [first, count] of each group; together they cover all units. */
  readonly groups: readonly (readonly [number, number])[];
}

/**
 * Sum of every column over the drawn units, per replicate. All columns see the same draw, so that measures of one
 * dataset keep their correlation. Each column holds one finite number per unit.
 */
export function drawSums(
  { units, groups }: DrawUnits,
  columns: readonly Float64Array[],
  replicates: number,
  state: RandomState,
): Float64Array[] {
  const sums = columns.map(() => new Float64Array(replicates));
  const varying = columns.flatMap((column, index) => {
    const constant = constantSum(column, groups);
    if (constant === null) return [index];
    sums[index]?.fill(constant);
    return [];
  });
  const lanes = packLanes(columns, varying, units);
  const laneSums = lanes.map(() => new Float64Array(replicates));
  const drawn = new Int32Array(units);
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    for (const [first, count] of groups) drawIndices(state, first, count, drawn);
    for (let lane = 0; lane < lanes.length; lane += 1) {
      const into = laneSums[lane];
      const values = lanes[lane]?.values;
      if (into !== undefined && values !== undefined) into[replicate] = sumAt(values, drawn);
    }
  }
  lanes.forEach((lane, index) => {
    unpack(lane, laneSums[index] ?? new Float64Array(), sums);
  });
  return sums;
}

/** The sum of any draw, where a column does not vary within a group; null where it does. */
function constantSum(column: Float64Array, groups: readonly (readonly [number, number])[]): number | null {
  let sum = 0;
  for (const [first, count] of groups) {
    const value = at(column, first);
    for (let unit = first + 1; unit < first + count; unit += 1) if (at(column, unit) !== value) return null;
    sum += value * count;
  }
  return sum;
}

/**
 * Columns that are summed as one. Whole numbers share a double, each in bits of its own (exact below 2^53): adding up is
 * what scoring spends its time on, and most columns are counts.
 */
interface Lane {
  readonly values: Float64Array;
  /** Column and factor of each part, smallest factor first. */
  readonly fields: { readonly column: number; readonly factor: number }[];
  /** The factor a further column would get. */
  room: number;
}

const EXACT = 2 ** 53;

function packLanes(columns: readonly Float64Array[], indices: readonly number[], units: number): Lane[] {
  const lanes: Lane[] = [];
  for (const column of indices) {
    const values = columns[column] ?? new Float64Array(units);
    const size = sizeOfSum(values, units);
    if (size === null) {
      lanes.push({ values, fields: [{ column, factor: 1 }], room: EXACT });
      continue;
    }
    let lane = lanes.find(({ room }) => room * size <= EXACT);
    if (lane === undefined) {
      lane = { values: new Float64Array(units), fields: [], room: 1 };
      lanes.push(lane);
    }
    const factor = lane.room;
    for (let unit = 0; unit < units; unit += 1) lane.values[unit] = at(lane.values, unit) + at(values, unit) * factor;
    lane.fields.push({ column, factor });
    lane.room *= size;
  }
  return lanes;
}

/** Power of two above every possible sum; null where the column cannot share a double. */
function sizeOfSum(values: Float64Array, units: number): number | null {
  let greatest = 0;
  for (const value of values) {
    if (!Number.isSafeInteger(value) || value < 0) return null;
    if (value > greatest) greatest = value;
  }
  const size = 2 ** Math.ceil(Math.log2(greatest * units + 1));
  return size < EXACT ? size : null;
}

function unpack(lane: Lane, laneSums: Float64Array, sums: readonly Float64Array[]): void {
  const fields = lane.fields.toReversed();
  for (let replicate = 0; replicate < laneSums.length; replicate += 1) {
    let rest = at(laneSums, replicate);
    for (const { column, factor } of fields) {
      const part = factor === 1 ? rest : Math.floor(rest / factor);
      const into = sums[column];
      if (into !== undefined) into[replicate] = part;
      rest -= part * factor;
    }
  }
}

/** Two running sums, since each addition waits for the one before it. */
function sumAt(values: Float64Array, indices: Int32Array): number {
  let even = 0;
  let odd = 0;
  const pairs = indices.length & ~1;
  for (let k = 0; k < pairs; k += 2) {
    even += at(values, at(indices, k));
    odd += at(values, at(indices, k + 1));
  }
  return pairs < indices.length ? even + odd + at(values, at(indices, pairs)) : even + odd;
}
