import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnSpec, DatasetSpec } from '../datasets/dictionary.js';
import { sqlId } from '../sql.js';
import type { ChangedCell, ChangedRow, CompareDetail, DaySpan, ShownCell } from '../tasks.js';
import { parquet, sameKey } from './key-relation.js';
import { shownSql, shownValue, storedColumns } from './stored-columns.js';

const mostFirstRows = 5;
const mostSpans = 100;
const dayMs = 86_400_000;

/** Month files of an import, and stored ones that may hold rows of the same keys. */
export interface BothSides {
  readonly dataset: DatasetSpec;
  readonly fresh: readonly string[];
  readonly stored: readonly string[];
}

/** Days of the import's rows, and which of them the stored rows of the same months have too. */
export async function coveredDays(
  connection: DuckDBConnection,
  dataset: DatasetSpec,
  fresh: readonly string[],
  stored: readonly string[],
): Promise<Pick<CompareDetail, 'days' | 'presentDays' | 'present'>> {
  if (fresh.length === 0) return { days: 0, presentDays: 0, present: [] };
  const stands = stored.length === 0 ? 'false' : `day IN (SELECT day FROM (${daysSql(dataset, stored)}))`;
  const reader = await connection.runAndReadAll(
    `SELECT CAST(day AS VARCHAR) AS day, ${stands} AS present FROM (${daysSql(dataset, fresh)}) ORDER BY day`,
  );
  const days = reader.getRowObjectsJson();
  const present = days.flatMap((row) => (row['present'] === true ? [String(row['day'])] : []));
  return { days: days.length, presentDays: present.length, present: spansOf(present).slice(0, mostSpans) };
}

function daysSql(dataset: DatasetSpec, files: readonly string[]): string {
  const period = sqlId(dataset.period.column);
  const isYearly = dataset.columns.find((column) => column.id === dataset.period.column)?.type === 'integer';
  const day = isYearly
    ? `unnest(range(make_date(${period}, 1, 1), make_date(${period} + 1, 1, 1), INTERVAL 1 DAY))`
    : period;
  return `SELECT DISTINCT CAST(${day} AS DATE) AS day FROM ${parquet(files)}`;
}

/** Unbroken spans of days that come in order, each once. */
function spansOf(days: readonly string[]): readonly DaySpan[] {
  const spans: DaySpan[] = [];
  for (const day of days) {
    const last = spans.at(-1);
    if (last && Date.parse(day) - Date.parse(last.last) === dayMs) spans[spans.length - 1] = { ...last, last: day };
    else spans.push({ first: day, last: day });
  }
  return spans;
}

/** The first rows of the files, all columns of each. */
export async function firstRows(
  connection: DuckDBConnection,
  dataset: DatasetSpec,
  files: readonly string[],
): Promise<CompareDetail['firstRows']> {
  if (files.length === 0) return [];
  const select = shownColumns(await shownTypes(connection, dataset, files), 'n', 'new');
  const reader = await connection.runAndReadAll(`SELECT ${select} FROM ${parquet(files)} n LIMIT ${mostFirstRows}`);
  return reader.getRowObjectsJS().map((row) => dataset.columns.map((column) => shownCell(row, column)));
}

/**
 * The rows whose keys are in a table, old and new, each with the columns that differ.
 * @param keys a table with the columns by which stored rows are sorted
 */
export async function changedRows(
  connection: DuckDBConnection,
  { dataset, fresh, stored }: BothSides,
  keys: { readonly table: string; readonly order: readonly string[] },
): Promise<readonly ChangedRow[]> {
  const types = await shownTypes(connection, dataset, fresh);
  const differs = dataset.columns.map(
    ({ id }) => `n.${sqlId(id)} IS DISTINCT FROM o.${sqlId(id)} AS ${sqlId(`differs:${id}`)}`,
  );
  // Each side by itself first: a scan for few keys reads few row groups, a join of both sides would read all of them.
  const rowsOfKeys = (files: readonly string[]) =>
    `SELECT r.* FROM ${parquet(files)} r SEMI JOIN ${keys.table} k ON ${sameKey(dataset.id, 'k', 'r')}`;
  const reader = await connection.runAndReadAll(
    `WITH n AS MATERIALIZED (${rowsOfKeys(fresh)}), o AS MATERIALIZED (${rowsOfKeys(stored)})
     SELECT ${[shownColumns(types, 'n', 'new'), shownColumns(types, 'o', 'old'), ...differs].join(', ')}
     FROM ${keys.table} k JOIN n ON ${sameKey(dataset.id, 'k', 'n')} JOIN o ON ${sameKey(dataset.id, 'k', 'o')}
     ORDER BY ${keys.order.map((column) => `k.${sqlId(column)}`).join(', ')}`,
  );
  const isKey = ({ id }: ColumnSpec) => dataset.key.includes(id);
  return reader.getRowObjectsJS().map((row) => ({
    key: dataset.columns.filter(isKey).map((column) => shownCell(row, column)),
    cells: dataset.columns.filter(({ id }) => row[`differs:${id}`] === true).map((column) => changedCell(row, column)),
  }));
}

interface ShownType {
  readonly column: ColumnSpec;
  readonly type: string;
}

async function shownTypes(
  connection: DuckDBConnection,
  dataset: DatasetSpec,
  files: readonly string[],
): Promise<readonly ShownType[]> {
  const types = new Map((await storedColumns(connection, parquet(files))).map(({ name, type }) => [name, type]));
  return dataset.columns.map((column) => ({ column, type: types.get(column.id) ?? 'VARCHAR' }));
}

/** SQL: every column under `side:id`. Of a keyed hash nothing leaves the statement but whether the cell is filled. */
function shownColumns(types: readonly ShownType[], alias: string, side: 'old' | 'new'): string {
  return types
    .map(({ column, type }) => {
      const reference = `${alias}.${sqlId(column.id)}`;
      const shown = isHidden(column) ? `${reference} IS NOT NULL` : shownSql({ name: column.id, type }, reference);
      return `${shown} AS ${sqlId(`${side}:${column.id}`)}`;
    })
    .join(', ');
}

function shownCell(row: Readonly<Record<string, unknown>>, column: ColumnSpec): ShownCell {
  const value = row[`new:${column.id}`];
  return isHidden(column)
    ? { column: column.id, value: null, hidden: value === true }
    : { column: column.id, value: shownValue(value), hidden: false };
}

function changedCell(row: Readonly<Record<string, unknown>>, column: ColumnSpec): ChangedCell {
  const { id } = column;
  if (isHidden(column)) return { column: id, old: null, new: null, hidden: true };
  return { column: id, old: shownValue(row[`old:${id}`]), new: shownValue(row[`new:${id}`]), hidden: false };
}

function isHidden({ personal }: ColumnSpec): boolean {
  return personal !== undefined;
}
