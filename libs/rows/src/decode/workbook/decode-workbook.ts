import { join } from 'node:path';
import { maskTypedText } from '../../check/mask-personal.js';
import { FileRefused } from '../../refused.js';
import { rowsOfSheet } from '../../row-place.js';
import type { FileMapping, Note } from '../../tasks.js';
import type { DecodedFile } from '../decoded-file.js';
import { chooseReading, deepestFixedRow } from '../header/choose-dataset.js';
import type { DecodeRequest, Reading } from '../header/choose-dataset.js';
import { findHeader } from '../header/find-header.js';
import type { Table } from '../header/find-header.js';
import { headerSearchRows } from '../limits.js';
import type { DecodeLimits } from '../limits.js';
import { OutputFile } from '../output-file.js';
import { columnLetters } from '../../workbook/column-letters.js';
import { note, refuse } from '../refuse.js';
import { HeadCells, noCells } from './head-cells.js';
import { MergedCells, spreadDown } from './merged-ranges.js';
import type { MergedRange } from './merged-ranges.js';
import { readNumberKinds } from './number-formats.js';
import { RowWriter } from './row-writer.js';
import { readSharedStrings } from './shared-strings.js';
import { SheetReader } from './sheet-reader.js';
import type { CellSink, SheetSource } from './sheet-reader.js';
import { WorkbookParts } from './workbook-parts.js';
import { readWorkbook } from './workbook-sheets.js';

/** A sheet with its first rows. `ranges`: null until the whole sheet was read, as they stand behind its rows. */
export interface OpenSheet {
  readonly source: SheetSource;
  readonly hidden: boolean;
  readonly head: readonly (readonly string[])[];
  ranges: readonly MergedRange[] | null;
}

export async function decodeWorkbook(
  request: DecodeRequest,
  outDir: string,
  limits: DecodeLimits,
): Promise<DecodedFile> {
  const parts = await WorkbookParts.open(request.file, limits);
  try {
    const wanted = Math.max(headerSearchRows, deepestFixedRow(request));
    const sheets = await openSheets(parts, request, wanted, limits);
    return await decodeSheets({ parts, sheets, request, limits, csvFile: join(outDir, 'decoded.csv') });
  } finally {
    parts.close();
  }
}

interface Opened {
  readonly parts: WorkbookParts;
  readonly sheets: readonly OpenSheet[];
  readonly request: DecodeRequest;
  readonly limits: DecodeLimits;
  readonly csvFile: string;
}

/**
 * Merged ranges are known only after the rows. So the rows are written as if there were none, which is true of nearly
 * every export; where that was wrong, or where no header row was found without them, the sheet is read again.
 */
async function decodeSheets(opened: Opened): Promise<DecodedFile> {
  const { request, sheets } = opened;
  let reading: Reading;
  try {
    reading = chooseReading(request, tablesOf(sheets));
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    const isMerged = await readRanges(opened);
    if (!isMerged) throw error;
    reading = chooseReading(request, tablesOf(sheets));
  }
  let written = await writeRows(opened, sheetsToRead(opened, reading));
  if (written.some(({ mergesUsed, ranges, headerRow }) => !mergesUsed && reachBelow(ranges, headerRow))) {
    reading = chooseReading(request, tablesOf(sheets));
    written = await writeRows(opened, sheetsToRead(opened, reading));
  }
  if (written.every(({ rows }) => rows === 0)) refuse('file_without_rows');
  return {
    type: 'xlsx',
    encoding: null,
    sourceDelimiter: null,
    sheet: reading.table.name,
    sheets: written.map(({ sheet }) => sheet.source.name),
    csvFile: opened.csvFile,
    delimiter: ',',
    regular: false,
    rowNumbers: true,
    headerRow: reading.headerRow + 1,
    firstDataRow: reading.headerRow + 2,
    dataset: reading.dataset,
    layoutId: reading.layoutId,
    mapping: reading.mapping,
    headers: reading.headers,
    columns: reading.columns,
    notes: [...reading.notes, ...sheetNotes(opened, reading, written)],
  };
}

/** Every sheet with its first `wanted` rows. */
export async function openSheets(
  parts: WorkbookParts,
  request: DecodeRequest,
  wanted: number,
  limits: DecodeLimits,
): Promise<readonly OpenSheet[]> {
  const workbook = await readWorkbook(parts);
  const { stylesPart, from1904 } = workbook;
  const kinds = stylesPart === null ? [] : readNumberKinds(await parts.readSmall(stylesPart), stylesPart);
  const strings = await readSharedStrings(parts, workbook.stringsPart, limits);
  const sheets: OpenSheet[] = [];
  for (const { name, part, hidden } of workbook.sheets) {
    const source = { name, part, kinds, strings, from1904 };
    const head = new HeadCells(wanted);
    const ranges = await readSheet(parts, source, head, limits, () => head.done);
    sheets.push({ source, hidden, head: head.rows, ranges });
  }
  checkAskedSheet(request, sheets);
  if (sheets.every(({ head }) => head.every((cells) => cells.every((cell) => cell.trim() === '')))) {
    refuse('file_empty');
  }
  return sheets;
}

function checkAskedSheet({ mapping }: DecodeRequest, sheets: readonly OpenSheet[]): void {
  const names = sheets.map(({ source }) => source.name);
  if (mapping?.sheet === undefined || names.includes(mapping.sheet)) return;
  refuse('sheet_unknown', { sheet: mapping.sheet, sheets: names });
}

/** Merged ranges of the sheet; null when reading was stopped before the end. */
export async function readSheet(
  parts: WorkbookParts,
  source: SheetSource,
  sink: CellSink,
  limits: DecodeLimits,
  isEnough: () => boolean,
): Promise<readonly MergedRange[] | null> {
  const reader = new SheetReader(source, sink, limits);
  for await (const piece of parts.read(source.part)) {
    reader.push(piece);
    if (isEnough()) return null;
  }
  reader.finish();
  return reader.ranges;
}

