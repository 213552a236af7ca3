import { completeJob, FileStore, JobHandlers, TenantDb, type ClaimedJob } from '@hotline/platform';
import { Injectable } from '@nestjs/common';
import { rightsJobs } from '../rights-jobs.js';

/** Longest the rows of a tenant may take to be deleted. */
const statementTimeoutMs = 600_000;

/**
 * Job: everything of a tenant is deleted, itself included. Files first, as without rows nobody would know of them; then
 * every row in one transaction, which leaves the certificate.
 */
@Injectable()
export class DeleteTenant {
  constructor(
    private readonly db: TenantDb,
    private readonly files: FileStore,
    handlers: JobHandlers,
  ) {
    handlers.register(rightsJobs.delete, { run: (job) => this.run(job) });
  }

  private async run(job: ClaimedJob): Promise<void> {
    const { tenantId, subject } = job;
    const isConfirmed = await this.db.run({ tenantId }, async (manager) => {
      const rows = await manager.query<object[]>(
        `select from deletion_request where tenant_id = $1 and id = $2 and state = 'confirmed'`,
        [tenantId, subject],
      );
      if (rows.length === 0) await completeJob(manager, job);
      return rows.length > 0;
    });
    if (!isConfirmed) return;
    const { files, bytes } = await this.files.removeAll(tenantId);
    await this.db.run({ tenantId }, (manager) =>
      // An attempt that was interrupted may have removed some already.
      manager.query(
        'update deletion_request set files = files + $3, bytes = bytes + $4 where tenant_id = $1 and id = $2',
        [tenantId, subject, files, bytes],
      ),
    );
    // The row of this job is among them: there is nothing left to complete.
    await this.db.run({ tenantId }, (manager) => manager.query('select delete_tenant($1)', [subject]), {
      statementTimeoutMs,
    });
    // What a request that had begun before may have written meanwhile.
    await this.files.removeAll(tenantId);
  }
}
