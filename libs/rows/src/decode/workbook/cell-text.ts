import type { XmlCursor } from './xml-cursor.js';
import { digits, isDecimalText } from './number-bytes.js';
import { needsReading, withoutEscapes, xmlText } from './xml-text.js';

const less = 60;
const quote = 34;
const ampersand = 38;
const underscore = 95;

/** The text of one cell while it is read: a range of the XML where that is its own meaning, else a string. */
export class CellText {
  private bytes: Buffer = Buffer.alloc(0);
  private from = 0;
  private to = 0;
  private scratch = Buffer.allocUnsafe(64 * 1024);

  constructor(private readonly part: string) {}

  clear(): void {
    this.from = this.to = 0;
  }

  set(text: string): void {
    const most = text.length * 3;
    if (most > this.scratch.length) this.scratch = Buffer.allocUnsafe(most * 2);
    this.bytes = this.scratch;
    this.from = 0;
    this.to = this.scratch.write(text, 'utf8');
  }

  /**
   * Character data from `at` up to the end tag of the element that the cursor has opened; the offset after that tag, or -1
   * where the bytes end before. `escapes`: _xHHHH_ stands for a character.
   */
  readData(cursor: XmlCursor, bytes: Buffer, at: number, end: number, escapes: boolean): number {
    let p = at;
    while (p < end && bytes[p] !== less) p += 1;
    const dataEnd = p;
    if (p + 1 >= end) return -1;
    if (bytes[p + 1] === 47 && !needsReading(bytes, at, dataEnd)) {
      [this.bytes, this.from, this.to] = [bytes, at, dataEnd];
      return cursor.read(bytes, p, end);
    }
    let text = xmlText(bytes.toString('utf8', at, dataEnd), this.part);
    for (;;) {
      p = cursor.read(bytes, p, end);
      if (p === -1) return -1;
      if (cursor.kind === 'end') break;
      if (cursor.kind === 'cdata') text += bytes.toString('utf8', cursor.dataFrom, cursor.dataTo);
      const from = p;
      while (p < end && bytes[p] !== less) p += 1;
      if (p >= end) return -1;
      text += xmlText(bytes.toString('utf8', from, p), this.part);
    }
    this.set(escapes ? withoutEscapes(text) : text);
    return p;
  }

  /** The whole content of nearly every cell, `<v>…</v></c>` with nothing to be read into it; -1 for any other. */
  readPlainValue(bytes: Buffer, at: number, end: number): number {
    if (bytes[at] !== less || bytes[at + 1] !== 118 || bytes[at + 2] !== 62) return -1;
    let p = at + 3;
    let byte = bytes[p];
    while (p < end && byte !== less && byte !== ampersand && byte !== underscore) byte = bytes[++p];
    if (p + 8 > end || byte !== less || bytes[p + 1] !== 47 || bytes[p + 2] !== 118 || bytes[p + 3] !== 62) return -1;
    if (bytes[p + 4] !== less || bytes[p + 5] !== 47 || bytes[p + 6] !== 99 || bytes[p + 7] !== 62) return -1;
    this.bytes = bytes;
    this.from = at + 3;
    this.to = p;
    return p + 8;
  }

  /** The texts of a rich or plain string (si, is) up to its end tag, without the reading aids (rPh); -1 as above. */
  readRich(cursor: XmlCursor, bytes: Buffer, at: number, end: number, element: string): number {
    this.clear();
    let parts: string[] | null = null;
    let first = true;
    let inPhonetic = false;
    let p = at;
    for (;;) {
      while (p < end && bytes[p] !== less) p += 1;
      if (p >= end) return -1;
      p = cursor.read(bytes, p, end);
      if (p === -1) return -1;
      if (cursor.kind === 'end') {
        if (cursor.nameIs(bytes, element)) break;
        if (cursor.nameIs(bytes, 'rPh')) inPhonetic = false;
        continue;
      }
      if (cursor.kind !== 'start') continue;
      if (cursor.nameIs(bytes, 'rPh')) inPhonetic = true;
      if (inPhonetic || !cursor.nameIs(bytes, 't')) continue;
      if (!first) parts ??= [this.toString()];
      p = this.readData(cursor, bytes, p, end, true);
      if (p === -1) return -1;
      if (parts) parts.push(this.toString());
      first = false;
    }
    if (parts) this.set(parts.join(''));
    return p;
  }

  toString(): string {
    return this.bytes.toString('utf8', this.from, this.to);
  }

  /** The text as a count; NaN where it is none. */
  toCount(): number {
    return digits(this.bytes, this.from, this.to);
  }

  /** A number that is already written the way a person would. */
  isPlainNumber(): boolean {
    return isDecimalText(this.bytes, this.from, this.to, true);
  }

  isDecimal(): boolean {
    return this.to - this.from < 30 && isDecimalText(this.bytes, this.from, this.to, false);
  }

  /** For text that needs no quotes. */
  writeTo(sink: { writeBytes(bytes: Buffer, from: number, to: number): void }): void {
    sink.writeBytes(this.bytes, this.from, this.to);
  }

  isLongerThan(chars: number): boolean {
    return this.to - this.from > chars && this.toString().length > chars;
  }

  isBlank(): boolean {
    for (let at = this.from; at < this.to; at += 1) if ((this.bytes[at] as number) > 32) return false;
    return true;
  }

  /** Bytes of the text as a CSV field, at most. */
  fieldBytes(): number {
    let bytes = this.to - this.from;
    let quoted = false;
    for (let at = this.from; at < this.to; at += 1) {
      const byte = this.bytes[at];
      if (byte === quote) bytes += 1;
      if (byte === quote || byte === 44 || byte === 10 || byte === 13) quoted = true;
    }
    return quoted ? bytes + 2 : bytes;
  }

  /** Writes the text as a CSV field, quoted where it must be; the offset after it. */
  writeField(target: Buffer, to: number): number {
    const { bytes } = this;
    let out = to;
    for (let at = this.from; at < this.to; at += 1) {
      const byte = bytes[at] as number;
      if (byte === quote || byte === 44 || byte === 10 || byte === 13) return this.writeQuoted(target, to);
      target[out++] = byte;
    }
    return out;
  }

  private writeQuoted(target: Buffer, to: number): number {
    let out = to;
    target[out++] = quote;
    for (let at = this.from; at < this.to; at += 1) {
      const byte = this.bytes[at] as number;
      if (byte === quote) target[out++] = quote;
      target[out++] = byte;
    }
    target[out++] = quote;
    return out;
  }
}
