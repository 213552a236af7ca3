import { Module, type DynamicModule } from '@nestjs/common';
import type { EntitySchema, MigrationInterface } from 'typeorm';
import type { Config } from './config.js';

/** Runs as the owner after the migrations, at every start; leaves the same rows however often it runs. */
export type Seed = (query: (sql: string, parameters?: unknown[]) => Promise<unknown>) => Promise<void>;

export interface PlatformOptions {
  /** Classes of all libs whose tables the process uses. */
  readonly entities: readonly (EntitySchema | (abstract new (...args: never[]) => unknown))[];
  readonly migrations: readonly (new () => MigrationInterface)[];
  readonly seeds: readonly Seed[];
  /** Every kind of job there is; the process does not start unless each has exactly one handler. */
  readonly jobKinds: readonly string[];
  /** Whether this process runs jobs, or only adds them. */
  readonly runJobs: boolean;
}

/** Provides Config, TenantDb, SharedDb, BenchmarkDb, JobQueue, JobHandlers, JobRunner, FileStore, TenantKeys and the log, everywhere. */
@Module({})
export class PlatformModule {
  static forRoot(_config: Config, _options: PlatformOptions): DynamicModule {
    return { module: PlatformModule, global: true };
  }
}
