import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlNumber } from '../sql.js';

/** Does the work with one thread, and so in the order of the rows; leaves as many threads as before. */
export async function withOneThread<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  return withThreads(connection, await threadsOf(connection), 1, work);
}

/** Does the work with a thread more, for statements whose threads now and then wait for JavaScript. */
export async function withOneMoreThread<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  const before = await threadsOf(connection);
  return withThreads(connection, before, before + 1, work);
}

/**
 * What large statements gave up goes back to the system, which DuckDB only sees to when it has fewer threads than before.
 * Else it stays with the process, in pieces that the next large statement finds too small.
 */
export async function returnMemory(connection: DuckDBConnection): Promise<void> {
  await withOneMoreThread(connection, () => Promise.resolve());
}

async function threadsOf(connection: DuckDBConnection): Promise<number> {
  const reader = await connection.runAndReadAll(`SELECT current_setting('threads')`);
  return Number(reader.getRows()[0]?.[0]);
}

async function withThreads<T>(
  connection: DuckDBConnection,
  before: number,
  threads: number,
  work: () => Promise<T>,
): Promise<T> {
  await connection.run(`SET threads = ${sqlNumber(threads)}`);
  try {
    return await work();
  } finally {
    await connection.run(`SET threads = ${sqlNumber(before)}`);
  }
}
