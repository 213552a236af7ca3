export type * from './scoring-method.js';
export type * from './city-data.js';
export type * from './assessment.js';
export { COMPANION_SERIES } from './companion-series.js';
export type { CompanionSeries } from './companion-series.js';
