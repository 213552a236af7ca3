// AssemblyScript, part of plain-rows.ts: the columns of a group of rows, and how their cells become values of pages.
import { isDigit, readDate, readDatetime, readDecimal, readDuration, readInteger, real, Serials, whole } from './cells';
import { cellBegin, cellEnd, LINE_BYTES } from './lines';
import {
  makeTextToken,
  makeTokens,
  numbers as numbersToHash,
  ROOM as NUMBERS_AT_ONCE,
  TEXT_BYTES,
  tokens,
} from './number-tokens';
import { isPlainText } from './texts';
import { EMPTY, UNKNOWN, Words } from './words';

/** So many rows make a group, at most. */
export const ROWS: i32 = 20_480;
/** So many bytes of lines make a group, at most. */
export const GROUP_BYTES: i32 = 2 * 1024 * 1024;

/** Names that are hashed once, beside those that were told. */
const MORE_NAMES = 10_000;
const TOKEN_BYTES: usize = 16;

/** How the cells of a column are read; the numbers are those of `plain-columns.ts`. */
const enum Kind {
  Other,
  Word,
  Boolean,
  Text,
  Identifier,
  Integer,
  Decimal,
  Duration,
  Datetime,
  Date,
  Phone,
  Person,
}

@unmanaged
class Column {
  kind: Kind;
  /** Fields whose cells are its cell, joined by a blank; -1: there is no second. */
  field: i32;
  second: i32;
  serials: Serials;
  /** Whether a row may be plain without a cell here. */
  emptyIsPlain: bool;
  words: Words;
  /** Tokens of the words of a column of persons. */
  wordTokens: usize;
  /** A bit for each row: it has a value. */
  levels: usize;
  values: usize;
  /** Where the next value goes. */
  next: usize;
  filled: i32;
  /** Numbers whose tokens are made when the group ends. */
  numbers: usize;
  after: Column;
}

const none = changetype<Column>(0);
let first: Column = none;
let last: Column = none;
/** Begin and end of the cell of a column. */
let from: usize = 0;
let to: usize = 0;
/** A cell that is joined of others. */
let joined: usize = 0;
/** Place of the row in its group. */
let row: i32 = 0;

/** Begins a file. */
export function openColumns(): void {
  joined = heap.alloc(2 * LINE_BYTES + 1);
}

/** Adds a column, without words. @param second another field that is joined to its cell, or -1 */
export function addColumn(kind: i32, field: i32, second: i32, serials: i32, emptyIsPlain: bool): Column {
  const column = changetype<Column>(heap.alloc(offsetof<Column>()));
  column.kind = kind;
  column.field = field;
  column.second = second;
  column.serials = serials;
  column.emptyIsPlain = emptyIsPlain;
  column.words = changetype<Words>(0);
  column.wordTokens = 0;
  column.numbers = kind === Kind.Phone ? heap.alloc(ROWS * 8) : 0;
  column.levels = heap.alloc(ROWS / 8);
  column.values = heap.alloc(roomOf(kind));
  column.after = none;
  if (last === none) first = column;
  else last.after = column;
  last = column;
  return column;
}

function roomOf(kind: Kind): i32 {
  switch (kind) {
    case Kind.Other:
      return 0;
    case Kind.Word:
      return 2 * ROWS;
    case Kind.Boolean:
      return ROWS / 8;
    case Kind.Text:
    case Kind.Identifier:
      return GROUP_BYTES + 4 * ROWS;
    case Kind.Phone:
    case Kind.Person:
      return <i32>TOKEN_BYTES * ROWS;
    default:
      return 8 * ROWS;
  }
}

/** Makes room for the words of a column; of persons, for their tokens and those of more names. */
export function makeWords(column: Column, count: i32): void {
  const persons = column.kind === Kind.Person;
  const room = persons ? count + MORE_NAMES : count;
  column.words = Words.create(room);
  if (persons) column.wordTokens = heap.alloc(<usize>room * TOKEN_BYTES);
}

