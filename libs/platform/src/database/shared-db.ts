import type { DataSource } from 'typeorm';

/** Reference tables and functions that belong to no tenant. Tables of tenants show no row here. */
export class SharedDb {
  constructor(private readonly dataSource: DataSource) {}

  /** Runs one statement by itself. `T` is the shape of a row. */
  async query<T>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
    return this.dataSource.query<T[]>(sql, [...parameters]);
  }
}
