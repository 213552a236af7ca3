import { packLanes, unpackLane } from './lanes.js';
import { drawIndices } from './random.js';
import type { RandomState } from './random.js';

/** Rows or days that are drawn with replacement, as many as there are, within groups of neighbours. */
export interface DrawUnits {
  readonly units: number;
  /** [first, count] of each group; together they cover all units. */
  readonly groups: readonly (readonly [number, number])[];
}

/** Lanes summed in one pass, a power of two; a wider pass runs out of registers. */
const WIDTH = 4;
const WIDTH_BITS = 2;

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
  const buffer = new Float64Array(columns.length * replicates);
  const sums = columns.map((_, index) => buffer.subarray(index * replicates, (index + 1) * replicates));
  const varying = columns.flatMap((column, index) => {
    const constant = constantSum(column, groups);
    if (constant === null) return [index];
    sums[index]?.fill(constant);
    return [];
  });
  const lanes = packLanes(columns, varying, units);
  const blocks: Float64Array[] = [];
  for (let first = 0; first < lanes.length; first += WIDTH) {
    const block = new Float64Array(units * WIDTH);
    lanes.slice(first, first + WIDTH).forEach(({ values }, lane) => {
      values.forEach((value, unit) => {
        block[unit * WIDTH + lane] = value;
      });
    });
    blocks.push(block);
  }
  // Replicates go in pairs, so an odd number leaves one over. Lane sums of block b in replicate r stand at
  // (b · even + r) · WIDTH.
  const even = replicates + (replicates & 1);
  const laneSums = new Float64Array(blocks.length * even * WIDTH);
  const drawn = new Int32Array(units);
  const drawnNext = new Int32Array(units);
  for (let replicate = 0; replicate < replicates; replicate += 2) {
    for (const [first, count] of groups) drawIndices(state, first, count, drawn);
    for (const [first, count] of groups) drawIndices(state, first, count, drawnNext);
    blocks.forEach((block, index) => {
      sumBlock(block, drawn, drawnNext, laneSums, (index * even + replicate) * WIDTH);
    });
  }
  lanes.forEach((lane, index) => {
    const first = Math.floor(index / WIDTH) * even * WIDTH + (index % WIDTH);
    unpackLane(lane, laneSums, first, WIDTH, sums);
  });
  return sums;
}

/** The sum of any draw, where a column does not vary within a group; null where it does. */
function constantSum(column: Float64Array, groups: readonly (readonly [number, number])[]): number | null {
  let sum = 0;
  for (const [first, count] of groups) {
    const value = column[first] as number;
    for (let unit = first + 1; unit < first + count; unit += 1) if (column[unit] !== value) return null;
    sum += value * count;
  }
  return sum;
}

/**
 * Adds up the drawn units of a block in two replicates, lane by lane. Scoring spends most of its time here: the sums stay
 * in registers, those of the second replicate use the time an addition of the first takes to end, indices are right by
 * construction and read without a check, and bit operations spare the engine its overflow checks.
 */
function sumBlock(
  block: Float64Array,
  drawn: Int32Array,
  drawnNext: Int32Array,
  into: Float64Array,
  first: number,
): void {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let e = 0;
  let f = 0;
  let g = 0;
  let h = 0;
  for (let k = 0; k < drawn.length; k += 1) {
    const unit = (drawn[k] as number) << WIDTH_BITS;
    const next = (drawnNext[k] as number) << WIDTH_BITS;
    a += block[unit] as number;
    b += block[unit | 1] as number;
    c += block[unit | 2] as number;
    d += block[unit | 3] as number;
    e += block[next] as number;
    f += block[next | 1] as number;
    g += block[next | 2] as number;
    h += block[next | 3] as number;
  }
  into[first] = a;
  into[first + 1] = b;
  into[first + 2] = c;
  into[first + 3] = d;
  into[first + 4] = e;
  into[first + 5] = f;
  into[first + 6] = g;
  into[first + 7] = h;
}
