export type * from './scoring-method.js';
export type * from './city-data.js';
export type * from './assessment.js';
