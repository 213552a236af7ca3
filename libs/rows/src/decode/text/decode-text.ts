import { join } from 'node:path';
import { FileRefused } from '../../refused.js';
import type { Delimiter, Encoding, FileMapping } from '../../tasks.js';
import { bytesOf } from '../arriving-file.js';
import type { DecodedFile } from '../decoded-file.js';
import { chooseReading, deepestFixedRow } from '../header/choose-dataset.js';
import type { DecodeRequest, Reading } from '../header/choose-dataset.js';
import { headerSearchRows } from '../limits.js';
import type { DecodeLimits } from '../limits.js';
import { OutputFile } from '../output-file.js';
import { refuse } from '../refuse.js';
import { BodyRows } from './body-rows.js';
import { BrokenText } from './broken-text.js';
import { HeadRows } from './head-rows.js';
import { lineAt, Undecodable, utf8Pieces } from './utf8-pieces.js';

/** The head of a file is kept in memory; a header row behind more text than this is not found. */
const largestHead = 32 * 1024 * 1024;

export const delimiters: readonly Delimiter[] = [',', ';', '\t', '|'];

/** Decodes a delimited text. `mark`: encoding that the byte-order mark names; nothing else may be tried then. */
export async function decodeText(
  request: DecodeRequest,
  mark: Encoding | null,
  outDir: string,
  limits: DecodeLimits,
): Promise<DecodedFile> {
  const failures: Undecodable[] = [];
  let refused: FileRefused | null = null;
  for (const encoding of encodingsToTry(request, mark)) {
    try {
      return await decodeAs(encoding, request, outDir, limits);
    } catch (error) {
      if (error instanceof Undecodable) {
        failures.push(error);
      } else if (error instanceof FileRefused) {
        refused ??= error;
        // Text with NUL may be UTF-16, which a layout can say; any other text that decodes is what it is.
        if (error.refusal.code !== 'nul_bytes') break;
      } else {
        throw error;
      }
    }
  }
  if (refused) throw refused;
  const furthest = failures.reduce((best, failure) => (failure.offset > best.offset ? failure : best));
  return refuse('undecodable', {
    encoding: furthest.encoding,
    offset: furthest.offset,
    line: await lineAt(request, furthest.encoding, Infinity),
  });
}

/** A byte-order mark cannot be meant otherwise; then the user's choice; then UTF-8 and GB18030; last those of layouts. */
export function encodingsToTry(request: DecodeRequest, mark: Encoding | null): ReadonlySet<Encoding> {
  if (mark) return new Set([mark]);
  if (request.mapping?.encoding) return new Set([request.mapping.encoding]);
  const saved = (request.layouts ?? [])
    .filter(({ dataset }) => request.dataset === undefined || request.dataset === dataset)
    .flatMap(({ mapping }) => mapping.encoding ?? []);
  return new Set<Encoding>(['utf-8', 'gb18030', ...saved]);
}

async function decodeAs(
  encoding: Encoding,
  request: DecodeRequest,
  outDir: string,
  limits: DecodeLimits,
): Promise<DecodedFile> {
  const pieces = utf8Pieces(request, encoding);
  try {
    const wanted = Math.max(headerSearchRows, deepestFixedRow(request));
    const { text, heads } = await readHead(pieces, wanted, limits);
    const { reading, head } = readingOf(request, heads);
    const delimiter = head.delimiter;
    const body = head.rows[reading.headerRow]?.end ?? text.length;
    const csvFile = join(outDir, 'decoded.csv');
    const regular = await copyBody({
      pieces,
      text,
      body,
      delimiter,
      columns: reading.headers.length,
      csvFile,
      request,
      limits,
    });
    return {
      type: 'csv',
      encoding,
      sourceDelimiter: delimiter,
      sheet: null,
      sheets: [],
      csvFile,
      regular,
      delimiter,
      rowNumbers: false,
      headerRow: reading.headerRow + 1,
      firstDataRow: reading.headerRow + 2,
      dataset: reading.dataset,
      layoutId: reading.layoutId,
      mapping: reading.mapping,
      headers: reading.headers,
      columns: reading.columns,
      notes: reading.notes,
    };
  } catch (error) {
    if (!(error instanceof BrokenText)) throw error;
    const line = await lineAt(request, encoding, error.at);
    return refuse(error.reason, { line, bytes: limits.recordBytes });
  } finally {
    await pieces.return(undefined);
  }
}

