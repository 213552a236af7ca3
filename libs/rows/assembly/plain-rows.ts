// AssemblyScript: compiled to src/check/plain/plain-rows.wasm.ts by `npm run generate`. Reads the lines of a regular CSV
// file by short cuts into the pages of Parquet columns. A row is plain where every cell is spelled as a short cut knows
// it; of another nothing is promised but its place.
import {
  addColumn,
  addWord,
  emptyColumns,
  endColumns,
  filledOf,
  GROUP_BYTES,
  levelsOf,
  makeWords,
  openColumns,
  readRow,
  ROWS,
  setBit,
  tokenOf,
  valueBytes,
  valuesOf,
} from './columns';
import { isRow, LINE_BYTES, odd, openLines, readFields, rowNumber } from './lines';
import { clearKey, key, setKey } from './number-tokens';

export { addColumn, addWord, filledOf, levelsOf, makeWords, tokenOf, valueBytes, valuesOf };
export { clearKey, key, setKey };

/** Where a line begins is told of one in so many. */
const LINES_BETWEEN_MARKS: i32 = 64;

let rowNumbered: bool = false;
/** Rows of the group. */
export let rows: i32 = 0;
/** Rows of it that are not plain. */
export let others: i32 = 0;
/** No more lines go into it. */
export let full: bool = false;
/** Bytes of its lines. */
let bytes: i32 = 0;
/** A bit for each row: it is plain. */
export let plain: usize = 0;
/** The row number that each line tells, where it does. */
export let rowNumbers: usize = 0;
/** Rows of the group with the byte of the file at which their lines begin, as pairs of f64. */
export let marks: usize = 0;
export let marked: i32 = 0;
/** Rows before the group. */
let before: i32 = 0;

/** Takes memory that is never given back. */
export function allocate(size: i32): usize {
  return heap.alloc(size);
}

/**
 * Begins a file.
 * @param count cells of each line, without its number
 * @param between the byte between cells
 * @param numbered whether each line begins with its number
 */
export function open(count: i32, between: i32, numbered: bool): void {
  openLines(count, between, numbered);
  openColumns();
  rowNumbered = numbered;
  plain = heap.alloc(ROWS / 8);
  marks = heap.alloc((ROWS / LINES_BETWEEN_MARKS + 1) * 16);
  if (numbered) rowNumbers = heap.alloc(ROWS * 8);
}

export function beginGroup(): void {
  before += rows;
  rows = 0;
  others = 0;
  full = false;
  bytes = 0;
  marked = 0;
  memory.fill(plain, 0, ROWS / 8);
  emptyColumns();
}

/** Its pages are complete then. */
export function endGroup(): void {
  endColumns();
}

/**
 * Reads the lines of a piece until the group is full.
 * @param offset bytes of the file before the piece
 * @returns where the first line begins that was not read, whole or not
 */
export function readLines(begin: usize, end: usize, offset: f64): usize {
  let at = begin;
  while (!full) {
    const stop = readFields(at, end);
    if (stop === 0) return at;
    const length = <i32>(stop - at) + 1;
    if (bytes + length > GROUP_BYTES && rows > 0) {
      full = true;
      return at;
    }
    bytes += length;
    const short = !odd && length <= LINE_BYTES;
    addRow(at, stop, offset + <f64>(at - begin), short && isRow() && readRow(rows));
    at = stop + 1;
  }
  return at;
}

/** Counts a line as a row that is not plain: it does not end in the piece that it begins. */
export function passLine(begin: usize, end: usize, offset: f64): void {
  addRow(begin, end, offset, false);
}

function addRow(begin: usize, end: usize, offset: f64, isPlain: bool): void {
  if ((before + rows) % LINES_BETWEEN_MARKS === 0) {
    const mark = marks + ((<usize>marked) << 4);
    store<f64>(mark, <f64>rows);
    store<f64>(mark, offset, 8);
    marked += 1;
  }
  if (rowNumbered) store<i64>(rowNumbers + ((<usize>rows) << 3), rowNumber(begin, end));
  if (isPlain) setBit(plain, rows);
  else others += 1;
  rows += 1;
  full = rows === ROWS;
}
