import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
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
export interface LineMark {
  readonly row: number;
  readonly offset: number;
}

const linesBetweenMarks = 64;
const newLine = Buffer.from('\n');

/** Written a few megabytes at a time: every row of a file may be wanted. */
class PickedLines {
  private lines: Buffer[] = [];
  private bytes = 0;

  constructor(private readonly file: number) {}

  add(line: Buffer): void {
    this.lines.push(line);
    this.bytes += line.length;
    if (this.bytes >= chunkBytes) this.write();
  }

  write(): void {
    writeFileSync(this.file, Buffer.concat(this.lines));
    this.lines = [];
    this.bytes = 0;
  }
}

/**
 * Picks lines of a regular file by their file rows. A line of it is one record, so nothing has to be parsed: a few lines
 * of a large file are found in the time it takes to read it, and the next ones in next to none, because the first time
 * tells where some lines begin. Reads without waiting for events: a thousand short reads that wait take longer than
 * reading the whole file.
 */
export class LinePicker {
  private marks: readonly LineMark[] | null = null;

  constructor(
    private readonly file: RegularFile,
    private readonly firstDataRow: number,
  ) {}

  /** Where some lines begin, the first one of all among them. */
  learn(marks: readonly LineMark[]): void {
    this.marks = marks;
  }

  /** Writes the lines, each with its row number as first field, into a file of the same delimiter. */
  pick(rows: RowSet, target: string): RegularFile {
    const source = openSync(this.file.path, 'r');
    const written = openSync(target, 'w', 0o600);
    const picked = new PickedLines(written);
    try {
      const begin = { row: this.firstDataRow, offset: 0 };
      if (this.marks === null) this.marks = this.pickFrom(source, begin, null, rows, picked);
      else
        for (const [index, mark] of this.marks.entries()) {
          const next = this.marks[index + 1] ?? null;
          if (next === null || rows.hasBetween(mark.row, next.row)) this.pickFrom(source, mark, next, rows, picked);
        }
      picked.write();
    } finally {
      closeSync(source);
      closeSync(written);
    }
    return { ...this.file, path: target, rowNumbers: true };
  }

  /** Picks between two marks; null: to the end. */
  private pickFrom(
    source: number,
    { row: firstRow, offset }: LineMark,
    end: LineMark | null,
    rows: RowSet,
    picked: PickedLines,
  ): readonly LineMark[] {
    const { delimiter, rowNumbers } = this.file;
    const separator = delimiter.charCodeAt(0);
    const marks: LineMark[] = [];
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
        const number = rowNumbers ? '' : `${row}${delimiter}`;
        picked.add(Buffer.concat([Buffer.from(number), lines.subarray(from, to), newLine]));
      }
      row += 1;
      count += 1;
    };
    const length = end === null ? Infinity : end.offset - offset;
    let buffer = Buffer.allocUnsafe(Math.min(chunkBytes, length));
    let held = 0;
    let at = offset;
    for (;;) {
      const wanted = Math.min(buffer.length - held, offset + length - at - held);
      const bytesRead = wanted > 0 ? readSync(source, buffer, held, wanted, at + held) : 0;
      const filled = held + bytesRead;
      const lines = buffer.subarray(0, filled);
      let start = 0;
      for (let stop = lines.indexOf(lineFeed); stop >= 0; stop = lines.indexOf(lineFeed, start)) {
        take(lines, start, stop, at);
        start = stop + 1;
      }
      if (bytesRead === 0) {
        if (start < filled) take(lines, start, filled, at);
        return marks;
      }
      if (start === 0 && filled === buffer.length) buffer = Buffer.concat([buffer], 2 * buffer.length);
      else buffer.copyWithin(0, start, filled);
      held = filled - start;
      at += start;
    }
  }
}
