import { refuse } from '../refuse.js';

const less = 60;
const greater = 62;
const slash = 47;
const colon = 58;
const equals = 61;

export type TagKind = 'start' | 'end' | 'empty' | 'cdata' | 'other';

/**
 * Reads one tag of XML at a time from bytes, without making objects: what was found stays in fields until the next tag.
 * Made for the two parts of a workbook that can be large; only the attributes of cells, rows and merges are kept.
 */
export class XmlCursor {
  kind: TagKind = 'other';
  /** Local name. */
  nameFrom = 0;
  nameTo = 0;
  /** Values of the attributes r, s, t and ref; -1 where absent. */
  rFrom = -1;
  rTo = -1;
  sFrom = -1;
  sTo = -1;
  tFrom = -1;
  tTo = -1;
  refFrom = -1;
  refTo = -1;
  /** Content of a CDATA section. */
  dataFrom = 0;
  dataTo = 0;

  constructor(private readonly part: string) {}

  /** Reads the tag whose "<" is at `at`; the offset after it, or -1 where the bytes end before it does. */
  read(bytes: Buffer, at: number, end: number): number {
    this.rFrom = this.sFrom = this.tFrom = this.refFrom = -1;
    let p = at + 1;
    if (p >= end) return -1;
    let byte = bytes[p];
    if (byte === 33 || byte === 63) return this.readDeclaration(bytes, at, end);
    const closing = byte === slash;
    if (closing) p += 1;
    this.nameFrom = p;
    while (p < end) {
      byte = bytes[p];
      if (byte === undefined || byte <= 32 || byte === greater || byte === slash) break;
      if (byte === colon) this.nameFrom = p + 1;
      if (byte === less) return this.damaged();
      p += 1;
    }
    this.nameTo = p;
    for (;;) {
      while (p < end && (bytes[p] as number) <= 32) p += 1;
      if (p >= end) return -1;
      byte = bytes[p];
      if (byte === greater) {
        this.kind = closing ? 'end' : 'start';
        return p + 1;
      }
      if (byte === slash) {
        if (p + 1 >= end) return -1;
        if (bytes[p + 1] !== greater || closing) return this.damaged();
        this.kind = 'empty';
        return p + 2;
      }
      const next = this.readAttribute(bytes, p, end);
      if (next === -1) return -1;
      p = next;
    }
  }

  nameIs(bytes: Buffer, name: string): boolean {
    if (this.nameTo - this.nameFrom !== name.length) return false;
    for (let at = 0; at < name.length; at += 1) if (bytes[this.nameFrom + at] !== name.charCodeAt(at)) return false;
    return true;
  }

  private readAttribute(bytes: Buffer, at: number, end: number): number {
    let p = at;
    let local = at;
    let byte = bytes[p];
    while (p < end && byte !== equals) {
      if (byte === colon) local = p + 1;
      if (byte === greater || byte === less || byte === slash) return this.damaged();
      p += 1;
      byte = bytes[p];
    }
    const nameTo = p;
    p += 1;
    while (p < end && (bytes[p] as number) <= 32) p += 1;
    if (p >= end) return -1;
    const quote = bytes[p];
    if (quote !== 34 && quote !== 39) return this.damaged();
    const from = p + 1;
    p = from;
    while (p < end && bytes[p] !== quote) p += 1;
    if (p >= end) return -1;
    if (local === at) this.keep(bytes, at, nameTo, from, p);
    return p + 1;
  }

  private keep(bytes: Buffer, nameFrom: number, nameTo: number, from: number, to: number): void {
    const first = bytes[nameFrom];
    const isOne = nameTo - nameFrom === 1 || (bytes[nameFrom + 1] as number) <= 32;
    if (isOne && first === 114) [this.rFrom, this.rTo] = [from, to];
    else if (isOne && first === 115) [this.sFrom, this.sTo] = [from, to];
    else if (isOne && first === 116) [this.tFrom, this.tTo] = [from, to];
    else if (nameTo - nameFrom === 3 && bytes.toString('latin1', nameFrom, nameTo) === 'ref') {
      [this.refFrom, this.refTo] = [from, to];
    }
  }

  private readDeclaration(bytes: Buffer, at: number, end: number): number {
    const opening = bytes.toString('latin1', at, Math.min(end, at + 9));
    const closing = opening.startsWith('<!--') ? '-->' : opening.startsWith('<![CDATA[') ? ']]>' : '?>';
    if (opening.startsWith('<!D')) return refuse('workbook_doctype', { part: this.part });
    if (closing === '?>' && !opening.startsWith('<?')) return opening.length < 9 ? -1 : this.damaged();
    const close = bytes.indexOf(closing, at + 2);
    if (close === -1 || close + closing.length > end) return -1;
    this.kind = closing === ']]>' ? 'cdata' : 'other';
    [this.dataFrom, this.dataTo] = [at + 9, close];
    return close + closing.length;
  }

  private damaged(): never {
    return refuse('workbook_damaged', { part: this.part });
  }
}

/** Joins pieces for a reader that takes whole elements only and says how far it got. */
export class PieceJoiner {
  private rest: Buffer = Buffer.alloc(0);

  constructor(
    private readonly part: string,
    /** Reads what it can; offset of the first byte to be shown again with more. */
    private readonly scan: (bytes: Buffer) => number,
  ) {}

  push(piece: Buffer): void {
    const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, piece]) : piece;
    this.rest = bytes.subarray(this.scan(bytes));
    if (this.rest.length > largestElement) refuse('workbook_damaged', { part: this.part });
  }
}

/** A cell of 32 767 characters with every one of them as a numeric entity has less than 400 kB; rich text adds markup. */
const largestElement = 4 * 1024 * 1024;
