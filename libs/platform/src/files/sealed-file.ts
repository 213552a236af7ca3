import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/*
 * A sealed file: magic (4 bytes) | salt (16) | pieces. Each piece holds as much plaintext as the magic says, the last one
 * what is left (possibly nothing), as AES-256-GCM ciphertext and its 16-byte tag. The key follows from the tenant's key
 * and the salt, so that no two files share one; the nonce is the number of the piece and whether it is the last (STREAM,
 * Hoang et al. 2015). Pieces cannot be changed, dropped, swapped or cut off unnoticed.
 */
const magic = 'HLS2';
const pieceLength = 256 * 1024;
/** By magic. Pieces of 64 KiB, as they were written before, take half as long again to encrypt. */
const pieceLengths: Readonly<Record<string, number>> = { HLS1: 64 * 1024, [magic]: pieceLength };
const saltLength = 16;
/** Bytes before the first piece. */
export const sealedHead = magic.length + saltLength;
const tagLength = 16;
const piecesAtOnce = 4;

function fileKey(tenantKey: Buffer, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', tenantKey, salt, 'hotline:file', 32));
}

function nonce(piece: number, last: boolean): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUIntBE(piece, 5, 6);
  bytes[11] = last ? 1 : 0;
  return bytes;
}

interface Piece {
  readonly bytes: Buffer;
  readonly number: number;
  readonly last: boolean;
}

/**
 * Cuts a stream into pieces of one length; the last, perhaps empty, is known as such only when the stream ends. All share
 * one buffer, which the next piece overwrites: memory that comes and goes by the megabyte makes V8 collect garbage all
 * the time, which once took longer than receiving the file.
 */
async function* cut(body: AsyncIterable<Buffer>, length: number): AsyncGenerator<Piece> {
  const piece = Buffer.allocUnsafe(length);
  let number = 0;
  let filled = 0;
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length;) {
      if (filled === length) {
        yield { bytes: piece, number: number++, last: false };
        filled = 0;
      }
      const copied = chunk.copy(piece, filled, at);
      filled += copied;
      at += copied;
    }
  }
  yield { bytes: piece.subarray(0, filled), number, last: true };
}

/**
 * Plaintext in, sealed file out, about a megabyte at a time. A part is overwritten when the next but one is asked for, so
 * that it can be written while the next is made.
 */
export async function* seal(tenantKey: Buffer, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const salt = randomBytes(saltLength);
  const key = fileKey(tenantKey, salt);
  const room = piecesAtOnce * (pieceLength + tagLength);
  let [part, other] = [Buffer.allocUnsafe(room), Buffer.allocUnsafe(room)];
  yield Buffer.concat([Buffer.from(magic), salt]);
  let filled = 0;
  for await (const { bytes, number, last } of cut(body, pieceLength)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce(number, last));
    for (const written of [cipher.update(bytes), cipher.final(), cipher.getAuthTag()]) {
      filled += written.copy(part, filled);
    }
    if (last || filled === part.length) {
      yield part.subarray(0, filled);
      [part, other] = [other, part];
      filled = 0;
    }
  }
}

/** The bytes are not a whole sealed file of this tenant. */
export class SealBroken extends Error {
  readonly code = 'file_damaged';

  constructor() {
    super('a stored file is damaged, cut off or sealed with another key');
    this.name = 'SealBroken';
  }
}

/**
 * Sealed file in, plaintext out.
 * @param head the first `sealedHead` bytes of the file
 * @param body the bytes after them
 * @throws SealBroken on the first piece that is not as it was written
 */
export async function* unseal(tenantKey: Buffer, head: Buffer, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const length = pieceLengths[head.toString('latin1', 0, magic.length)];
  if (head.length < sealedHead || length === undefined) throw new SealBroken();
  const key = fileKey(tenantKey, head.subarray(magic.length));
  for await (const { bytes, number, last } of cut(body, length + tagLength)) {
    if (bytes.length < tagLength) throw new SealBroken();
    const decipher = createDecipheriv('aes-256-gcm', key, nonce(number, last));
    decipher.setAuthTag(bytes.subarray(bytes.length - tagLength));
    const plaintext = decipher.update(bytes.subarray(0, bytes.length - tagLength));
    try {
      decipher.final();
    } catch {
      throw new SealBroken();
    }
    yield plaintext;
  }
}