/** Adds a word, which has to stay where it is. @param means a number from 0 on, EMPTY or OTHER */
export function addWord(column: Column, word: usize, length: i32, means: i32): void {
  column.words.add(word, length, means);
}

/** Where the token of the word with this number goes. */
export function tokenOf(column: Column, means: i32): usize {
  return column.wordTokens + <usize>means * TOKEN_BYTES;
}

export function valuesOf(column: Column): usize {
  return column.values;
}

export function valueBytes(column: Column): i32 {
  return column.kind === Kind.Boolean ? (column.filled + 7) >> 3 : <i32>(column.next - column.values);
}

export function levelsOf(column: Column): usize {
  return column.levels;
}

export function filledOf(column: Column): i32 {
  return column.filled;
}

/** Empties the pages. */
export function emptyColumns(): void {
  for (let column = first; column !== none; column = column.after) {
    memory.fill(column.levels, 0, ROWS / 8);
    if (column.kind === Kind.Boolean) memory.fill(column.values, 0, ROWS / 8);
    column.next = column.values;
    column.filled = 0;
  }
}

/** Sets a bit of a row. */
export function setBit(bits: usize, place: i32): void {
  const at = bits + (place >> 3);
  const bit: i32 = 1 << (place & 7);
  store<u8>(at, <u8>((<i32>load<u8>(at)) | bit));
}

/** Reads the cells of a line into the pages. @returns false: some have to be read the long way */
export function readRow(place: i32): bool {
  row = place;
  for (let column = first; column !== none; column = column.after) {
    if (!readCell(column)) return false;
  }
  return true;
}

/** Finds the cell of a column. @returns false: it has to be read the long way */
function findCell(column: Column): bool {
  from = cellBegin(column.field);
  to = cellEnd(column.field);
  return column.second < 0 || joinCells(column);
}

/** Dates and times, which begin with a digit: other cells may be words for empty ones. */
function joinCells(column: Column): bool {
  const begin = cellBegin(column.second);
  const length = cellEnd(column.second) - begin;
  if (from === to || length === 0) {
    to = from;
    return true;
  }
  if (!isDigit(from) || !isDigit(begin)) return false;
  const firstLength = to - from;
  memory.copy(joined, from, firstLength);
  store<u8>(joined + firstLength, 0x20);
  memory.copy(joined + firstLength + 1, begin, length);
  from = joined;
  to = joined + firstLength + 1 + length;
  return true;
}

function readCell(column: Column): bool {
  if (!findCell(column)) return false;
  if (from === to) return column.emptyIsPlain;
  const words = column.words;
  const means = changetype<usize>(words) === 0 ? UNKNOWN : words.find(from, <i32>(to - from));
  if (means === EMPTY) return true;
  if (means !== UNKNOWN) return putWord(column, means);
  switch (column.kind) {
    case Kind.Text:
    case Kind.Identifier:
      if (!isPlainText(from, to, column.kind === Kind.Identifier)) return false;
      putText(column);
      return true;
    case Kind.Integer:
      if (!readInteger(from, to)) return false;
      put<i64>(column, whole);
      return true;
    case Kind.Decimal:
      if (!readDecimal(from, to)) return false;
      put<f64>(column, real);
      return true;
    case Kind.Duration:
      if (!readDuration(from, to)) return false;
      put<f64>(column, real);
      return true;
    case Kind.Datetime:
      if (!readDatetime(from, to, column.serials)) return false;
      put<i64>(column, whole);
      return true;
    case Kind.Date:
      if (!readDate(from, to, column.serials)) return false;
      put<i32>(column, <i32>whole);
      return true;
    case Kind.Phone:
      return putPhone(column);
    case Kind.Person:
      return putPerson(column);
    default:
      return false;
  }
}

function fill(column: Column): void {
  setBit(column.levels, row);
  column.filled += 1;
}

function put<T>(column: Column, value: T): void {
  fill(column);
  store<T>(column.next, value);
  column.next += sizeof<T>();
}

