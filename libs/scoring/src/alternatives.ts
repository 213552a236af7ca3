import type { Alternative, Observation } from './assessment.js';
import type { CityRows } from './city-rows.js';
import { sameDefinition } from './definition.js';
import { leafOf } from './leaf.js';
import type { Leaf } from './leaf.js';
import { measure } from './measure.js';
import { scoreOfValue } from './score-value.js';
import type { ScoringMethod } from './scoring-method.js';

/** An indicator counted again under another choice: Σ numerator ÷ Σ denominator × scale over fact series of the period. */
export interface AlternativeSpec {
  readonly indicator: string;
  /** Whose rows are counted again. */
  readonly method: string;
  readonly topic: string;
  /** The choice that the rows must follow. */
  readonly from: string;
  /** The one they are counted under. */
  readonly choice: string;
  readonly scale: number;
  readonly numerator: readonly SeriesTerm[];
  readonly denominator: readonly SeriesTerm[];
}

/** What a score is told under, beside the definition of the method. */
export interface Ledger {
  readonly version: string;
  readonly alternatives: readonly AlternativeSpec[];
}

export interface SeriesTerm {
  readonly series: string;
  readonly of: 'n' | 'total';
  readonly times: 1 | -1;
}

/**
 * Each indicator with its values under other definitions: where another method of it follows a different one, and where
 * the ledger says how to count the rows again. None of them is scored into the index.
 */
export function withAlternatives(
  method: ScoringMethod,
  city: CityRows,
  { alternatives: specs }: Ledger,
  indicators: Readonly<Record<string, Observation>>,
): Record<string, Observation> {
  return Object.fromEntries(
    method.indicators.flatMap((indicator): [string, Observation][] => {
      const observation = indicators[indicator.id];
      if (observation === undefined) return [];
      const leaf = leafOf(indicator);
      if (leaf === null || observation.state !== 'observed') return [[indicator.id, observation]];
      const own = specs.filter((spec) => spec.indicator === indicator.id);
      const alternatives = [...otherMethods(leaf, observation, city), ...countedAgain(leaf, own, observation, city)];
      return [[indicator.id, alternatives.length === 0 ? observation : { ...observation, alternatives }]];
    }),
  );
}

/** What the other methods find that follow another definition, where they have rows enough. */
function otherMethods(leaf: Leaf, observation: Observation, city: CityRows): Alternative[] {
  return leaf.measure.methods.flatMap((method) => {
    const definition = city.definitions[method.id];
    if (method.id === observation.method || sameDefinition(definition, observation.definition)) return [];
    const measured = measure(method, city);
    if (measured.state !== 'observed' || definition === undefined) return [];
    const { value, n, numerator, denominator } = measured;
    const score = scoreOfValue(method, leaf.curve, value);
    return [{ method: method.id, definition, value, score, n, numerator, denominator }];
  });
}

/** Only rows that are known to follow one choice can be counted under another. */
function countedAgain(
  leaf: Leaf,
  specs: readonly AlternativeSpec[],
  observation: Observation,
  city: CityRows,
): Alternative[] {
  return specs.flatMap((spec) => {
    const method = leaf.measure.methods.find(({ id }) => id === spec.method);
    const definition = city.definitions[spec.method];
    const gave = method?.id === observation.method || observation.sources?.[spec.method] !== undefined;
    if (!method || !gave || definition?.[spec.topic]?.choices.join() !== spec.from) return [];
    const numerator = sumOf(spec.numerator, city);
    const denominator = sumOf(spec.denominator, city);
    if (denominator < Math.max(1, method.minN)) return [];
    const value = (numerator / denominator) * spec.scale;
    const changed = { ...definition, [spec.topic]: { choices: [spec.choice], stated: true } };
    const score = scoreOfValue(method, leaf.curve, value);
    return [{ method: spec.method, definition: changed, value, score, n: denominator, numerator, denominator }];
  });
}

function sumOf(terms: readonly SeriesTerm[], city: CityRows): number {
  return terms.reduce((sum, { series, of, times }) => sum + times * city.facts.tally(series)[of], 0);
}
