export type * from './expression.js';
export type * from './measure.js';
export type * from './methodology.js';
export type { Names, Provenance, ProvenanceKind, Source, Sourced } from './provenance.js';
