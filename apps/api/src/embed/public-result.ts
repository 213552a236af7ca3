import { methodsOf, type AssessmentEntity, type EvidenceImport } from '@hotline/assessments';
import { loadMethodology, scoringMethod, type Methodology } from '@hotline/methodology';
import { findCity, findProvince, regions, tiers } from '@hotline/registry';
import { datasetSpec, datasetIds } from '@hotline/rows';
import type { Observation } from '@hotline/scoring';

/** What the elements of the widget package read. `widgets/src/internal/contract.ts` says the same on the other side. */
export function publicSummary(entity: AssessmentEntity, cityCode: string, demo: boolean) {
  const methodology = loadMethodology(entity.methodology);
  const { result } = entity;
  return {
    demo,
    city: publicCity(cityCode),
    period: { start: entity.startDay, end: entity.endDay },
    methodology: { id: methodology.id, version: methodology.version, zh: methodology.zh, en: methodology.en },
    assessed_at: entity.assessedAt.toISOString(),
    self_assessed: true,
    index: result.index,
    badge_show_if: methodology.badge.showIf.value,
    data_kinds: dataKinds(entity),
    dimensions: methodology.dimensions.map((dimension) => ({
      ...named(dimension),
      ...result.dimensions[dimension.id],
    })),
  };
}

/** The summary with every figure below it, down to days and files. */
export function publicTree(entity: AssessmentEntity, cityCode: string, demo: boolean) {
  const methodology = loadMethodology(entity.methodology);
  const { result } = entity;
  const sources = sourcesByMethod(methodology, entity);
  return {
    ...publicSummary(entity, cityCode, demo),
    dimensions: methodology.dimensions.map((dimension) => ({
      ...named(dimension),
      ...result.dimensions[dimension.id],
      elements: methodology.elements
        .filter((element) => element.parent === dimension.id)
        .map((element) => ({
          ...named(element),
          ...result.elements[element.id],
          indicators: methodology.indicators
            .filter((indicator) => indicator.parent === element.id)
            .map((indicator) => {
              const observation = result.indicators[indicator.id];
              if (!observation) throw new Error(`the stored result lacks ${indicator.id}`);
              return {
                ...named(indicator),
                direction: indicator.direction,
                value_unit: indicator.valueUnit,
                ...figures(observation),
                components: Object.entries(observation.components ?? {}).map(([id, component]) => ({
                  ...componentName(methodology, indicator.id, id),
                  value_unit: '%',
                  ...figures(component),
                })),
                sources: methodsOf(observation).flatMap((method) => sources(method)),
              };
            }),
        })),
    })),
    grades: methodology.grades.map(({ grade, minScore }) => ({
      grade,
      min_score: minScore.value,
      kind: minScore.kind,
    })),
    flags_text: methodology.flags,
  };
}

export function publicCity(code: string) {
  const city = findCity(code);
  if (!city) throw new Error(`no city ${code} in the registry`);
  const tier = tiers().find(({ id }) => id === city.tier);
  const region = regions().find(({ id }) => id === city.region);
  return {
    code,
    zh: city.name,
    en: city.nameEn,
    province_zh: findProvince(city.provinceCode)?.name ?? null,
    tier: city.tier,
    tier_zh: tier?.zh ?? null,
    tier_en: tier?.en ?? null,
    region: city.region,
    region_zh: region?.zh ?? null,
    region_en: region?.en ?? null,
  };
}

function named(node: { id: string; zh: string; en: string; weight: { value: number; kind: string } }) {
  return { id: node.id, zh: node.zh, en: node.en, weight: node.weight.value, weight_kind: node.weight.kind };
}

function figures(observation: Observation) {
  const { state, value, score, n, numerator, denominator, method, flags } = observation;
  return {
    state,
    value,
    score,
    n,
    numerator,
    denominator,
    method,
    flags,
    interval: observation.interval ?? null,
    wilson: observation.wilson ?? null,
    strata: observation.strata ?? null,
  };
}

function componentName(methodology: Methodology, indicator: string, id: string) {
  const measure = methodology.indicators.find((entry) => entry.id === indicator)?.measure;
  const component = measure?.kind === 'components' ? measure.components.find((entry) => entry.id === id) : undefined;
  if (!component) throw new Error(`the method has no component ${id}`);
  return named(component);
}

/** For a method: its dataset, the days it stands on and the files in force for that dataset. */
function sourcesByMethod(methodology: Methodology, entity: AssessmentEntity) {
  const datasetOf = new Map(
    scoringMethod(methodology).indicators.flatMap((indicator) =>
      (indicator.measure.kind === 'components'
        ? indicator.measure.components.map((component) => component.measure)
        : [indicator.measure]
      ).flatMap((measure) => measure.methods.map((method) => [method.id, method.dataset] as const)),
    ),
  );
  return (method: string) => {
    const dataset = datasetIds.find((id) => id === datasetOf.get(method));
    if (!dataset) return [];
    const days = entity.days[method] ?? [];
    const files = entity.imports.filter((file) => file.dataset === dataset);
    return [
      {
        dataset,
        dataset_zh: datasetSpec(dataset).zh,
        dataset_en: datasetSpec(dataset).en,
        days: days.length === 0 ? null : days.length,
        first_day: days[0]?.[0] ?? null,
        last_day: days.at(-1)?.[0] ?? null,
        files: files.map(publicFile),
      },
    ];
  };
}

function publicFile(file: EvidenceImport) {
  return {
    import_id: file.id,
    file: file.file,
    sha256: file.sha256,
    rows: file.accepted,
    uploaded_at: file.uploadedAt,
    by: file.uploadedBy,
  };
}

function dataKinds(entity: AssessmentEntity): string[] {
  const datasets = new Set(entity.imports.map((file) => file.dataset));
  return [
    ...(['calls', 'call_metrics_daily', 'work_orders', 'callbacks', 'online_sessions'].some((id) => datasets.has(id))
      ? ['own_data']
      : []),
    ...(['mystery_calls', 'mystery_chats'].some((id) => datasets.has(id)) ? ['mystery'] : []),
    ...(datasets.has('survey_responses') ? ['survey'] : []),
  ];
}
