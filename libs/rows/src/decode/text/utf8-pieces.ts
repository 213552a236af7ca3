import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import type { Encoding } from '../../tasks.js';
import { hasMoreThan, whenArrived, type ArrivingFile } from '../arriving-file.js';
import { BrokenText } from './broken-text.js';
import { Gb18030Text } from './gb18030-text.js';

/** Not more than a row may have, so that a row cannot be too long inside one piece. */
const pieceBytes = 1024 * 1024;

/** The file does not hold text in this encoding from `offset` (bytes from the start of the file) on. */
export class Undecodable extends Error {
  constructor(
    readonly encoding: Encoding,
    readonly offset: number,
    /** UTF-8 of what stands before it and was not handed out yet. */
    readonly before: Buffer,
  ) {
    super(`not ${encoding} at byte ${offset}`);
  }
}

/**
 * The text of a file as pieces of strict UTF-8 without byte-order mark; characters are never cut. A piece is only valid
 * until the next one is asked for. Throws Undecodable, and BrokenText where no place to cut is found.
 */
export async function* utf8Pieces(source: ArrivingFile, encoding: Encoding): AsyncGenerator<Buffer> {
  const handle = await open(source.file, 'r');
  const buffer = Buffer.allocUnsafe(pieceBytes);
  const toUtf8 = decoderOf(encoding);
  let held = 0;
  let offset = 0;
  let handedOut = 0;
  let atStart = true;
  try {
    for (;;) {
      const { bytesRead } = await handle.read(buffer, held, buffer.length - held, null);
      if (bytesRead === 0 && hasMoreThan(source, offset + held)) {
        await whenArrived(source, offset + held + 1);
        continue;
      }
      const atEnd = bytesRead === 0;
      const filled = held + bytesRead;
      const cut = atEnd ? filled : safeCut(buffer, filled, encoding);
      if (cut === 0 && filled === buffer.length) throw new BrokenText('record_too_long', handedOut);
      if (cut > 0) {
        const bytes = buffer.subarray(0, cut);
        let piece = toUtf8(bytes) ?? refusePiece(bytes, encoding, offset);
        if (atStart && piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf) piece = piece.subarray(3);
        atStart = false;
        handedOut += piece.length;
        if (piece.length > 0) yield piece;
      }
      if (atEnd) return;
      buffer.copyWithin(0, cut, filled);
      held = filled - cut;
      offset += cut;
    }
  } finally {
    await handle.close();
  }
}

/** The longest prefix that ends between two characters, wherever the file goes on. */
function safeCut(bytes: Buffer, end: number, encoding: Encoding): number {
  switch (encoding) {
    case 'utf-8': {
      // A character has at most four bytes: look for a lead byte among the last three whose character is not complete.
      for (let back = 1; back <= Math.min(3, end); back += 1) {
        const byte = bytes[end - back] ?? 0;
        if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? end - back : end;
        if (byte < 0x80) return end;
      }
      return end;
    }
    case 'gb18030': {
      // Bytes below 0x30 (line ends, blanks, commas, quotes) are never part of a longer character.
      let cut = end;
      while (cut > 0 && (bytes[cut - 1] ?? 0) >= 0x30) cut -= 1;
      return cut;
    }
    case 'utf-16le':
    case 'utf-16be': {
      const even = end - (end % 2);
      const high = even >= 2 ? (bytes[even - (encoding === 'utf-16le' ? 1 : 2)] ?? 0) : 0;
      return high >= 0xd8 && high <= 0xdb ? even - 2 : even;
    }
  }
}

/** Makes UTF-8 of a piece, valid until the next one; null where it is no text in this encoding. */
function decoderOf(encoding: Encoding): (bytes: Buffer) => Buffer | null {
  if (encoding === 'utf-8') return (bytes) => (isUtf8(bytes) ? bytes : null);
  let target: Buffer | null = null;
  const decode = (bytes: Buffer): Buffer | null => {
    const text = strictText(bytes, encoding);
    if (text === null) return null;
    target ??= Buffer.allocUnsafe(pieceBytes * 3);
    return target.subarray(0, target.write(text, 'utf8'));
  };
  if (encoding !== 'gb18030') return decode;
  const common = new Gb18030Text();
  return (bytes) => common.toUtf8(bytes) ?? decode(bytes);
}

function strictText(bytes: Buffer, encoding: Encoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Finds the first byte that no text in this encoding can have there, by halving: a prefix fails once it holds that byte. */
function refusePiece(bytes: Buffer, encoding: Encoding, offset: number): never {
  let good = 0;
  let bad = bytes.length + 1;
  let before = '';
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    const text = startOfText(bytes.subarray(0, middle), encoding);
    if (text === null) bad = middle;
    else [good, before] = [middle, text];
  }
  // `bad` counts bytes up to and including the offending one; past the end, the last character is cut off.
  throw new Undecodable(encoding, offset + Math.min(bad, bytes.length) - 1, Buffer.from(before));
}

function startOfText(bytes: Buffer, encoding: Encoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

/**
 * Line (1 = first) at which the byte `stop` of the UTF-8 text stands, or at which the file stops being decodable. LF, CR
 * and CRLF each end a line.
 */
export async function lineAt(source: ArrivingFile, encoding: Encoding, stop: number): Promise<number> {
  if (stop === 0) return 1;
  let line = 1;
  let before = 0;
  let afterReturn = false;
  const count = (piece: Buffer): void => {
    const end = Math.min(piece.length, stop - before);
    for (let at = 0; at < end; at += 1) {
      const byte = piece[at];
      if (byte === 13 || (byte === 10 && !afterReturn)) line += 1;
      afterReturn = byte === 13;
    }
    before += piece.length;
  };
  try {
    for await (const piece of utf8Pieces(source, encoding)) {
      count(piece);
      if (before >= stop) break;
    }
  } catch (error) {
    if (!(error instanceof Undecodable)) throw error;
    count(error.before);
  }
  return line;
}
