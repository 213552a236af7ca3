import { rm } from 'node:fs/promises';
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
  readonly shown: readonly ShownColumn[];
  /** Table with the place of each row that was kept (`last`) instead of an earlier one; null: there is none. */
  readonly replaced: string | null;
}

/**
 * Writes `issue-rows.parquet`: `row` and the cells `c<position>` of every row that is listed in `issues.parquet`, as
 * reports show them, in the order of the file. Rows that were kept instead of a listed one are there too, so that
 * uploading a report again leaves them in force.
 */
export async function writeIssueRows(connection: DuckDBConnection, source: IssueRowSource, out: string): Promise<void> {
  const typed = rowSql(source);
  const kept =
    source.replaced === null
      ? ''
      : ` UNION SELECT ${typed.row} FROM ${typed.relation} WHERE typed.place IN (SELECT last FROM ${sqlId(source.replaced)})`;
  const wanted = `(SELECT "row" FROM read_parquet(${sqlText(source.issuesFile)})${kept})`;
  const picked = `${source.file.path}.picked`;
  try {
    const file = source.picker.pick(await fileRows(connection, wanted), picked);
    const shown = source.shown.map(({ position, sql }) => {
      const cell = sqlId(`c${position}`);
      return `CAST(${sql(cell)} AS VARCHAR) AS ${cell}`;
    });
    await connection.run(
      `COPY (SELECT ${['TRY_CAST("row" AS BIGINT) AS "row"', ...shown].join(', ')} FROM ${readCsvSql(file, null)}
       ORDER BY "row") TO ${sqlText(out)} (FORMAT parquet, COMPRESSION zstd)`,
    );
  } finally {
    await rm(picked, { force: true });
  }
}
