import type { Methodology } from '@hotline/methodology';
import type { CityData, Fact, Period } from '@hotline/scoring';
import type { DatasetId } from './file-mapping.js';
import type { Segment } from './stored-file.js';

/** Daily facts of the rows of some months of a dataset. */
export interface FactsTask {
  readonly kind: 'facts';
  /** Its expressions are compiled. Handed over whole: reading it takes a new process longer than the work itself. */
  readonly methodology: Methodology;
  readonly dataset: DatasetId;
  /** Months whose facts are wanted; facts of a month come from the rows of that month only, on whatever day they fall. */
  readonly months: readonly string[];
  /** Every segment of the tenant, so that rules that look around (repeats, call-backs) can. */
  readonly segments: readonly Segment[];
}

export interface SegmentFact extends Fact {
  readonly dataset: DatasetId;
  readonly month: string;
}

/** Everything of CityData that is read from rows: the small datasets, channels, profile, row companions. */
export interface SamplesTask {
  readonly kind: 'samples';
  readonly methodology: Methodology;
  readonly period: Period;
  readonly segments: readonly Segment[];
}

export type SamplesResult = Pick<CityData, 'samples' | 'channels' | 'profile' | 'companions'>;
