import type { DuckDBConnection } from '@duckdb/node-api';
import { withOneThread } from '../process/threads.js';
import { sqlText } from '../sql.js';

/**
 * Version 2 pages: instants and numbers take half the room and less time than in version 1. The fastest level of zstd
 * makes a file 7 % larger in three quarters of the time. A dictionary of more than 5,000 values or 100 kB is given up early:
 * it is one of ids or instants, of which each occurs once.
 */
const format = `(FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd, COMPRESSION_LEVEL 1,
  DICTIONARY_SIZE_LIMIT 5000, STRING_DICTIONARY_PAGE_SIZE_LIMIT 100000)`;

export interface Writing {
  /** True: the rows are read in the order in which they are kept, and nothing is sorted or joined on the way. */
  readonly inOrder: boolean;
}

/**
 * Writes the rows of a query as a file of a month. Rows that come in order are written by one thread: several keep the
 * order by collecting all before they write, which takes longer and up to twice the work of the processors.
 */
export async function writeMonthFile(
  connection: DuckDBConnection,
  query: string,
  file: string,
  { inOrder }: Writing,
): Promise<void> {
  const copy = `COPY (${query}) TO ${sqlText(file)} ${format}`;
  if (!inOrder) {
    await connection.run(copy);
    return;
  }
  await withOneThread(connection, () => connection.run(copy));
}
