import { closeSync, openSync, readSync } from 'node:fs';
import { lineFeed } from '../record-states.js';
import type { PlainColumn } from './plain-columns.js';
import { PlainReader, type LineForm } from './plain-reader.js';

const pieceBytes = 1 << 20;

/** What is the same for all lines of a file. */
export interface LineTask extends LineForm {
  readonly path: string;
  readonly hashKey: string;
  readonly columns: readonly PlainColumn[];
}

/** Bytes of the file that begin with a line and end with one. */
export interface LineRange {
  readonly begin: number;
  readonly end: number;
}

/** Rows that were read, plain or not, as pages of columns. */
export interface PlainGroup {
  readonly rows: number;
  /** How many of them are not plain. */
  readonly others: number;
  /** A bit for each row: it is plain. */
  readonly plain: Uint8Array<ArrayBuffer>;
  /** The row numbers that the lines tell; null: they tell none. */
  readonly rowNumbers: BigInt64Array<ArrayBuffer> | null;
  /** Lines of which it is known where they begin: places among the rows, and bytes of the file, by turns. */
  readonly marks: Float64Array<ArrayBuffer>;
  /** Of each column. */
  readonly pages: readonly PlainPages[];
}

/** Values as `ColumnPages` has them, a bit for each row that has one, and how many have. */
export interface PlainPages {
  readonly values: Uint8Array<ArrayBuffer>;
  readonly levels: Uint8Array<ArrayBuffer>;
  readonly filled: number;
}

/** Reads ranges of a regular file, without waiting for events. */
export class LineReader {
  private readonly file: number;
  private readonly reader: PlainReader;

  constructor({ path, hashKey, columns, ...form }: LineTask) {
    this.file = openSync(path, 'r');
    this.reader = new PlainReader(hashKey, form, columns, pieceBytes);
  }

  close(): void {
    closeSync(this.file);
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
        groups.push(reader.takeGroup());
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
    if (reader.rows > 0) groups.push(reader.takeGroup());
    return groups;
  }
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
