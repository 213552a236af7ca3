import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { sqlId, sqlList, sqlNumber, sqlText } from './sql.js';

let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

const one = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
// Text as a file can hold it: DuckDB stores UTF-8, in which lone surrogates do not exist.
const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: fc.constantFrom(`'`, '"', '\\', ';', '-', '$', '\n', '\r', '`', '%', 'x'), maxLength: 20 }),
  )
  .filter((each) => !each.includes('\0') && Buffer.from(each).toString() === each);

describe('a text in a statement', () => {
  it('comes back as it was, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        expect(await one(`SELECT ${sqlText(value)} AS value`)).toEqual([{ value }]);
      }),
      { numRuns: 500, seed: 20230504 },
    );
  });

  it.each([`'; DROP TABLE x; --`, `''`, `\\'`, `' || version() || '`, `$$`, `E'\\n'`, '/* */', `'); SELECT 1; --`])(
    'stays a text: %s',
    async (value) => {
      expect(await one(`SELECT ${sqlText(value)} AS value`)).toEqual([{ value }]);
    },
  );

  it('cannot hold NUL', () => {
    expect(() => sqlText('a\0b')).toThrow('free of NUL');
  });
});

describe('an identifier in a statement', () => {
  it('names the same column, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        text.filter((each) => each.length > 0),
        async (name) => {
          const reader = await connection.runAndReadAll(
            `SELECT ${sqlId(name)} FROM (SELECT 7 AS ${sqlId(name)}, 8 AS ${sqlId(`${name}x`)})`,
          );
          expect(reader.columnNames()).toEqual([name]);
          expect(reader.getRowsJson()).toEqual([[7]]);
        },
      ),
      { numRuns: 500, seed: 20230504 },
    );
  });

  it('is filled and free of NUL', () => {
    expect(() => sqlId('')).toThrow('must be filled');
    expect(() => sqlId('a\0')).toThrow('free of NUL');
  });
});

describe('a number in a statement', () => {
  it('comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ noNaN: true, noDefaultInfinity: true }), async (value) => {
        const [row] = await one(`SELECT CAST(${sqlNumber(value)} AS DOUBLE) AS value`);
        expect(row?.['value']).toBe(Object.is(value, -0) ? 0 : value);
      }),
      { numRuns: 300, seed: 20230504 },
    );
  });

  it.each([Number.NaN, Infinity, -Infinity])('is finite, not %d', (value) => {
    expect(() => sqlNumber(value)).toThrow('not a finite number');
  });
});

describe('a list in a statement', () => {
  it('holds its items in order', async () => {
    expect(await one(`SELECT ${sqlList([sqlText('b'), sqlText(`a'`)])} AS value`)).toEqual([{ value: ['b', `a'`] }]);
  });
});
