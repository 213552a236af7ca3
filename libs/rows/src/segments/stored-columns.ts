import type { DuckDBConnection } from '@duckdb/node-api';
import type { CompanionValue } from '@hotline/scoring';
import { sqlId } from '../sql.js';

export interface StoredColumn {
  readonly name: string;
  readonly type: string;
}

/** Columns of a relation of stored rows, in their order. */
export async function storedColumns(connection: DuckDBConnection, relation: string): Promise<readonly StoredColumn[]> {
  const reader = await connection.runAndReadAll(`SELECT * FROM ${relation} LIMIT 0`);
  const types = reader.columnTypes().map(String);
  return reader.columnNames().map((name, index) => ({ name, type: types[index] ?? 'VARCHAR' }));
}

/**
 * SQL: a stored value as it is handed to people. Instants come as `2023-05-04T09:05:00+08:00`, days as `2023-05-04`,
 * numbers as numbers.
 * @param reference the column as the statement names it, where it has several of that name
 */
export function shownSql(column: StoredColumn, reference = sqlId(column.name)): string {
  switch (column.type) {
    case 'TIMESTAMP':
      return `strftime(${reference}, '%Y-%m-%dT%H:%M:%S+08:00')`;
    case 'BOOLEAN':
    case 'INTEGER':
    case 'DOUBLE':
    case 'VARCHAR':
      return reference;
    case 'BIGINT':
    case 'UBIGINT':
    case 'UINTEGER':
      return `CAST(${reference} AS DOUBLE)`;
    default:
      return `CAST(${reference} AS VARCHAR)`;
  }
}

/** A value that `shownSql` yields; null is an empty cell. */
export function shownValue(value: unknown): CompanionValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
