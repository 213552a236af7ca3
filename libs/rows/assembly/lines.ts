// AssemblyScript, part of plain-rows.ts: where the cells of a line are.
import { isDigit } from './cells';

/** A longer line is not plain. */
export const LINE_BYTES: i32 = 256 * 1024;

const FIELD_BYTES: usize = 8;
const QUOTE: u8 = 0x22;
const LINE_FEED: u8 = 0x0a;

let fields: i32 = 0;
let delimiter: u8 = 0;
let rowNumbered: bool = false;
/** Begin and end of each cell of the line. */
let cells: usize = 0;

/**
 * Begins a file.
 * @param count cells of each line, without its number
 * @param between the byte between cells
 * @param numbered whether each line begins with its number
 */
export function openLines(count: i32, between: i32, numbered: bool): void {
  fields = count;
  delimiter = <u8>between;
  rowNumbered = numbered;
  cells = heap.alloc(<usize>count * FIELD_BYTES);
}

/** Where a cell of the line begins. */
export function cellBegin(field: i32): usize {
  return load<u32>(cells + <usize>field * FIELD_BYTES);
}

export function cellEnd(field: i32): usize {
  return load<u32>(cells + <usize>field * FIELD_BYTES, 4);
}

/** The number that a line begins with. */
export function rowNumber(begin: usize, end: usize): i64 {
  let at = begin;
  let number: i64 = 0;
  while (at < end && isDigit(at)) number = number * 10 + <i64>(load<u8>(at++) - 0x30);
  return number;
}

/** The line is none of as many cells as there should be, in quotation marks as they should be. */
export let odd: bool = false;

/** Finds the cells of a line. @returns where it ends; 0: not in this piece */
export function readFields(begin: usize, end: usize): usize {
  const between = i8x16.splat(<i8>delimiter);
  const quotes = i8x16.splat(<i8>QUOTE);
  const controls = i8x16.splat(0x20);
  const count = rowNumbered ? fields + 1 : fields;
  let field = 0;
  let cell = begin;
  let at = begin;
  odd = false;
  while (at < end) {
    const some = v128.load(at);
    let found = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(some, between), i8x16.eq(some, quotes)), i8x16.lt_u(some, controls)),
    );
    let next = at + 16;
    while (found !== 0) {
      const place = at + ctz(found);
      found &= found - 1;
      if (place >= end) return 0;
      const byte = load<u8>(place);
      if (byte === delimiter) {
        setField(field++, cell, place);
        cell = place + 1;
        if (field >= count) return oddLine(place, end);
      } else if (byte === LINE_FEED) {
        setField(field++, cell, place);
        return lineEnd(place, field === count);
      } else if (byte === QUOTE && place === cell) {
        let close = place + 1;
        while (close < end && load<u8>(close) !== QUOTE && load<u8>(close) >= 0x20) close += 1;
        if (close + 1 >= end) return oddLine(place, end);
        const then = load<u8>(close + 1);
        if (load<u8>(close) !== QUOTE || (then !== delimiter && then !== LINE_FEED)) return oddLine(place, end);
        setField(field++, place + 1, close);
        if (then === LINE_FEED) return lineEnd(close + 1, field === count);
        if (field >= count) return oddLine(close, end);
        cell = close + 2;
        next = cell;
        break;
      } else {
        return oddLine(place, end);
      }
    }
    at = next;
  }
  return 0;
}

/** The number of the line is no cell. */
function setField(field: i32, begin: usize, end: usize): void {
  const place = rowNumbered ? field - 1 : field;
  if (place < 0) return;
  const at = cells + <usize>place * FIELD_BYTES;
  store<u32>(at, begin);
  store<u32>(at, end, 4);
}

function lineEnd(end: usize, complete: bool): usize {
  odd = !complete;
  return end;
}

function oddLine(place: usize, end: usize): usize {
  odd = true;
  let at = place;
  while (at < end && load<u8>(at) !== LINE_FEED) at += 1;
  return at < end ? at : 0;
}

/** Whether the first filled cell says that the line is no blank one and none of totals. */
export function isRow(): bool {
  for (let field = 0; field < fields; field += 1) {
    const begin = cellBegin(field);
    if (begin === cellEnd(field)) continue;
    const byte = load<u8>(begin);
    if (byte < 0x80) return byte > 0x20 && byte !== 0x7f && (byte | 0x20) !== 0x74;
    // 合, 总, 小 and 汇 begin words for totals; wide blanks fill nothing.
    const character = load<u32>(begin) & 0xffffff;
    return (
      byte !== 0xc2 &&
      character !== 0x8890e5 &&
      character !== 0xbb80e6 &&
      character !== 0x8fb0e5 &&
      character !== 0x87b1e6 &&
      character !== 0x8080e3
    );
  }
  return false;
}
