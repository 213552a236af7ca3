import type { Interval, Observation } from './assessment.js';
import { sourceOf } from './city-rows.js';
import type { CityRows } from './city-rows.js';
import type { ColumnMemory } from './column-memory.js';
import { decidingMethod, leafOf } from './leaf.js';
import type { Leaf } from './leaf.js';
import { scaleOf } from './measure.js';
import { addConstant, addScaled, quantilesOf, scale } from './numeric.js';
import { replicate } from './replicates.js';
import type { ObservedLeaf, Replicates } from './replicates.js';
import { scoreOfValue } from './score-value.js';
import type { ComponentsSpec, IndicatorSpec, MethodSpec, ScoringMethod } from './scoring-method.js';
import { wilsonBounds } from './wilson.js';

/** Observations with their intervals, and the replicates of their scores (null: the score stands in each). */
export interface Uncertain {
  readonly indicators: Record<string, Observation>;
  readonly scores: ReadonlyMap<string, Float64Array | null>;
}

interface Part extends ObservedLeaf {
  readonly replicates: Replicates | null;
}

/** What every interval is read with. */
interface Scope {
  readonly method: ScoringMethod;
  readonly city: CityRows;
  readonly memory: ColumnMemory;
}

/** Draws every dataset `replicates` times and reads all intervals from the same replicates. */
export function withIntervals(
  method: ScoringMethod,
  city: CityRows,
  observations: Readonly<Record<string, Observation>>,
  { seed, replicates, memory }: { readonly seed: number; readonly replicates: number; readonly memory: ColumnMemory },
): Uncertain {
  const scope = { method, city, memory };
  const { minDays } = method.bootstrap;
  const byIndicator = method.indicators.map((indicator) => [indicator, leavesOf(indicator, observations)] as const);
  const leaves = byIndicator.flatMap(([, own]) => own);
  const drawn = replicates > 0 ? replicate(leaves, city, { seed, replicates, minDays, memory }) : [];
  let next = 0;
  const indicators: Record<string, Observation> = {};
  const scores = new Map<string, Float64Array | null>();
  for (const [indicator, own] of byIndicator) {
    const parts = own.map((leaf): Part => ({ ...leaf, replicates: drawn[next++] ?? null }));
    const observation = observations[indicator.id];
    if (observation === undefined) continue;
    if (indicator.measure.kind === 'components') {
      const joint = jointReplicates(indicator.measure, parts, memory);
      indicators[indicator.id] = jointObservation(indicator.measure, observation, parts, joint, scope);
      scores.set(indicator.id, joint);
      continue;
    }
    const [part] = parts;
    indicators[indicator.id] = part === undefined ? observation : leafObservation(part, scope);
    scores.set(indicator.id, part?.replicates?.scores ?? null);
  }
  return { indicators, scores };
}

function leavesOf(indicator: IndicatorSpec, observations: Readonly<Record<string, Observation>>): ObservedLeaf[] {
  const observation = observations[indicator.id];
  if (observation === undefined) return [];
  if (indicator.measure.kind === 'simple') {
    const leaf = leafOf(indicator);
    return leaf === null ? [] : [{ leaf, observation }];
  }
  return indicator.measure.components.flatMap((leaf) => {
    const part = observation.components?.[leaf.id];
    return part === undefined ? [] : [{ leaf, observation: part }];
  });
}

function leafObservation({ leaf, observation, replicates }: Part, scope: Scope): Observation {
  const { method, city } = scope;
  const deciding = decidingMethod(leaf, observation);
  if (deciding === undefined) return observation;
  if (isWilson(leaf, deciding, city)) {
    const wilson = wilsonInterval(leaf, deciding, observation, method.wilsonZ, city);
    return wilson === null ? observation : { ...observation, wilson };
  }
  if (replicates === null || leaf.interval.kind === 'none') return observation;
  return { ...observation, interval: percentiles(leaf, deciding, replicates, scope) };
}

/** Wilson needs rows that hit or miss; half marks have the other interval of the method. */
function isWilson({ interval }: Leaf, { id, dataset }: MethodSpec, city: CityRows): boolean {
  if (interval.kind !== 'wilson') return false;
  if (interval.otherwise === undefined) return true;
  const values = city.samples.get(dataset)?.values(id);
  return values === undefined || values.every((value) => Number.isNaN(value) || value === 0 || value === 1);
}

function wilsonInterval(
  leaf: Leaf,
  deciding: MethodSpec,
  observation: Observation,
  z: number,
  city: CityRows,
): Interval | null {
  const hits = observation.numerator ?? sourceOf(city, deciding.dataset).tally(deciding.id).total;
  const bounds = wilsonBounds(hits, observation.n, z);
  if (bounds === null) return null;
  const scale = scaleOf(deciding);
  return images(leaf, deciding, bounds.low * scale, bounds.high * scale);
}

/** Bounds of the score are those of the value on the curve; where rows adjust the score, its own percentiles. */
function percentiles(
  leaf: Leaf,
  deciding: MethodSpec,
  { values, scores }: Replicates,
  { method, memory }: Scope,
): Interval {
  const { quantiles } = method.bootstrap;
  const [low, high] = quantilesOf(memory.copy(values), quantiles);
  if (leaf.measure.adjustment === undefined) return images(leaf, deciding, low, high);
  const [scoreLow, scoreHigh] = quantilesOf(memory.copy(scores), quantiles);
  return { low, high, score_low: scoreLow, score_high: scoreHigh };
}

function images({ curve }: Leaf, deciding: MethodSpec, low: number, high: number): Interval {
  const left = scoreOfValue(deciding, curve, low);
  const right = scoreOfValue(deciding, curve, high);
  return { low, high, score_low: Math.min(left, right), score_high: Math.max(left, right) };
}

/** Weighted scores of the observed components in each replicate; null where none of them is drawn. */
function jointReplicates(spec: ComponentsSpec, parts: readonly Part[], memory: ColumnMemory): Float64Array | null {
  const count = parts.find(({ replicates }) => replicates !== null)?.replicates?.scores.length;
  if (count === undefined) return null;
  const joint = memory.take(count);
  let present = 0;
  spec.components.forEach(({ weight }, index) => {
    const score = parts[index]?.observation.score ?? null;
    if (score === null) return;
    present += weight;
    const drawn = parts[index]?.replicates?.scores;
    if (drawn === undefined) addConstant(joint, weight * score);
    else addScaled(joint, weight, drawn);
  });
  scale(joint, 1 / present);
  return joint;
}

/**
 * Value bounds are those of the component that lends the value. No interval where that one is missing, or where a part
 * is observed and not drawn: the interval would look narrower than it is.
 */
function jointObservation(
  spec: ComponentsSpec,
  observation: Observation,
  parts: readonly Part[],
  joint: Float64Array | null,
  scope: Scope,
): Observation {
  const { method, memory } = scope;
  const ids = spec.components.map(({ id }) => id);
  const components = Object.fromEntries(parts.map((part, i) => [ids[i] ?? '', leafObservation(part, scope)]));
  const complete = { ...observation, components };
  const lent = parts[ids.indexOf(spec.valueOf)]?.replicates ?? null;
  const drawnAll = parts.every(({ observation: part, replicates }) => part.score === null || replicates !== null);
  if (joint === null || lent === null || !drawnAll) return complete;
  const [low, high] = quantilesOf(memory.copy(lent.values), method.bootstrap.quantiles);
  const [scoreLow, scoreHigh] = quantilesOf(memory.copy(joint), method.bootstrap.quantiles);
  return { ...complete, interval: { low, high, score_low: scoreLow, score_high: scoreHigh } };
}
