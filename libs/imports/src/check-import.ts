import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CommitUnanswered,
  completeJob,
  FileStore,
  JobHandlers,
  JobQueue,
  Metrics,
  TenantDb,
  TenantKeys,
  type ClaimedJob,
} from '@hotline/platform';
import {
  FileRefused,
  RowPool,
  type CheckResult,
  type FileLayout,
  type FilePrint,
  type Refusal,
  type Segment,
} from '@hotline/rows';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { definitionOf } from './import-definition.js';
import { ImportEntity } from './import.entity.js';
import { relativeResult, segmentFile, storedFiles } from './import-files.js';
import { importJobs, importPriority } from './import-jobs.js';
import { findLayouts, noteUse } from './layouts.service.js';
import { refuseCommit } from './refuse-commit.js';
import { SegmentRepair } from './segment-repair.js';
import { SegmentEntity } from './segment.entity.js';

/** Job: decodes and checks an upload. Afterwards the import is `checked` with its rows as Parquet, or `refused` with the reason. */
@Injectable()
export class CheckImport {
  constructor(
    private readonly db: TenantDb,
    private readonly jobs: JobQueue,
    private readonly files: FileStore,
    private readonly keys: TenantKeys,
    private readonly rows: RowPool,
    private readonly repair: SegmentRepair,
    private readonly metrics: Metrics,
    handlers: JobHandlers,
  ) {
    handlers.register(importJobs.check, {
      run: (job) => this.run(job),
      failed: (job, end, errorCode) => this.failed(job, end, errorCode),
      steps: { open: 1, check: 18, keep: 1 },
    });
  }

