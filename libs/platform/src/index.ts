export { ConfigError } from './config-error.js';
export {
  CONFIG,
  isLoopback,
  parseConfig,
  readEnvironment,
  type Config,
  type DatabaseConfig,
  type LogLevel,
  type MailConfig,
  type SignInProvider,
} from './config.js';
export { BenchmarkDb } from './database/benchmark-db.js';
export {
  CommitUnanswered,
  isDatabaseUnavailable,
  TenantContextMissing,
  TransactionAborted,
} from './database/database-error.js';
export { Database, type DatabaseParts } from './database/database.js';
export { EmbeddedCluster, type ClusterOptions } from './database/embedded-cluster.js';
export { freePort } from './database/free-port.js';
export { appLogin, benchmarkLogin, derivedLoginUrl } from './database/logins.js';
export { type Entity, type Migration, type Seed } from './database/schema.js';
export { SharedDb } from './database/shared-db.js';
export { TenantDb, type TransactionOptions } from './database/tenant-db.js';
export { isDiskFull } from './files/disk-full.js';
export { FileStore, type StoredFile } from './files/file-store.js';
export { SealBroken } from './files/sealed-file.js';
export { TenantKeys } from './files/tenant-keys.js';
export { letHeapGrow } from './heap-growth.js';
export { Health, type Readiness } from './health/health.js';
export { MESSAGES, type MessageQueue } from './jobs/bull-queue.js';
export { LeaseLost, type ClaimedJob } from './jobs/claimed-job.js';
export { completeJob } from './jobs/complete-job.js';
export { HourlyWork } from './jobs/hourly-work.js';
export { JobAnnouncements } from './jobs/job-announcements.js';
export { JobHandlers, type JobHandler, type JobPatience } from './jobs/job-handlers.js';
export { JobLedger, type DueJob, type HeldJob } from './jobs/job-ledger.js';
export { JobQueue, type NewJob } from './jobs/job-queue.js';
export { JobRunner } from './jobs/job-runner.js';
export { jobStates, type JobProgress, type JobState, type JobView } from './jobs/job-view.js';
export { runJob, type JobOutcome, type JobTiming } from './jobs/run-job.js';
export { addToTrail, trail, withTrail, type Trail } from './log/trail.js';
export { LOG, NestLog, openLog } from './log/log.js';
export { Mailer, type Mail } from './mail/mailer.js';
export { Metrics } from './metrics/metrics.js';
export { MetricsServer } from './metrics/metrics-server.js';
export { PlatformModule, type PlatformOptions } from './platform.module.js';
export { RateExceeded, type RateLimits } from './rates/rate-limits.js';
export { Rates } from './rates/rates.js';
export { startRefusal } from './start-refusal.js';
export {
  roles,
  tenantKinds,
  type RequestContext,
  type Role,
  type TenantKind,
  type TenantScope,
} from './request-context.js';
