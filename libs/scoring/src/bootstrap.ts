import type { ColumnMemory } from './column-memory.js';
import { drawSumsModule } from './draw-sums.wasm.js';
import { packLanes, unpackLane } from './lanes.js';
import { randomStream } from './random.js';

/** Rows or days that are drawn with replacement, as many as there are, within groups of neighbours. */
export interface DrawUnits {
  readonly units: number;
  /** [first, count] of each group; together they cover all units. */
  readonly groups: readonly (readonly [number, number])[];
}

/** What `libs/scoring/assembly/draw-sums.ts` exports. */
interface DrawSums {
  readonly memory: WebAssembly.Memory;
  drawSums(
    state: number,
    groups: number,
    groupCount: number,
    columns: number,
    pairCount: number,
    units: number,
    indices: number,
    replicates: number,
    sums: number,
  ): void;
}

/** Replicates drawn side by side, and bytes of one vector. */
const STREAMS = 4;
const VECTOR = 16;
const PAGE = 65_536;

const compiled = new WebAssembly.Instance(new WebAssembly.Module(drawSumsModule())).exports as unknown as DrawSums;

/**
 * Sum of every column over the drawn units, per replicate. All columns see the same draw, so that measures of one
 * dataset keep their correlation. Each column holds one finite number per unit. The same seed and label draw the same.
 */
export function drawSums(
  { units, groups }: DrawUnits,
  columns: readonly Float64Array[],
  draws: { readonly replicates: number; readonly seed: number; readonly label: string },
  memory: ColumnMemory,
): Float64Array[] {
  const sums = columns.map(() => memory.take(draws.replicates));
  const varying = columns.flatMap((column, index) => {
    const constant = constantSum(column, groups);
    if (constant === null) return [index];
    sums[index]?.fill(constant);
    return [];
  });
  const lanes = packLanes(columns, varying, units);
  if (lanes.length === 0) return sums;

  const replicates = Math.ceil(draws.replicates / STREAMS) * STREAMS;
  const pairCount = Math.ceil(lanes.length / 2);
  const layout = placeParts([
    STREAMS * 4 * 4,
    groups.length * 8,
    pairCount * units * VECTOR,
    units * VECTOR,
    pairCount * replicates * VECTOR,
  ]);
  const [state = 0, groupList = 0, pairs = 0, indices = 0, laneSums = 0] = layout.places;
  const { buffer } = withRoom(layout.bytes);

  writeStreams(new Int32Array(buffer, state, STREAMS * 4), draws);
  new Uint32Array(buffer, groupList, groups.length * 2).set(groups.flat());
  const pairColumns = new Float64Array(buffer, pairs, pairCount * units * 2);
  // An odd lane shares its pair with what an earlier draw left there, which nobody reads.
  lanes.forEach(({ values }, lane) => {
    for (let unit = 0, place = (lane >> 1) * units * 2 + (lane & 1); unit < units; unit += 1, place += 2) {
      pairColumns[place] = values[unit] as number;
    }
  });
  compiled.drawSums(state, groupList, groups.length, pairs, pairCount, units, indices, replicates, laneSums);
  const drawn = new Float64Array(buffer, laneSums, pairCount * replicates * 2);
  lanes.forEach((lane, index) => {
    unpackLane(lane, drawn, (index >> 1) * replicates * 2 + (index & 1), 2, sums);
  });
  return sums;
}

/** Four streams of their own, written as vectors: the first words of all, then the second ones, … */
function writeStreams(into: Int32Array, { seed, label }: { readonly seed: number; readonly label: string }): void {
  for (let stream = 0; stream < STREAMS; stream += 1) {
    randomStream(seed, `${label}:${stream}`).forEach((word, index) => {
      into[index * STREAMS + stream] = word;
    });
  }
}

/** Places one part after the other, each at a multiple of a vector. */
function placeParts(sizes: readonly number[]): { readonly places: readonly number[]; readonly bytes: number } {
  let bytes = 0;
  const places = sizes.map((size) => {
    const place = bytes;
    bytes += Math.ceil(size / VECTOR) * VECTOR;
    return place;
  });
  return { places, bytes };
}

function withRoom(bytes: number): WebAssembly.Memory {
  const missing = bytes - compiled.memory.buffer.byteLength;
  if (missing > 0) compiled.memory.grow(Math.ceil(missing / PAGE));
  return compiled.memory;
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
