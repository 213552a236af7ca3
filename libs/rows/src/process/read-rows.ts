import type { DuckDBConnection } from '@duckdb/node-api';
import type { CompanionValue } from '@hotline/scoring';
import { parquet } from '../segments/key-relation.js';
import { shownSql, shownValue, storedColumns } from '../segments/stored-columns.js';
import type { StoredColumn } from '../segments/stored-columns.js';
import { sqlId, sqlText } from '../sql.js';
import type { ReadResult, ReadTask } from '../tasks.js';

const maxRows = 10_000;

/**
 * A page of a Parquet file, its values as `shownSql` has them. Values of `where` are compared as the type of their
 * column; one that cannot be such a value matches no row.
 */
export async function read(connection: DuckDBConnection, task: ReadTask): Promise<ReadResult> {
  if (!Number.isInteger(task.limit) || task.limit < 0 || task.limit > maxRows) {
    throw new RangeError(`limit must be a whole number from 0 to ${maxRows}`);
  }
  if (!Number.isInteger(task.offset) || task.offset < 0) throw new RangeError('offset must be a whole number from 0');
  const source = parquet([task.file], ', file_row_number = true');
  const columns = await storedColumns(connection, parquet([task.file]));
  const column = (name: string): StoredColumn => {
    const found = columns.find((each) => each.name === name);
    if (!found) throw new RangeError(`no column ${name} in the file`);
    return found;
  };
  const conditions = Object.entries(task.where).map(([name, value]) => equals(column(name), value));
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  // A plain scan gives the rows in the order of the file. To sort and cut it, DuckDB would read the file a second time.
  const order = task.orderBy === undefined ? '' : `ORDER BY ${sqlId(column(task.orderBy).name)}, file_row_number`;
  const counted = await connection.runAndReadAll(`SELECT count(*) FROM ${source} ${where}`);
  const total = Number(counted.getRows()[0]?.[0]);
  const page = await connection.runAndReadAll(
    `SELECT ${columns.map((each) => `${shownSql(each)} AS ${sqlId(each.name)}`).join(', ')} FROM ${source} ${where}
     ${order} LIMIT ${task.limit} OFFSET ${task.offset}`,
  );
  return { total, rows: page.getRowObjectsJS().map((row) => toRow(row)) };
}

function equals(column: StoredColumn, value: string): string {
  // Stored instants are Shanghai wall clock; a cast would move them by the offset.
  const text = column.type === 'TIMESTAMP' ? value.replace(/\+08:00$/, '') : value;
  return `${sqlId(column.name)} = TRY_CAST(${sqlText(text)} AS ${column.type})`;
}

function toRow(row: Readonly<Record<string, unknown>>): Readonly<Record<string, CompanionValue>> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, shownValue(value)]));
}
