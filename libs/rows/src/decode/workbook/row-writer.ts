import type { DecodeLimits } from '../limits.js';
import type { OutputBuffer } from '../output-file.js';
import { columnLetters } from '../../workbook/column-letters.js';
import { refuse } from '../refuse.js';
import type { CellText } from './cell-text.js';
import type { MergedCells } from './merged-ranges.js';
import type { SharedStrings } from './shared-strings.js';
import type { CellSink } from './sheet-reader.js';

const comma = 44;
const lineFeed = 10;

/** Writes the rows of a sheet as CSV: row number, then one field for each header; cells to the right of them are dropped. */
export class RowWriter implements CellSink {
  /** Rows written, and the last row of the sheet that was seen. */
  written = 0;
  lastRow = 0;
  private row = 0;
  private rowStart = 0;
  private column = 0;
  private filled = false;

  constructor(
    private readonly output: OutputBuffer,
    private readonly target: {
      readonly sheet: string;
      readonly width: number;
      /** Rows up to this one are not written. */
      readonly after: number;
      readonly merged: MergedCells | null;
      /** Added to the number of each row. */
      readonly rowsBefore: number;
    },
    private readonly limits: DecodeLimits,
  ) {}

  /** False: the row is not wanted. */
  startRow(row: number): boolean {
    this.row = row;
    this.lastRow = row;
    this.target.merged?.startRow(row);
    // A merged range may begin in a row that is not written.
    if (row <= this.target.after && !this.target.merged) return false;
    const { output } = this;
    // Room for a row of the greatest length and one more cell, so that no cell has to ask.
    output.reserve(this.limits.recordBytes + this.limits.cellChars * 8 + this.target.width + 16);
    this.rowStart = output.length;
    output.length += output.bytes.write(String(this.target.rowsBefore + row), output.length, 'latin1');
    this.column = 0;
    this.filled = false;
    return true;
  }

  /** Goes to the cell; false: it is not wanted. Cells come from left to right. */
  startCell(column: number): boolean {
    if (column >= this.target.width) return false;
    this.fillUpTo(column);
    const covered = this.target.merged?.covering(column) !== undefined;
    if (covered) return false;
    this.output.bytes[this.output.length++] = comma;
    this.column = column + 1;
    return true;
  }

  /** ASCII that needs no quotes. */
  writeBytes(bytes: Buffer, from: number, to: number): void {
    const { output } = this;
    const target = output.bytes;
    let out = output.length;
    for (let at = from; at < to; at += 1) target[out++] = bytes[at] as number;
    this.endCell(out, to > from);
  }

  writeText(text: CellText): void {
    if (text.isLongerThan(this.limits.cellChars)) this.refuseCell();
    this.endCell(text.writeField(this.output.bytes, this.output.length), !text.isBlank());
  }

  /** False: there is no such text. */
  writeShared(strings: SharedStrings, index: number): boolean {
    if (!(index < strings.count)) return false;
    const out = strings.copy(index, this.output.bytes, this.output.length);
    if (out === -1) this.refuseCell();
    this.endCell(out, !strings.isBlank(index));
    return true;
  }

  /** Rows without any filled cell are dropped. */
  endRow(): void {
    const { output } = this;
    this.fillUpTo(this.target.width);
    if (this.filled && this.row > this.target.after) {
      output.bytes[output.length++] = lineFeed;
      this.written += 1;
    } else {
      output.length = this.rowStart;
    }
  }

  private endCell(out: number, filled: boolean): void {
    const { output, target } = this;
    target.merged?.keep(this.column - 1, output.bytes.subarray(output.length, out));
    output.length = out;
    if (filled) this.filled = true;
    if (out - this.rowStart > this.limits.recordBytes) {
      refuse('row_too_long', { sheet: target.sheet, row: this.row, bytes: this.limits.recordBytes });
    }
  }

  /** Empty fields for cells that the sheet leaves out; cells under a merged range take its field. */
  private fillUpTo(column: number): void {
    const { bytes } = this.output;
    const { merged } = this.target;
    let out = this.output.length;
    for (; this.column < column; this.column += 1) {
      bytes[out++] = comma;
      const range = merged?.covering(this.column);
      const field = range && merged?.field(range);
      if (field) out += field.copy(bytes, out);
      if (out - this.rowStart > this.limits.recordBytes + this.target.width) {
        refuse('row_too_long', { sheet: this.target.sheet, row: this.row, bytes: this.limits.recordBytes });
      }
    }
    this.output.length = out;
  }

  private refuseCell(): never {
    return refuse('cell_too_long', {
      sheet: this.target.sheet,
      cell: `${columnLetters(this.column - 1)}${this.row}`,
      limit: this.limits.cellChars,
    });
  }
}
