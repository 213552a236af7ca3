import { dirname, join, relative } from 'node:path';
import {
  completeJob,
  FileStore,
  HourlyWork,
  JobHandlers,
  JobQueue,
  TenantDb,
  type ClaimedJob,
} from '@hotline/platform';
import { RowPool, type DatasetId, type MonthFile, type MovedKeysResult } from '@hotline/rows';
import { Injectable } from '@nestjs/common';
import { IsNull, Not, type EntityManager } from 'typeorm';
import { ImportEntity } from '../import.entity.js';
import { committedRows, storedFiles } from '../import-files.js';
import { importJobs } from '../import-jobs.js';
import { findCommitted, moveRowState, readRowState, type RowState } from '../row-state.queries.js';
import { SegmentEntity } from '../segment.entity.js';
import { firstKeptMonth, isOlder } from './closed-months.js';
import { RetentionRuleEntity } from './retention-rule.entity.js';

/**
 * Removes rows that are older than their rule allows: month by month, the segment and the month files of the imports.
 * Facts counted from them, assessments and their evidence stay. Looks once a day and tenant for what is due.
 */
@Injectable()
export class ApplyRetention extends HourlyWork {
  constructor(
    private readonly db: TenantDb,
    private readonly files: FileStore,
    private readonly rows: RowPool,
    private readonly jobs: JobQueue,
    handlers: JobHandlers,
  ) {
    super();
    handlers.register(importJobs.retain, { run: (job) => this.run(job) });
  }

  protected round(): Promise<void> {
    return this.enqueueDue();
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
    const { version, commitSeq, closings } = await this.plan(job);
    const gone = await this.db.run({ tenantId }, async (manager) => {
      const rules = await dueRules(manager, tenantId, 'held');
      const files: string[] = [];
      let removedRows = 0;
      for (const rule of rules) {
        const closing = closings.find(({ dataset }) => dataset === rule.dataset);
        if (closing?.first !== firstOf(rule)) throw new Error('the rule changed meanwhile; it is tried again');
        const removed = await this.removeOlder(manager, rule, closing);
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

  /** What is to be closed, with the keys that have to outlive it written where nothing points to them yet. */
  private async plan(job: ClaimedJob): Promise<RowState & { readonly closings: readonly Closing[] }> {
    const { tenantId } = job;
    const { state, due } = await this.db.runReadOnly({ tenantId }, async (manager) => {
      const state = await readRowState(manager, tenantId);
      const due: { rule: RetentionRuleEntity; committed: ImportEntity[] }[] = [];
      for (const rule of await dueRules(manager, tenantId)) {
        due.push({ rule, committed: await findCommitted(manager, tenantId, rule.dataset) });
      }
      return { state, due };
    });
    const closings: Closing[] = [];
    for (const { rule, committed } of due) {
      const { dataset } = rule;
      const first = firstOf(rule);
      closings.push({ dataset, first, moved: await this.keepMovedKeys(job, dataset, first, committed) });
    }
    return { ...state, closings };
  }

  private async keepMovedKeys(
    job: ClaimedJob,
    dataset: DatasetId,
    first: string,
    committed: readonly ImportEntity[],
  ): Promise<ReadonlyMap<string, KeptKeys>> {
    const folder = this.files.pathFor(job.tenantId);
    const stored = storedFiles(folder, { imports: committed });
    const moved = new Map<string, KeptKeys>();
    const earlier: MonthFile[] = [];
    for (const entity of committed) {
      const { months } = committedRows(entity, folder);
      const closed = months.filter((month) => isClosing(month, first));
      const [oldest] = closed;
      if (oldest && earlier.length > 0) {
        const out = join(dirname(oldest.file), `moved-keys-${job.fence}.parquet`);
        const found = await this.rows.run(
          { kind: 'moved-keys', dataset, closed, earlier: [...earlier], out },
          { signal: job.signal, stored },
        );
        if (found) moved.set(entity.id, { ...found, month: oldest.month, file: relative(folder, out) });
      }
      earlier.push(...months.filter(({ month, keysOnly }) => !isOlder(month, first) && !keysOnly));
    }
    return moved;
  }

  private async removeOlder(
    manager: EntityManager,
    { tenantId, dataset, closedBefore }: RetentionRuleEntity,
    { first, moved }: Closing,
  ): Promise<{ files: string[]; rows: number }> {
    const segments = (await manager.findBy(SegmentEntity, { tenantId, dataset })).filter(({ month }) =>
      isOlder(month, first),
    );
    for (const { month } of segments) await manager.delete(SegmentEntity, { tenantId, dataset, month });
    const files = segments.map(({ file }) => file);
    const imports = await manager.findBy(ImportEntity, { tenantId, dataset, result: Not(IsNull()) });
    for (const { id, result } of imports) {
      if (!result) continue;
      const old = result.months.filter((month) => isClosing(month, first)).map(({ file }) => file);
      if (old.length === 0) continue;
      const kept = result.months.filter((month) => !isClosing(month, first));
      const keys = moved.get(id);
      // The cells of rows that were refused are as old as the others.
      const hasRows = kept.some(({ keysOnly }) => !keysOnly);
      const cells = !hasRows && result.issueRowsFile !== null ? [result.issueRowsFile] : [];
      const removed = [...old, ...cells];
      const left = result.files.filter(({ file }) => !removed.includes(file));
      await manager.update(
        ImportEntity,
        { tenantId, id },
        {
          result: {
            ...result,
            months: keys ? [...kept, { month: keys.month, file: keys.file, rows: keys.rows, keysOnly: true }] : kept,
            issueRowsFile: cells.length > 0 ? null : result.issueRowsFile,
            files: keys ? [...left, { file: keys.file, sha256: keys.sha256, bytes: keys.bytes }] : left,
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

/** What a rule closes, and by import the keys of its rows that have to outlive them. */
interface Closing {
  readonly dataset: DatasetId;
  /** The first month that is kept. */
  readonly first: string;
  readonly moved: ReadonlyMap<string, KeptKeys>;
}

type KeptKeys = MovedKeysResult & { readonly month: string; readonly file: string };

/** What was closed stays closed, also where the rule is now a longer one. */
function firstOf({ months, closedBefore }: RetentionRuleEntity): string {
  const wanted = months === null ? '' : firstKeptMonth(new Date(), months);
  return closedBefore !== null && closedBefore > wanted ? closedBefore : wanted;
}

function isClosing({ month, keysOnly }: MonthFile, first: string): boolean {
  return isOlder(month, first) && !keysOnly;
}

async function dueRules(manager: EntityManager, tenantId: string, held?: 'held'): Promise<RetentionRuleEntity[]> {
  const rules = manager
    .createQueryBuilder(RetentionRuleEntity, 'rule')
    .where(`rule.tenant_id = :tenantId and ${isDue}`, { tenantId })
    .orderBy('rule.dataset');
  return (held ? rules.setLock('pessimistic_write') : rules).getMany();
}

/** In force, and not yet applied on this day in Shanghai. */
const isDue = `(months is not null or closed_before is not null) and applies_from <= now()
  and (applied_at is null or (applied_at at time zone 'Asia/Shanghai')::date < (now() at time zone 'Asia/Shanghai')::date
    or applied_at < applies_from)`;
