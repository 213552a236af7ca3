import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlNumber } from '../sql.js';

/** Does the work with so many threads for each statement of the database, then leaves as many as before. */
export async function withThreads<T>(
  connection: DuckDBConnection,
  threads: (before: number) => number,
  work: () => Promise<T>,
): Promise<T> {
  const reader = await connection.runAndReadAll(`SELECT current_setting('threads')`);
  const before = Number(reader.getRows()[0]?.[0]);
  await connection.run(`SET threads = ${sqlNumber(threads(before))}`);
  try {
    return await work();
  } finally {
    await connection.run(`SET threads = ${sqlNumber(before)}`);
  }
}

/**
 * What large statements gave up goes back to the system, which DuckDB only sees to when it has fewer threads than before.
 * Else it stays with the process, in pieces that the next large statement finds too small.
 */
export async function returnMemory(connection: DuckDBConnection): Promise<void> {
  await withThreads(
    connection,
    (before) => before + 1,
    () => Promise.resolve(),
  );
}
