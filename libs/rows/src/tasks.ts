/**
 * What the row process can be asked to do. Each task is one message to a child process with a memory limit; files are
 * absolute paths on the local disk, results are small enough for a message.
 */
import type { CompanionValue, Fact, Period, CityData } from '@hotline/scoring';

export const datasetIds = [
  'calls',
  'call_metrics_daily',
  'work_orders',
  'callbacks',
  'online_sessions',
  'mystery_calls',
  'mystery_chats',
  'survey_responses',
  'channels',
  'city_profile',
] as const;
export type DatasetId = (typeof datasetIds)[number];

export type Encoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be';
export type Delimiter = ',' | ';' | '\t' | '|';

/** How a file fills the columns of a dataset, where that cannot be told from its headers. Remembered as a layout. */
export interface FileMapping {
  readonly encoding?: Encoding;
  readonly delimiter?: Delimiter;
  readonly sheet?: string;
  /** Row of the file (1 = first) that holds the headers. */
  readonly headerRow?: number;
  /** Canonical column id to its source. A column that is not named here is still found by its own headers. */
  readonly columns: Readonly<Record<string, ColumnMapping>>;
}

/** How files with certain headers are read: given once, used by itself for every later file that has them. */
export interface FileLayout {
  readonly id: string;
  readonly dataset: DatasetId;
  /** Filled headers of the file it was given for; null: no file was read with it yet. */
  readonly headers: readonly string[] | null;
  readonly mapping: FileMapping;
}

export interface ColumnMapping {
  /** Headers of the file: one; or a date and a time of day to be joined; none = the file does not hold this column. */
  readonly from: readonly string[];
  /** What every row holds where `from` names no header: a code or spelling that the column accepts. */
  readonly constant?: string;
  /** Values of the file that mean "empty", besides the usual ones. If one part of a joined column is empty, all of it is. */
  readonly emptyMarkers?: readonly string[];
  /** Order of slash dates that begin with a 1–2 digit number. */
  readonly dateOrder?: 'mdy' | 'dmy';
  /** The first rule that applies translates the value; the rest go through as they are. */
  readonly values?: readonly ValueRule[];
  /** Plain numbers are multiplied by this: 60 for minutes, 10000 for 万. */
  readonly factor?: number;
  /** The questionnaire numbers 1 as best. */
  readonly oneIsBest?: boolean;
  /** Yes means no (是否联系失败). */
  readonly inverted?: boolean;
}

export interface ValueRule {
  readonly value: string;
  /** Code or spelling that the column accepts; null = empty. */
  readonly to: string | null;
  /** Only where another column of the file (by its header) is empty or filled, empty markers of this mapping included. */
  readonly when?: { readonly header: string; readonly is: 'empty' | 'filled' };
}

/** Parquet file of rows of one month (of the dataset's period column; `all` for city_profile). */
export interface MonthFile {
  readonly month: string;
  readonly file: string;
  readonly rows: number;
  /** The month is closed: only the keys are left, as an earlier import holds rows of theirs elsewhere. */
  readonly keysOnly?: true;
}

export interface Segment extends MonthFile {
  readonly dataset: DatasetId;
}

