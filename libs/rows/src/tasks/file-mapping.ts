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
