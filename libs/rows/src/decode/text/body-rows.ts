import type { Delimiter } from '../../tasks.js';
import type { DecodeLimits } from '../limits.js';
import type { OutputBuffer } from '../output-file.js';
import { afterQuotes, type AfterQuotes, type CellState } from './after-quotes.js';
import { BrokenText } from './broken-text.js';

const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;

/**
 * Copies the data rows of a text: every row ends in LF, and a row without any text becomes a row of empty cells, because
 * the reader of the copy takes no other line end and would not count blank lines. Cells stay as they are. A piece that
 * needs no such change is copied as a whole.
 */
export class BodyRows {
  /** True once a cell holds something but blanks. */
  filled = false;
  /** So far, what is copied are records of one line each, none of them blank, with their quotation marks in order. */
  regular = true;
  private state: CellState = 'cell-start';
  private rowIsBlank = true;
  private afterReturn = false;
  private rowStart: number;
  private quoteStart = 0;
  private readonly separator: number;
  private readonly blankRow: Buffer;

  constructor(
    delimiter: Delimiter,
    columns: number,
    /** Offset of the first data row in the UTF-8 text. */
    private offset: number,
    private readonly limits: DecodeLimits,
    private readonly output: OutputBuffer,
  ) {
    this.separator = delimiter.charCodeAt(0);
    this.blankRow = Buffer.from(delimiter.repeat(Math.max(0, columns - 1)));
    this.rowStart = offset;
  }

  push(piece: Buffer): void {
    if (piece.length === 0) return;
    if (!this.filled) this.filled = this.holdsText(piece);
    const returns = piece.includes(carriageReturn);
    const after = this.holdsBlankLine(piece, returns) ? null : this.after(piece);
    if (after === null) this.copyRows(piece);
    else {
      if (this.afterReturn || returns) this.copyWithLineFeeds(piece);
      else this.copyWhole(piece);
      this.state = after.state;
      if (after.opened !== null) this.quoteStart = this.offset + after.opened;
    }
    this.offset += piece.length;
    this.checkLength(this.offset);
  }

  end(): void {
    if (this.state === 'quoted') throw new BrokenText('open_quote', this.quoteStart);
    if (!this.rowIsBlank) this.output.append(Buffer.of(lineFeed));
  }

  private holdsText(piece: Buffer): boolean {
    for (const byte of piece) {
      const isBlank = byte <= 32 || byte === this.separator || byte === quote;
      if (!isBlank) return true;
    }
    return false;
  }

  private holdsBlankLine(piece: Buffer, returns: boolean): boolean {
    if (piece.includes('\n\n') || (returns && (piece.includes('\n\r') || piece.includes('\r\r')))) return true;
    const first = this.afterReturn && piece[0] === lineFeed ? piece[1] : piece[0];
    return this.rowIsBlank && (first === lineFeed || first === carriageReturn || first === undefined);
  }

  /** Where the piece ends, when only its line ends may have to change; null: it is to be copied byte by byte. */
  private after(piece: Buffer): AfterQuotes | null {
    const unquoted = this.state !== 'quoted' && this.state !== 'closed' && !piece.includes(quote);
    if (!unquoted) return afterQuotes(piece, this.separator, this.state);
    const last = piece[piece.length - 1];
    const ended = last === this.separator || last === lineFeed || last === carriageReturn;
    return { state: ended ? 'cell-start' : 'plain', opened: null };
  }

  private copyWhole(piece: Buffer): void {
    this.output.append(piece);
    this.placeRows(piece, false);
  }

  private copyWithLineFeeds(piece: Buffer): void {
    const { output } = this;
    output.reserve(piece.length);
    let to = output.length;
    let from = to;
    const end = to + piece.copy(output.bytes, to, this.afterReturn && piece[0] === lineFeed ? 1 : 0);
    // Lines are moved within the copy: going through the bytes one by one takes four times as long.
    const bytes = output.bytes.subarray(0, end);
    for (let at = bytes.indexOf(carriageReturn, from); at >= 0; at = bytes.indexOf(carriageReturn, from)) {
      bytes.copyWithin(to, from, at);
      to += at - from;
      bytes[to++] = lineFeed;
      from = bytes[at + 1] === lineFeed ? at + 2 : at + 1;
    }
    bytes.copyWithin(to, from, end);
    output.length = to + end - from;
    this.afterReturn = piece[piece.length - 1] === carriageReturn;
    this.placeRows(piece, true);
  }

  private placeRows(piece: Buffer, returns: boolean): void {
    // A search that finds nothing reads the whole piece.
    const ends = (returns ? [lineFeed, carriageReturn] : [lineFeed]).filter((end) => piece.includes(end));
    if (ends.length > 0) {
      // No cell is open where a row ends.
      this.state = 'cell-start';
      this.checkLength(this.offset + Math.min(...ends.map((end) => piece.indexOf(end))));
      this.rowStart = this.offset + Math.max(...ends.map((end) => piece.lastIndexOf(end))) + 1;
    }
    this.rowIsBlank = this.rowStart === this.offset + piece.length;
  }

  private copyRows(piece: Buffer): void {
    this.regular = false;
    const { output, separator } = this;
    output.reserve(piece.length + 1);
    let { bytes } = output;
    let to = output.length;
    let { state, rowIsBlank, afterReturn } = this;
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at] as number;
      if (state === 'quoted') {
        bytes[to++] = byte;
        if (byte === quote) state = 'closed';
        continue;
      }
      if (state === 'closed') {
        if (byte === quote) {
          bytes[to++] = byte;
          state = 'quoted';
          continue;
        }
        state = 'plain';
      }
      if (byte === lineFeed || byte === carriageReturn) {
        if (byte === lineFeed && afterReturn) {
          afterReturn = false;
          this.rowStart = this.offset + at + 1;
          continue;
        }
        if (rowIsBlank) {
          output.length = to;
          output.reserve(this.blankRow.length + piece.length - at + 1);
          bytes = output.bytes;
          to = output.length;
          to += this.blankRow.copy(bytes, to);
        }
        bytes[to++] = lineFeed;
        this.checkLength(this.offset + at);
        this.rowStart = this.offset + at + 1;
        afterReturn = byte === carriageReturn;
        rowIsBlank = true;
        state = 'cell-start';
        continue;
      }
      bytes[to++] = byte;
      afterReturn = false;
      rowIsBlank = false;
      if (byte === separator) {
        state = 'cell-start';
      } else if (byte === quote && state === 'cell-start') {
        state = 'quoted';
        this.quoteStart = this.offset + at;
      } else {
        state = 'plain';
      }
    }
    output.length = to;
    [this.state, this.rowIsBlank, this.afterReturn] = [state, rowIsBlank, afterReturn];
  }

  private checkLength(until: number): void {
    if (until - this.rowStart <= this.limits.recordBytes) return;
    if (this.state === 'quoted') throw new BrokenText('open_quote', this.quoteStart);
    throw new BrokenText('record_too_long', this.rowStart);
  }
}
