import type { GradeBand } from './scoring-method.js';

/** Binary noise that must not cost a grade or a cent: 80 by arithmetic is 80. */
export const NOISE = 1e-9;

/** A score with two decimals, half up. */
export function displayScore(score: number): string {
  return (Math.floor(100 * score + 0.5 + NOISE) / 100).toFixed(2);
}

/**
 * An index with two decimals, half up; cut instead where rounding would print the cut-off of a better grade than the one
 * the unrounded index has (79.996 is an A and prints 79.99). `grades` are best first.
 */
export function displayIndex(index: number, grades: readonly GradeBand[]): string {
  const rounded = Math.floor(100 * index + 0.5 + NOISE) / 100;
  const crosses = grades.some(({ minScore }) => index + NOISE < minScore && rounded >= minScore);
  return crosses ? (Math.floor(100 * index) / 100).toFixed(2) : rounded.toFixed(2);
}

/** Arithmetic mean; null for no values. */
export function mean(values: ArrayLike<number>): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += at(values, i);
  return sum / values.length;
}

/** The middle value, or the mean of the two middle ones; null for no values. */
export function median(values: ArrayLike<number>): number | null {
  return quantile(values, 0.5);
}

/** Quantile of type 7 (spreadsheet PERCENTILE.INC): linear at h = (n − 1)·p in the sorted values; null for no values. */
export function quantile(values: ArrayLike<number>, p: number): number | null {
  if (values.length === 0) return null;
  return selectQuantile(Float64Array.from(values), p);
}

/** Two quantiles of type 7 of the same values; at least one value. Reorders the values. */
export function quantilesOf(values: Float64Array, [low, high]: readonly [number, number]): [number, number] {
  return [selectQuantile(values, low), selectQuantile(values, high)];
}

/** {@link quantile} without sorting all: two neighbours in the order are enough. Reorders the values. */
function selectQuantile(values: Float64Array, p: number): number {
  const h = (values.length - 1) * p;
  const below = Math.floor(h);
  const low = select(values, below);
  if (below + 1 >= values.length) return low;
  let next = Infinity;
  for (let i = below + 1; i < values.length; i += 1) if ((values[i] as number) < next) next = values[i] as number;
  return low + (h - below) * (next - low);
}

/** The value of this rank, counted from 0 (quickselect); smaller ones end up before it, greater ones after. */
function select(values: Float64Array, rank: number): number {
  let left = 0;
  let right = values.length - 1;
  while (left < right) {
    const pivot = values[(left + right) >> 1] as number;
    let i = left;
    let j = right;
    while (i <= j) {
      while ((values[i] as number) < pivot) i += 1;
      while ((values[j] as number) > pivot) j -= 1;
      if (i > j) break;
      const swapped = values[i] as number;
      values[i] = values[j] as number;
      values[j] = swapped;
      i += 1;
      j -= 1;
    }
    if (rank <= j) right = j;
    else if (rank >= i) left = i;
    else break;
  }
  return at(values, rank);
}

/** into += factor × values, element by element. */
export function addScaled(into: Float64Array, factor: number, values: Float64Array): void {
  for (let i = 0; i < into.length; i += 1) into[i] = (into[i] as number) + factor * (values[i] as number);
}

/** into += value, in every element. */
export function addConstant(into: Float64Array, value: number): void {
  for (let i = 0; i < into.length; i += 1) into[i] = (into[i] as number) + value;
}

/** into *= factor, element by element. */
export function scale(into: Float64Array, factor: number): void {
  for (let i = 0; i < into.length; i += 1) into[i] = (into[i] as number) * factor;
}

/** An element that the caller knows to exist. */
export function at(values: ArrayLike<number>, index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`No element ${index} among ${values.length}.`);
  return value;
}
