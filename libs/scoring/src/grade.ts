import { NOISE } from './numeric.js';
import type { GradeBand } from './scoring-method.js';

/** Grade of the unrounded index: the best one whose cut-off it reaches. `grades` are best first. */
export function gradeOf(index: number, grades: readonly GradeBand[]): string {
  const band = grades.find(({ minScore }) => index + NOISE >= minScore);
  if (band === undefined) throw new RangeError(`No grade begins at or below ${index}.`);
  return band.grade;
}
