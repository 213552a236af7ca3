import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { Gb18030Text } from './gb18030-text.js';

const reader = new Gb18030Text();
const read = (bytes: Buffer): string | null => reader.toUtf8(bytes)?.toString() ?? null;
const strict = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('gb18030', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
};

describe('GB18030 as UTF-8', () => {
  it('knows every pair of bytes as TextDecoder does', () => {
    const wrong: number[] = [];
    for (let pair = 0x8000; pair <= 0xffff; pair += 1) {
      const bytes = Buffer.from([pair >> 8, pair & 0xff]);
      // One that is not strictly text, or one byte of which is a character by itself, is left to TextDecoder.
      const expected = pair >> 8 === 0x80 ? null : strict(bytes);
      if (read(bytes) !== expected) wrong.push(pair);
    }
    expect(wrong).toEqual([]);
    expect(read(Buffer.from([0xc8, 0xcb, 0xb9, 0xa4]))).toBe('人工');
    expect(read(Buffer.from([0xa1, 0xa4]))).toBe('·');
  });

  it('gives back any text of ASCII and such characters, wherever they stand', () => {
    const characters = fc.constantFrom(...'人工接通综合组·×αЯ①㈱〇，。"\n\r,;0Az~', '\0');
    fc.assert(
      fc.property(fc.array(fc.oneof(characters, fc.string({ unit: 'grapheme-ascii', maxLength: 40 }))), (parts) => {
        const text = parts.join('');
        expect(read(iconv.encode(text, 'gb18030'))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves characters of four bytes, cut ones and what is no text to others', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom('', '人工', '人工接通综合组A0123456789'),
        (any, before) => {
          const bytes = Buffer.concat([iconv.encode(before, 'gb18030'), any]);
          const found = read(bytes);
          if (found !== null) expect(found).toBe(strict(bytes));
        },
      ),
      { numRuns: 2_000 },
    );
    for (const text of ['𠮷', '㐀', 'ñ']) expect(read(iconv.encode(text, 'gb18030'))).toBeNull();
    expect(read(Buffer.from([0x41, 0xc8]))).toBeNull();
    expect(read(Buffer.from([0x80]))).toBeNull();
  });

  it('takes a mebibyte at once, and not more', () => {
    const [text, room] = ['工'.repeat(512 * 1024), 1024 * 1024];
    expect(read(iconv.encode(text, 'gb18030')) === text).toBe(true);
    expect(read(Buffer.alloc(room, 'a')) === 'a'.repeat(room)).toBe(true);
    expect(() => read(Buffer.alloc(room + 1, 'a'))).toThrow(RangeError);
  });
});
