import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlId, sqlText } from '../sql.js';
import { readCsvSql, type RegularFile } from './cell-source.js';
import { rowSql, type NumberedRows } from './file-rows.js';
import { fileRows, type LinePicker } from './pick-lines.js';
import type { ShownColumn } from './shown-cell.js';

export interface IssueRowSource extends NumberedRows {
  readonly file: RegularFile;
  readonly picker: LinePicker;
  readonly issuesFile: string;
  /** Table with the place of each row that was kept (`last`) instead of an earlier one; null: there is none. */
  readonly replaced: string | null;
}

/**
 * Picks every row that is listed in `issues.parquet`. Rows that were kept instead of a listed one are there too, so that
 * uploading a report again leaves them in force.
 */
export async function pickIssueRows(connection: DuckDBConnection, source: IssueRowSource): Promise<RegularFile> {
  const typed = rowSql(source);
  const kept =
    source.replaced === null
      ? ''
      : ` UNION SELECT ${typed.row} FROM ${typed.relation} WHERE typed.place IN (SELECT last FROM ${sqlId(source.replaced)})`;
  const wanted = `(SELECT "row" FROM read_parquet(${sqlText(source.issuesFile)})${kept})`;
  return source.picker.pick(await fileRows(connection, wanted), `${source.file.path}.picked`);
}

/**
 * Writes `issue-rows.parquet`: `row` and the cells `c<position>` of the picked rows, as reports show them, in the order of
 * the file.
 */
export async function writeIssueRows(
  connection: DuckDBConnection,
  picked: RegularFile,
  columns: readonly ShownColumn[],
  out: string,
): Promise<void> {
  const shown = columns.map(({ position, sql }) => {
    const cell = sqlId(`c${position}`);
    return `CAST(${sql(cell)} AS VARCHAR) AS ${cell}`;
  });
  await connection.run(
    `COPY (SELECT ${['TRY_CAST("row" AS BIGINT) AS "row"', ...shown].join(', ')} FROM ${readCsvSql(picked, null)}
     ORDER BY "row") TO ${sqlText(out)} (FORMAT parquet, COMPRESSION zstd)`,
  );
}
