/** A text of the method in both languages. */
export interface Names {
  readonly zh: string;
  readonly en: string;
}

/**
 * Where a number comes from. `published`: printed in an index report; `standard`: a standard or official rule;
 * `benchmark`: reported by a city or a system; `inferred`: follows from printed figures by calculation;
 * `assumption`: chosen by this method.
 */
export type ProvenanceKind = 'published' | 'standard' | 'benchmark' | 'inferred' | 'assumption';

export const provenanceKinds = ['published', 'standard', 'benchmark', 'inferred', 'assumption'] as const;

export interface Provenance {
  readonly kind: ProvenanceKind;
  /** Keys of the sources. */
  readonly source: string | readonly string[];
  readonly note?: string;
}

/** A number of the method; none stands without its provenance. */
export interface Sourced extends Provenance {
  readonly value: number;
}

export interface Source {
  readonly title: Names;
  readonly issuer?: string;
  /** Year, month or day of issue. */
  readonly date?: string;
  /** What of the source is used. */
  readonly clause?: string;
}
