import type { DataSource, EntityManager } from 'typeorm';

/** Reads across tenants what a benchmark snapshot is made of, by a login of its own that can write nothing. */
export class BenchmarkDb {
  constructor(private readonly dataSource: DataSource) {}

  /** One snapshot for all statements of `work`. */
  async run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction('REPEATABLE READ', work);
  }
}
