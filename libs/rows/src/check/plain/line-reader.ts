import { closeSync, openSync, readSync } from 'node:fs';
import { lineFeed } from '../record-states.js';
import { RowGroupWriter, type ColumnPages, type RowGroup, type SharedFile } from './row-groups.js';
import type { PlainColumn } from './plain-columns.js';
import { PlainReader, type LineForm } from './plain-reader.js';

const pieceBytes = 1 << 20;
const placeBytes = 2;

/** What is the same for all lines of a file. */
export interface LineTask extends LineForm {
  readonly path: string;
  readonly hashKey: string;
  readonly columns: readonly PlainColumn[];
  /** What is written: see `plainSchema`. */
  readonly target: SharedFile;
}

/** Bytes of the file that begin with a line and end with one. */
export interface LineRange {
  readonly begin: number;
  readonly end: number;
}

/** Rows that were read, plain or not, and written. */
export interface PlainGroup {
  readonly rows: number;
  /** How many of them are not plain. */
  readonly others: number;
  /** Some of their lines. */
  readonly marks: readonly GroupMark[];
  readonly written: RowGroup;
}

/** Where a line begins: its place among the rows of the group, and the byte of the file. */
export interface GroupMark {
  readonly place: number;
  /** Its row number, where the file tells it. */
  readonly row: number | null;
  readonly offset: number;
}

/** Reads ranges of a regular file by short cuts, and writes what it read, without waiting for events. */
export class LineReader {
  private readonly file: number;
  private readonly reader: PlainReader;
  private readonly writer: RowGroupWriter;
  private readonly columns: readonly PlainColumn[];

  constructor({ path, hashKey, columns, target, ...form }: LineTask) {
    this.columns = columns;
    this.reader = new PlainReader(hashKey, form, columns, pieceBytes);
    this.file = openSync(path, 'r');
    this.writer = new RowGroupWriter(target);
  }

  close(): void {
    this.reader.close();
    closeSync(this.file);
    this.writer.close();
  }

  read({ begin, end }: LineRange): readonly PlainGroup[] {
    const { file, reader } = this;
    const groups: PlainGroup[] = [];
    let offset = begin;
    let held = 0;
    for (;;) {
      const { piece } = reader;
      // One byte is kept for the end of a last line that has none.
      const wanted = Math.min(piece.length - 1 - held, end - offset - held);
      const got = wanted > 0 ? readSync(file, piece, held, wanted, offset + held) : 0;
      let filled = held + got;
      if (got === 0 && filled > 0) piece[filled++] = lineFeed;
      let done = 0;
      for (;;) {
        done += reader.readLines(done, filled, offset + done);
        if (!reader.isFull) break;
        groups.push(this.endGroup());
      }
      if (got === 0) break;
      if (done === 0 && filled === piece.length - 1) {
        reader.passLine(0, filled, offset);
        offset = afterLine(file, piece, offset);
        held = 0;
      } else {
        piece.copyWithin(0, done, filled);
        held = filled - done;
        offset += done;
      }
    }
    if (reader.rows > 0) groups.push(this.endGroup());
    return groups;
  }

  private endGroup(): PlainGroup {
    const { reader } = this;
    reader.endGroup();
    const { rows, others, marks, rowNumbers } = reader;
    const written = this.writer.write(rows, this.pages());
    const group = {
      rows,
      others,
      marks: marks.map(({ place, offset }) => ({
        place,
        row: rowNumbers ? Number(rowNumbers[place]) : null,
        offset,
      })),
      written,
    };
    reader.beginGroup();
    return group;
  }

  /** In the order of the schema. */
  private pages(): readonly ColumnPages[] {
    const { reader, columns } = this;
    const required = { levels: null, dictionary: null };
    const page = (index: number, dictionary: readonly string[] | null): ColumnPages => {
      const { values, levels, filled } = reader.pages(index);
      return { values: dictionary ? wholeEights(values, filled) : values, levels, dictionary };
    };
    const { plain, rowNumbers } = reader;
    const numbers = rowNumbers && new Uint8Array(rowNumbers.buffer, rowNumbers.byteOffset, rowNumbers.byteLength);
    return [
      { ...required, values: plain },
      ...(numbers ? [{ ...required, values: numbers }] : []),
      ...columns.map(({ codes }, index) => page(index, codes)),
      ...columns.flatMap(({ spelled }, index) => (spelled ? [page(index, spelled)] : [])),
    ];
  }
}

/** Places in a dictionary are packed in groups of eight; what stands behind the last one is never looked at. */
function wholeEights(values: Uint8Array, filled: number): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, Math.ceil(filled / 8) * 8 * placeBytes);
}

/**
 * Where the line after the one of a byte begins.
 * @param buffer room for reading
 */
export function afterLine(file: number, buffer: Uint8Array, offset: number): number {
  for (let at = offset; ;) {
    const got = readSync(file, buffer, 0, buffer.length, at);
    const end = buffer.subarray(0, got).indexOf(lineFeed);
    if (end >= 0) return at + end + 1;
    if (got === 0) return at;
    at += got;
  }
}
