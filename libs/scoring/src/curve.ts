import type { Curve } from './scoring-method.js';

/** Score of a value: straight lines between the points, flat outside. The curve has at least one point. */
export function scoreOn(curve: Curve, x: number): number {
  let left = curve[0];
  if (left === undefined) throw new RangeError('A curve without points scores nothing.');
  if (x <= left.x) return left.score;
  for (const right of curve) {
    if (x < right.x) return left.score + ((x - left.x) / (right.x - left.x)) * (right.score - left.score);
    left = right;
  }
  return left.score;
}
