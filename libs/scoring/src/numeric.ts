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
  return sortedQuantile(Float64Array.from(values).sort(), p);
}

/** {@link quantile} of values that are already in ascending order; at least one. */
export function sortedQuantile(sorted: ArrayLike<number>, p: number): number {
  const h = (sorted.length - 1) * p;
  const below = Math.floor(h);
  const low = at(sorted, below);
  return below + 1 < sorted.length ? low + (h - below) * (at(sorted, below + 1) - low) : low;
}

/** Two quantiles of the same values; at least one value. */
export function quantilesOf(values: Float64Array, [low, high]: readonly [number, number]): [number, number] {
  const sorted = values.toSorted();
  return [sortedQuantile(sorted, low), sortedQuantile(sorted, high)];
}

/** An element that the caller knows to exist. */
export function at(values: ArrayLike<number>, index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`No element ${index} among ${values.length}.`);
  return value;
}
