import type { DuckDBConnection } from '@duckdb/node-api';
import type { CompanionValue } from '@hotline/scoring';
import { parquet } from '../segments/key-relation.js';
import { sqlId, sqlText } from '../sql.js';
import type { ReadResult, ReadTask } from '../tasks.js';

const maxRows = 10_000;

interface StoredColumn {
  readonly name: string;
  readonly type: string;
}

/**
 * A page of a Parquet file. Instants come as `2023-05-04T09:05:00+08:00`, days as `2023-05-04`. Values of `where` are
 * compared as the type of their column; one that cannot be such a value matches no row.
 */
export async function read(connection: DuckDBConnection, task: ReadTask): Promise<ReadResult> {
  if (!Number.isInteger(task.limit) || task.limit < 0 || task.limit > maxRows) {
    throw new RangeError(`limit must be a whole number from 0 to ${maxRows}`);
  }
  if (!Number.isInteger(task.offset) || task.offset < 0) throw new RangeError('offset must be a whole number from 0');
  const source = parquet([task.file], ', file_row_number = true');
  const columns = await storedColumns(connection, source);
  const column = (name: string): StoredColumn => {
    const found = columns.find((each) => each.name === name);
    if (!found) throw new RangeError(`no column ${name} in the file`);
    return found;
  };
  const conditions = Object.entries(task.where).map(([name, value]) => equals(column(name), value));
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  const order = task.orderBy === undefined ? '' : `${sqlId(column(task.orderBy).name)}, `;
  const counted = await connection.runAndReadAll(`SELECT count(*) FROM ${source} ${where}`);
  const total = Number(counted.getRows()[0]?.[0]);
  const page = await connection.runAndReadAll(
    `SELECT ${columns.map(shown).join(', ')} FROM ${source} ${where}
     ORDER BY ${order}file_row_number LIMIT ${task.limit} OFFSET ${task.offset}`,
  );
  return { total, rows: page.getRowObjectsJS().map((row) => toRow(row)) };
}

async function storedColumns(connection: DuckDBConnection, source: string): Promise<readonly StoredColumn[]> {
  const reader = await connection.runAndReadAll(`SELECT * EXCLUDE (file_row_number) FROM ${source} LIMIT 0`);
  const types = reader.columnTypes().map(String);
  return reader.columnNames().map((name, index) => ({ name, type: types[index] ?? 'VARCHAR' }));
}

function equals(column: StoredColumn, value: string): string {
  // Stored instants are Shanghai wall clock; a cast would move them by the offset.
  const text = column.type === 'TIMESTAMP' ? value.replace(/\+08:00$/, '') : value;
  return `${sqlId(column.name)} = TRY_CAST(${sqlText(text)} AS ${column.type})`;
}

function shown(column: StoredColumn): string {
  const name = sqlId(column.name);
  switch (column.type) {
    case 'TIMESTAMP':
      return `strftime(${name}, '%Y-%m-%dT%H:%M:%S+08:00') AS ${name}`;
    case 'BOOLEAN':
    case 'INTEGER':
    case 'DOUBLE':
    case 'VARCHAR':
      return name;
    case 'BIGINT':
    case 'UBIGINT':
    case 'UINTEGER':
      return `CAST(${name} AS DOUBLE) AS ${name}`;
    default:
      return `CAST(${name} AS VARCHAR) AS ${name}`;
  }
}

function toRow(row: Readonly<Record<string, unknown>>): Readonly<Record<string, CompanionValue>> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null,
    ]),
  );
}
