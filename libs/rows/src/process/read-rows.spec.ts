import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sqlText } from '../sql.js';
import { read } from './read-rows.js';

const rows = 400_000;

let folder: string;
let file: string;
let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'read-rows-'));
  file = join(folder, 'rows.parquet');
  instance = await DuckDBInstance.create(':memory:', { threads: '4' });
  connection = await instance.connect();
  // Twenty row groups, which four threads read beside each other; `back` runs the other way.
  await connection.run(
    `COPY (SELECT range AS place, ${rows} - range AS back, range % 7 = 3 AS "marked" FROM range(${rows}))
     TO ${sqlText(file)} (FORMAT parquet, ROW_GROUP_SIZE 20480)`,
  );
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
  rmSync(folder, { recursive: true, force: true });
});

async function places(page: { offset: number; limit: number; where?: Record<string, string>; orderBy?: string }) {
  const found = await read(connection, { kind: 'read', file, where: {}, ...page });
  return { total: found.total, places: found.rows.map((row) => Number(row['place'])) };
}

const counting = (first: number, count: number, step = 1) =>
  Array.from({ length: count }, (_, at) => first + at * step);

describe('a page of a file of many parts', () => {
  it.each([0, 123_456, rows - 5])('comes in the order of the file from row %d on', async (offset) => {
    const limit = 10_000;
    const expected = counting(offset, Math.min(limit, rows - offset));
    expect(await places({ offset, limit })).toEqual({ total: rows, places: expected });
  });

  it('comes in the order of the file where only some rows are wanted', async () => {
    const found = await places({ offset: 20_000, limit: 5000, where: { marked: 'true' } });
    expect(found).toEqual({ total: Math.floor((rows - 4) / 7) + 1, places: counting(3 + 20_000 * 7, 5000, 7) });
  });

  it('comes in the order of a column where one is named', async () => {
    expect(await places({ offset: 0, limit: 3, orderBy: 'back' })).toEqual({
      total: rows,
      places: [rows - 1, rows - 2, rows - 3],
    });
  });
});
