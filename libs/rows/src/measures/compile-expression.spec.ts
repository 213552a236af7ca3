import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Condition, Value } from '@hotline/methodology';
import { compileCondition, compileCurve, compileValue, ExpressionError } from './compile-expression.js';
import type { ExpressionScope } from './compile-expression.js';

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

const scope: ExpressionScope = {
  row: 'r',
  columns: new Set(['text', 'other', 'flag', 'a', 'b', 'at', 'until', 'c1', 'c2', 'c3']),
  derived: { is_open: ['eq', 'text', 'open'], gap: ['seconds_between', 'at', 'until'] },
  dayPeriods: {
    test: [
      { id: 'morning', start: '09:00', end: '11:00' },
      { id: 'night', start: '21:00', end: '24:00' },
    ],
  },
  curve: [
    { x: 15, score: 100 },
    { x: 30, score: 70 },
    { x: 45, score: 30 },
    { x: 60, score: 0 },
  ],
  exists: () => 'false',
  calendar: () => ({ end: 'NULL', missing: 'NULL' }),
};

const empty: Readonly<Record<string, string>> = {
  text: 'NULL::VARCHAR',
  other: 'NULL::VARCHAR',
  flag: 'NULL::BOOLEAN',
  a: 'NULL::DOUBLE',
  b: 'NULL::DOUBLE',
  at: 'NULL::TIMESTAMP',
  until: 'NULL::TIMESTAMP',
  c1: 'NULL::VARCHAR',
  c2: 'NULL::VARCHAR',
  c3: 'NULL::VARCHAR',
};

/** What an expression yields for a row; cells that are not given are empty. */
async function on(cells: Readonly<Record<string, string>>, expression: string): Promise<unknown> {
  const row = Object.entries({ ...empty, ...cells }).map(([name, cell]) => `${cell} AS "${name}"`);
  const reader = await connection.runAndReadAll(`SELECT ${expression} FROM (SELECT ${row.join(', ')}) r`);
  return reader.getRowsJS()[0]?.[0];
}
const condition = (cells: Readonly<Record<string, string>>, given: Condition) =>
  on(cells, compileCondition(given, scope));
const value = (cells: Readonly<Record<string, string>>, given: Value) => on(cells, compileValue(given, scope));

describe('a condition on an empty cell', () => {
  it.each<[Condition, boolean]>([
    [['eq', 'text', 'open'], false],
    [['ne', 'text', 'open'], true],
    [['in', 'text', ['open', 'closed']], false],
    [['not_in', 'text', ['open', 'closed']], true],
    [['eq', 'flag', true], false],
    [['eq', 'flag', false], false],
    [['ne', 'flag', true], true],
    [['ne', 'flag', false], true],
    [['ge', 'a', 0], false],
    [['lt', 'a', 5], false],
    [['le_col', 'at', 'until'], false],
    [['filled', 'a'], false],
    [['empty', 'a'], true],
    [['is', 'is_open'], false],
    [['not', ['eq', 'text', 'open']], true],
    [['not', ['ge', 'a', 0]], true],
    [['or', ['ge', 'a', 0], ['ne', 'text', 'x']], true],
  ])('%j is %s', async (given, expected) => {
    expect(await condition({}, given)).toBe(expected);
  });

  it('and a half-filled pair of columns is not in order', async () => {
    expect(await condition({ at: `TIMESTAMP '2023-01-01'` }, ['le_col', 'at', 'until'])).toBe(false);
    expect(
      await condition({ at: `TIMESTAMP '2023-01-01'`, until: `TIMESTAMP '2023-01-01'` }, ['le_col', 'at', 'until']),
    ).toBe(true);
  });
});

describe('a value', () => {
  it('takes the first filled, the sum of the filled, the later of the filled', async () => {
    expect(await value({ b: '2.5' }, ['first_filled', 'a', 'b'])).toBe(2.5);
    expect(await value({ b: '2.5' }, ['sum_filled', 'a', 'b'])).toBe(2.5);
    expect(await value({}, ['sum_filled', 'a', 'b'])).toBeNull();
    expect(await value({ a: '3::DOUBLE', b: '2.5' }, ['later_of', 'a', 'b'])).toBe(3);
    expect(await value({ b: '2.5' }, ['later_of', 'a', 'b'])).toBe(2.5);
  });

  it('counts seconds across midnight, and none where an instant is missing', async () => {
    const at = `TIMESTAMP '2023-05-04 23:59:50'`;
    expect(await value({ at, until: `TIMESTAMP '2023-05-05 00:00:10'` }, 'gap')).toBe(20n);
    expect(await value({ at }, 'gap')).toBeNull();
  });

  it('skips checks that do not apply: yes, partly and n/a make 0.75', async () => {
    const checks: Value = ['mean_of_checks', ['c1', 'c2', 'c3']];
    expect(await value({ c1: `'yes'`, c2: `'partly'`, c3: `'na'` }, checks)).toBe(0.75);
    expect(await value({ c1: `'na'` }, checks)).toBeNull();
  });

  it('maps codes and leaves the others empty', async () => {
    const verdict: Value = ['map', 'text', { correct: 1, partly: 0.5 }];
    expect(await value({ text: `'partly'` }, verdict)).toBe(0.5);
    expect(await value({}, verdict)).toBeNull();
  });

  it.each([
    ['08:59:59', null],
    ['09:00:00', 'morning'],
    ['10:59:59', 'morning'],
    ['11:00:00', null],
    ['23:59:59', 'night'],
    ['00:00:00', null],
  ])('puts %s into day period %s', async (time, expected) => {
    expect(await value({ at: `TIMESTAMP '2023-05-04 ${time}'` }, ['stratum', 'test', 'at'])).toBe(expected);
  });
});

describe('a curve', () => {
  it.each([
    [10, 100],
    [15, 100],
    [22.5, 85],
    [30, 70],
    [52.5, 15],
    [60, 0],
    [75, 0],
  ])('gives %d s the score %d', async (x, score) => {
    expect(await value({ a: `${x}::DOUBLE` }, ['curve', 'a'])).toBe(score);
  });

  it('gives an empty value no score', async () => {
    expect(await value({}, ['curve', 'a'])).toBeNull();
  });

  it('counts in doubles: 11.03 is not a decimal', async () => {
    const found = await on(
      { a: '5::DOUBLE' },
      compileCurve('r.a', [
        { x: 0, score: 0 },
        { x: 11.03, score: 40 },
      ]),
    );
    expect(found).toBe((5 / 11.03) * 40);
  });
});

describe('names', () => {
  it('are quoted: no text of a method becomes a statement', async () => {
    expect(await condition({}, ['eq', 'text', `x' OR true --`])).toBe(false);
    expect(() => compileCondition(['eq', 'nothing" OR 1=1', 1], scope)).toThrow(ExpressionError);
  });
});
