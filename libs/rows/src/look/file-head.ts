import { FileRefused } from '../refused.js';
import { detectFileType } from '../decode/file-type.js';
import type { DecodeRequest } from '../decode/header/choose-dataset.js';
import type { Table } from '../decode/header/find-header.js';
import type { DecodeLimits } from '../decode/limits.js';
import { refuse } from '../decode/refuse.js';
import { BrokenText } from '../decode/text/broken-text.js';
import { delimiters, encodingsToTry, readHead } from '../decode/text/decode-text.js';
import { HeadRows } from '../decode/text/head-rows.js';
import { lineAt, Undecodable, utf8Pieces } from '../decode/text/utf8-pieces.js';
import { spreadDown } from '../decode/workbook/merged-ranges.js';
import { openSheets, readSheet, type OpenSheet } from '../decode/workbook/decode-workbook.js';
import type { CellSink } from '../decode/workbook/sheet-reader.js';
import { WorkbookParts } from '../decode/workbook/workbook-parts.js';
import type { Encoding, Refusal, SheetSize } from '../tasks.js';

/** The first rows of an upload under each way of reading it. */
export interface FileHead {
  readonly type: 'csv' | 'xlsx';
  readonly encoding: Encoding | null;
  /** One for each delimiter or sheet, which is its name. */
  readonly tables: readonly Table[];
  readonly sheets: readonly SheetSize[];
  /** Why it cannot be read further; null: no reason was seen. */
  readonly refusal: Refusal | null;
}

/** Rows of a sheet that are counted before somebody who waits is told that there are more. */
const mostCounted = 200_000;

/** @throws FileRefused where nothing of the file can be shown */
export async function readFileHead(request: DecodeRequest, rows: number, limits: DecodeLimits): Promise<FileHead> {
  const detected = await detectFileType(request.file);
  return detected.type === 'zip' ? workbookHead(request, rows, limits) : textHead(request, detected.mark, rows, limits);
}

async function textHead(
  request: DecodeRequest,
  mark: Encoding | null,
  rows: number,
  limits: DecodeLimits,
): Promise<FileHead> {
  let furthest: Undecodable | null = null;
  let broken: { readonly encoding: Encoding; readonly at: number } | null = null;
  for (const encoding of encodingsToTry(request, mark)) {
    const pieces = utf8Pieces(request, encoding);
    try {
      const { heads } = await readHead(pieces, rows, limits);
      return textTables(encoding, heads, null);
    } catch (error) {
      if (error instanceof Undecodable) furthest = furthest && furthest.offset >= error.offset ? furthest : error;
      else if (error instanceof BrokenText) broken = { encoding, at: error.at };
      else throw error;
    } finally {
      await pieces.return(undefined);
    }
  }
  if (broken) return refuse('nul_bytes', { line: await lineAt(request, broken.encoding, broken.at) });
  if (!furthest) throw new Error('no encoding was tried');
  const { encoding, offset, before } = furthest;
  const params = { encoding, offset, line: await lineAt(request, encoding, Infinity) };
  if (before.length === 0) return refuse('undecodable', params);
  const heads = delimiters.map((delimiter) => new HeadRows(delimiter, rows, limits));
  for (const head of heads) head.read(before, true);
  return textTables(encoding, heads, { code: 'undecodable', params });
}

function textTables(encoding: Encoding, heads: readonly HeadRows[], refusal: Refusal | null): FileHead {
  const tables = heads.map(({ delimiter, rows }) => ({ name: delimiter, rows: rows.map(({ cells }) => cells) }));
  return { type: 'csv', encoding, tables, sheets: [], refusal };
}

async function workbookHead(request: DecodeRequest, rows: number, limits: DecodeLimits): Promise<FileHead> {
  const parts = await WorkbookParts.open(request.file, limits);
  try {
    const sheets = await openSheets(parts, request, rows, limits);
    const sizes: SheetSize[] = [];
    let refusal: Refusal | null = null;
    const tables: Table[] = [];
    for (const sheet of sheets) {
      try {
        const { ranges, ...size } = await measureSheet(parts, sheet, limits);
        sizes.push({ name: sheet.source.name, ...size });
        tables.push({ name: sheet.source.name, rows: spreadDown(sheet.head, ranges) });
      } catch (error) {
        if (!(error instanceof FileRefused)) throw error;
        refusal ??= error.refusal;
        tables.push({ name: sheet.source.name, rows: sheet.head });
      }
    }
    return { type: 'xlsx', encoding: null, tables, sheets: sizes, refusal };
  } finally {
    parts.close();
  }
}

async function measureSheet(parts: WorkbookParts, { source }: OpenSheet, limits: DecodeLimits) {
  const counter = new SheetCounter();
  const isEnough = (): boolean => counter.rows >= mostCounted;
  const ranges = await readSheet(parts, source, counter, limits, isEnough);
  return { rows: counter.rows, columns: counter.columns, complete: ranges !== null, ranges: ranges ?? [] };
}

/** Counts rows and columns in which any cell is filled. */
class SheetCounter implements CellSink {
  rows = 0;
  columns = 0;
  private filled = false;

  startRow(): boolean {
    this.filled = false;
    return true;
  }

  startCell(column: number): boolean {
    this.filled = true;
    this.columns = Math.max(this.columns, column + 1);
    return false;
  }

  endRow(): void {
    if (this.filled) this.rows += 1;
  }

  writeBytes(): void {
    // No cell is wanted.
  }

  writeText(): void {
    // No cell is wanted.
  }

  writeShared(): boolean {
    return true;
  }
}