interface Head {
  /** UTF-8 text from the start of the file, at least as far as the rows reach. */
  readonly text: Buffer;
  readonly heads: readonly HeadRows[];
}

/** The first `wanted` rows under each delimiter, as far as they go. */
export async function readHead(pieces: AsyncGenerator<Buffer>, wanted: number, limits: DecodeLimits): Promise<Head> {
  const heads = delimiters.map((delimiter) => new HeadRows(delimiter, wanted, limits));
  let text: Buffer = Buffer.alloc(0);
  for (;;) {
    const step = await pieces.next();
    const done = step.done === true;
    if (!step.done) text = Buffer.concat([text, step.value]);
    const nul = text.indexOf(0);
    if (nul !== -1) throw new BrokenText('nul_bytes', nul);
    const enough = heads.map((head) => head.read(text, done));
    if (done || enough.every(Boolean) || text.length > largestHead) break;
  }
  if (text.every((byte) => byte <= 32)) refuse('file_empty');
  return { text, heads };
}

function readingOf(request: DecodeRequest, heads: readonly HeadRows[]): { reading: Reading; head: HeadRows } {
  const tables = heads.map(({ delimiter, rows }) => ({ name: delimiter, rows: rows.map(({ cells }) => cells) }));
  const tablesOf = (mapping: FileMapping | undefined): typeof tables =>
    mapping?.delimiter === undefined ? tables : tables.filter(({ name }) => name === mapping.delimiter);
  let reading: Reading;
  try {
    reading = chooseReading(request, tablesOf);
  } catch (error) {
    // Without a header row, a quote that is never closed explains more than the missing headers.
    const broken = heads.find((head) => head.broken !== null);
    if (broken && error instanceof FileRefused && isWithoutHeader(error)) refuseBroken(broken);
    throw error;
  }
  const head = heads.find(({ delimiter }) => delimiter === reading.table.name);
  if (!head) throw new Error(`no rows were read with delimiter ${reading.table.name}`);
  if (head.broken) refuseBroken(head);
  return { reading, head };
}

function isWithoutHeader({ refusal }: FileRefused): boolean {
  return ['header_not_found', 'dataset_not_recognised', 'header_row_absent'].includes(refusal.code);
}

function refuseBroken({ broken, rows }: HeadRows): never {
  if (broken === null) throw new Error('the rows are not broken');
  if (broken.reason !== 'too_many_columns') throw new BrokenText(broken.reason, broken.at);
  return refuse('too_many_columns', { row: rows.length + 1 });
}

/** @returns whether the copy is known to be regular, as `DecodedFile` says it */
async function copyBody(source: {
  readonly pieces: AsyncGenerator<Buffer>;
  readonly text: Buffer;
  /** Offset of the first data row in the text. */
  readonly body: number;
  readonly delimiter: Delimiter;
  readonly columns: number;
  readonly csvFile: string;
  readonly request: DecodeRequest;
  readonly limits: DecodeLimits;
}): Promise<boolean> {
  const size = await bytesOf(source.request);
  const output = new OutputFile(source.csvFile, source.limits, () => size);
  return output.filledBy(async () => {
    const rows = new BodyRows(source.delimiter, source.columns, source.body, source.limits, output);
    rows.push(source.text.subarray(source.body));
    let offset = source.text.length;
    for await (const piece of source.pieces) {
      const nul = piece.indexOf(0);
      if (nul !== -1) throw new BrokenText('nul_bytes', offset + nul);
      offset += piece.length;
      rows.push(piece);
    }
    rows.end();
    if (!rows.filled) refuse('file_without_rows');
    return rows.regular;
  });
}
