export type * from './expression.js';
export type * from './measure.js';
export type * from './methodology.js';
export type { Names, Provenance, ProvenanceKind, Source, Sourced } from './provenance.js';
export {
  defaultMethodology,
  loadMethodology,
  methodologies,
  methodologyFolder,
  readMethodology,
} from './load-methodology.js';
export { scoringMethod } from './scoring-method.js';
export { definitionLedger, definitionTopics, readLedger } from './definitions.js';
export type { DefinitionLedger, DefinitionTopic } from './definitions.js';
export { MethodologyError } from './methodology-error.js';
export type { MethodologyProblem } from './methodology-error.js';
export { digestOf } from './digest.js';
export { readMethodFiles } from './read-method-files.js';
export type { RawFiles } from './read-method-files.js';
export { validateMethodology } from './validate-methodology.js';
export type { CheckedMethodology } from './validate-methodology.js';
export type { DatasetColumns } from './check-measures.js';
export { checkCondition, checkValue, isConditionExpression } from './check-expression.js';
export type { ExpressionNames, ExpressionProblem } from './check-expression.js';
export { endOfWorkingDay } from './working-calendar.js';
export { conditionText, valueText } from './expression-text.js';
export { assumptionShare, effectiveWeight } from './assumption-share.js';
export { renderMethodology } from './render-methodology.js';
export { aggregationCases, expandCase, expandScores, relaxedMethod, workedCases } from './worked-cases.js';
export type { AggregationCase, WorkedCase } from './worked-cases.js';
