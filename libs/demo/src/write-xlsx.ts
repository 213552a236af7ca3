import { columnLetters, datasetSpec, serialOf, writeWorkbook } from '@hotline/rows';
import type { Cell, CellStyle, DatasetId } from '@hotline/rows';
import { textColumns } from './cell-texts.js';
import type { TextColumn, Wording } from './cell-texts.js';
import type { Row } from './city-plan.js';
import type { WrittenFile } from './write-csv.js';

export interface XlsxOptions {
  /** Default `zh`. */
  readonly headers?: Wording;
  readonly columns?: readonly string[];
  /** A merged title above the header row. */
  readonly titleRow?: boolean;
  /** Formatted rows without any value after the last one, as programs leave them behind; default 0. */
  readonly blankTail?: number;
  /** 0 stores the parts uncompressed: the same bytes from any zlib. Default 1. */
  readonly compressionLevel?: number;
}

/** Places in the list of styles. */
const style = { instant: 1, day: 2, title: 3 } as const;
const styles: readonly CellStyle[] = [{}, { format: 'instant' }, { format: 'day' }, { bold: true, size: 14 }];

/**
 * Writes rows as an .xlsx workbook with one sheet: text as inline strings, instants and days as styled serial numbers.
 * Streamed; memory does not grow with the number of rows.
 *
 * @throws where the rows do not fit one sheet.
 */
export async function writeXlsx(
  path: string,
  dataset: DatasetId,
  rows: Iterable<Row>,
  options: XlsxOptions = {},
): Promise<WrittenFile> {
  const columns = textColumns(dataset, options.headers ?? 'zh', options.columns);
  const name = datasetSpec(dataset).zh;
  const last = columnLetters(Math.max(0, columns.length - 1));
  let count = 0;
  const sheetRows = linesOf(name, columns, rows, options, () => (count += 1));
  const merged = options.titleRow ? { merged: [`A1:${last}1`] } : {};
  const bytes = await writeWorkbook(path, { styles, sheets: [{ name, rows: sheetRows, ...merged }] }, options);
  return { path, rows: count, bytes };
}

function* linesOf(
  title: string,
  columns: readonly TextColumn[],
  rows: Iterable<Row>,
  options: XlsxOptions,
  counted: () => void,
): Generator<readonly Cell[]> {
  if (options.titleRow) yield [{ value: `${title}明细表`, style: style.title }];
  yield columns.map(({ header }) => header);
  for (const row of rows) {
    yield columns.map((column) => cellOf(column, row[column.id]));
    counted();
  }
  for (let left = options.blankTail ?? 0; left > 0; left--)
    yield columns.map(() => ({ value: null, style: style.day }));
}

function cellOf(column: TextColumn, value: Row[string] | undefined): Cell {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'number') return value;
  if (typeof value === 'string') {
    if (column.type === 'datetime' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value))
      return { value: serialOf(value), style: style.instant };
    if (column.type === 'date' && /^\d{4}-\d\d-\d\d$/.test(value)) return { value: serialOf(value), style: style.day };
  }
  return column.textOf(value);
}