/** What a file held when it was written. */
export interface FilePrint {
  readonly file: string;
  /** SHA-256 of its bytes, hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

export interface CheckTask {
  readonly kind: 'check';
  readonly file: string;
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
  /** Parquet: row (see `row-place.ts`), column, header, value (masked where personal), rule, level. Complete. */
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

/** Reads the first rows of an upload, so that a person can say how all of it is to be read. Nothing is stored. */
export interface LookTask {
  readonly kind: 'look';
  readonly file: string;
  readonly fileName: string;
  readonly dataset?: DatasetId;
  readonly mapping?: FileMapping;
  readonly layouts?: readonly FileLayout[];
}
export interface LookResult {
  readonly type: 'csv' | 'xlsx';
  readonly encoding: Encoding | null;
  readonly delimiter: Delimiter | null;
  readonly sheet: string | null;
  /** Of a workbook, in the order in which they are looked at. */
  readonly sheets: readonly SheetSize[];
  /** Row of the headers, from 1; where none was recognised, the one that looks most like it. */
  readonly headerRow: number;
  /** null: the headers do not tell, and nobody said. */
  readonly dataset: DatasetId | null;
  readonly layoutId: string | null;
  /** Texts of the header row in order, blank ones included. */
  readonly headers: readonly string[];
  readonly columns: readonly MatchedColumn[];
  /** Required columns that nothing feeds. */
  readonly missing: readonly string[];
  /** The first five rows with content under the headers, as they stand; what may be personal is hidden. */
  readonly rows: readonly { readonly row: number; readonly cells: readonly string[] }[];
  readonly proposals: readonly ColumnProposal[];
  /** Spellings among the first rows that no enumeration accepts; of proposed columns too. */
  readonly unknownValues: readonly { readonly column: string; readonly value: string; readonly count: number }[];
  /** Why the file cannot be read beyond what is shown; null: no reason was seen so far. */
  readonly refusal: Refusal | null;
}
export interface SheetSize {
  readonly name: string;
  /** Rows and columns that hold anything. */
  readonly rows: number;
  readonly columns: number;
  /** False: it goes on behind what was counted. */
  readonly complete: boolean;
}
export interface ColumnProposal {
  readonly column: string;
  readonly mapping: ColumnMapping;
  /** 0 to 1. */
  readonly confidence: number;
  readonly reasons: readonly ProposalReason[];
  /** Headers that are about as likely. */
  readonly alternatives: readonly string[];
}
/** A code of data/proposals.json with what fills its sentence. */
export interface ProposalReason {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number | readonly string[]>>;
}

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

export interface MergeResult {
  /** null: no row is left. May be the month file of an import itself where no merge was needed. */
  readonly segment: (Segment & { readonly sha256: string; readonly bytes: number }) | null;
}

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

/** Daily facts of the rows of some months of a dataset. */
export interface FactsTask {
  readonly kind: 'facts';
  /** Version of the method whose expressions are compiled. */
  readonly methodology: string;
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

/** Other (dataset, month) pairs whose facts change when segments of these months change. */
export interface DependentsTask {
  readonly kind: 'dependents';
  readonly methodology: string;
  readonly dataset: DatasetId;
  readonly months: readonly string[];
  readonly segments: readonly Segment[];
}

/** Everything of CityData that is read from rows: the small datasets, channels, profile, row companions. */
export interface SamplesTask {
  readonly kind: 'samples';
  readonly methodology: string;
  readonly period: Period;
  readonly segments: readonly Segment[];
}
export type SamplesResult = Pick<CityData, 'samples' | 'channels' | 'profile' | 'companions'>;

/** Reads files from end to end: those that are not, or no longer, what was written. */
export interface VerifyTask {
  readonly kind: 'verify';
  readonly files: readonly FilePrint[];
}

/** A page of stored rows or of issues, for people and reports. */
export interface ReadTask {
  readonly kind: 'read';
  readonly file: string;
  readonly offset: number;
  /** At most 10 000. */
  readonly limit: number;
  /** Column to exact value; columns are checked against the file. */
  readonly where: Readonly<Record<string, string>>;
  readonly orderBy?: string;
}
export interface ReadResult {
  readonly total: number;
  readonly rows: readonly Readonly<Record<string, CompanionValue>>[];
}

/** Every problem of a checked file, as a file for people. */
export interface ReportTask {
  readonly kind: 'report';
  readonly dataset: DatasetId;
  /** As the check gave them. */
  readonly issuesFile: string;
  readonly issueRowsFile: string | null;
  readonly columns: readonly MatchedColumn[];
  readonly sheets: readonly string[];
  /** `csv`: one line for each problem. `xlsx`: one row for each row with problems; it can be corrected and uploaded. */
  readonly format: 'csv' | 'xlsx';
  readonly language: 'zh-CN' | 'en';
  /** Sheet and header row (1 = first) where the saved mapping looks for the data, so that a corrected report is read alike. */
  readonly sheet: string | null;
  readonly headerRow: number;
  /** Path of the file to write. */
  readonly out: string;
}
export interface ReportResult {
  readonly bytes: number;
}

/** Stored rows as a CSV file that people and programs can read without this system. */
export interface ExportTask {
  readonly kind: 'export';
  readonly file: string;
  /** Path of the file to write. */
  readonly out: string;
}
export interface ExportResult {
  readonly rows: number;
}

export interface TaskResults {
  readonly check: CheckResult;
  readonly look: LookResult;
  readonly affected: readonly string[];
  readonly merge: MergeResult;
  readonly 'moved-keys': MovedKeysResult | null;
  readonly compare: CompareResult;
  readonly facts: readonly SegmentFact[];
  readonly dependents: readonly { readonly dataset: DatasetId; readonly month: string }[];
  readonly samples: SamplesResult;
  readonly verify: readonly string[];
  readonly read: ReadResult;
  readonly report: ReportResult;
  readonly export: ExportResult;
}
export type RowTask =
  | CheckTask
  | LookTask
  | MovedKeysTask
  | AffectedTask
  | MergeTask
  | CompareTask
  | FactsTask
  | DependentsTask
  | SamplesTask
  | VerifyTask
  | ReadTask
  | ReportTask
  | ExportTask;
