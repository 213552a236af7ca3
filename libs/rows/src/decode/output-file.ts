import { closeSync, openSync, writeSync } from 'node:fs';
import type { DecodeLimits } from './limits.js';
import { refuse } from './refuse.js';

/**
 * Bytes that are put together before they are written: rows grow in `bytes` from `length` on, after `reserve` has made
 * room. Full bytes go to `write`, which must have used them when it returns.
 */
export class OutputBuffer {
  bytes: Buffer = Buffer.allocUnsafe(4 * 1024 * 1024);
  length = 0;

  constructor(private readonly write: (piece: Buffer) => void) {}

  /** Makes room for `count` bytes after `length`; may move what is there to the front. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    this.flush();
    if (count > this.bytes.length) this.bytes = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, count));
  }

  /** Writes `piece` through, after what is pending. */
  append(piece: Buffer): void {
    this.flush();
    this.write(piece);
  }

  flush(): void {
    if (this.length > 0) this.write(this.bytes.subarray(0, this.length));
    this.length = 0;
  }
}

/**
 * The decoded file while it is written. Writing is synchronous: the row process has nothing else to do meanwhile.
 * `bytesRead`: bytes of the upload that the output comes from; a small upload must not become a huge file.
 */
export class OutputFile extends OutputBuffer {
  private readonly descriptor: number;

  constructor(path: string, limits: DecodeLimits, bytesRead: () => number) {
    const descriptor = openSync(path, 'w');
    let written = 0;
    super((piece) => {
      for (let at = 0; at < piece.length;) at += writeSync(descriptor, piece, at);
      written += piece.length;
      if (written > limits.outputFromBytes && written > bytesRead() * limits.outputRatio) {
        refuse('decoded_too_large', { ratio: limits.outputRatio });
      }
    });
    this.descriptor = descriptor;
  }

  /** Runs `fill` and closes the file; what is pending is only written when `fill` succeeds. */
  async filledBy<T>(fill: () => Promise<T>): Promise<T> {
    try {
      const result = await fill();
      this.flush();
      return result;
    } finally {
      closeSync(this.descriptor);
    }
  }
}
