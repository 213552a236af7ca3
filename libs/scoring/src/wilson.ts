/**
 * Wilson bounds of a proportion, cut to [0, 1]: hits of n independent rows, z the normal quantile (1.96 for 95 %).
 * null when that is no proportion (no rows, or more hits than rows).
 */
export function wilsonBounds(hits: number, n: number, z: number): { low: number; high: number } | null {
  if (!(n > 0) || hits < 0 || hits > n) return null;
  const p = hits / n;
  const shrink = 1 + (z * z) / n;
  const centre = (p + (z * z) / (2 * n)) / shrink;
  const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / shrink;
  // Exact by algebra; binary noise would leave a hair.
  return { low: hits === 0 ? 0 : Math.max(0, centre - half), high: hits === n ? 1 : Math.min(1, centre + half) };
}
