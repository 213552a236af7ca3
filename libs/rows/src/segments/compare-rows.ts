import type { DuckDBConnection } from '@duckdb/node-api';
import { datasetSpec, type DatasetSpec } from '../datasets/dictionary.js';
import { sqlId } from '../sql.js';
import type { CompareResult, CompareTask, MonthFile, RowChanges } from '../tasks.js';
import { changedRows, coveredDays, firstRows } from './describe-changes.js';
import type { BothSides } from './describe-changes.js';
import { keyColumns, parquet, sameKey } from './key-relation.js';
import { sameBytes } from './store-file.js';

const mostChangedRows = 20;
const countsTable = 'compare_counts';
const sampleTable = 'compare_sample';

/**
 * Counts the rows of an import by what happens to the stored row of their key, and shows some of them. Keys are joined;
 * the other columns are compared by one 64-bit hash a row.
 */
export async function compare(connection: DuckDBConnection, task: CompareTask): Promise<CompareResult> {
  const dataset = datasetSpec(task.dataset);
  const imported = task.months.filter((month) => month.rows > 0);
  const segments = task.segments.filter((segment) => segment.dataset === task.dataset);
  const { equal, fresh, stored } = await setEqualAside(imported, segments);
  const files: BothSides = { dataset, fresh: fresh.map(fileOf), stored: stored.map(fileOf) };
  const counts = await countChanges(connection, files, rowsOf(fresh), task.detail);
  const changes = { ...counts, unchanged: counts.unchanged + rowsOf(equal) };
  if (!task.detail) return { ...changes, detail: null };
  const sameMonths = segments.filter((segment) => imported.some(({ month }) => month === segment.month));
  return {
    ...changes,
    detail: {
      ...(await coveredDays(connection, dataset, imported.map(fileOf), sameMonths.map(fileOf))),
      firstRows: await firstRows(connection, dataset, imported.map(fileOf)),
      changedRows:
        changes.changed === 0
          ? []
          : await changedRows(connection, files, { table: sampleTable, order: orderOf(dataset) }),
    },
  };
}

/**
 * The check writes equal rows as equal bytes: a month that is already stored just so needs no join. Its keys are in no
 * other file of either side.
 */
async function setEqualAside(
  imported: readonly MonthFile[],
  segments: readonly MonthFile[],
): Promise<Record<'equal' | 'fresh' | 'stored', readonly MonthFile[]>> {
  const equal: MonthFile[] = [];
  for (const month of imported) {
    const segment = segments.find((each) => each.month === month.month && each.rows === month.rows);
    if (segment && (await sameBytes(month.file, segment.file))) equal.push(month);
  }
  const aside = new Set(equal.map(({ month }) => month));
  const rest = (files: readonly MonthFile[]) => files.filter(({ month }) => !aside.has(month));
  return { equal, fresh: rest(imported), stored: rest(segments) };
}

/** One pass over both sides; with `sample` the keys of the first changed rows are left in a table. */
async function countChanges(
  connection: DuckDBConnection,
  { dataset, fresh, stored }: BothSides,
  rows: number,
  sample: boolean,
): Promise<RowChanges> {
  if (fresh.length === 0 || stored.length === 0) return { inserted: rows, changed: 0, unchanged: 0 };
  const keys = keyColumns(dataset.id);
  const others = dataset.columns.map((column) => sqlId(column.id)).filter((column) => !keys.includes(column));
  const content = `hash(${others.join(', ')}) AS content`;
  const order = orderOf(dataset).map(sqlId);
  const first = `min({${order.map((column) => `${column}: n.${column}`).join(', ')}}, ${mostChangedRows})`;
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${countsTable} AS
     SELECT count(*) FILTER (o.content IS NULL) AS inserted, count(*) FILTER (n.content <> o.content) AS changed,
       count(*) FILTER (n.content = o.content) AS unchanged
       ${sample ? `, ${first} FILTER (n.content <> o.content) AS sample` : ''}
     FROM (SELECT ${(sample ? [...new Set([...keys, ...order])] : keys).join(', ')}, ${content} FROM ${parquet(fresh)}) n
     LEFT JOIN (SELECT ${keys.join(', ')}, ${content} FROM ${parquet(stored)}) o ON ${sameKey(dataset.id, 'n', 'o')}`,
  );
  if (sample) {
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE ${sampleTable} AS SELECT unnest(sample, max_depth := 2) FROM ${countsTable}`,
    );
  }
  const reader = await connection.runAndReadAll(`SELECT inserted, changed, unchanged FROM ${countsTable}`);
  const [inserted, changed, unchanged] = reader.getRows()[0] ?? [];
  return { inserted: Number(inserted), changed: Number(changed), unchanged: Number(unchanged) };
}

/** Columns by which stored rows are sorted. */
function orderOf(dataset: DatasetSpec): readonly string[] {
  return [...new Set([dataset.period.column, ...dataset.key])];
}

function fileOf({ file }: MonthFile): string {
  return file;
}

function rowsOf(files: readonly MonthFile[]): number {
  return files.reduce((sum, { rows }) => sum + rows, 0);
}
