import type { Observation } from './assessment.js';
import { sourceOf } from './city-rows.js';
import type { CityRows } from './city-rows.js';
import { scoreOn } from './curve.js';
import { measure } from './measure.js';
import type { Measured } from './measure.js';
import { NOISE } from './numeric.js';
import type {
  ComponentsSpec,
  Curve,
  IndicatorSpec,
  MeasureSpec,
  MethodSpec,
  ScoringMethod,
  ZeroRule,
} from './scoring-method.js';

/** Every indicator of the method as observed in the city, by id, in the order of the method. */
export function observe(method: ScoringMethod, city: CityRows): Record<string, Observation> {
  return Object.fromEntries(method.indicators.map((indicator) => [indicator.id, observeIndicator(indicator, city)]));
}

function observeIndicator(indicator: IndicatorSpec, city: CityRows): Observation {
  const observation =
    indicator.measure.kind === 'components'
      ? observeComponents(indicator.measure, city)
      : observeMeasure(indicator.measure, indicator.curve, city);
  return foreseen(observation, indicator.flags);
}

/** Keeps the flags that the method foresees for the indicator, in the order of the method. */
function foreseen(observation: Observation, flags: readonly string[]): Observation {
  const kept = flags.filter((flag) => observation.flags.includes(flag));
  if (observation.components === undefined) return { ...observation, flags: kept };
  const components = Object.entries(observation.components).map(([id, part]) => [id, foreseen(part, flags)] as const);
  return { ...observation, flags: kept, components: Object.fromEntries(components) };
}

/** The first method that is observed decides; then the zero rules; then the first that has rows but too few. */
function observeMeasure(spec: MeasureSpec, curve: Curve | null, city: CityRows): Observation {
  let tooFew: Observation | undefined;
  for (const [position, method] of spec.methods.entries()) {
    const measured = measure(method, city);
    if (measured.state === 'observed') return scored(spec, method, measured, curve, city, position > 0);
    if (measured.state === 'too_few') tooFew ??= { ...UNKNOWN, ...measured, method: method.id };
  }
  const zeroRule = spec.zeroRules.find((rule) => applies(rule, city));
  if (zeroRule !== undefined) return { ...UNKNOWN, state: 'observed', value: 0, score: 0, flags: [zeroRule.id] };
  return tooFew ?? UNKNOWN;
}

const UNKNOWN: Observation = {
  state: 'not_observed',
  value: null,
  score: null,
  n: 0,
  numerator: null,
  denominator: null,
  method: null,
  flags: [],
};

function scored(
  spec: MeasureSpec,
  method: MethodSpec,
  measured: Extract<Measured, { state: 'observed' }>,
  curve: Curve | null,
  city: CityRows,
  isFallback: boolean,
): Observation {
  const flags = isFallback ? ['fallback_method', ...measured.flags] : [...measured.flags];
  let score = scoreOfValue(method, curve, measured.value);
  if (spec.adjustment !== undefined) {
    const tested = sourceOf(city, method.dataset).tally(`${method.id}:adjustment`);
    if (tested.n === 0) flags.push(spec.adjustment.unknownFlag);
    score *= adjustmentFactor(spec.adjustment, tested.n, tested.total);
  }
  return { ...measured, score, method: method.id, flags };
}

/** Rows that are points already are their own score; every other value goes through the curve. */
export function scoreOfValue(method: MethodSpec, curve: Curve | null, value: number): number {
  if (method.kind === 'mean_of_row_scores' || method.kind === 'mean_of_stratum_means') return value;
  if (curve === null) throw new TypeError(`Method ${method.id} has a value and no curve to score it on.`);
  return scoreOn(curve, value);
}

/** Exactly the share is not below it; without a tested row there is nothing to adjust. */
export function adjustmentFactor(
  adjustment: NonNullable<MeasureSpec['adjustment']>,
  tested: number,
  hits: number,
): number {
  return hits + NOISE < adjustment.shareBelow * tested ? adjustment.factor : 1;
}

function applies(rule: ZeroRule, city: CityRows): boolean {
  if (rule.when === 'no_online_human_service') return city.channels.noOnlineHumanService;
  if (rule.when === 'no_online_service') return city.channels.noOnlineService;
  return rule.when.some(
    ({ series, minTried }) =>
      countRows(`${series}:tried`, city) >= minTried && countRows(`${series}:joined`, city) === 0,
  );
}

/** Rows of a series, wherever its dataset is kept. */
function countRows(series: string, city: CityRows): number {
  let rows = city.facts.tally(series).n;
  for (const sample of city.samples.values()) rows += sample.tally(series).n;
  return rows;
}

/** One missing: the other alone. Value, counts and method are those of the component that lends them. */
function observeComponents(spec: ComponentsSpec, city: CityRows): Observation {
  const parts = spec.components.map(
    (component) => [component, observeMeasure(component.measure, component.curve, city)] as const,
  );
  const components = Object.fromEntries(parts.map(([{ id }, part]) => [id, part]));
  const lender = components[spec.valueOf];
  if (lender === undefined) throw new TypeError(`No component is called ${spec.valueOf}.`);
  let weight = 0;
  let weighted = 0;
  const flags = new Set<string>();
  for (const [component, part] of parts) {
    if (part.score === null) {
      flags.add('partial_component');
      continue;
    }
    weight += component.weight;
    weighted += component.weight * part.score;
    for (const flag of part.flags) flags.add(flag);
  }
  if (weight > 0) {
    return { ...lender, state: 'observed', score: weighted / weight, flags: [...flags], components };
  }
  const state = parts.some(([, part]) => part.state === 'too_few') ? 'too_few' : 'not_observed';
  return { ...lender, state, components };
}
