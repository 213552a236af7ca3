import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetSpec } from '../datasets/dictionary.js';
import { returnMemory } from '../process/threads.js';
import { writeMonthFile } from '../segments/write-month-file.js';
import { sqlId, sqlText } from '../sql.js';
import type { MonthFile } from '../tasks.js';

/** Rows of more months are put in order once and cut, instead of searched anew for each month. */
const fewMonths = 24;

export interface AcceptedRows {
  /** SQL relation of the rows to be kept: the columns that are not constant, `moment`, the period again, and `place`, their order. */
  readonly relation: string;
  /** SQL of the columns that are the same in every row. */
  readonly constants: ReadonlyMap<string, string>;
  /** SQL: the row has a warning. */
  readonly warned: string;
  readonly dataset: DatasetSpec;
}

const periodOf = ({ dataset }: AcceptedRows) => sqlId(dataset.period.column);
const sortKeys = ({ dataset }: AcceptedRows) => [dataset.period.column, ...dataset.key].map(sqlId);

function isYearly({ dataset }: AcceptedRows): boolean {
  return dataset.columns.find((column) => column.id === dataset.period.column)?.type === 'integer';
}

export interface WrittenMonths extends Omit<Span, 'months'> {
  readonly months: readonly MonthFile[];
}

interface Span {
  readonly months: readonly { readonly month: string; readonly rows: number }[];
  /** Rows with a warning. */
  readonly warned: number;
  readonly firstDay: string | null;
  readonly lastDay: string | null;
}

/**
 * What the rows tell of themselves; a yearly dataset spans its years. Most files are of one month, as their ends show: only
 * others are grouped, which takes several times as long. Instants are made texts once a month, not once a row.
 */
async function spanOf(connection: DuckDBConnection, rows: AcceptedRows): Promise<Span> {
  const period = periodOf(rows);
  const yearly = isYearly(rows);
  const day = (value: string, edge: string) =>
    yearly ? `CAST(make_date(${value}, ${edge}) AS VARCHAR)` : `strftime(${value}, '%Y-%m-%d')`;
  const by = async (group: string) => {
    const reader = await connection.runAndReadAll(
      `SELECT rows, warned, ${day('earliest', '1, 1')} AS first, ${day('latest', '12, 31')} AS last FROM
         (SELECT count(*) AS rows, count(*) FILTER (${rows.warned}) AS warned, min(${period}) AS earliest, max(${period}) AS latest
          FROM ${rows.relation} GROUP BY ${group})
       WHERE rows > 0 ORDER BY earliest`,
    );
    return reader.getRowObjectsJson().map((row) => ({
      first: String(row['first']),
      last: String(row['last']),
      rows: Number(row['rows']),
      warned: Number(row['warned']),
    }));
  };
  const whole = await by('()');
  const severalMonths = !yearly && whole.some(({ first, last }) => first.slice(0, 7) !== last.slice(0, 7));
  const parts = severalMonths ? await by(`date_trunc('month', ${period})`) : whole;
  return {
    months: parts.map(({ first, rows: count }) => ({ month: yearly ? 'all' : first.slice(0, 7), rows: count })),
    warned: parts.reduce((sum, part) => sum + part.warned, 0),
    firstDay: parts[0]?.first ?? null,
    lastDay: parts.at(-1)?.last ?? null,
  };
}

/**
 * Writes `rows/<month>.parquet`: the columns of the dataset in the order of the dictionary, sorted by period column and
 * key, so that equal files give equal bytes and later merges and scans touch few row groups.
 */
export async function writeMonths(
  connection: DuckDBConnection,
  rows: AcceptedRows,
  outDir: string,
): Promise<WrittenMonths> {
  const { months, warned, firstDay, lastDay } = await spanOf(connection, rows);
  const varying = rows.dataset.columns.filter(({ id }) => !rows.constants.has(id)).map(({ id }) => sqlId(id));
  // Constant columns come last, so that sorting does not carry them.
  const columns = rows.dataset.columns.map(({ id }) => {
    const constant = rows.constants.get(id);
    return constant === undefined ? sqlId(id) : `${constant} AS ${sqlId(id)}`;
  });
  const keys = sortKeys(rows).join(', ');
  const cut = months.length > fewMonths;
  const scratch = join(outDir, 'sorted.parquet');
  if (cut)
    await connection.run(
      `COPY (SELECT ${varying.join(', ')}, moment FROM ${rows.relation} ORDER BY ${keys}) TO ${sqlText(scratch)} (FORMAT parquet, ROW_GROUP_SIZE 16384)`,
    );
  const source = cut ? `read_parquet(${sqlText(scratch)})` : rows.relation;
  const order = cut ? '' : ` ORDER BY ${keys}`;
  const written: MonthFile[] = [];
  for (const { month, rows: count } of months) {
    const file = join(outDir, 'rows', `${month}.parquet`);
    const first = `DATE ${sqlText(`${month}-01`)}`;
    const within =
      month === 'all' || months.length === 1
        ? ''
        : ` WHERE moment >= ${first} AND moment < ${first} + INTERVAL 1 MONTH`;
    const query = `SELECT ${columns.join(', ')} FROM (SELECT * FROM ${source}${within}${order})`;
    // Rows in order are written by fewer threads than before, which gives it back as well.
    if (months.length > 1 && !cut) await returnMemory(connection);
    await writeMonthFile(connection, query, file, { inOrder: cut });
    written.push({ month, file, rows: count });
  }
  return { months: written, warned, firstDay, lastDay };
}