  private async run(job: ClaimedJob): Promise<void> {
    const { tenantId } = job;
    const started = await this.start(job);
    if (started === null) return;
    const { entity, segments, stored, layouts } = started;
    const folder = this.files.pathFor(tenantId);
    // A folder of its own for every attempt: a killed one leaves nothing that this one could mistake for its own.
    const outDir = join(folder, 'imports', entity.id, `check-${job.fence}`);
    await mkdir(outDir, { recursive: true });
    const scratch = await this.files.scratchDir();
    let result: CheckResult;
    try {
      await job.progress('open', 0, 1);
      const source = join(scratch, 'upload');
      result = await this.whileOpened(job, entity, source, async (signal) => {
        await job.progress('check', 0, 1);
        return this.check(job, { entity, source, outDir, segments, stored, layouts, signal });
      });
    } catch (error) {
      await rm(outDir, { recursive: true, force: true });
      await this.repair.after(tenantId, error);
      if (!(error instanceof FileRefused)) throw error;
      await this.keepRefusal(job, entity, error);
      return;
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
    this.metrics.importRows.inc({ dataset: result.dataset }, result.counts.read);
    await job.progress('keep', 0, 1);
    try {
      await this.keepResult(job, entity, relativeResult(result, folder), layouts);
    } catch (error) {
      // What became of a COMMIT whose answer never came nobody knows: only the sweep may then remove these files.
      if (!(error instanceof CommitUnanswered)) await rm(outDir, { recursive: true, force: true });
      throw error;
    }
  }

  /** Does work that reads the upload while it is decrypted into `source`; the work is given up where that fails. */
  private async whileOpened<T>(
    job: ClaimedJob,
    { sourceFile }: { readonly sourceFile: string },
    source: string,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const failed = new AbortController();
    const ended = new AbortController();
    await writeFile(source, '', { mode: 0o600 });
    const opened = this.files
      .decryptTo(job.tenantId, sourceFile, source, AbortSignal.any([job.signal, ended.signal]))
      .catch((error: unknown) => failed.abort(error));
    try {
      return await work(AbortSignal.any([job.signal, failed.signal]));
    } finally {
      // Of a file that is refused for its first rows nobody reads the others.
      ended.abort();
      await opened;
    }
  }

  /** With the layout that was given for this very upload; else with the one that goes with its headers, if any does. */
  private async check(
    job: ClaimedJob,
    input: {
      entity: ImportEntity;
      source: string;
      outDir: string;
      segments: readonly Segment[];
      stored: readonly FilePrint[];
      layouts: readonly FileLayout[];
      signal: AbortSignal;
    },
  ): Promise<CheckResult> {
    const { entity, layouts } = input;
    const dataset = entity.requestedDataset === '' ? undefined : entity.requestedDataset;
    const given = layouts.find(({ id }) => id === entity.layoutId);
    return this.rows.run(
      {
        kind: 'check',
        file: input.source,
        arriving: entity.bytes,
        fileName: entity.fileName,
        hashKey: this.keys.tenantKey(job.tenantId, 'personal-data').toString('hex'),
        uploadedAt: entity.uploadedAt.toISOString(),
        outDir: input.outDir,
        segments: input.segments,
        ...(dataset === undefined ? {} : { dataset }),
        ...(given ? { mapping: given.mapping } : { layouts }),
      },
      { signal: input.signal, stored: input.stored },
    );
  }

  private async start(job: ClaimedJob): Promise<{
    entity: ImportEntity & { sourceFile: string };
    segments: Segment[];
    stored: readonly FilePrint[];
    layouts: FileLayout[];
  } | null> {
    const { tenantId, subject } = job;
    return this.db.run({ tenantId }, async (manager) => {
      const entity = await manager.findOneBy(ImportEntity, { tenantId, id: subject });
      const sourceFile = entity?.sourceFile ?? null;
      // Another attempt may have finished it: running twice is harmless.
      if (!entity || sourceFile === null || (entity.state !== 'received' && entity.state !== 'checking')) {
        await completeJob(manager, job);
        return null;
      }
      await manager.update(ImportEntity, { tenantId, id: subject }, { state: 'checking' });
      const folder = this.files.pathFor(tenantId);
      const segments = await manager.findBy(SegmentEntity, { tenantId });
      const layouts = await findLayouts(manager, tenantId);
      return {
        entity: Object.assign(entity, { sourceFile }),
        segments: segments.map((segment) => segmentFile(segment, folder)),
        stored: storedFiles(folder, { segments }),
        layouts: layouts.map(({ id, dataset, headers, mapping }) => ({ id, dataset, headers, mapping })),
      };
    });
  }

  private async keepResult(
    job: ClaimedJob,
    entity: ImportEntity,
    result: CheckResult,
    layouts: readonly FileLayout[],
  ): Promise<void> {
    const { tenantId } = job;
    const layoutId = entity.layoutId ?? result.layoutId;
    const mapping = layouts.find(({ id }) => id === layoutId)?.mapping ?? null;
    const headers = [...new Set(result.columns.map(({ header }) => header))];
    await this.db.run({ tenantId }, async (manager) => {
      // Read now, and held: the same bytes may have come again meanwhile, with the wish to commit them.
      const { commitWhenChecked: mode } = await manager.findOneOrFail(ImportEntity, {
        where: { tenantId, id: entity.id },
        lock: { mode: 'pessimistic_write' },
      });
      const commitRefusal = mode === null ? null : refuseCommit(result.counts, mode);
      const commits = mode !== null && commitRefusal === null;
      await manager.update(
        ImportEntity,
        { tenantId, id: entity.id },
        {
          state: commits ? 'committing' : 'checked',
          dataset: result.dataset,
          result,
          ...{ layoutId, mapping, headers },
          definition: await definitionOf(manager, { tenantId }, result.dataset),
          refusal: null,
          commitRefusal,
        },
      );
      if (layoutId !== null) await noteUse(manager, tenantId, layoutId, headers);
      if (commits) {
        await this.jobs.enqueue(
          manager,
          { tenantId },
          {
            kind: importJobs.commit,
            subject: entity.id,
            payload: {},
            priority: importPriority.switch,
          },
        );
      }
      await completeJob(manager, job);
    });
  }

  private async keepRefusal(job: ClaimedJob, entity: ImportEntity, { refusal, reading }: FileRefused): Promise<void> {
    const { tenantId } = job;
    await this.db.run({ tenantId }, async (manager) => {
      await manager.update(
        ImportEntity,
        { tenantId, id: entity.id },
        {
          state: 'refused',
          refusal,
          ...{ dataset: reading?.dataset ?? null, headers: reading?.headers ?? null },
          layoutId: entity.layoutId ?? reading?.layoutId ?? null,
        },
      );
      await completeJob(manager, job);
    });
  }

  /** An upload whose check was cancelled is as if it had never come: nothing of the file is kept. */
  private async failed(job: ClaimedJob, end: 'failed' | 'cancelled', errorCode: string): Promise<void> {
    const { tenantId, subject } = job;
    const unchecked = { tenantId, id: subject, state: In(['received', 'checking']) };
    if (end === 'failed') {
      const refusal: Refusal = { code: errorCode === 'disk_full' ? 'disk_full' : 'check_failed', params: {} };
      await this.db.run({ tenantId }, (manager) =>
        manager.update(ImportEntity, unchecked, { state: 'failed', refusal }),
      );
      return;
    }
    const sourceFile = await this.db.run({ tenantId }, async (manager) => {
      const entity = await manager.findOneBy(ImportEntity, unchecked);
      await manager.update(ImportEntity, unchecked, { state: 'discarded', sourceFile: null });
      return entity?.sourceFile ?? null;
    });
    if (sourceFile !== null) await this.files.remove(tenantId, sourceFile);
  }
}
