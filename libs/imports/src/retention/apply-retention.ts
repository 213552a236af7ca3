import { dirname } from 'node:path';
import { completeJob, FileStore, JobHandlers, JobQueue, TenantDb, type ClaimedJob } from '@hotline/platform';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { IsNull, Not, type EntityManager } from 'typeorm';
import { ImportEntity } from '../import.entity.js';
import { importJobs } from '../import-jobs.js';
import { moveRowState, readRowState } from '../row-state.queries.js';
import { SegmentEntity } from '../segment.entity.js';
import { firstKeptMonth, isOlder } from './closed-months.js';
import { RetentionRuleEntity } from './retention-rule.entity.js';

const hourMs = 3_600_000;

/**
 * Removes rows that are older than their rule allows: month by month, the segment and the month files of the imports.
 * Facts counted from them, assessments and their evidence stay. Looks once a day and tenant for what is due.
 */
@Injectable()
export class ApplyRetention implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(ApplyRetention.name);
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: TenantDb,
    private readonly files: FileStore,
    private readonly jobs: JobQueue,
    handlers: JobHandlers,
  ) {
    handlers.register(importJobs.retain, { run: (job) => this.run(job) });
  }

  onApplicationBootstrap(): void {
    const look = (): void => {
      this.looking = this.enqueueDue().catch((error: unknown) => this.log.error(error));
    };
    look();
    this.timer = setInterval(look, hourMs);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** A job for each tenant with a rule that was not looked at today; whoever comes first adds it. */
  async enqueueDue(): Promise<void> {
    for (const tenantId of await this.files.tenants()) {
      await this.db.run({ tenantId }, async (manager) => {
        const due = await manager.query<object[]>(
          `select from retention_rule where tenant_id = $1 and ${isDue}
             and not exists (select from job j where j.tenant_id = $1 and j.kind = $2 and j.state in ('queued', 'running'))
           for update`,
          [tenantId, importJobs.retain],
        );
        if (due.length === 0) return;
        await this.jobs.enqueue(manager, { tenantId }, { kind: importJobs.retain, subject: tenantId, payload: {} });
      });
    }
  }

  private async run(job: ClaimedJob): Promise<void> {
    const { tenantId } = job;
    const gone = await this.db.run({ tenantId }, async (manager) => {
      const { version, commitSeq } = await readRowState(manager, tenantId);
      const rules = await manager.query<{ dataset: string }[]>(
        `select dataset from retention_rule where tenant_id = $1 and ${isDue} order by dataset for update`,
        [tenantId],
      );
      const files: string[] = [];
      let removedRows = 0;
      for (const { dataset } of rules) {
        const rule = await manager.findOneByOrFail(RetentionRuleEntity, {
          tenantId,
          dataset: dataset as RetentionRuleEntity['dataset'],
        });
        const removed = await this.removeOlder(manager, rule);
        files.push(...removed.files);
        removedRows += removed.rows;
      }
      if (files.length > 0) await moveRowState(manager, tenantId, version, commitSeq);
      await completeJob(manager, job, { removedRows });
      return files;
    });
    // What is left by a process that dies here points to nothing: the sweep removes it.
    for (const file of new Set(gone)) await this.files.remove(tenantId, file);
    await this.files.removeEmpty(tenantId, [...new Set(gone.map((file) => dirname(file)))]);
  }

  private async removeOlder(
    manager: EntityManager,
    { tenantId, dataset, months, closedBefore }: RetentionRuleEntity,
  ): Promise<{ files: string[]; rows: number }> {
    const wanted = months === null ? '' : firstKeptMonth(new Date(), months);
    // What was closed stays closed, also where the rule is now a longer one.
    const first = closedBefore !== null && closedBefore > wanted ? closedBefore : wanted;
    const segments = (await manager.findBy(SegmentEntity, { tenantId, dataset })).filter(({ month }) =>
      isOlder(month, first),
    );
    for (const { month } of segments) await manager.delete(SegmentEntity, { tenantId, dataset, month });
    const files = segments.map(({ file }) => file);
    const imports = await manager.findBy(ImportEntity, { tenantId, dataset, result: Not(IsNull()) });
    for (const { id, result } of imports) {
      if (!result) continue;
      const kept = result.months.filter(({ month }) => !isOlder(month, first));
      if (kept.length === result.months.length) continue;
      const old = result.months.filter(({ month }) => isOlder(month, first)).map(({ file }) => file);
      // The cells of rows that were refused are as old as the others.
      const cells = kept.length === 0 && result.issueRowsFile !== null ? [result.issueRowsFile] : [];
      const removed = [...old, ...cells];
      await manager.update(
        ImportEntity,
        { tenantId, id },
        {
          result: {
            ...result,
            months: kept,
            issueRowsFile: cells.length > 0 ? null : result.issueRowsFile,
            files: result.files.filter(({ file }) => !removed.includes(file)),
          },
        },
      );
      files.push(...removed);
    }
    const rows = segments.reduce((sum, segment) => sum + segment.rows, 0);
    await manager.query(
      `update retention_rule set closed_before = nullif($3, ''), removed_rows = removed_rows + $4, applied_at = now()
       where tenant_id = $1 and dataset = $2`,
      [tenantId, dataset, files.length > 0 || closedBefore !== null ? first : '', rows],
    );
    return { files, rows };
  }
}

/** In force, and not yet applied on this day in Shanghai. */
const isDue = `(months is not null or closed_before is not null) and applies_from <= now()
  and (applied_at is null or (applied_at at time zone 'Asia/Shanghai')::date < (now() at time zone 'Asia/Shanghai')::date
    or applied_at < applies_from)`;
