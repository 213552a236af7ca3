import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlNumber } from '../sql.js';
import { readCsvSql, type RegularFile } from './cell-source.js';

const table = 'check_sample';
/** As many as DuckDB works on at a time. */
const firstRows = 2048;
/** Few enough to be held while the whole file is read. */
const mostRows = 20_000;

/** Rows from the start of a file, read once for all that is asked before the whole of it is read. */
export interface FileSample {
  /** SQL relation of the first rows. */
  readonly first: string;
  /** SQL relation of more of them. */
  readonly more: string;
}

/** Kept in clear until `dropSample`, beside the file itself. */
export async function takeSample(connection: DuckDBConnection, file: RegularFile): Promise<FileSample> {
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${table} AS FROM ${readCsvSql(file, null)} LIMIT ${sqlNumber(mostRows)}`,
  );
  return { first: `(FROM ${table} LIMIT ${sqlNumber(firstRows)})`, more: table };
}

export async function dropSample(connection: DuckDBConnection): Promise<void> {
  await connection.run(`DROP TABLE IF EXISTS ${table}`);
}
