import type { GradeCutOff, IndexScore, Range } from './contract.js';

/** A grade and the probability of exactly this grade, 0–1. */
export interface GradeShare {
  readonly grade: string;
  readonly share: number;
}

/** Worst and best grade of a range. */
export interface GradeRange {
  readonly worst: string;
  readonly best: string;
}

/** Probability of each single grade, best grade first: P(g or better) minus P(anything better). */
export function gradeShares(gradeOrBetter: Readonly<Record<string, number>>): GradeShare[] {
  let better = 0;
  return Object.entries(gradeOrBetter).map(([grade, orBetter]) => {
    const share = Math.max(0, orBetter - better);
    better = Math.max(better, orBetter);
    return { grade, share };
  });
}

/** Grades at the 97.5 % and the 2.5 % point, the same bounds as those of the index. null when there are none. */
export function gradeRange(gradeOrBetter: Readonly<Record<string, number>>): GradeRange | null {
  const grades = Object.entries(gradeOrBetter);
  const best = grades.find(([, probability]) => probability > 0.025);
  const worst = grades.find(([, probability]) => probability >= 0.975) ?? grades.at(-1);
  return best === undefined || worst === undefined ? null : { worst: worst[0], best: best[0] };
}

/**
 * What may be written beside the letter: nothing when the grade (or a better one) is sure enough, its range when it
 * is not, `unknown` when nobody has estimated how sure it is.
 */
export function gradeCertainty(index: IndexScore, showIf: number): 'sure' | 'unknown' | GradeRange {
  if (index.grade === null || index.grade_or_better === null) return 'unknown';
  const probability = index.grade_or_better[index.grade];
  if (probability === undefined) return 'unknown';
  if (probability >= showIf) return 'sure';
  return gradeRange(index.grade_or_better) ?? 'unknown';
}

/** Place of a score on an axis, in per cent of its length, 0–100; scores outside are held at the ends. */
export function place(score: number, axis: Range = { low: 0, high: 100 }): number {
  const share = ((score - axis.low) / (axis.high - axis.low)) * 100;
  return Math.min(100, Math.max(0, share));
}

/** An SVG length in per cent, short enough to read in a document. */
export function percentLength(share: number): string {
  return `${Math.round(share * 100) / 100}%`;
}

/** A band of the grade scale: its place and width in per cent of the axis. */
export interface GradeBand {
  readonly grade: string;
  readonly from: number;
  readonly to: number;
}

/** The axis on which cut-offs and index are both seen well: whole tens, at least 40–90. */
export function gradeAxis(shown: readonly number[]): Range {
  const low = Math.min(40, ...shown.map((score) => Math.floor(score / 10) * 10));
  const high = Math.max(90, ...shown.map((score) => Math.ceil(score / 10) * 10));
  return { low: Math.max(0, low), high: Math.min(100, high) };
}

/** Bands of the grades on an axis, worst first; bands that lie outside it are left out. */
export function gradeBands(cutOffs: readonly GradeCutOff[], axis: Range): GradeBand[] {
  const rising = [...cutOffs].sort((a, b) => a.min_score - b.min_score);
  return rising
    .map(({ grade, min_score }, position) => ({
      grade,
      from: place(min_score, axis),
      to: place(rising[position + 1]?.min_score ?? axis.high, axis),
    }))
    .filter(({ from, to }) => to > from);
}
