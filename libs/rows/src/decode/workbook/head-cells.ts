import type { CellText } from './cell-text.js';
import type { SharedStrings } from './shared-strings.js';
import type { CellSink } from './sheet-reader.js';

/** Keeps the first rows of a sheet as texts; rows that the sheet leaves out are empty. */
export class HeadCells implements CellSink {
  readonly rows: string[][] = [];
  /** True once a row behind the wanted ones was seen. */
  done = false;
  private cells: string[] = [];
  private column = 0;

  constructor(private readonly wanted: number) {}

  startRow(row: number): boolean {
    if (row > this.wanted) this.done = true;
    if (this.done) return false;
    while (this.rows.length < row - 1) this.rows.push([]);
    this.cells = [];
    this.rows.push(this.cells);
    return true;
  }

  startCell(column: number): boolean {
    while (this.cells.length < column) this.cells.push('');
    this.column = column;
    return true;
  }

  writeBytes(bytes: Buffer, from: number, to: number): void {
    this.cells[this.column] = bytes.toString('latin1', from, to);
  }

  writeText(text: CellText): void {
    this.cells[this.column] = text.toString();
  }

  writeShared(strings: SharedStrings, index: number): boolean {
    if (!(index < strings.count)) return false;
    // A text that is too long for a cell is refused where the rows are written; it is no header.
    this.cells[this.column] = strings.text(index) ?? '';
    return true;
  }

  endRow(): void {
    this.column = 0;
  }
}

/** For a sheet of which only the merged ranges are wanted. */
export const noCells: CellSink = {
  startRow: () => false,
  startCell: () => false,
  writeBytes: () => undefined,
  writeText: () => undefined,
  writeShared: () => true,
  endRow: () => undefined,
};
