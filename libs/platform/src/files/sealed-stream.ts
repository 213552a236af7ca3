import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';

/*
 * A sealed file: magic (4 bytes) | salt (16) | pieces. Each piece holds 64 KiB of plaintext, the last one what is left
 * (possibly nothing), as AES-256-GCM ciphertext and its 16-byte tag. The key follows from the tenant's key and the salt,
 * so that no two files share one; the nonce is the number of the piece and whether it is the last (STREAM, Hoang et al.
 * 2015). Pieces cannot be changed, dropped, swapped or cut off unnoticed.
 */
const magic = Buffer.from('HLS1');
const saltLength = 16;
const pieceLength = 64 * 1024;
const tagLength = 16;
/** Bytes that streams of files hold and hand on at a time: a disk and a pipeline cost as much for 16 KiB as for these. */
export const streamBytes = 1024 * 1024;

function fileKey(tenantKey: Buffer, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', tenantKey, salt, 'hotline:file', 32));
}

function nonce(piece: number, last: boolean): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUIntBE(piece, 5, 6);
  bytes[11] = last ? 1 : 0;
  return bytes;
}

/** Cuts a stream into pieces of one length; the last is known as such only when the stream ends. */
abstract class Pieces extends Transform {
  private waiting: Buffer[] = [];
  private length = 0;
  private piece = 0;

  constructor(private readonly inputLength: number) {
    super({ highWaterMark: streamBytes });
  }

  /** The bytes of a piece, in parts. */
  protected abstract convert(bytes: Buffer, piece: number, last: boolean): readonly Buffer[];

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.waiting.push(chunk);
    this.length += chunk.length;
    if (this.length < streamBytes) done();
    else this.convertWaiting(false, done);
  }

  override _flush(done: TransformCallback): void {
    this.convertWaiting(true, done);
  }

  /** Hands on all pieces together: taking and passing each by itself costs more than sealing it. */
  private convertWaiting(ended: boolean, done: TransformCallback): void {
    try {
      let bytes = Buffer.concat(this.waiting);
      const converted: Buffer[] = [];
      // One piece is held back: it may be the last.
      for (; bytes.length > this.inputLength; bytes = bytes.subarray(this.inputLength)) {
        converted.push(...this.convert(bytes.subarray(0, this.inputLength), this.piece++, false));
      }
      if (ended) converted.push(...this.convert(bytes, this.piece, true));
      this.waiting = [bytes];
      this.length = bytes.length;
      this.push(Buffer.concat(converted));
      done();
    } catch (error) {
      done(error as Error);
    }
  }
}

/** Plaintext in, sealed file out. */
export class Seal extends Pieces {
  private readonly key: Buffer;

  constructor(tenantKey: Buffer) {
    super(pieceLength);
    const salt = randomBytes(saltLength);
    this.key = fileKey(tenantKey, salt);
    this.push(Buffer.concat([magic, salt]));
  }

  protected convert(bytes: Buffer, piece: number, last: boolean): readonly Buffer[] {
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce(piece, last));
    return [cipher.update(bytes), cipher.final(), cipher.getAuthTag()];
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

/** Sealed file in, plaintext out; fails with SealBroken on the first byte that is not as it was written. */
export class Unseal extends Pieces {
  private head: Buffer | null = Buffer.alloc(0);
  private key: Buffer | null = null;

  constructor(private readonly tenantKey: Buffer) {
    super(pieceLength + tagLength);
  }

  override _transform(chunk: Buffer, encoding: BufferEncoding, done: TransformCallback): void {
    if (this.head === null) {
      super._transform(chunk, encoding, done);
      return;
    }
    this.head = Buffer.concat([this.head, chunk]);
    const headLength = magic.length + saltLength;
    if (this.head.length < headLength) {
      done();
      return;
    }
    const { head } = this;
    if (!head.subarray(0, magic.length).equals(magic)) {
      done(new SealBroken());
      return;
    }
    this.key = fileKey(this.tenantKey, head.subarray(magic.length, headLength));
    this.head = null;
    super._transform(head.subarray(headLength), encoding, done);
  }

  protected convert(bytes: Buffer, piece: number, last: boolean): readonly Buffer[] {
    if (this.key === null || bytes.length < tagLength) throw new SealBroken();
    const decipher = createDecipheriv('aes-256-gcm', this.key, nonce(piece, last));
    decipher.setAuthTag(bytes.subarray(bytes.length - tagLength));
    try {
      return [decipher.update(bytes.subarray(0, bytes.length - tagLength)), decipher.final()];
    } catch {
      throw new SealBroken();
    }
  }
}
