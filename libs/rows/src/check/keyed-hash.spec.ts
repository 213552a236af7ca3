import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DuckDBInstance } from '@duckdb/node-api';
import { createHmac } from 'node:crypto';
import { clearHashKey, phoneTokenSql, setHashKey, tokenSql } from './keyed-hash.js';

let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  connection = await instance.connect();
  await connection.run('CREATE TABLE texts (place INTEGER, text VARCHAR)');
});

afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

const hexKey = fc.uint8Array({ minLength: 32, maxLength: 100 }).map((bytes) => Buffer.from(bytes).toString('hex'));

/** By another implementation of HMAC-SHA-256: that of the platform. */
function expected(key: string, text: string | null): string | null {
  if (text === null) return null;
  const hex = createHmac('sha256', Buffer.from(key, 'hex')).update(text).digest('hex');
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5');
}

async function tokensOf(key: string, texts: readonly (string | null)[], sql: (text: string) => string) {
  await connection.run('DELETE FROM texts');
  const appender = await connection.createAppender('texts');
  texts.forEach((text, place) => {
    appender.appendInteger(place);
    if (text === null) appender.appendNull();
    else appender.appendVarchar(text);
    appender.endRow();
  });
  appender.closeSync();
  await setHashKey(connection, key);
  try {
    const read = await connection.runAndReadAll(`SELECT ${sql('text')} AS token FROM texts ORDER BY place`);
    return read.getRowObjectsJson().map(({ token }) => token);
  } finally {
    await clearHashKey(connection);
  }
}

/** Numbers as they are normalised, up to the longest that is hashed as a number and beyond, and what else a cell may hold. */
const phone = fc.oneof(
  fc.bigInt({ min: 1n, max: 10n ** 18n }).map((number) => `+${number}`),
  fc.integer({ min: 13_000_000_000, max: 19_999_999_999 }).map((number) => `+86${number}`),
  fc.constantFrom(
    '+0086',
    '+',
    '',
    '12345',
    '+12345',
    '+9999',
    '+1e10',
    '+1.5',
    '+999999999999999',
    '+9007199254740993',
  ),
  fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
  fc.constant(null),
);

describe('tokens', () => {
  it.each([
    ['telephone numbers', phoneTokenSql],
    ['any text', tokenSql],
  ])('of %s are the first half of HMAC-SHA-256', async (_, sql) => {
    await fc.assert(
      fc.asyncProperty(hexKey, fc.array(phone, { maxLength: 50 }), async (key, texts) => {
        expect(await tokensOf(key, texts, sql)).toEqual(texts.map((text) => expected(key, text)));
      }),
      { numRuns: 60 },
    );
  });

  it('stand in their rows over many vectors', async () => {
    const key = '5c'.repeat(32);
    const texts = Array.from({ length: 10_007 }, (_, row) =>
      row % 7 === 3 ? null : row % 11 === 5 ? `台${row}` : `+86${13_000_000_000 + row * 104_729}`,
    );
    expect(await tokensOf(key, texts, phoneTokenSql)).toEqual(texts.map((text) => expected(key, text)));
  });

  it('are not made without a key', async () => {
    await tokensOf('ab'.repeat(32), ['+8613800138000'], phoneTokenSql);
    await expect(connection.runAndReadAll(`SELECT ${phoneTokenSql('text')} FROM texts`)).rejects.toThrow(
      'no key is set',
    );
  });
});
