import { open } from 'node:fs/promises';
import type { DatasetId } from '@hotline/rows';
import iconv from 'iconv-lite';
import type { Row } from './city-plan.js';
import { textColumns } from './cell-texts.js';
import type { Wording } from './cell-texts.js';

export interface CsvOptions {
  readonly headers: Wording;
  readonly encoding: 'utf-8' | 'utf-8-bom' | 'gb18030' | 'utf-16le';
  readonly delimiter?: ',' | ';' | '\t' | '|';
  /** Some columns only, in this order; default: all of the dictionary. */
  readonly columns?: readonly string[];
  /** Default `\n`; exports from Windows end lines with `\r\n`. */
  readonly newline?: '\n' | '\r\n';
}

export interface WrittenFile {
  readonly path: string;
  /** Data rows, blank ones included. */
  readonly rows: number;
  readonly bytes: number;
}

/** Columns of the call log that make about 115 bytes a row, the size of a common export. */
export const leanCallColumns: readonly string[] = [
  'call_id',
  'started_at',
  'agent_requested_at',
  'answered_at',
  'ended_at',
  'result',
  'satisfaction',
  'caller_hash',
  'agent_hash',
];

/** Written in pieces of this many characters, so that memory does not grow with the file. */
const piece = 1 << 19;

/** Writes rows as CSV (RFC 4180). UTF-16 begins with a byte-order mark, as spreadsheet programs write it. */
export async function writeCsv(
  path: string,
  dataset: DatasetId,
  rows: Iterable<Row>,
  options: CsvOptions,
): Promise<WrittenFile> {
  const columns = textColumns(dataset, options.headers, options.columns);
  const delimiter = options.delimiter ?? ',';
  const newline = options.newline ?? '\n';
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const field = (text: string): string =>
    text.includes(delimiter) || text.includes('"') || text.includes('\n') || text.includes('\r') ? quoted(text) : text;
  const encode = encoderOf(options.encoding);

  const file = await open(path, 'w');
  try {
    let pending = columns.map(({ header }) => field(header)).join(delimiter) + newline;
    if (options.encoding === 'utf-8-bom' || options.encoding === 'utf-16le') pending = `\ufeff${pending}`;
    let bytes = 0;
    let count = 0;
    const flush = async (): Promise<void> => {
      const { bytesWritten } = await file.write(encode(pending));
      bytes += bytesWritten;
      pending = '';
    };
    for (const row of rows) {
      let line = '';
      for (let index = 0; index < columns.length; index++) {
        const column = columns[index];
        if (column === undefined) break;
        const text = field(column.textOf(row[column.id]));
        line = index === 0 ? text : line + delimiter + text;
      }
      pending += line + newline;
      count++;
      if (pending.length >= piece) await flush();
    }
    await flush();
    return { path, rows: count, bytes };
  } finally {
    await file.close();
  }
}

function encoderOf(encoding: CsvOptions['encoding']): (text: string) => Buffer {
  switch (encoding) {
    case 'utf-8':
    case 'utf-8-bom':
      return (text) => Buffer.from(text, 'utf8');
    case 'utf-16le':
      return (text) => Buffer.from(text, 'utf16le');
    case 'gb18030':
      return (text) => iconv.encode(text, 'gb18030');
  }
}
