import type { CompanionValue, Period } from './city-data.js';
import type { Definition } from './definition.js';

export type ObservationState = 'observed' | 'too_few' | 'not_observed';

/** An indicator (or component) as measured. Numbers in full precision; unknown is null, never 0. */
export interface Observation {
  readonly state: ObservationState;
  readonly value: number | null;
  readonly score: number | null;
  readonly n: number;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly method: string | null;
  readonly flags: readonly string[];
  /**
   * By method id, the spans of days that each gives, where days without rows of the deciding method were taken from
   * others; each day is in one of them only. Absent where one method gives all.
   */
  readonly sources?: Readonly<Record<string, readonly Period[]>>;
  /** What the rows of the method follow, by topic of the ledger; absent where nothing is known of it. */
  readonly definition?: Definition;
  /** The same indicator under other definitions; none of them is scored into the index. */
  readonly alternatives?: readonly Alternative[];
  readonly components?: Readonly<Record<string, Observation>>;
  readonly strata?: Readonly<Record<string, Stratum>>;
  readonly wilson?: Interval;
  /** Percentile interval of the bootstrap; absent where the method has none or there are too few days. */
  readonly interval?: Interval;
}

/** An indicator as it would be under another definition. */
export interface Alternative {
  /** Whose rows it stands on. */
  readonly method: string;
  readonly definition: Definition;
  readonly value: number;
  readonly score: number;
  readonly n: number;
  readonly numerator: number | null;
  readonly denominator: number | null;
}

export interface Stratum {
  readonly n: number;
  /** null: below the minimum number of rows, so left out. */
  readonly mean: number | null;
}

/** Bounds of the value and their images on the score, smaller first. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly score_low: number;
  readonly score_high: number;
}

export interface NodeScore {
  readonly rated: boolean;
  readonly score: number | null;
  /** Two decimals, as shown. */
  readonly display: string | null;
  /** Share of the effective weight observed below this node, 0–1. */
  readonly coverage: number;
}

export interface IndexScore extends NodeScore {
  readonly grade: string | null;
  /** Percentile interval of the index over the bootstrap replicates; null when not rated. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** Share of the replicates that reach each grade or a better one; null when not rated. */
  readonly grade_or_better: Readonly<Record<string, number>> | null;
}

export interface Recommendation {
  readonly id: string;
  readonly triggered_by: readonly string[];
  readonly priority: number;
  /** Index points won if the triggered indicators reached their targets; null when the index is not rated. */
  readonly gain: number | null;
}

/** The result of the core: the same for the command line, the stored trace and the API. */
export interface Assessment {
  readonly methodology: { readonly id: string; readonly version: string; readonly digest: string };
  /** Version of the definition ledger; absent where none was asked. */
  readonly ledger?: string;
  readonly period: Period & { readonly days: number };
  readonly indicators: Readonly<Record<string, Observation>>;
  readonly elements: Readonly<Record<string, NodeScore>>;
  readonly dimensions: Readonly<Record<string, NodeScore>>;
  readonly index: IndexScore;
  readonly companions: Readonly<Record<string, CompanionValue>>;
  readonly recommendations: readonly Recommendation[];
}
