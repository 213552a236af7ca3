import type { Observation } from './assessment.js';
import type { CityRows } from './city-rows.js';
import type { Curve, IndicatorSpec, IntervalSpec, MeasureSpec, MethodSpec } from './scoring-method.js';

/** What is measured and scored by itself: an indicator without components, or a component. */
export interface Leaf {
  readonly measure: MeasureSpec;
  readonly curve: Curve | null;
  readonly interval: IntervalSpec;
}

/** The leaf of an indicator; null where it has components. */
export function leafOf({ measure, curve, interval }: IndicatorSpec): Leaf | null {
  return measure.kind === 'simple' ? { measure, curve, interval } : null;
}

/** The method that gave the value; undefined where a zero rule did or there is none. */
export function decidingMethod(leaf: Leaf, observation: Observation): MethodSpec | undefined {
  if (observation.state !== 'observed') return undefined;
  return leaf.measure.methods.find(({ id }) => id === observation.method);
}

/** True where the rows of the method are daily facts. */
export function readsFacts(method: MethodSpec, city: CityRows): boolean {
  return method.kind !== 'count_channels' && !city.samples.has(method.dataset);
}
