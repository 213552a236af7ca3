import { describe, expect, it } from '@jest/globals';
import { DuckDBInstance } from '@duckdb/node-api';
import { sqlText } from '../sql.js';
import { alreadyClean, cleanCell } from './clean-cell.js';

describe('cleaning a cell', () => {
  it.each([
    ['ＡＢＣ１２３（一）：', 'ABC123(一):'],
    ['  a  b\n\tc ', 'a b c'],
    ["'0123", '0123'],
    ["'abc", "'abc"],
    ['㎡①ﬁ', 'm21fi'],
    ['\u3000全角\u3000空格\u3000', '全角 空格'],
    ['e\u0301', '\u00e9'],
  ])('makes %j %j', (raw, clean) => {
    expect(cleanCell(raw)).toBe(clean);
  });

  it('is skipped only for characters that it would leave alone, alone and beside each other', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    try {
      const reader = await connection.runAndReadAll(
        `SELECT chr(c::INTEGER) AS one FROM (FROM range(33, 55296) UNION ALL FROM range(57344, 65536)) AS t(c)
         WHERE regexp_full_match(chr(c::INTEGER), ${sqlText(alreadyClean)})`,
      );
      const skipped = reader.getRowObjectsJson().map((row) => String(row['one']));
      expect(skipped.length).toBeGreaterThan(20_000);
      for (const one of skipped) {
        expect(cleanCell(one)).toBe(one);
        expect(cleanCell(`a${one}一${one}`)).toBe(`a${one}一${one}`);
      }
      const not = ["'1", ' a', 'a ', 'a  b', 'a\nb', 'Ａ', '①', 'é', 'e\u0301', ''];
      for (const raw of not) {
        const found = await connection.runAndReadAll(
          `SELECT regexp_full_match(${sqlText(raw)}, ${sqlText(alreadyClean)}) AS skipped`,
        );
        expect([raw, found.getRowObjectsJson()[0]?.['skipped']]).toEqual([raw, false]);
      }
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  });
});
