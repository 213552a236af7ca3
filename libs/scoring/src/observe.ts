import type { Observation } from './assessment.js';
import { sourceOf } from './city-rows.js';
import type { CityRows } from './city-rows.js';
import { participation } from './companions.js';
import { completedDays } from './completed-days.js';
import type { CompletedDays } from './completed-days.js';
import { leafOf, readsFacts } from './leaf.js';
import type { Leaf } from './leaf.js';
import { measure, measureCompleted } from './measure.js';
import type { Measured } from './measure.js';
import { NOISE } from './numeric.js';
import { adjustmentFactor, scoreOfValue } from './score-value.js';
import type { ComponentsSpec, IndicatorSpec, MethodSpec, ScoringMethod, ZeroRule } from './scoring-method.js';

/** Every indicator of the method as observed in the city, by id, in the order of the method. */
export function observe(method: ScoringMethod, city: CityRows): Record<string, Observation> {
  return Object.fromEntries(
    method.indicators.map((indicator) => {
      const context = { rules: method, city, foreseen: indicator.flags };
      return [indicator.id, withForeseenFlags(observeIndicator(indicator, context), indicator.flags)];
    }),
  );
}

interface Context {
  /** The rules of the method that are not tied to one indicator. */
  readonly rules: Pick<ScoringMethod, 'bootstrap' | 'lowParticipationBelow'>;
  readonly city: CityRows;
  /** Flags the indicator can carry. */
  readonly foreseen: readonly string[];
}

function observeIndicator(indicator: IndicatorSpec, context: Context): Observation {
  const leaf = leafOf(indicator);
  if (leaf !== null) return observeLeaf(leaf, context);
  return indicator.measure.kind === 'components' ? observeComponents(indicator.measure, context) : UNKNOWN;
}

/** Flags in the order of the method. */
function withForeseenFlags(observation: Observation, foreseen: readonly string[]): Observation {
  const flags = foreseen.filter((flag) => observation.flags.includes(flag));
  if (observation.components === undefined) return { ...observation, flags };
  const components = Object.entries(observation.components).map(
    ([id, part]) => [id, withForeseenFlags(part, foreseen)] as const,
  );
  return { ...observation, flags, components: Object.fromEntries(components) };
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

/**
 * The first method with enough rows of its own decides, and days it lacks come from the others; then the first that has
 * enough with theirs; then the zero rules; then the first that has rows but too few.
 */
function observeLeaf(leaf: Leaf, context: Context): Observation {
  const { city } = context;
  const { methods, zeroRules } = leaf.measure;
  const own: Measured[] = [];
  for (const method of methods) {
    own.push(measure(method, city));
    if (own.at(-1)?.state === 'observed') break;
  }
  const decided = own.findIndex(({ state }) => state === 'observed');
  const decides = decided >= 0 ? [decided] : own.flatMap(({ state }, at) => (state === 'too_few' ? [at] : []));
  for (const position of decides) {
    const method = methods[position] as MethodSpec;
    const days = completedDays(method, methods, city);
    const measured = days === null ? (own[position] as Measured) : measureCompleted(method, days, city);
    if (measured.state !== 'observed') continue;
    const observation = scored(leaf, method, measured, city);
    const flags = [...observation.flags, ...rowFlags(leaf, method, days, context)];
    const isFallback = position > 0 || days !== null;
    const definition = city.definitions[method.id];
    return {
      ...observation,
      flags: isFallback ? ['fallback_method', ...flags] : flags,
      ...(definition && { definition }),
    };
  }
  const zeroRule = zeroRules.find((rule) => applies(rule, city));
  if (zeroRule !== undefined) return { ...UNKNOWN, state: 'observed', value: 0, score: 0, flags: [zeroRule.id] };
  const few = own.findIndex(({ state }) => state === 'too_few');
  return few < 0 ? UNKNOWN : { ...UNKNOWN, ...own[few], method: (methods[few] as MethodSpec).id };
}

function scored(
  { measure: { adjustment }, curve }: Leaf,
  method: MethodSpec,
  measured: Extract<Measured, { state: 'observed' }>,
  city: CityRows,
): Observation {
  const score = scoreOfValue(method, curve, measured.value);
  if (adjustment === undefined) return { ...measured, score, method: method.id };
  const { n, total } = sourceOf(city, method.dataset).tally(`${method.id}:adjustment`);
  const flags = n === 0 ? [...measured.flags, adjustment.unknownFlag] : measured.flags;
  return { ...measured, score: score * adjustmentFactor(adjustment, n, total), method: method.id, flags };
}

/** Flags that depend on the rows of the deciding method, whatever its kind. */
function rowFlags(
  leaf: Leaf,
  method: MethodSpec,
  completed: CompletedDays | null,
  { rules, city, foreseen }: Context,
): string[] {
  const covered = () => completed?.covered ?? city.facts.daily(method.id).covered;
  const days = () => (readsFacts(method, city) ? covered() : city.days);
  const hasRows = (series: string) => sourceOf(city, method.dataset).tally(`${method.id}:${series}`).n > 0;
  const holds: Readonly<Record<string, () => boolean>> = {
    days_missing: () => days() < city.days,
    short_period: () =>
      leaf.interval.kind === 'day_block_bootstrap' && readsFacts(method, city) && covered() < rules.bootstrap.minDays,
    low_participation: () => {
      const share = participation(city.facts, method.id);
      return share !== null && share + NOISE < rules.lowParticipationBelow;
    },
    default_limits: () => hasRows('default_limits'),
    calendar_missing: () => hasRows('calendar_missing'),
  };
  return foreseen.filter((flag) => holds[flag]?.() === true);
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
function observeComponents(spec: ComponentsSpec, context: Context): Observation {
  const parts = spec.components.map((component) => ({
    weight: component.weight,
    id: component.id,
    observation: observeLeaf(component, context),
  }));
  const components = Object.fromEntries(parts.map(({ id, observation }) => [id, observation]));
  const lender = components[spec.valueOf];
  if (lender === undefined) throw new TypeError(`No component is called ${spec.valueOf}.`);
  const flags = new Set<string>();
  let weight = 0;
  let weighted = 0;
  for (const { weight: share, observation } of parts) {
    if (observation.score === null) {
      flags.add('partial_component');
      continue;
    }
    weight += share;
    weighted += share * observation.score;
    for (const flag of observation.flags) flags.add(flag);
  }
  const { value, n, numerator, denominator } = lender;
  if (weight > 0) {
    const method = lender.state === 'observed' ? lender.method : null;
    const score = weighted / weight;
    return { state: 'observed', value, score, n, numerator, denominator, method, flags: [...flags], components };
  }
  const state = parts.some(({ observation }) => observation.state === 'too_few') ? 'too_few' : 'not_observed';
  return { state, value, score: null, n, numerator, denominator, method: lender.method, flags: [], components };
}
