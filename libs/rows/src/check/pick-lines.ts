import { open } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { RegularFile } from './cell-source.js';
import { lineFeed } from './record-states.js';
import { chunkBytes } from './scan-records.js';

/** File rows, one bit each: a report may name every row of a large file. */
export class RowSet {
  private bits = new Uint8Array(1 << 16);

  add(row: number): void {
    const byte = row >> 3;
    if (byte >= this.bits.length) {
      const more = new Uint8Array(Math.max(byte + 1, 2 * this.bits.length));
      more.set(this.bits);
      this.bits = more;
    }
    this.bits[byte] = (this.bits[byte] ?? 0) | (1 << (row & 7));
  }

  has(row: number): boolean {
    return ((this.bits[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;
  }
}

/** The file rows that a relation names as `row`. */
export async function fileRows(connection: DuckDBConnection, relation: string): Promise<RowSet> {
  const rows = new RowSet();
  const result = await connection.stream(`SELECT DISTINCT CAST("row" AS DOUBLE) FROM ${relation}`);
  for await (const chunk of result) {
    for (const row of chunk.getColumnValues(0)) rows.add(Number(row));
  }
  return rows;
}

/**
 * Writes the lines of these file rows, each with its row number as first field, into a file of the same delimiter. A line
 * of a regular file is one record, so nothing has to be parsed: a few lines of a large file are found in the time it
 * takes to read it.
 */
export async function pickLines(
  file: RegularFile,
  firstDataRow: number,
  rows: RowSet,
  target: string,
): Promise<RegularFile> {
  const delimiter = file.delimiter.charCodeAt(0);
  const source = await open(file.path, 'r');
  const written = await open(target, 'w', 0o600);
  let buffer = Buffer.allocUnsafe(chunkBytes);
  let held = 0;
  let row = firstDataRow;
  const picked: Buffer[] = [];
  // A buffer is made of a line only where it is wanted: making one of each takes longer than finding where they end.
  const take = (lines: Buffer, start: number, end: number): void => {
    if (file.rowNumbers) {
      const digits = Math.min(lines.indexOf(delimiter, start), start + 16);
      row = Number.parseInt(lines.toString('latin1', start, digits), 10);
    }
    if (rows.has(row)) {
      if (!file.rowNumbers) picked.push(Buffer.from(`${row}${file.delimiter}`));
      picked.push(Buffer.from(lines.subarray(start, end)), newLine);
    }
    row += 1;
  };
  try {
    for (;;) {
      const { bytesRead } = await source.read(buffer, held, buffer.length - held, null);
      const filled = held + bytesRead;
      const lines = buffer.subarray(0, filled);
      let start = 0;
      for (let end = lines.indexOf(lineFeed); end >= 0; end = lines.indexOf(lineFeed, start)) {
        take(lines, start, end);
        start = end + 1;
      }
      if (bytesRead === 0) {
        if (start < filled) take(lines, start, filled);
        break;
      }
      if (start === 0 && filled === buffer.length) buffer = Buffer.concat([buffer], 2 * buffer.length);
      else buffer.copyWithin(0, start, filled);
      held = filled - start;
      await written.write(Buffer.concat(picked.splice(0)));
    }
    await written.write(Buffer.concat(picked));
  } finally {
    await source.close();
    await written.close();
  }
  return { ...file, path: target, rowNumbers: true };
}

const newLine = Buffer.from('\n');
