import type { DecodeLimits } from '../limits.js';
import { refuse } from '../refuse.js';

/** Rows from 1, columns from 0, both ends included. */
export interface MergedRange {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** "A2:C5"; null for what is no range. */
export function parseRange(ref: string): MergedRange | null {
  const match = /^\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?([A-Z]{1,3})\$?([0-9]{1,7})$/.exec(ref);
  if (!match) return null;
  const [, left = '', top = '', right = '', bottom = ''] = match;
  return { top: Number(top), left: columnNumber(left), bottom: Number(bottom), right: columnNumber(right) };
}

function columnNumber(letters: string): number {
  let number = 0;
  for (const letter of letters) number = number * 26 + letter.charCodeAt(0) - 64;
  return number - 1;
}

/**
 * Every cell of a merged range reads as its top-left cell. Follows the rows downwards: `startRow` in ascending order, then
 * `covering` for each column, `keep` with the field written for a top-left cell.
 */
export class MergedCells {
  private readonly ranges: readonly MergedRange[];
  private readonly active: (MergedRange | undefined)[];
  private readonly fields = new Map<MergedRange, Buffer>();
  private next = 0;
  private row = 0;

  constructor(
    ranges: readonly MergedRange[],
    private readonly width: number,
    limits: DecodeLimits,
  ) {
    this.ranges = ranges.filter(({ left }) => left < width).sort((a, b) => a.top - b.top);
    const cells = this.ranges.reduce((sum, { left, right }) => sum + Math.min(right, width - 1) - left + 1, 0);
    // Ranges do not overlap in a sound sheet; those that do could ask for far more work than the sheet has cells.
    if (cells > limits.mergedRanges * 20) refuse('workbook_too_many_merges', { limit: limits.mergedRanges });
    this.active = new Array<MergedRange | undefined>(width).fill(undefined);
  }

  startRow(row: number): void {
    this.row = row;
    for (let range = this.ranges[this.next]; range && range.top <= row; range = this.ranges[this.next]) {
      for (let column = range.left; column <= Math.min(range.right, this.width - 1); column += 1) {
        const ended = this.active[column];
        if (ended) this.fields.delete(ended);
        this.active[column] = range;
      }
      this.next += 1;
    }
  }

  /** The range whose top-left cell is read in place of this one; undefined for a cell that stands for itself. */
  covering(column: number): MergedRange | undefined {
    const range = this.active[column];
    if (!range || range.bottom < this.row) return undefined;
    return range.left === column && range.top === this.row ? undefined : range;
  }

  keep(column: number, field: Buffer): void {
    const range = this.active[column];
    if (range && range.left === column && range.top === this.row) this.fields.set(range, Buffer.from(field));
  }

  field(range: MergedRange): Buffer | undefined {
    return this.fields.get(range);
  }
}

/**
 * The first rows with merged cells read as their top-left cell, downwards only: a header that is merged over two columns
 * names the first of them, as the same name for both would make the column ambiguous.
 */
export function spreadDown(
  rows: readonly (readonly string[])[],
  ranges: readonly MergedRange[],
): readonly (readonly string[])[] {
  const spread = rows.map((cells) => [...cells]);
  for (const { top, bottom, left } of ranges) {
    const text = spread[top - 1]?.[left];
    if (text === undefined || text === '') continue;
    for (let row = top + 1; row <= Math.min(bottom, spread.length); row += 1) {
      const cells = spread[row - 1];
      if (!cells) continue;
      while (cells.length < left) cells.push('');
      cells[left] = text;
    }
  }
  return spread;
}
