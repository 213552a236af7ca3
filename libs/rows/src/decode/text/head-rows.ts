import type { Delimiter } from '../../tasks.js';
import type { DecodeLimits } from '../limits.js';

const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;

export interface Row {
  readonly cells: readonly string[];
  /** Offset of the first byte after the row and its line end. */
  readonly end: number;
}

/** Why the rows end before they should: the offset of the row that cannot be read to its end. */
export interface BrokenRow {
  readonly at: number;
  readonly reason: 'open_quote' | 'record_too_long' | 'too_many_columns';
}

/** The first rows of a text under one delimiter. Takes more text until it has enough rows. */
export class HeadRows {
  readonly rows: Row[] = [];
  broken: BrokenRow | null = null;
  private next = 0;

  constructor(
    readonly delimiter: Delimiter,
    private readonly wanted: number,
    private readonly limits: DecodeLimits,
  ) {}

  /** True: no more text is needed. `text` is the whole text so far. */
  read(text: Buffer, atEnd: boolean): boolean {
    while (this.rows.length < this.wanted && this.broken === null) {
      if (this.next >= text.length) return atEnd;
      const row = readRow(text, this.next, this.delimiter, atEnd, this.limits);
      if (row === 'incomplete') return false;
      if ('reason' in row) {
        this.broken = row;
      } else {
        this.rows.push(row);
        this.next = row.end;
      }
    }
    return true;
  }
}

/**
 * One row of delimited text. A quote opens a quoted cell only as the first character of the cell; inside, a doubled quote
 * is a quote; after the closing quote, the rest of the cell is taken as it stands. LF, CR and CRLF end a row.
 */
export function readRow(
  text: Buffer,
  start: number,
  delimiter: Delimiter,
  atEnd: boolean,
  limits: DecodeLimits,
): Row | BrokenRow | 'incomplete' {
  const separator = delimiter.charCodeAt(0);
  const cells: string[] = [];
  let at = start;
  for (;;) {
    let cell = '';
    if (text[at] === quote) {
      const parts: string[] = [];
      for (;;) {
        const close = text.indexOf(quote, at + 1);
        if (close === -1 || close - start > limits.recordBytes) {
          const tooLong = text.length - start > limits.recordBytes;
          return atEnd || tooLong ? { at: start, reason: 'open_quote' } : 'incomplete';
        }
        if (close + 1 >= text.length && !atEnd) return 'incomplete';
        parts.push(text.toString('utf8', at + 1, close));
        at = close + 1;
        if (text[at] !== quote) break;
      }
      cell = parts.join('"');
    }
    const from = at;
    while (at < text.length && text[at] !== separator && text[at] !== lineFeed && text[at] !== carriageReturn) at += 1;
    if (at - start > limits.recordBytes) return { at: start, reason: 'record_too_long' };
    // A line end at the very end may be the first half of CRLF.
    if (!atEnd && (at >= text.length || (text[at] === carriageReturn && at + 1 >= text.length))) return 'incomplete';
    cells.push(cell + text.toString('utf8', from, at));
    if (cells.length > limits.columns) return { at: start, reason: 'too_many_columns' };
    if (text[at] !== separator) break;
    at += 1;
  }
  if (text[at] === carriageReturn && text[at + 1] === lineFeed) at += 1;
  return { cells, end: Math.min(at + 1, text.length) };
}
