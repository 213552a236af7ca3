import type { DuckDBConnection } from '@duckdb/node-api';
import { parquet } from '../segments/key-relation.js';
import { shownSql, storedColumns, type StoredColumn } from '../segments/stored-columns.js';
import { sqlId, sqlText } from '../sql.js';
import type { ExportResult, ExportTask } from '../tasks.js';

/** As `csvCell` has it, for the expressions of DuckDB. */
const startsFormula = String.raw`^["\s\p{Z}]*[=+\-@＝＋－＠]|^[\t\r\n]`;
const plainNumber = String.raw`^-[0-9]+(,[0-9]{3})*(\.[0-9]+)?%?$`;

/**
 * Writes stored rows as CSV (UTF-8 without mark, RFC 4180), values as `shownSql` has them, empty cells for what is
 * unknown. A text that a spreadsheet would run as a formula gets an apostrophe in front.
 */
export async function exportRows(connection: DuckDBConnection, { file, out }: ExportTask): Promise<ExportResult> {
  const source = parquet([file]);
  const columns = await storedColumns(connection, source);
  const cells = columns.map((column) => `${cellSql(column)} AS ${sqlId(column.name)}`);
  await connection.run(
    `COPY (SELECT ${cells.join(', ')} FROM ${source}) TO ${sqlText(out)} (FORMAT csv, HEADER, DELIMITER ',')`,
  );
  const counted = await connection.runAndReadAll(`SELECT count(*) FROM ${source}`);
  return { rows: Number(counted.getRows()[0]?.[0]) };
}

function cellSql(column: StoredColumn): string {
  const shown = shownSql(column);
  // Whole numbers as they were handed in: 1000, not 1000.0.
  if (/^U?(BIGINT|INTEGER)$/.test(column.type)) return sqlId(column.name);
  if (column.type === 'DOUBLE') return `regexp_replace(CAST(${shown} AS VARCHAR), '\\.0$', '')`;
  if (column.type !== 'VARCHAR') return shown;
  const isFormula = `regexp_matches(${shown}, ${sqlText(startsFormula)})`;
  const isNumber = `regexp_matches(${shown}, ${sqlText(plainNumber)})`;
  return `CASE WHEN ${isFormula} AND NOT ${isNumber} THEN concat(${sqlText("'")}, ${shown}) ELSE ${shown} END`;
}
