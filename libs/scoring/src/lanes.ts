/**
 * Columns that are summed as one number. Columns of whole numbers share a lane as the digits of a mixed radix number:
 * each has the radix that no sum of its digits can reach, so sums are exact while the lane stays below 2^53. Most columns
 * are counts, and a lane costs the same however many it carries.
 */
export interface Lane {
  /** One number per unit. */
  readonly values: Float64Array;
  readonly digits: readonly Digit[];
}

interface Digit {
  readonly column: number;
  /** Place value of the digit; the smallest stands first. */
  readonly factor: number;
  /** Taken off every value before, and given back to the sum after: it keeps the digits small. */
  readonly base: number;
}

const EXACT = 2 ** 53;

/** Packs the columns with these indices; a column of fractions has a lane of its own. */
export function packLanes(columns: readonly Float64Array[], indices: readonly number[], units: number): Lane[] {
  const lanes: (Lane & { digits: Digit[]; room: number })[] = [];
  for (const column of indices) {
    const values = columns[column] ?? new Float64Array(units);
    const range = wholeRange(values);
    const radix = range === null ? EXACT : (range.greatest - range.least) * units + 1;
    if (range === null || radix >= EXACT) {
      lanes.push({ values, digits: [{ column, factor: 1, base: 0 }], room: EXACT });
      continue;
    }
    let lane = lanes.find(({ room }) => room * radix <= EXACT);
    if (lane === undefined) {
      lane = { values: new Float64Array(units), digits: [], room: 1 };
      lanes.push(lane);
    }
    const factor = lane.room;
    for (let unit = 0; unit < units; unit += 1) {
      lane.values[unit] = (lane.values[unit] as number) + ((values[unit] as number) - range.least) * factor;
    }
    lane.digits.push({ column, factor, base: range.least * units });
    lane.room *= radix;
  }
  return lanes;
}

/** Writes the sums of the columns of a lane: its own stand at `first`, `first + step`, … one per replicate. */
export function unpackLane(
  { digits }: Lane,
  laneSums: Float64Array,
  first: number,
  step: number,
  sums: readonly Float64Array[],
): void {
  for (const { column, factor, base } of digits.toReversed()) {
    const into = sums[column];
    if (into === undefined) continue;
    for (let replicate = 0, place = first; replicate < into.length; replicate += 1, place += step) {
      const rest = laneSums[place] as number;
      const digit = factor === 1 ? rest : Math.floor(rest / factor);
      into[replicate] = base + digit;
      laneSums[place] = rest - digit * factor;
    }
  }
}

/** Least and greatest of whole numbers; null where one is a fraction. */
function wholeRange(values: Float64Array): { least: number; greatest: number } | null {
  let least = Infinity;
  let greatest = -Infinity;
  for (let unit = 0; unit < values.length; unit += 1) {
    const value = values[unit] as number;
    if (!Number.isSafeInteger(value)) return null;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return { least, greatest };
}