function tablesOf(sheets: readonly OpenSheet[]): (mapping: FileMapping | undefined) => readonly Table[] {
  const tables = sheets.map(({ source, head, ranges }) => ({
    name: source.name,
    rows: spreadDown(head, ranges ?? []),
  }));
  return (mapping) => (mapping?.sheet === undefined ? tables : tables.filter(({ name }) => name === mapping.sheet));
}

/** True: there are merged ranges that the choice of the header row did not know of. */
async function readRanges({ parts, sheets, limits }: Opened): Promise<boolean> {
  let found = false;
  for (const sheet of sheets) {
    if (sheet.ranges !== null) continue;
    sheet.ranges = await readSheet(parts, sheet.source, noCells, limits, () => false);
    found ||= sheet.ranges !== null && sheet.ranges.length > 0;
  }
  return found;
}

/** A sheet of which the rows are wanted. */
interface WantedSheet {
  readonly sheet: OpenSheet;
  /** From 1. */
  readonly headerRow: number;
  readonly headers: readonly string[];
}

/**
 * The chosen sheet and, unless the mapping names one, those that go on with it: a sheet holds about a million rows, so
 * larger exports come in several sheets with the same headers. Of hidden sheets nobody knows; they go with hidden ones.
 */
function sheetsToRead({ sheets }: Opened, reading: Reading): readonly WantedSheet[] {
  const { dataset, headers, mapping } = reading;
  return tablesOf(sheets)(mapping).flatMap((table): WantedSheet[] => {
    const sheet = sheets.find(({ source }) => source.name === table.name);
    if (!sheet) return [];
    if (table.name === reading.table.name) return [{ sheet, headerRow: reading.headerRow + 1, headers }];
    const first = sheets.find(({ source }) => source.name === reading.table.name);
    const header = sheet.hidden === first?.hidden ? findHeader(dataset, mapping, [table]) : null;
    if (header === null || !sameHeaders(table.rows[header.row] ?? [], headers)) return [];
    return [{ sheet, headerRow: header.row + 1, headers }];
  });
}

/** Cell by cell; blank ones at the end do not matter. */
function sameHeaders(row: readonly string[], headers: readonly string[]): boolean {
  const own = row.map((cell) => maskTypedText(cell.trim()));
  return Array.from({ length: Math.max(own.length, headers.length) }).every(
    (_, at) => (own[at] ?? '') === (headers[at] ?? ''),
  );
}

interface Written extends WantedSheet {
  readonly rows: number;
  readonly lastRow: number;
  readonly ranges: readonly MergedRange[];
  readonly mergesUsed: boolean;
}

function reachBelow(ranges: readonly MergedRange[], headerRow: number): boolean {
  return ranges.some(({ bottom }) => bottom > headerRow);
}

async function writeRows(
  { parts, limits, csvFile }: Opened,
  wanted: readonly WantedSheet[],
): Promise<readonly Written[]> {
  const output = new OutputFile(csvFile, limits, () => parts.inflatedBytes());
  return output.filledBy(async () => {
    const written: Written[] = [];
    for (const { sheet, headerRow, headers } of wanted) {
      const width = headers.length;
      const mergesUsed = sheet.ranges !== null;
      const below = (sheet.ranges ?? []).filter(({ bottom }) => bottom > headerRow);
      const merged = below.length > 0 ? new MergedCells(below, width, limits) : null;
      const rowsBefore = written.length * rowsOfSheet;
      const target = { sheet: sheet.source.name, width, after: headerRow, merged, rowsBefore };
      const writer = new RowWriter(output, target, limits);
      const ranges = (await readSheet(parts, sheet.source, writer, limits, () => false)) ?? [];
      sheet.ranges = ranges;
      const { written: rows, lastRow } = writer;
      written.push({ sheet, headerRow, headers, rows, lastRow, ranges, mergesUsed });
    }
    return written;
  });
}

function sheetNotes({ sheets }: Opened, reading: Reading, written: readonly Written[]): readonly Note[] {
  const notes: Note[] = [];
  const names = written.map(({ sheet }) => sheet.source.name);
  if (names.length > 1) notes.push(note('sheets_joined', { sheets: names.join('、') }));
  const count = (of: (sheet: Written) => number) => written.reduce((sum, sheet) => sum + of(sheet), 0);
  const blank = count(({ lastRow, headerRow, rows }) => Math.max(0, lastRow - headerRow - rows));
  if (blank > 0) notes.push(note('blank_rows', { count: blank }));
  const mergedRows = count(({ ranges, headerRow }) => ranges.filter(({ bottom }) => bottom > headerRow).length);
  if (mergedRows > 0) notes.push(note('merged_cells', { count: mergedRows }));
  const first = written.find(({ sheet }) => sheet.source.name === reading.table.name);
  for (const { top, bottom, left, right } of first?.ranges ?? []) {
    const headerRow = reading.headerRow + 1;
    const header = reading.headers[left] ?? '';
    if (top > headerRow || bottom < headerRow || right === left || header === '') continue;
    notes.push(note('header_merged', { header, first: columnLetters(left), last: columnLetters(right) }));
  }
  const others = tablesOf(sheets)(undefined)
    .filter((table) => !names.includes(table.name))
    .filter((table) => table.rows.length > 0 && findHeader(reading.dataset, reading.mapping, [table]) !== null)
    .map(({ name }) => name);
  if (others.length > 0) {
    notes.push(note('other_sheets', { sheet: names.join('、'), others: others.join('、') }));
  }
  return notes;
}
