import { aggregate, effectiveWeights } from './aggregate.js';
import type { Observation, Recommendation } from './assessment.js';
import type { CompanionValue } from './city-data.js';
import { mean, NOISE } from './numeric.js';
import type { MethodSpec, RecommendationSpec, ScoringMethod } from './scoring-method.js';

type Rule = RecommendationSpec['rules'][number];
type ExtraTrigger = NonNullable<Rule['extraTrigger']>;

/** What has been found out about a city, and optionally what is known of its peers. */
export interface Findings {
  readonly indicators: Readonly<Record<string, Observation>>;
  readonly companions: Readonly<Record<string, CompanionValue>>;
  /** First quartile of the scores of the chosen peer group by indicator, where there is one. */
  readonly peerFirstQuartiles?: Readonly<Record<string, number>>;
}

/**
 * The rules that apply, most index points first. Priority: Σ effective weight × (target − score) of the triggered
 * indicators; gain: the index scored again with the targets reached, minus the index.
 */
export function recommend(method: ScoringMethod, findings: Findings): Recommendation[] {
  const weights = effectiveWeights(method);
  const scores = scoresOf(findings.indicators);
  const index = aggregate(method, scores).index.score;
  const recommendations = method.recommendations.rules.flatMap((rule): Recommendation[] => {
    const targets = targetsOf(rule, method, findings);
    if (targets.length === 0) return [];
    const reached = { ...scores, ...Object.fromEntries(targets.map(({ id, target }) => [id, target])) };
    const better = aggregate(method, reached).index.score;
    return [
      {
        id: rule.id,
        triggered_by: targets.map(({ id }) => id),
        priority: targets.reduce((sum, { id, score, target }) => sum + (weights[id] ?? NaN) * (target - score), 0),
        gain: index === null || better === null ? null : better - index,
      },
    ];
  });
  // Equal by arithmetic keeps the order of the method: priorities are compared without their binary noise.
  return recommendations.sort((a, b) => Math.round(b.priority / NOISE) - Math.round(a.priority / NOISE));
}

/** Score of each indicator, null where it is not observed. */
export function scoresOf(indicators: Readonly<Record<string, Observation>>): Record<string, number | null> {
  return Object.fromEntries(Object.entries(indicators).map(([id, { score }]) => [id, score]));
}

function targetsOf(rule: Rule, method: ScoringMethod, findings: Findings) {
  const { threshold, targetLow, targetHigh } = method.recommendations;
  const extra = rule.extraTrigger;
  const extraId = extra !== undefined && holds(extra, method, findings) ? extra.countsAs : null;
  const candidates =
    extraId === null || rule.indicators.includes(extraId) ? rule.indicators : [...rule.indicators, extraId];
  return candidates.flatMap((id) => {
    const score = findings.indicators[id]?.score ?? null;
    if (score === null) return [];
    const quartile = findings.peerFirstQuartiles?.[id];
    const triggered = score < threshold || (quartile !== undefined && score < quartile) || id === extraId;
    return triggered ? [{ id, score, target: score < targetLow ? targetLow : targetHigh }] : [];
  });
}

function holds(trigger: ExtraTrigger, method: ScoringMethod, findings: Findings): boolean {
  const gap =
    trigger.id === 'evening_gap'
      ? eveningGap(findings.indicators[trigger.countsAs], methodOf(method, trigger.countsAs, findings))
      : resolutionGap(findings.companions.resolution_rate, findings.indicators[trigger.countsAs]);
  return gap !== null && gap + NOISE >= trigger.margin;
}

/** Mean of the counted day periods before 17:00 minus that of the later ones. */
function eveningGap(observation: Observation | undefined, method: MethodSpec | undefined): number | null {
  if (observation?.strata === undefined || method?.kind !== 'mean_of_stratum_means') return null;
  const byDay: number[] = [];
  const byEvening: number[] = [];
  for (const { id, evening } of method.strata) {
    const stratum = observation.strata[id]?.mean ?? null;
    if (stratum !== null) (evening ? byEvening : byDay).push(stratum);
  }
  const day = mean(byDay);
  const late = mean(byEvening);
  return day === null || late === null ? null : day - late;
}

/** Orders marked as resolved minus citizens who are satisfied, in points. */
function resolutionGap(resolutionRate: CompanionValue | undefined, satisfaction: Observation | undefined) {
  const value = satisfaction?.value ?? null;
  return typeof resolutionRate === 'number' && value !== null ? resolutionRate - value : null;
}

function methodOf(method: ScoringMethod, indicator: string, findings: Findings): MethodSpec | undefined {
  const spec = method.indicators.find(({ id }) => id === indicator)?.measure;
  if (spec?.kind !== 'simple') return undefined;
  return spec.methods.find(({ id }) => id === findings.indicators[indicator]?.method);
}
