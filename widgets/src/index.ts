/** Registers every element; the types describe the documents they read. */
export { HotlineGradeBadge } from './grade-badge/grade-badge.js';
export { HotlineIndicatorTree } from './indicator-tree/indicator-tree.js';
export { formatPeriod, formatScore, languageOf, type Language } from './internal/format.js';
export { gradeAxis, percentLength, place } from './internal/geometry.js';
export { readDemoCities } from './internal/read-demo-cities.js';
export type { Failure } from './internal/badge-source.js';
export type * from './internal/contract.js';
