import type { CompanionValue } from '@hotline/scoring';
import type { DatasetId } from './file-mapping.js';
import type { MonthFile, Segment } from './stored-file.js';

/** What the rows of a checked import would do to the stored rows of their dataset: the latest import wins. */
export interface CompareTask {
  readonly kind: 'compare';
  readonly dataset: DatasetId;
  /** Rows of the import. */
  readonly months: readonly MonthFile[];
  /** Stored rows: at least every segment of the dataset that holds a key of the import; others do no harm. */
  readonly segments: readonly Segment[];
  /** With what a person looks at before a commit, not the counts alone. */
  readonly detail: boolean;
}

/** Rows of an import by what happens to the stored row of their key, in whatever month that stands. They add up to all of its rows. */
export interface RowChanges {
  readonly inserted: number;
  readonly changed: number;
  readonly unchanged: number;
}

export interface CompareResult extends RowChanges {
  /** null: not asked for. */
  readonly detail: CompareDetail | null;
}

export interface CompareDetail {
  /** Days with at least one row of the import; the days of a year for yearly rows. */
  readonly days: number;
  /** Of these, days for which rows are stored already. */
  readonly presentDays: number;
  /** The same as unbroken spans; the first 100. */
  readonly present: readonly DaySpan[];
  /** The first five rows as they will be stored, by time and key. */
  readonly firstRows: readonly (readonly ShownCell[])[];
  /** The first twenty rows that replace a different one, by time and key. */
  readonly changedRows: readonly ChangedRow[];
}

/** Days from `first` to `last`, both included. */
export interface DaySpan {
  readonly first: string;
  readonly last: string;
}

/** Keyed hashes of personal data are not for people: filled ones are `hidden`, with no value. */
export interface ShownCell {
  readonly column: string;
  readonly value: CompanionValue;
  readonly hidden: boolean;
}

export interface ChangedCell {
  readonly column: string;
  readonly old: CompanionValue;
  readonly new: CompanionValue;
  readonly hidden: boolean;
}

export interface ChangedRow {
  readonly key: readonly ShownCell[];
  readonly cells: readonly ChangedCell[];
}
