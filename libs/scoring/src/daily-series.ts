import type { ScoringMethod } from './scoring-method.js';

/**
 * Series whose facts the core reads day by day: those of the methods themselves. Of all others (companions, squares,
 * flags) only the sum over the period counts, so their facts may come as one, on any day of it.
 */
export function dailySeries({ indicators }: ScoringMethod): string[] {
  const measures = indicators.flatMap(({ measure }) =>
    measure.kind === 'components' ? measure.components.map((component) => component.measure) : [measure],
  );
  return measures.flatMap(({ methods }) =>
    methods.flatMap(({ id, kind }) => (kind === 'ratio_of_sums' ? [id, `${id}:denominator`] : [id])),
  );
}
