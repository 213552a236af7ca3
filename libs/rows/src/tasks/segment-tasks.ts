import type { DatasetId } from './file-mapping.js';
import type { MonthFile, Segment } from './stored-file.js';

/** One committed import as the merge sees it, in the order of commits. */
export interface CommittedRows {
  readonly months: readonly MonthFile[];
}

/** Months of a dataset whose segment changes when the list of committed imports changes by `changed`. */
export interface AffectedTask {
  readonly kind: 'affected';
  readonly dataset: DatasetId;
  readonly changed: CommittedRows;
  readonly committed: readonly CommittedRows[];
}

/** Builds the segment of a month: for each key the row of the latest import, wherever its month. */
export interface MergeTask {
  readonly kind: 'merge';
  readonly dataset: DatasetId;
  readonly month: string;
  /** Oldest first. */
  readonly committed: readonly CommittedRows[];
  /** Path of the Parquet file to write; nothing is written when no row is left. */
  readonly out: string;
}

export interface MergeResult {
  /** null: no row is left. May be the month file of an import itself where no merge was needed. */
  readonly segment: (Segment & { readonly sha256: string; readonly bytes: number }) | null;
}

/** Keeps the keys of the rows of closed months that go on replacing a row of an earlier import. */
export interface MovedKeysTask {
  readonly kind: 'moved-keys';
  readonly dataset: DatasetId;
  readonly closed: readonly MonthFile[];
  /** Months of the earlier imports that are not closed. */
  readonly earlier: readonly MonthFile[];
  /** Path of the Parquet file to write; nothing is written when there is no such key. */
  readonly out: string;
}

export interface MovedKeysResult {
  readonly rows: number;
  readonly sha256: string;
  readonly bytes: number;
}
