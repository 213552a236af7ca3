import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RowDatabase } from './row-database.js';

let work: string;
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'row-database-'));
  await mkdir(join(work, 'given'));
  await mkdir(join(work, 'given-not'));
  await writeFile(join(work, 'given', 'a.csv'), 'x\n1\n');
  await writeFile(join(work, 'given-not', 'a.csv'), 'x\n1\n');
});
afterAll(() => rm(work, { recursive: true, force: true }));

async function run(statement: string): Promise<unknown> {
  const database = await RowDatabase.create({ memoryMb: 64, threads: 1, tempDir: join(work, 'given') });
  try {
    const both = await database.confine([join(work, 'given')]);
    const read = async (connection: DuckDBConnection) => (await connection.runAndReadAll(statement)).getRowsJson();
    const rows = await read(both.connection);
    expect(await read(await both.connect())).toEqual(rows);
    return rows;
  } finally {
    database.close();
  }
}

describe('the database of a row task', () => {
  it('reads and writes in the folders of its task', async () => {
    expect(await run(`SELECT x FROM read_csv('${work}/given/a.csv')`)).toEqual([['1']]);
    await run(`COPY (SELECT 1) TO '${work}/given/b.parquet'`);
  });

  it.each([
    ['another folder', (folder: string) => `SELECT * FROM read_text('${folder}/given-not/a.csv')`],
    ['a way out of its own', (folder: string) => `SELECT * FROM read_text('${folder}/given/../given-not/a.csv')`],
    ['the system', () => `SELECT * FROM read_text('/etc/hostname')`],
    ['writing elsewhere', (folder: string) => `COPY (SELECT 1) TO '${folder}/b.csv'`],
    ['another database', (folder: string) => `ATTACH '${folder}/other.db'`],
    ['an extension', () => 'INSTALL httpfs'],
    ['the network', () => `SELECT * FROM read_text('http://127.0.0.1:1/x')`],
    ['its own settings', () => `SET memory_limit = '10GB'`],
    ['external access', () => 'SET enable_external_access = true'],
  ])('cannot reach %s', async (_, statement) => {
    await expect(run(statement(work))).rejects.toThrow();
  });
});
