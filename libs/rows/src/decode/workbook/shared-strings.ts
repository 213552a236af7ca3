import type { DecodeLimits } from '../limits.js';
import { refuse } from '../refuse.js';
import { megabytes } from './workbook-parts.js';
import type { WorkbookParts } from './workbook-parts.js';
import { CellText } from './cell-text.js';
import { PieceJoiner, XmlCursor } from './xml-cursor.js';

const pageBytes = 4 * 1024 * 1024;
const blockBits = 16;
const blockMask = (1 << blockBits) - 1;
/** Highest bits of a length. */
const tooLong = 0x80000000;
const blank = 0x40000000;
const lengthBits = 0x3fffffff;

/**
 * The texts that cells refer to by number, as CSV fields in UTF-8, in pages: millions of small texts as JavaScript strings
 * would take many times their bytes.
 */
export class SharedStrings {
  private readonly pages: Buffer[] = [];
  private page: Buffer = Buffer.alloc(0);
  private pageUsed = 0;
  /** Place and length of each text, in blocks, so that growing never copies. */
  private readonly places: Uint32Array[] = [];
  private readonly lengths: Uint32Array[] = [];
  private bytes = 0;
  count = 0;

  constructor(private readonly limits: DecodeLimits) {}

  add(text: CellText): void {
    const overlong = text.isLongerThan(this.limits.cellChars);
    const bytes = overlong ? 0 : text.fieldBytes();
    // Eight bytes of each text are its place and length.
    this.bytes += bytes + 8;
    if (this.bytes > this.limits.sharedStringBytes) {
      refuse('workbook_strings_too_large', { megabytes: megabytes(this.limits.sharedStringBytes) });
    }
    if (this.pageUsed + bytes > this.page.length) {
      this.page = Buffer.allocUnsafe(pageBytes);
      this.pages.push(this.page);
      this.pageUsed = 0;
    }
    const at = this.count & blockMask;
    if (at === 0) {
      this.places.push(new Uint32Array(blockMask + 1));
      this.lengths.push(new Uint32Array(blockMask + 1));
    }
    const block = this.count >>> blockBits;
    (this.places[block] as Uint32Array)[at] = (this.pages.length - 1) * pageBytes + this.pageUsed;
    (this.lengths[block] as Uint32Array)[at] = overlong ? tooLong : text.isBlank() ? blank | bytes : bytes;
    if (!overlong) this.pageUsed = text.writeField(this.page, this.pageUsed);
    this.count += 1;
  }

  /** Copies the field; the offset after it, or -1 where the text is longer than a cell may be. */
  copy(index: number, target: Buffer, to: number): number {
    const length = this.lengthOf(index);
    if (length >= tooLong) return -1;
    const bytes = length & lengthBits;
    const place = (this.places[index >>> blockBits] as Uint32Array)[index & blockMask] as number;
    const page = this.pages[Math.floor(place / pageBytes)] as Buffer;
    const from = place % pageBytes;
    // A call into native code costs more than copying a short text byte by byte.
    if (bytes > 32) page.copy(target, to, from, from + bytes);
    else for (let at = 0; at < bytes; at += 1) target[to + at] = page[from + at] as number;
    return to + bytes;
  }

  isBlank(index: number): boolean {
    return (this.lengthOf(index) & blank) !== 0;
  }

  /** The text itself; null where it is longer than a cell may be, or absent. */
  text(index: number): string | null {
    if (!(index < this.count)) return null;
    const field = Buffer.alloc((this.lengthOf(index) & lengthBits) + 1);
    const end = this.copy(index, field, 0);
    if (end === -1) return null;
    const text = field.toString('utf8', 0, end);
    return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
  }

  private lengthOf(index: number): number {
    return (this.lengths[index >>> blockBits] as Uint32Array)[index & blockMask] as number;
  }
}

export async function readSharedStrings(
  parts: WorkbookParts,
  part: string | null,
  limits: DecodeLimits,
): Promise<SharedStrings> {
  const strings = new SharedStrings(limits);
  if (part === null) return strings;
  const cursor = new XmlCursor(part);
  const text = new CellText(part);
  const joiner = new PieceJoiner(part, (bytes) => {
    let at = 0;
    for (;;) {
      const tag = bytes.indexOf(60, at);
      if (tag === -1) return bytes.length;
      const next = cursor.read(bytes, tag, bytes.length);
      if (next === -1) return tag;
      at = next;
      if (cursor.kind === 'end' || !cursor.nameIs(bytes, 'si')) continue;
      text.clear();
      if (cursor.kind === 'start') {
        at = text.readRich(cursor, bytes, at, bytes.length, 'si');
        if (at === -1) return tag;
      }
      strings.add(text);
    }
  });
  for await (const piece of parts.read(part)) joiner.push(piece);
  return strings;
}
