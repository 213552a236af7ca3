import { isUtf8 } from 'node:buffer';
import { crc32, createInflateRaw } from 'node:zlib';
import { openPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { FileRefused } from '../../refused.js';
import type { DecodeLimits } from '../limits.js';
import { refuse } from '../refuse.js';

const inflatedPieceBytes = 256 * 1024;
const deflated = 8;

/** The parts of a zipped workbook. Every part is measured while it is inflated, so that a small file cannot fill the memory. */
export class WorkbookParts {
  /** Inflated bytes of each part read so far. */
  private readonly inflated = new Map<string, number>();

  private constructor(
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
    private readonly limits: DecodeLimits,
  ) {}

  /** Refuses what is a zip but no workbook. */
  static async open(file: string, limits: DecodeLimits): Promise<WorkbookParts> {
    let zip: ZipFile | undefined;
    try {
      zip = await openPromise(file, { lazyEntries: true, autoClose: false, validateEntrySizes: true });
      if (zip.entryCount > limits.zipEntries) {
        refuse('workbook_too_many_parts', { count: zip.entryCount, limit: limits.zipEntries });
      }
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) {
        const name = entry.fileName.toLowerCase();
        if (entries.has(name)) refuse('workbook_damaged', { part: entry.fileName });
        entries.set(name, entry);
      }
      const parts = new WorkbookParts(zip, entries, limits);
      await parts.refuseOtherZips();
      return parts;
    } catch (error) {
      zip?.close();
      throw asRefusal(error, 'zip');
    }
  }

  has(name: string): boolean {
    return this.entries.has(name.toLowerCase());
  }

  /** A whole part that is known to be small: workbook, styles, relations. */
  async readSmall(name: string): Promise<string> {
    const pieces: Buffer[] = [];
    let length = 0;
    for await (const piece of this.read(name)) {
      length += piece.length;
      if (length > this.limits.smallPartBytes) {
        refuse('workbook_too_large', { part: name, megabytes: megabytes(this.limits.smallPartBytes) });
      }
      pieces.push(piece);
    }
    return Buffer.concat(pieces)
      .toString('utf8')
      .replace(/^\uFEFF/, '');
  }

  /** Inflated, strictly UTF-8; length and checksum are verified at the end. May be left early. */
  async *read(name: string): AsyncGenerator<Buffer> {
    const entry = this.entries.get(name.toLowerCase());
    if (!entry) return refuse('workbook_damaged', { part: name });
    if (entry.isEncrypted()) refuse('file_encrypted');
    this.checkSize(entry, entry.uncompressedSize);
    const utf8 = new Utf8Check();
    let length = 0;
    let checksum = 0;
    try {
      const raw = await this.zip.openReadStreamPromise(entry, { decodeFileData: false });
      const inflate = entry.compressionMethod === deflated ? createInflateRaw({ chunkSize: inflatedPieceBytes }) : null;
      raw.on('error', (error) => inflate?.destroy(error));
      const source = inflate ? raw.pipe(inflate) : raw;
      try {
        for await (const chunk of source) {
          const piece = chunk as Buffer;
          length += piece.length;
          this.checkSize(entry, length);
          checksum = crc32(piece, checksum);
          if (length > entry.uncompressedSize || !utf8.accepts(piece)) refuse('workbook_damaged', { part: name });
          yield piece;
        }
      } finally {
        raw.destroy();
        inflate?.destroy();
      }
    } catch (error) {
      throw asRefusal(error, name);
    }
    const isWhole = length === entry.uncompressedSize && checksum === entry.crc32 && utf8.isComplete();
    if (!isWhole) refuse('workbook_damaged', { part: name });
  }

  /** Inflated bytes of all parts so far. */
  inflatedBytes(): number {
    let sum = 0;
    for (const bytes of this.inflated.values()) sum += bytes;
    return sum;
  }

  close(): void {
    this.zip.close();
  }

  /** `bytes`: first the announced length, then the true one so far; a lie is caught by whichever is greater. */
  private checkSize(entry: Entry, bytes: number): void {
    const { inflatedBytes, inflationRatio, ratioFromBytes } = this.limits;
    const ratio = bytes / Math.max(1, entry.compressedSize);
    if (bytes > ratioFromBytes && ratio > inflationRatio) {
      refuse('workbook_bomb', { part: entry.fileName, ratio: inflationRatio });
    }
    const known = this.inflated.get(entry.fileName) ?? 0;
    if (bytes <= known) return;
    if (this.inflatedBytes() - known + bytes > inflatedBytes) {
      refuse('workbook_too_large', { part: entry.fileName, megabytes: megabytes(inflatedBytes) });
    }
    this.inflated.set(entry.fileName, bytes);
  }

  private async refuseOtherZips(): Promise<void> {
    if (this.has('mimetype')) {
      const type = await this.readSmall('mimetype');
      if (type.startsWith('application/vnd.oasis.opendocument')) refuse('file_ods');
    }
    const names = [...this.entries.keys()];
    if (names.some((name) => name.endsWith('vbaproject.bin'))) refuse('file_macros');
    if (this.has('xl/workbook.bin')) refuse('file_xlsb');
    if (!this.has('[Content_Types].xml') || !this.has('_rels/.rels')) refuse('file_zip');
    if (!names.some((name) => /(?:^|\/)workbook\d*\.xml$/.test(name))) refuse('file_zip');
  }
}

export function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}

/** Whatever a zip or its deflated data do wrong, the file is damaged. */
function asRefusal(error: unknown, part: string): unknown {
  if (error instanceof FileRefused) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const isOurs = /^E[A-Z]+$/.test(code) && code !== 'EINVAL';
  return isOurs ? error : new FileRefused({ code: 'workbook_damaged', params: { part } });
}

/** Strict UTF-8 over pieces that may cut characters. */
class Utf8Check {
  private cut: Buffer = Buffer.alloc(0);

  accepts(piece: Buffer): boolean {
    const bytes = this.cut.length > 0 ? Buffer.concat([this.cut, piece]) : piece;
    let end = bytes.length;
    for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
      const byte = bytes[bytes.length - back] ?? 0;
      if (byte < 0x80) break;
      if (byte < 0xc0) continue;
      if ((byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back) end = bytes.length - back;
      break;
    }
    this.cut = Buffer.from(bytes.subarray(end));
    return isUtf8(bytes.subarray(0, end));
  }

  isComplete(): boolean {
    return this.cut.length === 0;
  }
}
