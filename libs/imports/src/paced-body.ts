import { Transform, type Readable } from 'node:stream';
import { ImportError } from './import-error.js';

export interface Pace {
  /** Bytes that may come at most. */
  readonly maxBytes: number;
  readonly tooLarge: () => ImportError;
  /** Bytes a second that have to come, on average over each window. */
  readonly minRate: number;
  readonly windowMs: number;
}

/**
 * What a sender sends, as long as it is not too much and not too slow: there is no limit to the whole time, so an honest
 * upload may take hours. Only the sender is timed: while the disk is the slower one, nobody is cut off. The body itself
 * is never destroyed, as its connection has yet to carry the answer.
 */
export function pacedBody(body: Readable, { maxBytes, tooLarge, minRate, windowMs }: Pace): Readable {
  let bytes = 0;
  let before = 0;
  const paced = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(tooLarge());
      else done(null, chunk);
    },
  });
  const timer = setInterval(() => {
    const isSlow = bytes - before < (minRate * windowMs) / 1000;
    before = bytes;
    const waitsForSender = !body.readableEnded && body.readableLength === 0 && !paced.writableNeedDrain;
    if (isSlow && waitsForSender) {
      paced.destroy(new ImportError('sender_too_slow', { rate: minRate, seconds: windowMs / 1000 }));
    }
  }, windowMs);
  timer.unref();
  const lost = (): void => {
    if (!body.readableEnded) paced.destroy(new ImportError('connection_lost'));
  };
  body.once('close', lost);
  // Stays: an error that comes once nobody listens would end the process.
  body.on('error', lost);
  // It may fail before its reader listens, who then finds it failed.
  paced.on('error', () => undefined);
  paced.once('close', () => {
    clearInterval(timer);
    body.unpipe(paced);
    // What still comes is read and forgotten until the connection is closed behind the answer.
    body.resume();
  });
  if (body.destroyed) lost();
  else body.pipe(paced);
  return paced;
}
