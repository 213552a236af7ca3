export { CONFIG, parseConfig, readEnvironment, type Config, type DatabaseConfig } from './config.js';
export { TenantContextMissing, TransactionAborted } from './database/database-error.js';
export { BenchmarkDb } from './database/benchmark-db.js';
export { SharedDb } from './database/shared-db.js';
export { TenantDb, type TransactionOptions } from './database/tenant-db.js';
export { FileStore, type StoredFile } from './files/file-store.js';
export { TenantKeys } from './files/tenant-keys.js';
export { LeaseLost, type ClaimedJob } from './jobs/claimed-job.js';
export { completeJob } from './jobs/complete-job.js';
export { JobHandlers, type JobHandler } from './jobs/job-handlers.js';
export { JobQueue, type NewJob } from './jobs/job-queue.js';
export { JobRunner } from './jobs/job-runner.js';
export { type JobState, type JobView } from './jobs/job-view.js';
export { PlatformModule, type PlatformOptions, type Seed } from './platform.module.js';
export {
  roles,
  tenantKinds,
  type RequestContext,
  type Role,
  type TenantKind,
  type TenantScope,
} from './request-context.js';
