import { scoreAll, scoreOn } from './curve.js';
import { NOISE } from './numeric.js';
import type { Curve, MeasureSpec, MethodSpec } from './scoring-method.js';

/** Rows that are points already are their own score; every other value goes through the curve. */
export function scoreOfValue(method: MethodSpec, curve: Curve | null, value: number): number {
  return isPoints(method) ? value : scoreOn(needed(curve, method), value);
}

/** {@link scoreOfValue} of many values. */
export function scoreValues(method: MethodSpec, curve: Curve | null, values: Float64Array, scores: Float64Array): void {
  if (isPoints(method)) scores.set(values);
  else scoreAll(needed(curve, method), values, scores);
}

function isPoints({ kind }: MethodSpec): boolean {
  return kind === 'mean_of_row_scores' || kind === 'mean_of_stratum_means';
}

function needed(curve: Curve | null, { id }: MethodSpec): Curve {
  if (curve === null) throw new TypeError(`Method ${id} has a value and no curve to score it on.`);
  return curve;
}

/** Exactly the share is not below it; without a tested row there is nothing to adjust. */
export function adjustmentFactor(
  adjustment: NonNullable<MeasureSpec['adjustment']>,
  tested: number,
  hits: number,
): number {
  return hits + NOISE < adjustment.shareBelow * tested ? adjustment.factor : 1;
}
