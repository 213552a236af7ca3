import { indexShares } from './aggregate.js';
import type { IndexScore, NodeScore } from './assessment.js';
import type { ColumnMemory } from './column-memory.js';
import { gradeOf } from './grade.js';
import { addConstant, addScaled, displayIndex, NOISE, quantilesOf } from './numeric.js';
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
  { replicates, memory }: { readonly replicates: number; readonly memory: ColumnMemory },
): IndexScore {
  const { grades, bootstrap } = method;
  if (index.score === null) return { ...index, grade: null, interval: null, grade_or_better: null };
  const graded = { ...index, display: displayIndex(index.score, grades), grade: gradeOf(index.score, grades) };
  if (replicates <= 0) return { ...graded, interval: null, grade_or_better: null };
  const indices = indexReplicates(method, scores, drawn, memory.take(replicates));
  const [low, high] = quantilesOf(indices, bootstrap.quantiles);
  return {
    ...graded,
    interval: { low, high },
    grade_or_better: Object.fromEntries(grades.map(({ grade, minScore }) => [grade, shareReaching(indices, minScore)])),
  };
}

function shareReaching(indices: Float64Array, cutOff: number): number {
  let reached = 0;
  for (let i = 0; i < indices.length; i += 1) if ((indices[i] as number) + NOISE >= cutOff) reached += 1;
  return reached / indices.length;
}

function indexReplicates(
  method: ScoringMethod,
  scores: Readonly<Record<string, number | null>>,
  drawn: ReadonlyMap<string, Float64Array | null>,
  indices: Float64Array,
): Float64Array {
  for (const [indicator, share] of indexShares(method, scores)) {
    const own = drawn.get(indicator) ?? null;
    const score = scores[indicator] ?? null;
    if (own !== null) addScaled(indices, share, own);
    else if (score !== null) addConstant(indices, share * score);
  }
  return indices;
}
