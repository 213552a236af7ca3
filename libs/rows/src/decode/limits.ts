/** What an upload may cost before it is refused. Formats' own limits (Excel) and ours; tests lower them. */
export interface DecodeLimits {
  /** Bytes of one row of a text file, so that an open quote cannot swallow the file. */
  readonly recordBytes: number;
  readonly columns: number;
  /** Rows of a sheet, header included. */
  readonly sheetRows: number;
  /** UTF-16 units of one workbook cell. */
  readonly cellChars: number;
  readonly zipEntries: number;
  /** Inflated bytes of all parts of a workbook that are read. */
  readonly inflatedBytes: number;
  /** Inflated ÷ compressed bytes of one part, looked at once the part has more than `ratioFromBytes`. */
  readonly inflationRatio: number;
  readonly ratioFromBytes: number;
  /** Memory that the shared texts of a workbook may take. */
  readonly sharedStringBytes: number;
  /** Inflated bytes of workbook.xml, styles and relations, each. */
  readonly smallPartBytes: number;
  readonly mergedRanges: number;
  /** Decoded bytes may be this many times the bytes they came from, once they are more than `outputFromBytes`. */
  readonly outputRatio: number;
  readonly outputFromBytes: number;
}

const mebibyte = 1024 * 1024;

export const defaultLimits: DecodeLimits = {
  recordBytes: mebibyte,
  columns: 16_384,
  sheetRows: 1_048_576,
  cellChars: 32_767,
  zipEntries: 200,
  inflatedBytes: 2048 * mebibyte,
  inflationRatio: 200,
  ratioFromBytes: 10 * mebibyte,
  sharedStringBytes: 256 * mebibyte,
  smallPartBytes: 16 * mebibyte,
  mergedRanges: 200_000,
  outputRatio: 10,
  outputFromBytes: 64 * mebibyte,
};

/** Rows among which the header row is looked for. */
export const headerSearchRows = 20;
/** A header row chosen by the user may lie deeper, but not so deep that the head of the file no longer fits in memory. */
export const deepestHeaderRow = 1000;
