import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import {
  CommitUnanswered,
  completeJob,
  FileStore,
  JobHandlers,
  TenantDb,
  type ClaimedJob,
  type TenantScope,
} from '@hotline/platform';
import { defaultMethodology, loadMethodology } from '@hotline/methodology';
import { RowPool, StoredFileDamaged, type RowChanges, type Segment } from '@hotline/rows';
import { WebhookOutbox } from '@hotline/tenancy';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { replaceDerivedRows } from './derived-rows.queries.js';
import { deriveRows, type DerivedRows } from './derive-rows.js';
import { ImportEntity, type CommitRefusal, type ImportChanges } from './import.entity.js';
import { committedRows, segmentFile, storedFiles } from './import-files.js';
import { importJobs } from './import-jobs.js';
import { findCommitted, moveRowState, readRowState } from './row-state.queries.js';
import { readClosedMonths, type ClosedMonths } from './retention/closed-months.js';
import { SegmentRepair } from './segment-repair.js';
import { SegmentEntity } from './segment.entity.js';

type Direction = 'commit' | 'revert';

/** Months are merged one by one; then the rows are counted and everything is switched over. */
const switchSteps = { merge: 4, keep: 1 } as const;

/** By the code a job ended with. */
const commitRefusals: ReadonlyMap<string, CommitRefusal['code']> = new Map([
  ['cancelled', 'commit_cancelled'],
  ['disk_full', 'commit_disk_full'],
]);

interface Started {
  readonly entity: ImportEntity;
  /** Version of the tenant's row state the derivation starts from. */
  readonly version: number;
  readonly commitSeq: number;
  /** Committed imports of the dataset as they are now, oldest first. */
  readonly committed: readonly ImportEntity[];
  readonly segments: readonly SegmentEntity[];
  readonly closed: ClosedMonths;
}

/**
 * Jobs: an import comes onto the list of committed imports, or off it. Files are written first, where nobody looks;
 * then one transaction changes the list, the segments and the daily facts together, or nothing at all.
 */
@Injectable()
export class SwitchImport {
  constructor(
    private readonly db: TenantDb,
    private readonly files: FileStore,
    private readonly rows: RowPool,
    private readonly repair: SegmentRepair,
    private readonly webhooks: WebhookOutbox,
    handlers: JobHandlers,
  ) {
    handlers.register(importJobs.commit, {
      run: (job) => this.run(job, 'commit'),
      failed: (job, _end, errorCode) => this.failed(job, 'checked', errorCode),
      steps: switchSteps,
    });
    handlers.register(importJobs.revert, {
      run: (job) => this.run(job, 'revert'),
      failed: (job, _end, errorCode) => this.failed(job, 'committed', errorCode),
      steps: switchSteps,
    });
  }

  private async run(job: ClaimedJob, direction: Direction): Promise<void> {
    const started = await this.start(job, direction);
    if (started === null) return;
    const { entity, committed } = started;
    const dataset = entity.dataset;
    if (dataset === null) throw new Error(`import ${entity.id} has no dataset`);
    const folder = this.files.pathFor(job.tenantId);
    const after = direction === 'commit' ? [...committed, entity] : committed.filter((other) => other.id !== entity.id);
    const segmentFolder = join(folder, 'segments', dataset, `${started.version + 1}-${job.fence}-${entity.id}`);
    const stored = storedFiles(folder, { imports: [...committed, entity], segments: started.segments });
    const segments: Segment[] = started.segments.map((segment) => segmentFile(segment, folder));
    await mkdir(segmentFolder, { recursive: true });
    let derived: DerivedRows;
    let rows: RowChanges | null;
    try {
      derived = await deriveRows(this.rows, {
        methodology: loadMethodology(),
        dataset,
        changed: committedRows(entity, folder),
        joins: direction === 'commit',
        committed: after.map((other) => committedRows(other, folder)),
        segments,
        stored,
        closed: started.closed,
        segmentPath: (month) => join(segmentFolder, `${month}.parquet`),
        signal: job.signal,
        progress: (done, total) => job.progress('merge', done, total),
      });
      rows = direction === 'commit' ? await this.countChanges(job, started, derived) : null;
    } catch (error) {
      await rm(segmentFolder, { recursive: true, force: true });
      const repaired = await this.repair.after(job.tenantId, error);
      if (!(error instanceof StoredFileDamaged) || repaired || direction === 'revert') throw error;
      await this.refuseDamaged(job, error);
      return;
    }
    await job.progress('keep', 0, 1);
    try {
      await this.switchOver(job, direction, started, derived, rows);
    } catch (error) {
      // What became of a COMMIT whose answer never came nobody knows: only the sweep may then remove these files.
      if (!(error instanceof CommitUnanswered)) await rm(segmentFolder, { recursive: true, force: true });
      throw error;
    }
    await this.removeReplaced(folder, started, derived);
    if (entity.sourceFile !== null) await this.files.remove(job.tenantId, entity.sourceFile);
  }

  private async start(job: ClaimedJob, direction: Direction): Promise<Started | null> {
    const { tenantId, subject } = job;
    return this.db.run({ tenantId }, async (manager) => {
      const entity = await manager.findOneBy(ImportEntity, { tenantId, id: subject });
      if (!entity || entity.state !== (direction === 'commit' ? 'committing' : 'reverting')) {
        await completeJob(manager, job);
        return null;
      }
      const { version, commitSeq } = await readRowState(manager, tenantId);
      const onlyIf = job.payload['onlyIf'];
      if (typeof onlyIf === 'number' && onlyIf !== version) {
        const commitRefusal: CommitRefusal = { code: 'preview_stale', params: { version: onlyIf, current: version } };
        await manager.update(ImportEntity, { tenantId, id: subject }, { state: 'checked', commitRefusal });
        await completeJob(manager, job);
        return null;
      }
      if (entity.dataset === null) throw new Error(`import ${entity.id} has no dataset`);
      const committed = await findCommitted(manager, tenantId, entity.dataset);
      const segments = await manager.findBy(SegmentEntity, { tenantId });
      return { entity, version, commitSeq, committed, segments, closed: await readClosedMonths(manager, tenantId) };
    });
  }

