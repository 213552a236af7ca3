import { methodsOf, type AssessmentEntity, type EvidenceImport } from '@hotline/assessments';
import { loadMethodology, scoringMethod, type Methodology } from '@hotline/methodology';
import type { IndexScore, Interval, NodeScore, Observation } from '@hotline/scoring';
import { toFollowedModels } from '../definitions/to-definition.model.js';
import type {
  AssessmentModel,
  ComponentModel,
  EvidenceFileModel,
  IndexModel,
  IndicatorModel,
  IntervalModel,
  SourceSpanModel,
} from './assessment.model.js';
import { ObservationState } from './assessment.model.js';

/** The stored result joined with the names of the very method it was made with. */
export function toAssessmentModel(entity: AssessmentEntity, demo: boolean): AssessmentModel {
  const methodology = loadMethodology(entity.methodology);
  const { result } = entity;
  return {
    id: entity.id,
    start: entity.startDay,
    end: entity.endDay,
    methodology: entity.methodology,
    methodologyVersion: entity.methodologyVersion,
    methodologyDigest: entity.methodologyDigest,
    contentHash: entity.contentHash,
    assessedAt: entity.assessedAt,
    selfAssessed: true,
    demo,
    index: toIndexModel(result.index),
    dimensions: methodology.dimensions.map((dimension) => ({
      ...named(dimension),
      ...scored(result.dimensions[dimension.id]),
      elements: methodology.elements
        .filter((element) => element.parent === dimension.id)
        .map((element) => ({
          ...named(element),
          ...scored(result.elements[element.id]),
          indicators: indicatorsOf(methodology, element.id, entity),
        })),
    })),
    recommendations: result.recommendations.map((recommendation) => ({
      id: recommendation.id,
      text: methodology.recommendations.rules.find((rule) => rule.id === recommendation.id)?.zh ?? recommendation.id,
      triggeredBy: [...recommendation.triggered_by],
      priority: recommendation.priority,
      gain: recommendation.gain,
    })),
    imports: entity.imports.map(toFile),
    trace: JSON.stringify({ ...result, imports: entity.imports }),
  };
}

export function toIndexModel(index: IndexScore): IndexModel {
  const { rated, score, display, coverage, grade, interval } = index;
  return {
    ...{ rated, score, display, coverage, grade },
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    gradeOrBetter: Object.entries(index.grade_or_better ?? {}).map(([reached, probability]) => ({
      grade: reached,
      probability,
    })),
  };
}

interface NamedNode {
  readonly id: string;
  readonly zh: string;
  readonly en: string;
  readonly weight: { readonly value: number; readonly kind: string };
}

function named(node: NamedNode) {
  return { id: node.id, name: node.zh, nameEn: node.en, weight: node.weight.value, weightKind: node.weight.kind };
}

function scored(node: NodeScore | undefined) {
  if (!node) throw new Error('the stored result lacks a node of its own method');
  return { rated: node.rated, score: node.score, display: node.display, coverage: node.coverage };
}

function indicatorsOf(methodology: Methodology, element: string, entity: AssessmentEntity): IndicatorModel[] {
  const specs = scoringMethod(methodology).indicators;
  return methodology.indicators
    .filter((indicator) => indicator.parent === element)
    .map((indicator) => {
      const observation = entity.result.indicators[indicator.id];
      const spec = specs.find(({ id }) => id === indicator.id);
      if (!observation || !spec) throw new Error(`the stored result lacks ${indicator.id}`);
      const weights = spec.measure.kind === 'components' ? spec.measure.components : [];
      return {
        ...named(indicator),
        direction: indicator.direction,
        ...observed(indicator.id, observation, spec.valueUnit),
        components: Object.entries(observation.components ?? {}).map(([id, component]): ComponentModel => ({
          ...observed(id, component, '%'),
          weight: weightOf(weights, id),
        })),
        files: filesOf(observation, entity.imports),
      };
    });
}

function weightOf(components: readonly { id: string; weight: number }[], id: string): number {
  const found = components.find((component) => component.id === id);
  if (!found) throw new Error(`the method has no component ${id}`);
  return found.weight;
}

function observed(id: string, observation: Observation, unit: string) {
  return {
    id,
    unit,
    state: ObservationState[observation.state],
    value: observation.value,
    score: observation.score,
    n: observation.n,
    numerator: observation.numerator,
    denominator: observation.denominator,
    method: observation.method,
    flags: [...observation.flags],
    sources: sourceSpans(observation),
    definition: toFollowedModels(observation.definition),
    alternatives: (observation.alternatives ?? []).map((alternative) => ({
      ...alternative,
      definition: toFollowedModels(alternative.definition),
    })),
    wilson: toInterval(observation.wilson),
    interval: toInterval(observation.interval),
    strata: Object.entries(observation.strata ?? {}).map(([stratum, { n, mean }]) => ({ id: stratum, n, mean })),
  };
}

function sourceSpans({ sources }: Observation): SourceSpanModel[] {
  return Object.entries(sources ?? {})
    .flatMap(([method, spans]) =>
      spans.map(({ start, end }) => ({ method, dataset: datasetOfMethod(method) ?? method, start, end })),
    )
    .sort((a, b) => (a.start < b.start ? -1 : 1));
}

function toInterval(interval: Interval | undefined): IntervalModel | null {
  if (!interval) return null;
  return { low: interval.low, high: interval.high, scoreLow: interval.score_low, scoreHigh: interval.score_high };
}

/** Files of the datasets an observation stands on: the part of a method id after the dot names what it reads. */
export function filesOf(observation: Observation, imports: readonly EvidenceImport[]): EvidenceFileModel[] {
  const datasets = new Set(methodsOf(observation).map(datasetOfMethod));
  return imports.filter((entry) => datasets.has(entry.dataset)).map(toFile);
}

function datasetOfMethod(method: string): string | undefined {
  for (const indicator of scoringMethod(loadMethodology()).indicators) {
    const measures =
      indicator.measure.kind === 'components'
        ? indicator.measure.components.map((c) => c.measure)
        : [indicator.measure];
    for (const measure of measures) {
      const found = measure.methods.find(({ id }) => id === method);
      if (found) return found.dataset;
    }
  }
  return undefined;
}

function toFile(entry: EvidenceImport): EvidenceFileModel {
  return {
    importId: entry.id,
    file: entry.file,
    dataset: entry.dataset,
    sha256: entry.sha256,
    uploadedAt: new Date(entry.uploadedAt),
    uploadedBy: entry.uploadedBy,
    accepted: entry.accepted,
    refused: entry.refused,
    duplicates: entry.duplicates,
    definition: toFollowedModels(entry.definition),
  };
}
