import type { DatasetId, Delimiter, Encoding, FileLayout, FileMapping } from './file-mapping.js';
import type { FilePrint, MonthFile, Segment } from './stored-file.js';

export interface CheckTask {
  readonly kind: 'check';
  readonly file: string;
  /** Bytes that the file will have, where it is still written; who writes it ends the task when that fails. */
  readonly arriving?: number;
  /** As the sender named it; only shown and used to recognise the dataset. */
  readonly fileName: string;
  readonly dataset?: DatasetId;
  /** What somebody said of this very file. */
  readonly mapping?: FileMapping;
  /** Without `mapping`: layouts to choose from by the headers of the file; among equals the first. */
  readonly layouts?: readonly FileLayout[];
  /** Hex key of at least 32 bytes for the keyed hashes of personal data; of this tenant only. */
  readonly hashKey: string;
  /** Instant of the upload, ISO with zone: the limit for future dates. */
  readonly uploadedAt: string;
  /** Empty folder that receives `rows/<month>.parquet`, `issues.parquet` and `issue-rows.parquet`. */
  readonly outDir: string;
  /** Committed segments that cross-dataset rules look at (work_orders for call-backs). */
  readonly segments: readonly Segment[];
}

/** What a file was read as, once its row of headers was found. */
export interface FileReading {
  readonly dataset: DatasetId;
  /** The layout that was chosen; null: none fits the headers, or `mapping` was given. */
  readonly layoutId: string | null;
}

export interface CheckResult extends FileReading {
  readonly type: 'csv' | 'xlsx';
  readonly encoding: Encoding | null;
  readonly delimiter: Delimiter | null;
  readonly sheet: string | null;
  /** Sheets of which the rows were read, `sheet` first; none of a text file. */
  readonly sheets: readonly string[];
  readonly headerRow: number;
  readonly columns: readonly MatchedColumn[];
  readonly counts: CheckCounts;
  readonly months: readonly MonthFile[];
  /** Parquet: row (see `../row-place.ts`), column, header, value (masked where personal), rule, level. Complete. */
  readonly issuesFile: string;
  /**
   * Parquet: `row` and the cells `c<position>` of every row that is listed in the issues, and of those kept instead of a
   * listed one; nothing personal in clear. null: there are no issues.
   */
  readonly issueRowsFile: string | null;
  /** Every file that the check left. */
  readonly files: readonly FilePrint[];
  /** What `issues.parquet` holds, by rule and column; the most frequent first. */
  readonly issueCounts: readonly IssueCount[];
  /** Spellings that no enum of a column accepts, with their counts, so that they can be mapped once. */
  readonly unknownValues: readonly { readonly column: string; readonly value: string; readonly count: number }[];
  readonly notes: readonly Note[];
  readonly firstDay: string | null;
  readonly lastDay: string | null;
}

export interface IssueCount {
  readonly rule: string;
  readonly level: 'error' | 'warning';
  /** null: the row as a whole is meant. */
  readonly column: string | null;
  readonly header: string | null;
  readonly count: number;
  /** The first value of the file that broke the rule, masked where personal; null: they are all empty. */
  readonly example: string | null;
}

export interface MatchedColumn {
  readonly header: string;
  /** Position in the file, from 0. */
  readonly position: number;
  /** null: dropped before storage. */
  readonly column: string | null;
  readonly by: 'id' | 'zh' | 'en' | 'alias' | 'mapping' | null;
}

export interface CheckCounts {
  /** Rows with at least one filled cell, totals rows not counted. */
  readonly read: number;
  readonly accepted: number;
  readonly refused: number;
  /** Rows replaced by a later row of the same file with the same key. read = accepted + refused + duplicates. */
  readonly duplicates: number;
  /** Accepted rows with at least one warning. */
  readonly warned: number;
  readonly blankRows: number;
  readonly totalRows: number;
}

/** Something the report says about the file as a whole: a code with parameters; wording lives in the message catalogue. */
export interface Note {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}

/** The file is refused whole. `code` is for programs, `params` fill the sentence. */
export interface Refusal {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number | readonly string[]>>;
}
