import { indexShares } from './aggregate.js';
import type { IndexScore, NodeScore } from './assessment.js';
import { gradeOf } from './grade.js';
import { addScaled, displayIndex, NOISE, quantilesOf } from './numeric.js';
import type { ScoringMethod } from './scoring-method.js';

/**
 * The index with its grade, and how both would come out in the replicates. `drawn` holds the replicates of each
 * indicator score, null where the score stands in every replicate.
 */
export function indexScore(
  method: ScoringMethod,
  index: NodeScore,
  scores: Readonly<Record<string, number | null>>,
  drawn: ReadonlyMap<string, Float64Array | null>,
  replicates: number,
): IndexScore {
  const { grades, bootstrap } = method;
  if (index.score === null) return { ...index, grade: null, interval: null, grade_or_better: null };
  const graded = { ...index, display: displayIndex(index.score, grades), grade: gradeOf(index.score, grades) };
  if (replicates <= 0) return { ...graded, interval: null, grade_or_better: null };
  const indices = indexReplicates(method, scores, drawn, replicates);
  const [low, high] = quantilesOf(indices, bootstrap.quantiles);
  const shareReaching = (cutOff: number) => {
    let reached = 0;
    for (const value of indices) if (value + NOISE >= cutOff) reached += 1;
    return reached / replicates;
  };
  return {
    ...graded,
    interval: { low, high },
    grade_or_better: Object.fromEntries(grades.map(({ grade, minScore }) => [grade, shareReaching(minScore)])),
  };
}

function indexReplicates(
  method: ScoringMethod,
  scores: Readonly<Record<string, number | null>>,
  drawn: ReadonlyMap<string, Float64Array | null>,
  replicates: number,
): Float64Array {
  const indices = new Float64Array(replicates);
  const ones = new Float64Array(replicates).fill(1);
  for (const [indicator, share] of indexShares(method, scores)) {
    const own = drawn.get(indicator) ?? null;
    const score = scores[indicator] ?? null;
    if (own !== null) addScaled(indices, share, own);
    else if (score !== null) addScaled(indices, share * score, ones);
  }
  return indices;
}
