import { rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { MonthFile, MovedKeysResult, MovedKeysTask } from '../tasks.js';
import { keyColumns, parquet, sameKey } from './key-relation.js';
import { fingerprint, publish } from './store-file.js';
import { writeMonthFile } from './write-month-file.js';

/**
 * The keys of rows whose months are closed, as far as an earlier import holds a row of theirs elsewhere: they go on
 * replacing it, though nothing else of them is left.
 */
export async function movedKeys(connection: DuckDBConnection, task: MovedKeysTask): Promise<MovedKeysResult | null> {
  if (task.closed.length === 0 || task.earlier.length === 0) return null;
  const temporary = `${task.out}.tmp`;
  const keys = keyColumns(task.dataset).map((column) => `c.${column}`);
  try {
    const query = `SELECT ${keys.join(', ')} FROM ${parquet(task.closed.map(fileOf))} c
       WHERE EXISTS (SELECT 1 FROM ${parquet(task.earlier.map(fileOf))} e WHERE ${sameKey(task.dataset, 'c', 'e')})`;
    await writeMonthFile(connection, query, temporary, { inOrder: false });
    const counted = await connection.runAndReadAll(`SELECT count(*) FROM ${parquet([temporary])}`);
    const rows = Number(counted.getRows()[0]?.[0]);
    if (rows === 0) return null;
    await publish(temporary, task.out);
    return { rows, ...(await fingerprint(task.out)) };
  } finally {
    await rm(temporary, { force: true });
  }
}

const fileOf = ({ file }: MonthFile): string => file;
