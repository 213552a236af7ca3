import { rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlText } from '../sql.js';
import type { CommittedRows, MergeResult, MergeTask, MonthFile } from '../tasks.js';
import { parquet, sameKey } from './key-relation.js';
import { fingerprint, publish } from './store-file.js';

interface Part {
  readonly file: MonthFile;
  /** Rows for whose key no later import has a row, in any month. */
  readonly left: number;
}

/**
 * The segment of a month: for each natural key the row of the latest import, wherever its month. Rows stay in the order
 * of the imports and of each import's file, so equal lists give equal bytes.
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
  if (later.length === 0) return 0;
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
  const keys = parquet(later.map((committed) => committed.keysFile));
  return `EXISTS (SELECT 1 FROM ${keys} k WHERE ${sameKey(task.dataset, 'r', 'k')})`;
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
    await connection.run(
      `COPY (${selects.join(' UNION ALL BY NAME ')}) TO ${sqlText(temporary)}
       (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2, ROW_GROUP_SIZE 122880)`,
    );
    await publish(temporary, task.out);
  } finally {
    await rm(temporary, { force: true });
  }
}
