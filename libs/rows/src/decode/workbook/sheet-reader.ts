import type { DecodeLimits } from '../limits.js';
import { refuse } from '../refuse.js';
import { CellText } from './cell-text.js';
import { parseRange } from './merged-ranges.js';
import type { MergedRange } from './merged-ranges.js';
import { numberText, timeText } from './number-formats.js';
import type { NumberKind } from './number-formats.js';
import type { SharedStrings } from './shared-strings.js';
import { digits } from './number-bytes.js';
import { PieceJoiner, XmlCursor } from './xml-cursor.js';

/** Takes the cells of a sheet row by row, from left to right. */
export interface CellSink {
  /** False: the row's cells are not wanted. */
  startRow(row: number): boolean;
  /** False: the cell is not wanted. Columns count from 0. */
  startCell(column: number): boolean;
  /** ASCII without quotes, commas and line ends. */
  writeBytes(bytes: Buffer, from: number, to: number): void;
  writeText(text: CellText): void;
  /** False: there is no text of this number. */
  writeShared(strings: SharedStrings, index: number): boolean;
  endRow(): void;
}

export interface SheetSource {
  readonly name: string;
  readonly part: string;
  /** Kind of number under each cell style. */
  readonly kinds: readonly NumberKind[];
  readonly strings: SharedStrings;
  readonly from1904: boolean;
}

/** Shared, number, true/false, error, ISO date, result of a formula, text in the cell itself. */
type CellType = 's' | 'n' | 'b' | 'e' | 'd' | 'str' | 'inlineStr';

const less = 60;
/** Days between the two ways of counting dates. */
const daysTo1904 = 1462;
/** An [h]:mm format over a greater number stands on a date, not on a duration. */
const longestElapsedDays = 20_000;

/** Reads the XML of one sheet as it is inflated. A cell is always read whole, so nothing of a cell is kept in between. */
export class SheetReader {
  readonly ranges: MergedRange[] = [];
  private readonly cursor: XmlCursor;
  private readonly joiner: PieceJoiner;
  private readonly text: CellText;
  private inRows = false;
  private inRow = false;
  private rowWanted = false;
  private row = 0;
  private column = 0;
  private complete = false;
  private filled = false;

  constructor(
    private readonly source: SheetSource,
    private readonly sink: CellSink,
    private readonly limits: DecodeLimits,
  ) {
    this.cursor = new XmlCursor(source.part);
    this.text = new CellText(source.part);
    this.joiner = new PieceJoiner(source.part, (bytes) => this.scan(bytes));
  }

  push(piece: Buffer): void {
    this.joiner.push(piece);
  }

  /** Call after the last piece: a sheet that just stops is damaged. */
  finish(): void {
    if (!this.complete) this.damaged();
  }

  private scan(bytes: Buffer): number {
    const { cursor } = this;
    const end = bytes.length;
    let at = 0;
    for (;;) {
      while (at < end && bytes[at] !== less) at += 1;
      if (at >= end) return end;
      let next = cursor.read(bytes, at, end);
      if (next === -1) return at;
      if (this.inRow && cursor.kind !== 'end' && isLetter(bytes, cursor, 99)) {
        next = this.readCell(bytes, next, end);
        if (next === -1) return at;
      } else {
        this.readStructure(bytes);
      }
      at = next;
    }
  }

  private readStructure(bytes: Buffer): void {
    const { cursor } = this;
    if (cursor.kind === 'cdata' || cursor.kind === 'other') return;
    if (this.inRows) {
      if (cursor.nameIs(bytes, 'row')) {
        if (cursor.kind !== 'end') this.startRow(bytes);
        if (cursor.kind !== 'start') this.endRow();
      } else if (cursor.kind === 'end' && cursor.nameIs(bytes, 'sheetData')) {
        this.inRows = false;
      }
    } else if (cursor.kind === 'start' && cursor.nameIs(bytes, 'sheetData')) {
      this.inRows = true;
    } else if (cursor.kind !== 'end' && cursor.refFrom !== -1 && cursor.nameIs(bytes, 'mergeCell')) {
      const range = parseRange(bytes.toString('latin1', cursor.refFrom, cursor.refTo));
      if (range) this.ranges.push(range);
      if (this.ranges.length > this.limits.mergedRanges) {
        refuse('workbook_too_many_merges', { limit: this.limits.mergedRanges });
      }
    } else if (cursor.kind === 'end' && cursor.nameIs(bytes, 'worksheet')) {
      this.complete = true;
    }
  }

  private startRow(bytes: Buffer): void {
    const { cursor, limits } = this;
    const row = cursor.rFrom === -1 ? this.row + 1 : digits(bytes, cursor.rFrom, cursor.rTo);
    if (this.inRow || !(row > this.row)) this.damaged();
    if (row > limits.sheetRows) refuse('too_many_rows', { sheet: this.source.name, limit: limits.sheetRows - 1 });
    this.row = row;
    this.column = 0;
    this.inRow = true;
    this.rowWanted = this.sink.startRow(row);
  }

