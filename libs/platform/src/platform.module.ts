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
import { Health } from './health/health.js';
import { BullJobRunner } from './jobs/bull-runner.js';
import { MESSAGES, openQueue, type MessageQueue, type QueueTiming } from './jobs/bull-queue.js';
import { InProcessJobRunner } from './jobs/in-process-runner.js';
import { JobAnnouncements } from './jobs/job-announcements.js';
import { JobHandlers } from './jobs/job-handlers.js';
import { JobLedger } from './jobs/job-ledger.js';
import { JobQueue } from './jobs/job-queue.js';
import { JobRunner } from './jobs/job-runner.js';
import { jobTiming, type JobTiming } from './jobs/run-job.js';
import { LOG, openLog } from './log/log.js';
import { Mailer } from './mail/mailer.js';
import { Metrics } from './metrics/metrics.js';
import { MetricsServer } from './metrics/metrics-server.js';

export interface PlatformOptions extends DatabaseParts {
  /** Every kind of job there is; the process does not start unless each has exactly one handler. */
  readonly jobKinds: readonly string[];
  /** Whether this process runs jobs, or only adds them. */
  readonly runJobs: boolean;
  /** Other than usual in tests of what happens when time runs out. */
  readonly jobTiming?: Partial<JobTiming> & { readonly pollMs?: number; readonly queue?: Partial<QueueTiming> };
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
  Mailer,
  Health,
  JobAnnouncements,
  JobHandlers,
  JobQueue,
  JobRunner,
  MESSAGES,
  Metrics,
  MetricsServer,
];

/** Config, database, jobs, files and log, for every other module. */
@Module({})
export class PlatformModule {
  static forRoot(config: Config, options: PlatformOptions): DynamicModule {
    const { pollMs, queue: queueTiming, ...timing } = { pollMs: 1_000, queue: {}, ...jobTiming, ...options.jobTiming };
    return {
      module: PlatformModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOG, useFactory: () => openLog(config) },
        { provide: Metrics, useFactory: () => new Metrics() },
        {
          provide: Database,
          useFactory: ({ statementSeconds }: Metrics) =>
            Database.open(config, options, (login, seconds) => statementSeconds.observe({ login }, seconds)),
          inject: [Metrics],
        },
        {
          provide: TenantDb,
          useFactory: ({ app }: Database, { transactionSeconds }: Metrics) =>
            new TenantDb(app, (end, seconds) => transactionSeconds.observe({ end }, seconds)),
          inject: [Database, Metrics],
        },
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
        { provide: Mailer, useFactory: () => new Mailer(config.mail) },
        JobHandlers,
        {
          provide: JobLedger,
          useFactory: (shared: SharedDb, db: TenantDb) => new JobLedger(shared, db),
          inject: [SharedDb, TenantDb],
        },
        {
          provide: JobQueue,
          useFactory: (db: TenantDb, announcements: JobAnnouncements) =>
            new JobQueue(db, options.jobKinds, announcements),
          inject: [TenantDb, JobAnnouncements],
        },
        {
          provide: JobAnnouncements,
          useFactory: (log: Logger, { listenUrl }: Database) =>
            new JobAnnouncements(log, { url: listenUrl, retryMs: pollMs }),
          inject: [LOG, Database],
        },
        {
          provide: MESSAGES,
          useFactory: (log: Logger): MessageQueue | null => {
            const { redisUrl, secret } = config;
            return redisUrl === null ? null : openQueue({ redisUrl, secret }, log, queueTiming);
          },
          inject: [LOG],
        },
        {
          provide: JobRunner,
          useFactory: (
            ledger: JobLedger,
            handlers: JobHandlers,
            log: Logger,
            announcements: JobAnnouncements,
            metrics: Metrics,
            messages: MessageQueue | null,
          ): JobRunner => {
            const runner = {
              kinds: options.jobKinds,
              concurrency: config.jobs,
              timing,
              pollMs,
              enabled: options.runJobs,
              metrics,
            };
            return messages === null
              ? new InProcessJobRunner(ledger, handlers, log, announcements, runner)
              : new BullJobRunner(ledger, handlers, log, announcements, messages, runner);
          },
          inject: [JobLedger, JobHandlers, LOG, JobAnnouncements, Metrics, MESSAGES],
        },
        {
          provide: Health,
          useFactory: (shared: SharedDb, runner: JobRunner) => new Health(shared, runner),
          inject: [SharedDb, JobRunner],
        },
        {
          provide: MetricsServer,
          useFactory: (metrics: Metrics, health: Health, ledger: JobLedger) => {
            metrics.watchQueue(ledger);
            return new MetricsServer(config, metrics, health);
          },
          inject: [Metrics, Health, JobLedger],
        },
      ],
      exports: provided,
    };
  }
}
