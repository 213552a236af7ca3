import type { DuckDBConnection } from '@duckdb/node-api';
import type { AffectedTask, MonthFile } from '../tasks.js';
import { parquet, sameKey } from './key-relation.js';

/**
 * Months whose segment may differ once `changed` joins or leaves the list: its own months, and every month in which
 * another import holds one of its keys (a row that moves to another month leaves the old one). Sorted.
 */
export async function affected(connection: DuckDBConnection, task: AffectedTask): Promise<readonly string[]> {
  const { changed, others } = sides(task);
  const months = new Set(changed.map(({ month }) => month));
  if (others.length > 0) {
    const found = await connection.runAndReadAll(
      `SELECT DISTINCT o.filename FROM ${parquet(others.map(fileOf), ', filename = true')} o
       WHERE EXISTS (SELECT 1 FROM ${parquet(changed.map(fileOf))} c WHERE ${sameKey(task.dataset, 'o', 'c')})`,
    );
    const holding = new Set(found.getRows().map(([file]) => String(file)));
    for (const { month, file } of others) if (holding.has(file)) months.add(month);
  }
  return [...months].sort();
}

/** Those whose keys `affected` has to look at. */
export function monthsAsked(task: AffectedTask): readonly MonthFile[] {
  const { changed, others } = sides(task);
  return others.length === 0 ? [] : [...changed, ...others];
}

/** Of a month that changes anyway nothing needs to be asked. */
function sides(task: AffectedTask): Record<'changed' | 'others', readonly MonthFile[]> {
  const changed = task.changed.months.filter(({ rows }) => rows > 0);
  if (changed.length === 0) return { changed, others: [] };
  const own = new Set(changed.map(({ month }) => month));
  return { changed, others: task.committed.flatMap(({ months }) => months).filter(({ month }) => !own.has(month)) };
}

const fileOf = ({ file }: MonthFile): string => file;
