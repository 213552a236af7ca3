import type { DuckDBConnection } from '@duckdb/node-api';
import type { Issue } from '../check/messages.js';
import { sqlId, sqlText } from '../sql.js';
import type { MatchedColumn, ReportTask } from '../tasks.js';
import { reportHeaders } from './report-texts.js';

/** A column of the file that a report shows. */
export interface ReportColumn {
  readonly position: number;
  readonly header: string;
  /** Columns of the dataset that it fills; none: it is not stored. */
  readonly columns: readonly string[];
}

/** The columns of the file in their order, without those that an earlier report put there. */
export function reportColumns(matched: readonly MatchedColumn[]): readonly ReportColumn[] {
  const found = new Map<number, { position: number; header: string; columns: string[] }>();
  for (const { position, header, column } of matched) {
    const entry = found.get(position) ?? { position, header, columns: [] };
    if (column !== null) entry.columns.push(column);
    found.set(position, entry);
  }
  const own = reportHeaders();
  return [...found.values()]
    .filter(({ header, columns }) => columns.length > 0 || !own.has(header.trim()))
    .sort((a, b) => a.position - b.position);
}

/** An issue with the cells of its row. `issue` is null for a row that was kept instead of a listed one. */
export interface IssueLine {
  readonly row: number;
  readonly issue: (Issue & { readonly level: 'error' | 'warning' }) | null;
  /** By report column; all null where the row could not be read. */
  readonly cells: readonly (string | null)[];
}

type Source = Pick<ReportTask, 'issuesFile' | 'issueRowsFile'>;

const issuesSql = ({ issuesFile }: Source) => `read_parquet(${sqlText(issuesFile)}, file_row_number = true)`;

/** Number of rows that have an issue or were kept instead of one that has. */
export async function countReportRows(connection: DuckDBConnection, source: Source): Promise<number> {
  const parts = [issuesSql(source), ...(source.issueRowsFile === null ? [] : [rowsSql(source.issueRowsFile)])];
  const reader = await connection.runAndReadAll(
    `SELECT CAST(count(*) AS DOUBLE) FROM (${parts.map((part) => `SELECT "row" FROM ${part}`).join(' UNION ')})`,
  );
  return Number(reader.getRows()[0]?.[0]);
}

const rowsSql = (file: string) => `read_parquet(${sqlText(file)})`;

/** Every issue in the order of the file, each with the cells of its row; memory does not grow with their number. */
export async function* issueLines(
  connection: DuckDBConnection,
  source: Source,
  columns: readonly ReportColumn[],
): AsyncGenerator<IssueLine> {
  const cells = columns.map(({ position }) => sqlId(`c${position}`));
  const issue = ['rule', 'level', '"column"', 'header', 'value'].map((name) => `issues.${name}`);
  const sql =
    source.issueRowsFile === null
      ? `SELECT CAST("row" AS DOUBLE), ${issue.join(', ')}, ${cells.map(() => 'NULL').join(', ')}
         FROM ${issuesSql(source)} AS issues ORDER BY file_row_number`
      : `SELECT CAST(coalesce(issues."row", rows."row") AS DOUBLE), ${[...issue, ...cells.map((cell) => `rows.${cell}`)].join(', ')}
         FROM ${issuesSql(source)} AS issues FULL JOIN ${rowsSql(source.issueRowsFile)} AS rows ON issues."row" = rows."row"
         ORDER BY coalesce(issues."row", rows."row"), issues.file_row_number`;
  const result = await connection.stream(sql);
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  for await (const page of result.yieldRowsJs())
    for (const [row, rule, level, column, header, value, ...shown] of page)
      yield {
        row: Number(row),
        issue:
          typeof rule === 'string'
            ? {
                rule,
                level: level === 'warning' ? 'warning' : 'error',
                column: text(column),
                header: text(header),
                value: text(value),
              }
            : null,
        cells: shown.map(text),
      };
}
