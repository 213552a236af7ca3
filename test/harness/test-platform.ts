import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BenchmarkDb,
  CONFIG,
  FileStore,
  JobHandlers,
  JobQueue,
  JobRunner,
  NestLog,
  openLog,
  PlatformModule,
  SharedDb,
  TenantDb,
  type Config,
  type PlatformOptions,
} from '@hotline/platform';
import { RegistryModule } from '@hotline/registry';
import { tenancyEntities, TenancyModule, webhookJobs } from '@hotline/tenancy';
import { Module, type DynamicModule, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadMigrations } from '../../migrations/data-source.js';
import { createTestDatabase, testConfig, type TestDatabase } from './test-cluster.js';

export interface TestPlatformOptions extends Partial<PlatformOptions> {
  /** 1 unless told: code that leaves the tenant's transaction then waits for itself, and the test fails. */
  readonly poolSize?: number;
  readonly modules?: readonly (Type | DynamicModule)[];
  /** Further variables of the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** One that exists, such as of another platform; else one is made and dropped again. */
  readonly database?: TestDatabase;
  readonly dataDir?: string;
}

export interface TestPlatform {
  readonly app: INestApplicationContext;
  readonly config: Config;
  readonly database: TestDatabase;
  readonly db: TenantDb;
  readonly shared: SharedDb;
  readonly benchmark: BenchmarkDb;
  readonly queue: JobQueue;
  readonly handlers: JobHandlers;
  readonly runner: JobRunner;
  readonly files: FileStore;
  /** Ends everything it started. */
  close(): Promise<void>;
}

@Module({})
class Assembled {}

/** The real modules on a database of their own: platform, registry, tenancy, and those named. */
export async function testPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  const { poolSize = 1, modules = [], env = {} } = options;
  const database = options.database ?? (await createTestDatabase());
  const dataDir = options.dataDir ?? mkdtempSync(join(process.env['TEST_CLUSTER_DIR'] ?? tmpdir(), 'data-'));
  const config = testConfig(database, dataDir, { HOTLINE_DATABASE_POOL: String(poolSize), ...env });
  const app = await NestFactory.createApplicationContext(
    {
      module: Assembled,
      imports: [
        PlatformModule.forRoot(config, {
          migrations: options.migrations ?? (await loadMigrations()),
          seeds: options.seeds ?? [],
          entities: [...tenancyEntities, ...(options.entities ?? [])],
          jobKinds: [...Object.values(webhookJobs), ...(options.jobKinds ?? [])],
          runJobs: options.runJobs ?? false,
          ...(options.jobTiming ? { jobTiming: options.jobTiming } : {}),
        }),
        RegistryModule,
        TenancyModule,
        ...modules,
      ],
    },
    { logger: new NestLog(openLog(config)), abortOnError: false },
  );
  return {
    app,
    config: app.get<Config>(CONFIG),
    database,
    db: app.get(TenantDb),
    shared: app.get(SharedDb),
    benchmark: app.get(BenchmarkDb),
    queue: app.get(JobQueue),
    handlers: app.get(JobHandlers),
    runner: app.get(JobRunner),
    files: app.get(FileStore),
    close: async () => {
      await app.close();
      if (!options.database) await database.drop();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
