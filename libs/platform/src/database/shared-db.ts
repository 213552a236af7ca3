import type { DataSource } from 'typeorm';
import { trail } from '../log/trail.js';

/** Reference tables and functions that belong to no tenant. Tables of tenants show no row here. */
export class SharedDb {
  constructor(private readonly dataSource: DataSource) {}

  /** Runs one statement by itself. `T` is the shape of a row. */
  async query<T>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
    return this.dataSource.query<T[]>(sql, [...parameters]);
  }

  /** As `query`, for a function that changes what is audited: the trail of the request is told with it. */
  async change<T>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query(`select set_config('app.actor', $1, true)`, [JSON.stringify(trail())]);
      return manager.query<T[]>(sql, [...parameters]);
    });
  }
}
