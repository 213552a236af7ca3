import type { Curve, IndicatorSpec, MeasureSpec, MethodSpec, ScoringMethod, ZeroRule } from '@hotline/scoring';
import { countColumns } from './check-measures.js';
import type { Indicator, Methodology } from './methodology.js';
import type { ComponentsMeasure, Method, MethodZeroRule, ScoreCurve, SimpleMeasure } from './measure.js';

/** The method in plain numbers, as the core takes it. */
export function scoringMethod(methodology: Methodology): ScoringMethod {
  const { bootstrap, recommendations } = methodology;
  return {
    id: methodology.id,
    version: methodology.version,
    digest: methodology.digest,
    dimensions: methodology.dimensions.map(({ id, weight }) => ({ id, weight: weight.value })),
    elements: methodology.elements.map(({ id, parent, weight }) => ({ id, parent, weight: weight.value })),
    indicators: methodology.indicators.map((indicator) => indicatorSpec(indicator, methodology)),
    ratedShare: methodology.ratedShare.value,
    grades: methodology.grades.map(({ grade, minScore }) => ({ grade, minScore: minScore.value })),
    wilsonZ: methodology.wilson.z.value,
    bootstrap: {
      replicates: bootstrap.replicates.value,
      quantiles: [bootstrap.low.value, bootstrap.high.value],
      minDays: bootstrap.minDays.value,
    },
    channels: { maxAgeDays: methodology.channels.maxAgeDays.value },
    companions: methodology.companions.map(({ id, unit }) => ({ id, unit })),
    lowParticipationBelow: lowParticipationBelow(methodology),
    recommendations: {
      threshold: recommendations.threshold.value,
      targetLow: recommendations.targetLow.value,
      targetHigh: recommendations.targetHigh.value,
      rules: recommendations.rules.map(({ id, indicators, extraTrigger }) => ({
        id,
        indicators,
        ...(extraTrigger && {
          extraTrigger: { id: extraTrigger.id, countsAs: extraTrigger.countsAs, margin: extraTrigger.margin.value },
        }),
      })),
    },
  };
}

function lowParticipationBelow({ companions }: Methodology): number {
  const limit = companions.find(({ id }) => id === 'rating_participation')?.warnBelow;
  if (!limit) throw new Error('companions.yaml: rating_participation states no warnBelow');
  return limit.value;
}

function indicatorSpec(indicator: Indicator, methodology: Methodology): IndicatorSpec {
  const { id, parent, weight, direction, valueUnit, measure, curve, interval, flags } = indicator;
  return {
    id,
    parent,
    weight: weight.value,
    direction,
    valueUnit,
    measure: measure.kind === 'simple' ? measureSpec(measure, methodology) : componentsSpec(measure, methodology),
    curve: curve ? plainCurve(curve) : null,
    interval,
    flags,
  };
}

function componentsSpec({ valueOf, components }: ComponentsMeasure, methodology: Methodology) {
  return {
    kind: 'components' as const,
    valueOf,
    components: components.map(({ id, weight, curve, measure, interval }) => ({
      id,
      weight: weight.value,
      curve: plainCurve(curve),
      measure: measureSpec(measure, methodology),
      interval,
    })),
  };
}

function measureSpec({ methods, zeroRules, scoreAdjustment }: SimpleMeasure, methodology: Methodology): MeasureSpec {
  return {
    kind: 'simple',
    methods: methods.map((method) => methodSpec(method, methodology)),
    zeroRules: (zeroRules ?? []).map(zeroRule),
    ...(scoreAdjustment && {
      adjustment: {
        factor: scoreAdjustment.factor.value,
        shareBelow: scoreAdjustment.shareBelow.value,
        unknownFlag: scoreAdjustment.unknownFlag,
      },
    }),
  };
}

function plainCurve({ points }: ScoreCurve): Curve {
  return points.map(({ x, score }) => ({ x, score }));
}

function zeroRule({ id, when }: MethodZeroRule): ZeroRule {
  if (typeof when === 'string') return { id, when };
  return { id, when: when.map(({ dataset, minTried }) => ({ series: `${id}:${dataset}`, minTried: minTried.value })) };
}

function methodSpec(method: Method, methodology: Methodology): MethodSpec {
  const base = {
    id: method.id,
    dataset: method.dataset,
    // Channels are counted, so any list of them is enough.
    minN: 'minN' in method ? method.minN.value : 0,
    recorded: 'recorded' in method && method.recorded !== undefined,
    usableShare: 'usable' in method && method.usable ? method.usable.shareAtLeast.value : null,
  };
  switch (method.kind) {
    case 'ratio':
    case 'ratio_of_sums':
    case 'mean':
    case 'first_contact':
      return { ...base, kind: method.kind, scale: method.scale };
    case 'median':
    case 'mean_of_row_scores':
      return { ...base, kind: method.kind };
    case 'mean_of_stratum_means':
      return {
        ...base,
        kind: method.kind,
        minRowsPerStratum: method.minRowsPerStratum.value,
        minStrata: method.minStrata.value,
        strata: strata(method.strata, methodology),
      };
    case 'mean_of_item_means':
      return {
        ...base,
        kind: method.kind,
        items: method.items,
        minAnswersPerItem: method.minAnswersPerItem.value,
        minItems: method.minItems.value,
      };
    case 'count_channels':
      return {
        ...base,
        kind: method.kind,
        count: countColumns(method.count) ?? [],
        functionColumns: method.functionColumns,
      };
    case 'annualised_ratio':
      return { ...base, kind: method.kind, scale: method.scale, requestsOnly: method.requestsOnly };
  }
}

function strata(
  list: string,
  { dayPeriods }: Methodology,
): readonly { readonly id: string; readonly evening: boolean }[] {
  // HH:MM sorts as text.
  return (dayPeriods.lists[list] ?? []).map(({ id, start }) => ({ id, evening: start >= dayPeriods.eveningFrom.time }));
}
