import type { Submission } from '@hotline/assessments';
import { loadMethodology } from '@hotline/methodology';
import { findCity } from '@hotline/registry';
import type { ObservationState } from '../assessments/assessment.model.js';
import { toIndexModel } from '../assessments/to-assessment.model.js';
import { FigureLevel, type SubmissionModel, type SubmittedFigureModel } from './submission.model.js';

export function toSubmissionModel(submission: Submission): SubmissionModel {
  const { startDay, endDay, isDemo, status, result, cityCode, ...same } = submission;
  return {
    ...same,
    cityCode,
    cityName: findCity(cityCode)?.name ?? cityCode,
    start: startDay,
    end: endDay,
    demo: isDemo,
    status: status as SubmissionModel['status'],
    index: toIndexModel(result.index),
    figures: figuresOf(submission),
  };
}

/** With the names of the very method it was made with, from the top of its tree down. */
function figuresOf({ methodology: id, result }: Submission): SubmittedFigureModel[] {
  const methodology = loadMethodology(id);
  const nodes = [
    ...methodology.dimensions.map((node) => ({
      node,
      level: FigureLevel.dimension,
      found: result.dimensions[node.id],
    })),
    ...methodology.elements.map((node) => ({ node, level: FigureLevel.element, found: result.elements[node.id] })),
  ].map(({ node, level, found }) => ({
    ...{ id: node.id, level, name: node.zh, nameEn: node.en },
    ...{ score: found?.score ?? null, coverage: found?.coverage ?? null },
    ...{ value: null, unit: null, n: null, state: null },
  }));
  const indicators = methodology.indicators.map((node) => {
    const found = result.indicators[node.id];
    return {
      ...{ id: node.id, level: FigureLevel.indicator, name: node.zh, nameEn: node.en },
      ...{ score: found?.score ?? null, value: found?.value ?? null, unit: node.valueUnit, n: found?.n ?? null },
      state: (found?.state ?? null) as ObservationState | null,
      coverage: null,
    };
  });
  return [...nodes, ...indicators];
}
