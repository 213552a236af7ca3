import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { CONFIG, type Config } from './config.js';
import { BenchmarkDb } from './database/benchmark-db.js';
import { Database, type DatabaseParts } from './database/database.js';
import { SharedDb } from './database/shared-db.js';
import { TenantDb } from './database/tenant-db.js';
import { FileStore } from './files/file-store.js';
import { LocalFileStore } from './files/local-file-store.js';
import { TenantKeys } from './files/tenant-keys.js';
import { InProcessJobRunner } from './jobs/in-process-runner.js';
import { JobHandlers } from './jobs/job-handlers.js';
import { JobLedger } from './jobs/job-ledger.js';
import { JobQueue } from './jobs/job-queue.js';
import { JobRunner } from './jobs/job-runner.js';
import { jobTiming, type JobTiming } from './jobs/run-job.js';
import { LOG, openLog } from './log/log.js';

export interface PlatformOptions extends DatabaseParts {
  /** Every kind of job there is; the process does not start unless each has exactly one handler. */
  readonly jobKinds: readonly string[];
  /** Whether this process runs jobs, or only adds them. */
  readonly runJobs: boolean;
  /** Other than usual in tests of what happens when time runs out. */
  readonly jobTiming?: Partial<JobTiming> & { readonly pollMs?: number };
}

const aDayMs = 86_400_000;

/** The database itself is not among them: its rows are reached through TenantDb, SharedDb and BenchmarkDb. */
const provided = [
  CONFIG,
  LOG,
  TenantDb,
  SharedDb,
  BenchmarkDb,
  TenantKeys,
  FileStore,
  JobHandlers,
  JobQueue,
  JobRunner,
];

/** Config, database, jobs, files and log, for every other module. */
@Module({})
export class PlatformModule {
  static forRoot(config: Config, options: PlatformOptions): DynamicModule {
    const { pollMs, ...timing } = { pollMs: 1_000, ...jobTiming, ...options.jobTiming };
    return {
      module: PlatformModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOG, useFactory: () => openLog(config) },
        { provide: Database, useFactory: () => Database.open(config, options) },
        { provide: TenantDb, useFactory: ({ app }: Database) => new TenantDb(app), inject: [Database] },
        { provide: SharedDb, useFactory: ({ app }: Database) => new SharedDb(app), inject: [Database] },
        {
          provide: BenchmarkDb,
          useFactory: ({ benchmark }: Database) => new BenchmarkDb(benchmark),
          inject: [Database],
        },
        { provide: TenantKeys, useFactory: () => new TenantKeys(config.secret) },
        {
          provide: FileStore,
          useFactory: async (keys: TenantKeys) => {
            const files = await new LocalFileStore(config.dataDir, keys).open();
            await files.sweep(aDayMs);
            return files;
          },
          inject: [TenantKeys],
        },
        JobHandlers,
        {
          provide: JobLedger,
          useFactory: (shared: SharedDb, db: TenantDb) => new JobLedger(shared, db),
          inject: [SharedDb, TenantDb],
        },
        { provide: JobQueue, useFactory: (db: TenantDb) => new JobQueue(db, options.jobKinds), inject: [TenantDb] },
        {
          provide: JobRunner,
          useFactory: (ledger: JobLedger, handlers: JobHandlers, log: Logger, database: Database) =>
            new InProcessJobRunner(ledger, handlers, log, {
              kinds: options.jobKinds,
              concurrency: config.jobs,
              timing,
              pollMs,
              url: database.appUrl,
              enabled: options.runJobs,
            }),
          inject: [JobLedger, JobHandlers, LOG, Database],
        },
      ],
      exports: provided,
    };
  }
}
