import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SegmentEntity, SegmentRepair, storedFiles } from '@hotline/imports';
import { completeJob, FileStore, JobHandlers, TenantDb, type ClaimedJob } from '@hotline/platform';
import { RowPool } from '@hotline/rows';
import { Injectable } from '@nestjs/common';
import { rightsJobs } from '../rights-jobs.js';
import { manifestOf } from './manifest.js';
import { zipOf, type ArchivedFile } from './write-archive.js';
import { writeTables, type WrittenTable } from './write-tables.js';

/** Where archives lie, encrypted. */
export const exportFolder = 'exports';
/** How long an archive can be taken. */
export const archiveHours = 72;

/** Longest a single page of a table may take to be read. */
const statementTimeoutMs = 120_000;

/**
 * Job: everything a tenant has as one archive. A tenant's jobs run one after another, so no import changes the rows
 * between the tables and the files.
 */
@Injectable()
export class ExportTenant {
  constructor(
    private readonly db: TenantDb,
    private readonly files: FileStore,
    private readonly rows: RowPool,
    private readonly repair: SegmentRepair,
    handlers: JobHandlers,
  ) {
    handlers.register(rightsJobs.export, {
      run: (job) => this.run(job),
      failed: (job) => this.failed(job),
      steps: { tables: 1, rows: 9 },
    });
  }

  private async run(job: ClaimedJob): Promise<void> {
    const { tenantId, subject } = job;
    const scratch = await this.files.scratchDir();
    const name = `${exportFolder}/${subject}`;
    try {
      await job.progress('tables', 0, 1);
      const { tables, segments } = await this.db.runReadOnly(
        { tenantId },
        async (manager) => ({
          segments: await manager.find(SegmentEntity, { where: { tenantId }, order: { dataset: 'ASC', month: 'ASC' } }),
          tables: await writeTables(manager, tenantId, scratch),
        }),
        { statementTimeoutMs },
      );
      const { bytes, sha256 } = await this.files.writeStream(
        tenantId,
        name,
        this.archive(job, scratch, tables, segments),
      );
      await this.db.run({ tenantId }, async (manager) => {
        await manager.query(
          `update data_export set state = 'ready', bytes = $3, sha256 = $4, expires_at = now() + $5 * interval '1 hour'
           where tenant_id = $1 and id = $2`,
          [tenantId, subject, bytes, sha256, archiveHours],
        );
        await completeJob(manager, job, { bytes });
      });
    } catch (error) {
      await this.files.remove(tenantId, name);
      await this.repair.after(tenantId, error);
      throw error;
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }

  private archive(
    job: ClaimedJob,
    scratch: string,
    tables: readonly WrittenTable[],
    segments: readonly SegmentEntity[],
  ) {
    const { tenantId, signal } = job;
    const stored = storedFiles(this.files.pathFor(tenantId), { segments });
    const rowFiles: WrittenTable[] = [];
    const made = segments.map(({ dataset, month, file }, index): ArchivedFile => {
      const name = `rows/${dataset}/${month}.csv`;
      return {
        name,
        write: async (out) => {
          const path = join(this.files.pathFor(tenantId), file);
          const { rows } = await this.rows.run({ kind: 'export', file: path, out }, { signal, stored });
          rowFiles.push({ name, rows });
          await job.progress('rows', index + 1, segments.length);
        },
      };
    });
    return zipOf(
      scratch,
      tables.map(({ name }) => name),
      made,
      () => manifestOf(tenantId, [...tables, ...rowFiles]),
    );
  }

  private async failed({ tenantId, subject }: ClaimedJob): Promise<void> {
    await this.db.run({ tenantId }, (manager) =>
      manager.query(`update data_export set state = 'failed' where tenant_id = $1 and id = $2 and state = 'waiting'`, [
        tenantId,
        subject,
      ]),
    );
  }
}
