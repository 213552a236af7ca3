import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetSpec } from '../datasets/dictionary.js';
import { sqlId, sqlList, sqlNumber, sqlText } from '../sql.js';
import type { CheckResult } from '../tasks.js';
import type { ColumnPlan } from './column-plan.js';
import { rowSql, type NumberedRows } from './file-rows.js';
import { cellWarnings } from './typing-statements.js';

export interface IssueSource extends NumberedRows {
  readonly dataset: DatasetSpec;
  readonly plans: readonly ColumnPlan[];
  /** SQL relation of the rows that may have `problems`, with `place` like `typed`. */
  readonly judged: string;
  /** Further findings by place: a table with `place` and the rule and column under which they are listed. */
  readonly findings: readonly { readonly table: string; readonly rule: string; readonly column: string }[];
}

/** At most so many unknown spellings are told, the most frequent first. */
const mostUnknownValues = 1000;

/** Writes `issues.parquet`: every finding of every row, in the order of the file. */
export async function writeIssues(connection: DuckDBConnection, source: IssueSource, file: string): Promise<void> {
  const { dataset, plans } = source;
  const names = sqlList(dataset.columns.map((column) => sqlText(column.id)));
  const headers = sqlList(plans.map((plan) => (plan.source === null ? 'NULL' : sqlText(plan.source.header))));
  const warnings = [...cellWarnings, ...dataset.rules.filter((rule) => rule.level === 'warning').map(({ id }) => id)];
  const { relation, row } = rowSql(source);
  const judged = rowSql({ ...source, typed: source.judged });
  const parts = [
    `SELECT "row", problem.place AS position, problem.rule AS rule, problem.value AS value, ord FROM
       (SELECT ${judged.row} AS "row", unnest(problems) AS problem, unnest(range(len(problems))) AS ord
        FROM ${judged.relation} WHERE problems IS NOT NULL)`,
    ...source.findings.map(({ table, rule, column }, index) => {
      const position = dataset.columns.findIndex((each) => each.id === column);
      return `SELECT ${row} AS "row", ${sqlNumber(position)} AS position, ${sqlText(rule)} AS rule, NULL AS value, ${sqlNumber(10_000 + index)} AS ord
        FROM ${relation} WHERE typed.place IN (SELECT place FROM ${sqlId(table)})`;
    }),
    ...(source.refusedLines === null
      ? []
      : [`SELECT "row", NULL AS position, rule, value, 0 AS ord FROM ${sqlId(source.refusedLines)} WHERE NOT blank`]),
  ];
  await connection.run(
    `COPY (SELECT CAST("row" AS BIGINT) AS "row", ${names}[position + 1] AS "column",
       CAST(${headers}[position + 1] AS VARCHAR) AS header, CAST(value AS VARCHAR) AS value, rule,
       CASE WHEN rule IN (${warnings.map(sqlText).join(', ')}) THEN 'warning' ELSE 'error' END AS level
     FROM (${parts.join(' UNION ALL ')}) ORDER BY "row", ord) TO ${sqlText(file)} (FORMAT parquet, COMPRESSION zstd)`,
  );
}

/** What `issues.parquet` holds, in numbers. */
export async function countIssues(
  connection: DuckDBConnection,
  file: string,
): Promise<Pick<CheckResult, 'issueCounts' | 'unknownValues'>> {
  const issues = `read_parquet(${sqlText(file)})`;
  const byRule = await connection.runAndReadAll(
    `SELECT rule, level, "column", arg_min(header, "row") AS header, count(*) AS count, arg_min(value, "row") AS example
     FROM ${issues} GROUP BY rule, level, "column" ORDER BY count DESC, rule, "column"`,
  );
  const unknown = await connection.runAndReadAll(
    `SELECT "column", value, count(*) AS count FROM ${issues} WHERE rule = 'unknown_value' AND value IS NOT NULL
     GROUP BY ALL ORDER BY count DESC, "column", value LIMIT ${sqlNumber(mostUnknownValues)}`,
  );
  return {
    issueCounts: byRule.getRowObjectsJson().map((row) => ({
      rule: String(row['rule']),
      level: row['level'] === 'warning' ? 'warning' : 'error',
      column: textOrNull(row['column']),
      header: textOrNull(row['header']),
      count: Number(row['count']),
      example: textOrNull(row['example']),
    })),
    unknownValues: unknown.getRowObjectsJson().map((row) => ({
      column: String(row['column']),
      value: String(row['value']),
      count: Number(row['count']),
    })),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
