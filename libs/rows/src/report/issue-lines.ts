import type { DuckDBConnection } from '@duckdb/node-api';
import type { Issue } from '../check/messages.js';
import { sqlId, sqlNumber, sqlText } from '../sql.js';
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
const rowsSql = (file: string) => `read_parquet(${sqlText(file)})`;

/** File rows that are joined at a time: a join of all of them, or their sort, would not fit the memory of the process. */
const rowsAtATime = 4096;

interface Span {
  /** Rows that have an issue or were kept instead of one that has. */
  readonly rows: number;
  /** Where they are, in blocks of `rowsAtATime` rows: in a workbook of several sheets there are wide gaps. */
  readonly blocks: readonly number[];
}

export async function reportSpan(connection: DuckDBConnection, source: Source): Promise<Span> {
  const parts = [issuesSql(source), ...(source.issueRowsFile === null ? [] : [rowsSql(source.issueRowsFile)])];
  const rows = parts.map((part) => `SELECT "row" FROM ${part}`).join(' UNION ');
  const reader = await connection.runAndReadAll(
    `SELECT CAST("row" // ${sqlNumber(rowsAtATime)} AS DOUBLE) AS block, CAST(count(*) AS DOUBLE) AS rows
     FROM (${rows}) GROUP BY block ORDER BY block`,
  );
  const found = reader.getRows();
  return {
    rows: found.reduce((sum, [, count]) => sum + Number(count), 0),
    blocks: found.map(([block]) => Number(block)),
  };
}

/** Every issue in the order of the file, each with the cells of its row; memory does not grow with their number. */
export async function* issueLines(
  connection: DuckDBConnection,
  source: Source,
  columns: readonly ReportColumn[],
  span: Span,
): AsyncGenerator<IssueLine> {
  for (const block of span.blocks) {
    const from = block * rowsAtATime;
    const within = `"row" BETWEEN ${sqlNumber(from)} AND ${sqlNumber(from + rowsAtATime - 1)}`;
    const result = await connection.stream(linesSql(source, columns, within));
    for await (const page of result.yieldRowsJs()) for (const line of page) yield toLine(line);
  }
}

function linesSql(source: Source, columns: readonly ReportColumn[], within: string): string {
  const cells = columns.map(({ position }) => sqlId(`c${position}`));
  const issue = ['rule', 'level', '"column"', 'header', 'value'].map((name) => `issues.${name}`);
  const issues = `(FROM ${issuesSql(source)} WHERE ${within}) AS issues`;
  if (source.issueRowsFile === null) {
    const none = cells.map(() => 'NULL');
    return `SELECT ${['CAST("row" AS DOUBLE)', ...issue, ...none].join(', ')} FROM ${issues} ORDER BY file_row_number`;
  }
  const row = 'coalesce(issues."row", rows."row")';
  const shown = cells.map((cell) => `rows.${cell}`);
  return `SELECT ${[`CAST(${row} AS DOUBLE)`, ...issue, ...shown].join(', ')}
    FROM ${issues} FULL JOIN (FROM ${rowsSql(source.issueRowsFile)} WHERE ${within}) AS rows ON issues."row" = rows."row"
    ORDER BY ${row}, issues.file_row_number`;
}

function toLine([row, rule, level, column, header, value, ...cells]: readonly unknown[]): IssueLine {
  const text = (cell: unknown) => (typeof cell === 'string' ? cell : null);
  const said = { column: text(column), header: text(header), value: text(value) };
  return {
    row: Number(row),
    issue: typeof rule === 'string' ? { rule, level: level === 'warning' ? 'warning' : 'error', ...said } : null,
    cells: cells.map(text),
  };
}