  /** Against the segments as they stand before the switch, as a preview of the same version does it. */
  private async countChanges(
    job: ClaimedJob,
    { entity, segments, closed }: Started,
    derived: DerivedRows,
  ): Promise<RowChanges> {
    const folder = this.files.pathFor(job.tenantId);
    const { dataset } = entity;
    if (dataset === null) throw new Error(`import ${entity.id} has no dataset`);
    const months = new Set(derived.segments.map(({ month }) => month));
    const { inserted, changed, unchanged } = await this.rows.run(
      {
        kind: 'compare',
        dataset,
        months: committedRows(entity, folder).months.filter(({ month }) => !closed.has(dataset, month)),
        segments: segments
          .filter((segment) => segment.dataset === dataset && months.has(segment.month))
          .map((segment) => segmentFile(segment, folder)),
        detail: false,
      },
      { signal: job.signal, stored: storedFiles(folder, { imports: [entity], segments }) },
    );
    return { inserted, changed, unchanged };
  }

  private async switchOver(
    job: ClaimedJob,
    direction: Direction,
    started: Started,
    derived: DerivedRows,
    rows: RowChanges | null,
  ): Promise<void> {
    const { tenantId } = job;
    const { entity, version } = started;
    const dataset = entity.dataset;
    if (dataset === null) throw new Error(`import ${entity.id} has no dataset`);
    const folder = this.files.pathFor(tenantId);
    const commitSeq = started.commitSeq + 1;
    await this.db.run({ tenantId }, async (manager) => {
      await moveRowState(manager, tenantId, version, direction === 'commit' ? commitSeq : started.commitSeq);
      await replaceDerivedRows(manager, tenantId, {
        methodology: defaultMethodology,
        dataset,
        derived,
        toStored: (file) => relative(folder, file),
      });
      const before = started.segments.filter((segment) => segment.dataset === dataset);
      const replaced = new Set(derived.segments.map(({ month }) => month));
      const count = (rows: readonly { rows: number }[]): number => rows.reduce((sum, segment) => sum + segment.rows, 0);
      const changes: ImportChanges = {
        segments: derived.segments.map(({ month }) => `${dataset}/${month}`),
        rowsBefore: count(before),
        rowsAfter:
          count(before.filter((segment) => !replaced.has(segment.month))) +
          count(derived.segments.flatMap(({ segment }) => (segment ? [segment] : []))),
        rows,
      };
      await manager.update(
        ImportEntity,
        { tenantId, id: entity.id },
        direction === 'commit'
          ? { state: 'committed', commitSeq, committedAt: new Date(), sourceFile: null, changes }
          : { state: 'reverted', revertedAt: new Date(), changes },
      );
      await this.tell(manager, job, direction, entity, dataset);
      await completeJob(manager, job);
    });
  }

  private async tell(
    manager: EntityManager,
    scope: TenantScope,
    direction: Direction,
    { id: importId, result }: ImportEntity,
    dataset: string,
  ): Promise<void> {
    if (direction === 'revert') {
      await this.webhooks.tell(manager, scope, 'import.reverted', { importId, dataset });
    } else if (result) {
      const { accepted, refused } = result.counts;
      await this.webhooks.tell(manager, scope, 'import.committed', { importId, dataset, accepted, refused });
    }
  }

  /** Rows of it, or of what it would stand beside, are lost: it waits for somebody who uploads them again. */
  private async refuseDamaged(job: ClaimedJob, { file }: StoredFileDamaged): Promise<void> {
    const { tenantId, subject } = job;
    const params = { file: relative(this.files.pathFor(tenantId), file) };
    await this.db.run({ tenantId }, async (manager) => {
      const commitRefusal: CommitRefusal = { code: 'stored_file_damaged', params };
      await manager.update(ImportEntity, { tenantId, id: subject }, { state: 'checked', commitRefusal });
      await completeJob(manager, job);
    });
  }

  /** Merged files that no segment points to any more. The month files of imports stay: the list needs them. */
  private async removeReplaced(folder: string, started: Started, derived: DerivedRows): Promise<void> {
    const kept = new Set(derived.segments.map(({ segment }) => segment?.file));
    const replacedMonths = new Set(derived.segments.map(({ month }) => month));
    for (const segment of started.segments) {
      if (segment.dataset !== started.entity.dataset || !replacedMonths.has(segment.month)) continue;
      const file = join(folder, segment.file);
      if (!segment.file.startsWith('segments/') || kept.has(file)) continue;
      await rm(file, { force: true });
      await rm(dirname(file), { recursive: false, force: true }).catch(() => undefined);
    }
  }

  /**
   * After its last attempt the import is what it was before; nothing of it counts, or all of it still does. Where the last
   * COMMIT did happen and only its answer was lost, the import stays what that made it.
   */
  private async failed(job: ClaimedJob, state: 'checked' | 'committed', errorCode: string): Promise<void> {
    const { tenantId, subject } = job;
    const commitRefusal: CommitRefusal | null =
      state === 'checked' ? { code: commitRefusals.get(errorCode) ?? 'commit_failed', params: {} } : null;
    await this.db.run({ tenantId }, (manager) =>
      manager.update(
        ImportEntity,
        { tenantId, id: subject, state: state === 'checked' ? 'committing' : 'reverting' },
        { state, ...(commitRefusal ? { commitRefusal } : {}) },
      ),
    );
  }
}
