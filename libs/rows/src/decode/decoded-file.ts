import type { Delimiter, Encoding, FileMapping, FileReading, MatchedColumn, Note } from '../tasks.js';

/** An upload after decoding: strict UTF-8 text that DuckDB can read without guessing. */
export interface DecodedFile extends FileReading {
  readonly type: 'csv' | 'xlsx';
  readonly encoding: Encoding | null;
  /** Delimiter of the upload; null for a workbook. */
  readonly sourceDelimiter: Delimiter | null;
  readonly sheet: string | null;
  /** Sheets of which the rows were read, `sheet` first; more than one where others have the same headers. */
  readonly sheets: readonly string[];
  /**
   * Data rows only (no title, no header), UTF-8 without BOM, quote `"` doubled inside. Every row ends in LF; a blank line of
   * a text upload is a row of empty fields here, so that rows can be counted.
   */
  readonly csvFile: string;
  /** Known of csvFile: each record is one line, none is blank, quotation marks are in order, and there is no NUL. */
  readonly regular: boolean;
  /** Delimiter of csvFile. */
  readonly delimiter: Delimiter;
  /** True: the first field of each row of csvFile is its row number in the file (workbooks, see `row-place.ts`). False: row i of csvFile is file row firstDataRow + i. */
  readonly rowNumbers: boolean;
  readonly headerRow: number;
  readonly firstDataRow: number;
  /** What was said of this file, or what its layout says. */
  readonly mapping: FileMapping | undefined;
  /** Trimmed texts of the header row, numbers of persons masked, in order; blank ones included. A workbook row has as many fields in csvFile. */
  readonly headers: readonly string[];
  /** One entry per (header, column) pair; a header that feeds nothing has one with column null, a blank header none. */
  readonly columns: readonly MatchedColumn[];
  readonly notes: readonly Note[];
}
