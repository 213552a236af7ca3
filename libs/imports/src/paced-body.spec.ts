import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { ImportError } from './import-error.js';
import { pacedBody } from './paced-body.js';

const tooLarge = () => new ImportError('file_too_large', { megabytes: 1 });
// 50 bytes in 50 ms.
const pace = { maxBytes: 10_000, tooLarge, minRate: 1_000, windowMs: 50 };

async function codeOf(stream: Readable): Promise<string> {
  const [error] = (await once(stream, 'error').catch((caught: unknown) => [caught])) as [ImportError];
  return error.code;
}

describe('a sender', () => {
  it('may take many windows, as long as each brings enough', async () => {
    const body = new PassThrough();
    const paced = pacedBody(body, pace);
    const read = paced.toArray();
    for (let sent = 0; sent < 40; sent += 1) {
      body.write(Buffer.alloc(100, sent));
      await sleep(10);
    }
    body.end();
    expect(Buffer.concat(await read)).toHaveLength(4_000);
  });

  it('is cut off when it dribbles, and its connection is left for the answer', async () => {
    const body = new PassThrough();
    const paced = pacedBody(body, pace).resume();
    const dribble = setInterval(() => body.write('x'), 10);
    try {
      expect(await codeOf(paced)).toBe('sender_too_slow');
      expect(body.destroyed).toBe(false);
    } finally {
      clearInterval(dribble);
    }
  });

  it('is not blamed for a reader that takes its time', async () => {
    const body = new PassThrough();
    const paced = pacedBody(body, { ...pace, maxBytes: 1_000_000 });
    const sent = Buffer.alloc(500_000);
    body.end(sent);
    await sleep(300);
    expect(paced.errored).toBeNull();
    expect(Buffer.concat(await paced.toArray())).toHaveLength(sent.length);
  });

  it('is cut off at the byte that is too much', async () => {
    const body = new PassThrough();
    const paced = pacedBody(body, pace).resume();
    body.write(Buffer.alloc(10_000));
    body.write('x');
    expect(await codeOf(paced)).toBe('file_too_large');
  });

  it('that goes away is noticed, also when it went before anyone listened', async () => {
    const body = new PassThrough();
    const paced = pacedBody(body, pace).resume();
    body.destroy();
    expect(await codeOf(paced)).toBe('connection_lost');
    expect(await codeOf(pacedBody(body, pace))).toBe('connection_lost');
  });
});
