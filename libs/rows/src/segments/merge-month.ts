import { rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { datasetSpec } from '../datasets/dictionary.js';
import { sqlId } from '../sql.js';
import type { CommittedRows, DatasetId, MergeResult, MergeTask, MonthFile } from '../tasks.js';
import { keyColumns, parquet, sameKey } from './key-relation.js';
import { fingerprint, publish } from './store-file.js';
import { writeMonthFile, type Writing } from './write-month-file.js';

interface Part {
  readonly file: MonthFile;
  /** Rows for whose key no later import has a row, in any month. */
  readonly left: number;
}

/**
 * The segment of a month: for each natural key the row of the latest import, wherever its month. Sorted by period column
 * and key like the files of the imports, so equal lists give equal bytes.
 */
export async function merge(connection: DuckDBConnection, task: MergeTask): Promise<MergeResult> {
  const parts: Part[] = [];
  for (const [position, committed] of task.committed.entries()) {
    const file = committed.months.find((month) => month.month === task.month && month.rows > 0);
    if (!file) continue;
    const later = task.committed.slice(position + 1);
    const lost = await markLost(connection, task, file, later, parts.length);
    parts.push({ file, left: file.rows - lost });
  }
  const live = parts.filter((part) => part.left > 0);
  const [only] = live;
  if (!only) return { segment: null };
  if (live.length === 1 && only.left === only.file.rows) {
    return { segment: { dataset: task.dataset, ...only.file, ...(await fingerprint(only.file.file)) } };
  }
  await write(connection, task, parts);
  const rows = live.reduce((sum, part) => sum + part.left, 0);
  return {
    segment: { dataset: task.dataset, month: task.month, file: task.out, rows, ...(await fingerprint(task.out)) },
  };
}

/**
 * Counts the rows of a month file that a later import replaces and keeps their positions as a bit string in a session
 * variable: a filter on it streams, so writing needs neither a join nor a sort.
 */
async function markLost(
  connection: DuckDBConnection,
  task: MergeTask,
  file: MonthFile,
  later: readonly CommittedRows[],
  part: number,
): Promise<number> {
  if (later.every(({ months }) => months.every(({ rows }) => rows === 0))) return 0;
  const reader = await connection.runAndReadAll(
    `SELECT count(*) FROM ${parquet([file.file])} r WHERE ${replaced(task, later)}`,
  );
  const lost = Number(reader.getRows()[0]?.[0]);
  if (lost > 0 && lost < file.rows) {
    await connection.run(
      `SET VARIABLE ${lostRows(part)} = (
         SELECT bitstring_agg(r.file_row_number, 0, ${file.rows - 1})
         FROM ${parquet([file.file], ', file_row_number = true')} r WHERE ${replaced(task, later)})`,
    );
  }
  return lost;
}

function replaced(task: MergeTask, later: readonly CommittedRows[]): string {
  const files = later.flatMap(({ months }) => months).filter(({ rows }) => rows > 0);
  return `EXISTS (SELECT 1 FROM ${parquet(files.map(({ file }) => file))} k WHERE ${sameKey(task.dataset, 'r', 'k')})`;
}

function lostRows(part: number): string {
  return `lost_rows_${part}`;
}

async function write(connection: DuckDBConnection, task: MergeTask, parts: readonly Part[]): Promise<void> {
  const selects = parts.flatMap(({ file, left }, part) => {
    if (left === 0) return [];
    if (left === file.rows) return [`SELECT * FROM ${parquet([file.file])}`];
    return [
      `SELECT * EXCLUDE (file_row_number) FROM ${parquet([file.file], ', file_row_number = true')}
       WHERE get_bit(getvariable('${lostRows(part)}'), CAST(file_row_number AS INTEGER)) = 0`,
    ];
  });
  const temporary = `${task.out}.tmp`;
  try {
    const { query, inOrder } = await together(connection, task.dataset, selects);
    await writeMonthFile(connection, query, temporary, { inOrder });
    await publish(temporary, task.out);
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Each part is sorted. Where one ends before the next begins, as with exports of one week after the other, they only need
 * to be strung together; sorting a large month takes longer than all the rest.
 */
async function together(
  connection: DuckDBConnection,
  dataset: DatasetId,
  selects: readonly string[],
): Promise<Writing & { readonly query: string }> {
  const period = sqlId(datasetSpec(dataset).period.column);
  const spans: { select: string; first: bigint; last: bigint }[] = [];
  for (const select of selects) {
    const instant = (edge: string) => `CAST(epoch_us(CAST(${edge}(${period}) AS TIMESTAMP)) AS BIGINT)`;
    const whole = (edge: string) => `CAST(${edge}(${period}) AS BIGINT)`;
    const edge = isInstant(dataset) ? instant : whole;
    const reader = await connection.runAndReadAll(`SELECT ${edge('min')}, ${edge('max')} FROM (${select})`);
    const [first, last] = reader.getRows()[0] ?? [];
    spans.push({ select, first: BigInt(String(first)), last: BigInt(String(last)) });
  }
  spans.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const apart = spans.every((span, index) => index === 0 || (spans[index - 1]?.last ?? span.first) < span.first);
  const all = spans.map((span) => span.select).join(' UNION ALL BY NAME ');
  const keys = [period, ...keyColumns(dataset)].join(', ');
  return { query: apart ? all : `SELECT * FROM (${all}) ORDER BY ${keys}`, inOrder: apart };
}

function isInstant(dataset: DatasetId): boolean {
  const { columns, period } = datasetSpec(dataset);
  return columns.find((column) => column.id === period.column)?.type !== 'integer';
}
