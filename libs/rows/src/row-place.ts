/**
 * Rows are numbered through the file. In a workbook each further sheet begins where a full one before it would end, so
 * that one number tells sheet and row.
 */
export const rowsOfSheet = 1_048_576;

/** Where a person finds a row. */
export interface RowPlace {
  /** null where the file has one sheet, or none. */
  readonly sheet: string | null;
  /** From 1. */
  readonly row: number;
}

/** @param sheets the sheets that the rows were read from, in order; none of a text file */
export function rowPlace(fileRow: number, sheets: readonly string[]): RowPlace {
  if (sheets.length <= 1) return { sheet: null, row: fileRow };
  const index = Math.floor((fileRow - 1) / rowsOfSheet);
  return { sheet: sheets[index] ?? null, row: fileRow - index * rowsOfSheet };
}

/** As spreadsheets write it: `17`, or `2月!17` where there are several sheets. */
export function placeText(fileRow: number, sheets: readonly string[]): number | string {
  const { sheet, row } = rowPlace(fileRow, sheets);
  return sheet === null ? row : `${sheet}!${row}`;
}
