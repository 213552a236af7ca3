import type { Methodology } from './methodology.js';
import type { ProvenanceKind } from './provenance.js';

/** Product of the weights on the way from the index to the indicator; over all indicators they sum to 1. */
export function effectiveWeight(indicatorId: string, { indicators, elements, dimensions }: Methodology): number {
  const indicator = indicators.find(({ id }) => id === indicatorId);
  const element = elements.find(({ id }) => id === indicator?.parent);
  const dimension = dimensions.find(({ id }) => id === element?.parent);
  if (!indicator || !element || !dimension) throw new Error(`no indicator ${indicatorId} in the method`);
  return indicator.weight.value * element.weight.value * dimension.weight.value;
}

/**
 * How much of the index rests on choices of this method, 0–1 of the effective weight.
 * `weights`: indicators whose own weight is an assumption. `curvePoints`: the points of each curve by kind, each
 * indicator weighted by its effective weight; a component counts with its share of the indicator.
 */
export function assumptionShare(methodology: Methodology): {
  readonly weights: number;
  readonly curvePoints: Readonly<Record<ProvenanceKind, number>>;
} {
  const curvePoints = { published: 0, standard: 0, benchmark: 0, inferred: 0, assumption: 0 };
  let weights = 0;
  for (const { id, weight, curve, measure } of methodology.indicators) {
    const effective = effectiveWeight(id, methodology);
    if (weight.kind === 'assumption') weights += effective;
    const curves =
      measure.kind === 'components'
        ? measure.components.map((component) => ({ share: component.weight.value, points: component.curve.points }))
        : [{ share: 1, points: curve?.points ?? [] }];
    for (const { share, points } of curves) {
      for (const { kind } of points) curvePoints[kind] += (effective * share) / points.length;
    }
  }
  return { weights, curvePoints };
}
