import type { DuckDBConnection } from '@duckdb/node-api';
import type { AffectedTask } from '../tasks.js';
import { parquet, sameKey } from './key-relation.js';

/**
 * Months whose segment may differ once `changed` joins or leaves the list: its own months, and every month in which
 * another import holds one of its keys (a row that moves to another month leaves the old one). Sorted.
 */
export async function affected(connection: DuckDBConnection, task: AffectedTask): Promise<readonly string[]> {
  const months = new Set(task.changed.months.filter((month) => month.rows > 0).map((month) => month.month));
  const others = task.committed.map((committed) => committed.keysFile).filter((file) => file !== task.changed.keysFile);
  if (months.size > 0 && others.length > 0) {
    const found = await connection.runAndReadAll(
      `SELECT DISTINCT o.month FROM ${parquet(others)} o
       WHERE EXISTS (SELECT 1 FROM ${parquet([task.changed.keysFile])} c WHERE ${sameKey(task.dataset, 'o', 'c')})`,
    );
    for (const [month] of found.getRows()) months.add(String(month));
  }
  return [...months].sort();
}