function putWord(column: Column, means: i32): bool {
  switch (column.kind) {
    case Kind.Word:
      if (means < 0) return false;
      put<u16>(column, <u16>means);
      return true;
    case Kind.Boolean:
      if (means < 0) return false;
      if (means !== 0) setBit(column.values, column.filled);
      fill(column);
      return true;
    case Kind.Person:
      if (means < 0) return false;
      putToken(column, tokenOf(column, means));
      return true;
    default:
      return false;
  }
}

function putText(column: Column): void {
  const length = to - from;
  fill(column);
  store<u32>(column.next, length);
  memory.copy(column.next + 4, from, length);
  column.next += 4 + length;
}

function putToken(column: Column, token: usize): void {
  fill(column);
  v128.store(column.next, v128.load(token));
  column.next += TOKEN_BYTES;
}

/** Numbers of mobiles, and of land lines with their area code, of China. */
function putPhone(column: Column): bool {
  const length = <i32>(to - from);
  const one = load<u8>(from);
  const two = load<u8>(from, 1);
  let number: i64 = 86;
  let digits = 0;
  let begin = from;
  let dash: usize = 0;
  if (one === 0x31 && length === 11) {
    if (two < 0x33 || two > 0x39) return false;
  } else if (one === 0x30 && two >= 0x31 && two <= 0x39) {
    begin = from + 1;
    if (length > 4 && load<u8>(from, 3) === 0x2d) dash = from + 3;
    else if (length > 5 && load<u8>(from, 4) === 0x2d) dash = from + 4;
    const local = dash === 0 ? 0 : <i32>(to - dash) - 1;
    if (dash !== 0 ? local !== 7 && local !== 8 : length < 10 || length > 12) return false;
  } else return false;
  for (let at = begin; at < to; at += 1) {
    if (at === dash) continue;
    if (!isDigit(at)) return false;
    number = number * 10 + <i64>(load<u8>(at) - 0x30);
    digits += 1;
  }
  store<f64>(column.numbers + ((<usize>column.filled) << 3), <f64>number);
  fill(column);
  return true;
}

/** Names of visible ASCII, but for signs of sealed values and of spreadsheets, are hashed in large letters. */
function putPerson(column: Column): bool {
  const length = <i32>(to - from);
  if (length > TEXT_BYTES) return false;
  for (let at = from; at < to; at += 1) {
    const byte = load<u8>(at);
    if (byte < 0x21 || byte > 0x7e || byte === 0x23 || byte === 0x27) return false;
  }
  makeTextToken(from, length);
  const words = column.words;
  let token = tokens;
  orderToken(tokens, tokens);
  if (changetype<usize>(words) !== 0 && words.count < words.room) {
    const name = heap.alloc(length);
    memory.copy(name, from, length);
    token = tokenOf(column, words.count);
    memory.copy(token, tokens, TOKEN_BYTES);
    words.add(name, length, words.count);
  }
  putToken(column, token);
  return true;
}

/** From the order in which DuckDB keeps a UUID to the one in which it is written. */
function orderToken(token: usize, target: usize): void {
  const low = load<u64>(token);
  const high = load<u64>(token, 8);
  store<u64>(target, bswap<u64>(high ^ 0x8000000000000000));
  store<u64>(target, bswap<u64>(low), 8);
}

/** Makes the tokens of the group. */
export function endColumns(): void {
  for (let column = first; column !== none; column = column.after) {
    if (column.kind !== Kind.Phone) continue;
    for (let done = 0; done < column.filled; done += NUMBERS_AT_ONCE) {
      const some = min(NUMBERS_AT_ONCE, column.filled - done);
      memory.copy(numbersToHash, column.numbers + ((<usize>done) << 3), (<usize>some) << 3);
      makeTokens(some);
      for (let each = 0; each < some; each += 1) {
        orderToken(tokens + ((<usize>each) << 4), column.next);
        column.next += TOKEN_BYTES;
      }
    }
  }
}