  private endRow(): void {
    if (!this.inRow) this.damaged();
    if (this.rowWanted) this.sink.endRow();
    this.inRow = false;
  }

  /** Reads from behind the opening tag, which the cursor holds, to behind the closing one; -1 as the cursor does. */
  private readCell(bytes: Buffer, at: number, end: number): number {
    const { cursor } = this;
    const column = cursor.rFrom === -1 ? this.column : columnOf(bytes, cursor.rFrom, cursor.rTo);
    const style = cursor.sFrom === -1 ? 0 : digits(bytes, cursor.sFrom, cursor.sTo);
    const type = cursor.tFrom === -1 ? 'n' : cellType(bytes, cursor.tFrom, cursor.tTo);
    if (!(column >= this.column)) this.damaged();
    if (column >= this.limits.columns) refuse('too_many_columns', { row: this.row });

    let next = at;
    let filled = false;
    if (cursor.kind === 'start') {
      next = this.text.readPlainValue(bytes, at, end);
      filled = next !== -1;
      if (!filled) {
        next = this.readContent(bytes, at, end, type);
        filled = this.filled;
      }
      if (next === -1) return -1;
    }
    this.column = column + 1;
    if (filled && this.rowWanted && this.sink.startCell(column)) this.writeCell(type, style);
    return next;
  }

  /** Whatever a cell may hold, formulas and rich texts included. */
  private readContent(bytes: Buffer, at: number, end: number, type: CellType): number {
    const { cursor } = this;
    this.filled = false;
    let p = at;
    for (;;) {
      while (p < end && bytes[p] !== less) p += 1;
      if (p >= end) return -1;
      p = cursor.read(bytes, p, end);
      if (p === -1) return -1;
      if (cursor.kind === 'end' && isLetter(bytes, cursor, 99)) return p;
      if (cursor.kind !== 'start') continue;
      if (isLetter(bytes, cursor, 118)) {
        p = this.text.readData(cursor, bytes, p, end, type === 'str');
        this.filled = true;
      } else if (type === 'inlineStr' && cursor.nameIs(bytes, 'is')) {
        p = this.text.readRich(cursor, bytes, p, end, 'is');
        this.filled = true;
      }
      if (p === -1) return -1;
    }
  }

  private writeCell(type: CellType, style: number): void {
    const { sink, text } = this;
    switch (type) {
      case 's':
        if (!sink.writeShared(this.source.strings, text.toCount())) this.damaged();
        return;
      case 'n':
        this.writeNumber(this.source.kinds[style] ?? 'plain');
        return;
      case 'b':
        text.set(text.toString().trim() === '1' ? 'true' : 'false');
        break;
      case 'd':
        // ISO without zone, which is Shanghai time like any other.
        text.set(
          text
            .toString()
            .trim()
            .replace('T', ' ')
            .replace(/\.\d+$/, ''),
        );
        break;
      case 'str':
      case 'inlineStr':
      case 'e':
        break;
    }
    sink.writeText(text);
  }

  private writeNumber(kind: NumberKind): void {
    const { sink, text } = this;
    if ((kind === 'plain' && text.isPlainNumber()) || (kind === 'date' && !this.source.from1904 && text.isDecimal())) {
      text.writeTo(sink);
      return;
    }
    const stored = text.toString();
    const value = Number(stored);
    const isTime =
      (kind === 'time' && value >= 0 && value < 1) || (kind === 'elapsed' && value >= 0 && value < longestElapsedDays);
    if (isTime) text.set(timeText(value));
    else if (kind !== 'plain' && this.source.from1904) text.set(numberText(String(value + daysTo1904)));
    else text.set(numberText(stored));
    sink.writeText(text);
  }

  private damaged(): never {
    return refuse('workbook_damaged', { part: this.source.part });
  }
}

function isLetter(bytes: Buffer, cursor: XmlCursor, letter: number): boolean {
  return cursor.nameTo - cursor.nameFrom === 1 && bytes[cursor.nameFrom] === letter;
}

const letterA = 97;
/** By the first letter of the type; `str` and `s` share theirs. */
const typesByLetter: Readonly<Record<string, CellType>> = { b: 'b', e: 'e', d: 'd', i: 'inlineStr', n: 'n' };
const typeOfLetter = Array.from({ length: 26 }, (_, at) => typesByLetter[String.fromCharCode(letterA + at)] ?? 'n');

function cellType(bytes: Buffer, from: number, to: number): CellType {
  const letter = bytes[from] as number;
  if (letter === 115) return to - from > 1 ? 'str' : 's';
  return typeOfLetter[letter - letterA] ?? 'n';
}

/** Column of a cell reference like AB12, from 0; NaN for anything else. */
function columnOf(bytes: Buffer, from: number, to: number): number {
  let column = 0;
  let at = from;
  for (; at < to; at += 1) {
    const byte = bytes[at] as number;
    if (byte < 65 || byte > 90) break;
    column = column * 26 + byte - 64;
  }
  return at === from || at - from > 7 ? NaN : column - 1;
}
