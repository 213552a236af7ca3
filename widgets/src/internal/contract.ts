/**
 * The documents the elements read. Numbers are in full precision; what is unknown is null, never 0.
 *
 * - `GET /embed/v1/:key/summary.json` → `Summary`
 * - `GET /embed/v1/:key/tree.json` → `Tree`
 * - `GET /demo/cities.json` → `DemoCities` (404 where there is no demo)
 */

/** Where a number of the method comes from. */
export type ProvenanceKind = 'published' | 'standard' | 'benchmark' | 'inferred' | 'assumption';

export type DataKind = 'own_data' | 'mystery' | 'survey';

export type ObservationState = 'observed' | 'too_few' | 'not_observed';

/** [start, end) in Shanghai calendar days, `YYYY-MM-DD`: the last day shown is the one before `end`. */
export interface Period {
  readonly start: string;
  readonly end: string;
}

export interface Named {
  readonly id: string;
  readonly zh: string;
  readonly en: string;
}

export interface City {
  /** Six digits of the administrative division. */
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly province_zh: string;
  readonly tier: string;
  readonly tier_zh: string;
  readonly region_zh: string;
}

export interface Methodology extends Named {
  readonly version: string;
}

export interface NodeScore {
  readonly rated: boolean;
  /** 0–100; null when not rated. */
  readonly score: number | null;
  /** Two decimals, as shown. */
  readonly display: string | null;
  /** Share of the weight below this node that was observed, 0–1. */
  readonly coverage: number;
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

export interface IndexScore extends NodeScore {
  readonly grade: string | null;
  /** 95 % interval of the index; null when not rated or not estimated. */
  readonly interval: Range | null;
  /** Probability of each grade or a better one, 0–1, keys from the best grade to the worst. */
  readonly grade_or_better: Readonly<Record<string, number>> | null;
}

export type DimensionSummary = Named & NodeScore;

export interface Summary {
  /** true: fictitious data, marked as such wherever it shows. */
  readonly demo: boolean;
  readonly city: City;
  readonly period: Period;
  readonly methodology: Methodology;
  /** ISO 8601 instant. */
  readonly assessed_at: string;
  readonly self_assessed: boolean;
  readonly index: IndexScore;
  /** The letter stands alone when the probability of this grade or a better one is at least this. */
  readonly badge_show_if: number;
  readonly data_kinds: readonly DataKind[];
  readonly dimensions: readonly DimensionSummary[];
}

/** Bounds of a value and their images on the score, smaller first. */
export interface ValueInterval extends Range {
  readonly score_low: number;
  readonly score_high: number;
}

export interface Stratum {
  readonly n: number;
  /** null: too few rows, left out of the mean. */
  readonly mean: number | null;
}

/** An indicator or one of its components, as measured. */
export interface Measured extends Named {
  /** Share within the parent, 0–1. */
  readonly weight: number;
  readonly weight_kind?: ProvenanceKind;
  readonly value_unit: string;
  readonly state: ObservationState;
  readonly value: number | null;
  readonly score: number | null;
  readonly n: number;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly method: string | null;
  readonly flags: readonly string[];
  readonly interval: ValueInterval | null;
  readonly wilson: ValueInterval | null;
  readonly strata: Readonly<Record<string, Stratum>> | null;
}

/** A file whose rows are behind an indicator. */
export interface SourceFile {
  readonly import_id: string;
  readonly file: string;
  readonly sha256: string;
  readonly rows: number;
  /** ISO 8601 instant. */
  readonly uploaded_at: string;
  readonly by: string;
}

/** The days and files of one dataset behind an indicator. */
export interface Source {
  readonly dataset: string;
  readonly dataset_zh: string;
  readonly dataset_en: string;
  /** Number of days with rows; null where the figure does not stand on days (a list as of one day). */
  readonly days: number | null;
  readonly first_day: string | null;
  readonly last_day: string | null;
  readonly files: readonly SourceFile[];
}

export interface Indicator extends Measured {
  /** Which way is good. */
  readonly direction: 'higher' | 'lower';
  readonly components: readonly Measured[];
  readonly sources: readonly Source[];
}

export interface ElementNode extends Named, NodeScore {
  readonly weight: number;
  readonly weight_kind: ProvenanceKind;
  readonly indicators: readonly Indicator[];
}

export interface DimensionNode extends Named, NodeScore {
  readonly weight: number;
  readonly weight_kind: ProvenanceKind;
  readonly elements: readonly ElementNode[];
}

export interface GradeCutOff {
  readonly grade: string;
  /** Lower bound on the index, 0–100. */
  readonly min_score: number;
  readonly kind: ProvenanceKind;
}

export interface Tree extends Omit<Summary, 'dimensions'> {
  readonly dimensions: readonly DimensionNode[];
  /** From the best grade to the worst. */
  readonly grades: readonly GradeCutOff[];
  readonly flags_text: Readonly<Record<string, { readonly zh: string; readonly en: string }>>;
}

export interface DemoCity {
  /** Embed key of the city. */
  readonly key: string;
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly tier_zh: string;
  readonly region_zh: string;
  readonly province_zh: string;
  readonly index: IndexScore;
  readonly period: Period;
}

export interface DemoCities {
  readonly demo: boolean;
  /** null: every city is there. */
  readonly seeding: { readonly done: number; readonly total: number } | null;
  readonly cities: readonly DemoCity[];
}
