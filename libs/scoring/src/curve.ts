import type { Curve, CurvePoint } from './scoring-method.js';

/** Score of a value: straight lines between the points, flat outside. The curve has at least one point. */
export function scoreOn(curve: Curve, x: number): number {
  const { left, right } = stretchOf(curve, x);
  return onStretch(left, right, x);
}

/** {@link scoreOn} of many values: most of them fall on the stretch of the one before. */
export function scoreAll(curve: Curve, values: Float64Array, scores: Float64Array): void {
  let stretch = stretchOf(curve, values[0] ?? NaN);
  for (let i = 0; i < values.length; i += 1) {
    const x = values[i] as number;
    if (!(x >= stretch.left.x && x < stretch.right.x)) stretch = stretchOf(curve, x);
    scores[i] = onStretch(stretch.left, stretch.right, x);
  }
}

/** The points a value lies between; the same point twice outside the curve. */
function stretchOf(curve: Curve, x: number): { left: CurvePoint; right: CurvePoint } {
  let [left] = curve;
  if (left === undefined) throw new RangeError('A curve without points scores nothing.');
  if (x <= left.x) return { left, right: left };
  for (const right of curve) {
    if (x < right.x) return { left, right };
    left = right;
  }
  return { left, right: left };
}

function onStretch(left: CurvePoint, right: CurvePoint, x: number): number {
  if (left === right) return left.score;
  return left.score + ((x - left.x) / (right.x - left.x)) * (right.score - left.score);
}
