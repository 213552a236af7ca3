import { open, type FileHandle } from 'node:fs/promises';
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

  /** Whether it has a row from `first` on and before `end`. */
  hasBetween(first: number, end: number): boolean {
    for (let row = first; row < end; row += 1) if (this.has(row)) return true;
    return false;
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

/** Where a line begins, and its file row. */
interface LineMark {
  readonly row: number;
  readonly offset: number;
}

const linesBetweenMarks = 256;

/**
 * Picks lines of a regular file by their file rows. A line of it is one record, so nothing has to be parsed: a few lines
 * of a large file are found in the time it takes to read it, and the next ones in next to none, because the first time
 * tells where some lines begin.
 */
export class LinePicker {
  private marks: readonly LineMark[] | null = null;

  constructor(
    private readonly file: RegularFile,
    private readonly firstDataRow: number,
  ) {}

  /** Writes the lines, each with its row number as first field, into a file of the same delimiter. */
  async pick(rows: RowSet, target: string): Promise<RegularFile> {
    const source = await open(this.file.path, 'r');
    const written = await open(target, 'w', 0o600);
    try {
      if (this.marks === null)
        this.marks = await this.pickFrom(source, { row: this.firstDataRow, offset: 0 }, null, rows, written);
      else
        for (const [index, mark] of this.marks.entries()) {
          const next = this.marks[index + 1] ?? null;
          if (next === null || rows.hasBetween(mark.row, next.row))
            await this.pickFrom(source, mark, next, rows, written);
        }
    } finally {
      await source.close();
      await written.close();
    }
    return { ...this.file, path: target, rowNumbers: true };
  }

  /** Picks between two marks; null: to the end. */
  private async pickFrom(
    source: FileHandle,
    { row: firstRow, offset }: LineMark,
    end: LineMark | null,
    rows: RowSet,
    written: FileHandle,
  ): Promise<readonly LineMark[]> {
    const { delimiter, rowNumbers } = this.file;
    const separator = delimiter.charCodeAt(0);
    const marks: LineMark[] = [];
    const picked: Buffer[] = [];
    let row = firstRow;
    let count = 0;
    // A buffer is made of a line only where it is wanted: making one of each takes longer than finding where they end.
    const take = (lines: Buffer, from: number, to: number, base: number): void => {
      if (rowNumbers) {
        const digits = Math.min(lines.indexOf(separator, from), from + 16);
        row = Number.parseInt(lines.toString('latin1', from, digits), 10);
      }
      if (count % linesBetweenMarks === 0) marks.push({ row, offset: base + from });
      if (rows.has(row)) {
        if (!rowNumbers) picked.push(Buffer.from(`${row}${delimiter}`));
        picked.push(Buffer.from(lines.subarray(from, to)), newLine);
      }
      row += 1;
      count += 1;
    };
    let buffer = Buffer.allocUnsafe(Math.min(chunkBytes, (end?.offset ?? Infinity) - offset));
    let held = 0;
    let at = offset;
    for (;;) {
      const wanted = Math.min(buffer.length - held, (end?.offset ?? Infinity) - at - held);
      const bytesRead = wanted > 0 ? (await source.read(buffer, held, wanted, at + held)).bytesRead : 0;
      const filled = held + bytesRead;
      const lines = buffer.subarray(0, filled);
      let start = 0;
      for (let stop = lines.indexOf(lineFeed); stop >= 0; stop = lines.indexOf(lineFeed, start)) {
        take(lines, start, stop, at);
        start = stop + 1;
      }
      if (bytesRead === 0) {
        if (start < filled) take(lines, start, filled, at);
        break;
      }
      if (start === 0 && filled === buffer.length) buffer = Buffer.concat([buffer], 2 * buffer.length);
      else buffer.copyWithin(0, start, filled);
      held = filled - start;
      at += start;
      await written.write(Buffer.concat(picked.splice(0)));
    }
    await written.write(Buffer.concat(picked));
    return marks;
  }
}

const newLine = Buffer.from('\n');
