import type { NodeScore } from './assessment.js';
import { displayScore, NOISE } from './numeric.js';
import type { ScoringMethod, TreeNode } from './scoring-method.js';

/** Scores of the tree above the indicators; the index without its grade. */
export interface TreeScores {
  readonly elements: Readonly<Record<string, NodeScore>>;
  readonly dimensions: Readonly<Record<string, NodeScore>>;
  readonly index: NodeScore;
}

/**
 * Weighted means up the tree. A node is rated when its rated children hold at least the rated share of the weight, the
 * index when all its dimensions are. A missing score (null) leaves numerator and denominator alike, it is never 0.
 */
export function aggregate(method: ScoringMethod, scores: Readonly<Record<string, number | null>>): TreeScores {
  const elements: Record<string, NodeScore> = {};
  for (const { id } of method.elements) {
    const children = childrenOf(id, method.indicators);
    elements[id] = combine(
      children,
      children.map((child) => known(scores[child.id])),
      children.map((child) => (known(scores[child.id]) === null ? 0 : 1)),
      method.ratedShare,
    );
  }
  const dimensions: Record<string, NodeScore> = {};
  for (const { id } of method.dimensions) {
    dimensions[id] = combineNodes(childrenOf(id, method.elements), elements, method.ratedShare);
  }
  return { elements, dimensions, index: combineNodes(method.dimensions, dimensions, 1) };
}

/** Product of the three weights down to each indicator; they sum to 1. */
export function effectiveWeights(method: ScoringMethod): Record<string, number> {
  const dimensionWeight = new Map(method.dimensions.map(({ id, weight }) => [id, weight]));
  const elementWeight = new Map(
    method.elements.map(({ id, weight, parent }) => [id, weight * (dimensionWeight.get(parent) ?? NaN)]),
  );
  return Object.fromEntries(
    method.indicators.map(({ id, weight, parent }) => [id, weight * (elementWeight.get(parent) ?? NaN)]),
  );
}

/**
 * Share of each observed indicator in the index: index = Σ share × score as long as the same indicators are observed.
 * Indicators outside a rated element or dimension have none; empty when the index is not rated.
 */
export function indexShares(
  method: ScoringMethod,
  scores: Readonly<Record<string, number | null>>,
): ReadonlyMap<string, number> {
  const { elements, dimensions, index } = aggregate(method, scores);
  if (!index.rated) return new Map();
  const ofDimensions = presentShares(method.dimensions, (id) => dimensions[id]?.rated === true);
  const ofElements = new Map<string, number>();
  for (const [dimension, share] of ofDimensions) {
    const own = presentShares(childrenOf(dimension, method.elements), (id) => elements[id]?.rated === true);
    for (const [element, part] of own) ofElements.set(element, share * part);
  }
  const shares = new Map<string, number>();
  for (const [element, share] of ofElements) {
    const own = presentShares(childrenOf(element, method.indicators), (id) => known(scores[id]) !== null);
    for (const [indicator, part] of own) shares.set(indicator, share * part);
  }
  return shares;
}

/** Weights of the children that are present, brought to a sum of 1. */
function presentShares(children: readonly TreeNode[], isPresent: (id: string) => boolean): Map<string, number> {
  const present = children.filter(({ id }) => isPresent(id));
  const whole = present.reduce((sum, { weight }) => sum + weight, 0);
  return new Map(present.map(({ id, weight }) => [id, weight / whole]));
}

function childrenOf<T extends TreeNode & { readonly parent: string }>(parent: string, nodes: readonly T[]): T[] {
  return nodes.filter((node) => node.parent === parent);
}

function combineNodes(children: readonly TreeNode[], nodes: Readonly<Record<string, NodeScore>>, ratedShare: number) {
  return combine(
    children,
    children.map(({ id }) => nodes[id]?.score ?? null),
    children.map(({ id }) => nodes[id]?.coverage ?? NaN),
    ratedShare,
  );
}

function combine(
  children: readonly TreeNode[],
  scores: readonly (number | null)[],
  coverages: readonly number[],
  ratedShare: number,
): NodeScore {
  let whole = 0;
  let present = 0;
  let weighted = 0;
  let covered = 0;
  children.forEach(({ weight }, index) => {
    const score = known(scores[index]);
    whole += weight;
    covered += weight * (coverages[index] ?? NaN);
    if (score === null) return;
    present += weight;
    weighted += weight * score;
  });
  const rated = present > 0 && present >= ratedShare * whole - NOISE;
  const score = rated ? weighted / present : null;
  return { rated, score, display: score === null ? null : displayScore(score), coverage: covered / whole };
}

function known(score: number | null | undefined): number | null {
  return score === undefined ? null : score;
}
