import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { returnMemory, withOneMoreThread, withOneThread } from './threads.js';

let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:', { threads: '3' });
  connection = await instance.connect();
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

async function threads(): Promise<number> {
  const reader = await connection.runAndReadAll(`SELECT current_setting('threads')`);
  return Number(reader.getRows()[0]?.[0]);
}

describe('the threads of a database', () => {
  it('are one, or one more, while the work is done, and as many as before after it', async () => {
    expect([await withOneThread(connection, threads), await threads()]).toEqual([1, 3]);
    expect([await withOneMoreThread(connection, threads), await threads()]).toEqual([4, 3]);
    await returnMemory(connection);
    expect(await threads()).toBe(3);
  });

  it('are as many as before when the work fails', async () => {
    const failing = () => Promise.reject(new Error('no such rows'));
    await expect(withOneThread(connection, failing)).rejects.toThrow('no such rows');
    await expect(withOneMoreThread(connection, failing)).rejects.toThrow('no such rows');
    expect(await threads()).toBe(3);
  });
});
