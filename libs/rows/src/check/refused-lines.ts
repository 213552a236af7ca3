import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlId, sqlText } from '../sql.js';
import type { RegularFile } from './cell-source.js';
import type { RefusedRecord } from './rewrite-records.js';

/** The lines that could not be read as rows. */
export interface RefusedLines {
  /** Temporary table with `line` (1 = first), `row`, `rule`, `value` and whether it is `blank`; null: all could be read. */
  readonly table: string | null;
  readonly count: number;
  readonly blank: number;
}

const rules = `CASE error_type WHEN 'MISSING COLUMNS' THEN 'ragged_row' WHEN 'TOO MANY COLUMNS' THEN 'ragged_row'
  WHEN 'LINE SIZE OVER MAXIMUM' THEN 'line_too_long' WHEN 'INVALID ENCODING' THEN 'invalid_encoding' ELSE 'broken_quotes' END`;

/**
 * Gathers what DuckDB rejected and what was refused before. Of the lines themselves only the number of cells is kept:
 * they may hold personal data.
 */
export async function gatherRefusedLines(
  connection: DuckDBConnection,
  source: {
    readonly rejects: { readonly table: string; readonly scan: string };
    readonly file: RegularFile;
    /** SQL over `line` (1 = first): the file row; null: the line tells it. */
    readonly row: string | null;
    readonly earlier: readonly RefusedRecord[];
    readonly table: string;
  },
): Promise<RefusedLines> {
  const { file, table } = source;
  const told = `split_part(ltrim(csv_line), ${sqlText(file.delimiter)}, 1)`;
  const row = source.row ?? `TRY_CAST(${told} AS BIGINT)`;
  const text = `coalesce(csv_line, '')`;
  const cellsText = file.rowNumbers ? `substring(ltrim(${text}), strlen(${told}) + 2)` : text;
  const cells = `TRY_CAST(regexp_extract(error_message, 'Found: ([0-9]+)', 1) AS BIGINT) - ${file.rowNumbers ? 1 : 0}`;
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${sqlId(table)} AS
     SELECT line, any_value(row) AS row, min(rule) AS rule, (CASE WHEN bool_or(short) THEN min(cells) ELSE max(cells) END)::VARCHAR AS value, bool_and(blank) AS blank FROM
       (SELECT line, ${row} AS row, ${rules} AS rule, ${cells} AS cells, error_type = 'MISSING COLUMNS' AS short,
               regexp_full_match(${cellsText}, '\\s*') AS blank FROM ${sqlId(source.rejects.table)})
     GROUP BY line ORDER BY line`,
  );
  await dropRejects(connection, source.rejects);
  for (const { row: at, rule } of source.earlier)
    await connection.run(`INSERT INTO ${sqlId(table)} VALUES (NULL, $1::BIGINT, $2, NULL, false)`, [at, rule]);
  const reader = await connection.runAndReadAll(
    `SELECT count(*) FILTER (NOT blank) AS count, count(*) FILTER (blank) AS blank FROM ${sqlId(table)}`,
  );
  const found = reader.getRowObjectsJson()[0];
  const [count, blank] = [Number(found?.['count']), Number(found?.['blank'])];
  return { table: count + blank > 0 ? table : null, count, blank };
}

export async function dropRejects(
  connection: DuckDBConnection,
  rejects: { readonly table: string; readonly scan: string },
): Promise<void> {
  await connection.run(`DROP TABLE IF EXISTS ${sqlId(rejects.table)}`);
  await connection.run(`DROP TABLE IF EXISTS ${sqlId(rejects.scan)}`);
}
