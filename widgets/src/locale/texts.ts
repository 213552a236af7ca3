import type { Reason } from '../internal/badge-source.js';
import type { ProvenanceKind } from '../internal/contract.js';
import type { Language } from '../internal/format.js';

/** Words both elements use. */
export interface SharedTexts {
  readonly language: Language;
  readonly hotlineOf: (city: string) => string;
  readonly loading: string;
  readonly failed: string;
  readonly reason: Readonly<Record<Reason, string>>;
  readonly stale: (day: string) => string;
  readonly demo: string;
  readonly presumed: string;
  readonly presumedWhy: string;
  readonly bracketed: (words: string) => string;
  readonly rangeUnknown: string;
  readonly index: string;
  readonly presumedGrade: string;
  readonly outOf: string;
  readonly interval: string;
  readonly notRated: string;
  readonly notRatedWhy: (coverage: string) => string;
  readonly selfAssessed: string;
  readonly method: (version: string) => string;
  readonly coverage: string;
  readonly colon: string;
  readonly clause: string;
}

/** Words of the grade badge. */
export interface BadgeTexts extends SharedTexts {
  readonly chances: string;
  readonly dataKinds: string;
  readonly dataKind: Readonly<Record<string, string>>;
  readonly details: string;
}

/** Words of the indicator tree. */
export interface TreeTexts extends SharedTexts {
  readonly retry: string;
  readonly grade: string;
  readonly score: string;
  readonly tree: (hotline: string, period: string) => string;
  readonly gradeScale: (grade: string, index: string) => string;
  readonly gradeScaleNotRated: string;
  readonly weight: string;
  readonly weightOf: (share: string) => string;
  readonly provenance: Readonly<Record<ProvenanceKind, string>>;
  readonly provenanceWhy: Readonly<Record<ProvenanceKind, string>>;
  readonly shareOfIndex: string;
  readonly nodeNotRated: string;
  readonly nodeNotRatedWhy: (coverage: string) => string;
  readonly notObserved: string;
  readonly notObservedWhy: string;
  readonly tooFew: (n: string) => string;
  readonly tooFewWhy: string;
  readonly value: string;
  readonly unit: (value: string, unit: string) => string;
  readonly fraction: string;
  readonly sample: string;
  readonly wilson: string;
  readonly intervalNone: string;
  readonly scoreRange: (low: string, high: string) => string;
  readonly howMeasured: string;
  readonly methodSource: Readonly<Record<string, string>>;
  readonly direction: string;
  readonly better: { readonly higher: string; readonly lower: string };
  readonly flags: string;
  readonly strata: string;
  readonly stratum: Readonly<Record<string, string>>;
  readonly stratumName: string;
  readonly stratumMean: string;
  readonly stratumLeftOut: string;
  readonly components: string;
  readonly sources: string;
  readonly noSources: string;
  readonly days: (count: string, first: string, last: string) => string;
  readonly rows: (count: string) => string;
  readonly uploaded: (day: string, by: string) => string;
  readonly hash: string;
  readonly expandAll: string;
  readonly collapseAll: string;
  readonly keys: string;
}
