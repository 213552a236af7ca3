import { scoreOn } from './curve.js';
import { NOISE } from './numeric.js';
import type { Curve, MeasureSpec, MethodSpec } from './scoring-method.js';

/** Rows that are points already are their own score; every other value goes through the curve. */
export function scoreOfValue(method: MethodSpec, curve: Curve | null, value: number): number {
  if (method.kind === 'mean_of_row_scores' || method.kind === 'mean_of_stratum_means') return value;
  if (curve === null) throw new TypeError(`Method ${method.id} has a value and no curve to score it on.`);
  return scoreOn(curve, value);
}

/** Exactly the share is not below it; without a tested row there is nothing to adjust. */
export function adjustmentFactor(
  adjustment: NonNullable<MeasureSpec['adjustment']>,
  tested: number,
  hits: number,
): number {
  return hits + NOISE < adjustment.shareBelow * tested ? adjustment.factor : 1;
}
