import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { FileStore, JobQueue, TenantDb, type RequestContext } from '@hotline/platform';
import { datasetIds, maskTypedText, RowPool, type DatasetId } from '@hotline/rows';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { In, LessThan, Not } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { findImport } from './find-import.js';
import { endedStates, ImportEntity, isWorking, type CommitMode } from './import.entity.js';
import { definitionOf, stateDefinition, type StatedChoices } from './import-definition.js';
import { ImportError } from './import-error.js';
import { importJobs, importPriority } from './import-jobs.js';
import { previewImport, type ImportPreview } from './preview-import.js';
import { refuseCommit } from './refuse-commit.js';
import { readRowState } from './row-state.queries.js';
import { SegmentRepair } from './segment-repair.js';
import { sourceFolder } from './stored-folders.js';
import { UploadGate } from './upload-gate.js';

export interface Upload {
  /** As the sender named it: shown, and used to recognise the dataset; never a path. */
  readonly fileName: string;
  readonly dataset: string | null;
  /** Commit as soon as it is checked. */
  readonly commit: boolean;
  /** How, where any row is refused; `good_rows` unless told. */
  readonly mode?: CommitMode;
  /** As the sender announces them; null or absent where it does not. */
  readonly bytes?: number | null;
  /** Of the bytes, as the sender knows it: others are refused. */
  readonly sha256?: string | null;
}

export interface CommitOptions {
  /** `good_rows` unless told. */
  readonly mode?: CommitMode;
  /** Only while the tenant's rows are those of a preview. */
  readonly onlyIf?: number | null;
  /** What its figures follow, by topic of the definition ledger; remembered for later files of the dataset. */
  readonly definition?: StatedChoices;
}

/** The life of an upload as its owner acts on it. The work itself is done by jobs (`check-import.ts`, `commit-import.ts`). */
@Injectable()
export class ImportsService {
  constructor(
    private readonly db: TenantDb,
    private readonly jobs: JobQueue,
    private readonly files: FileStore,
    private readonly rows: RowPool,
    private readonly repair: SegmentRepair,
    private readonly gate: UploadGate,
  ) {}

  /**
   * Takes the bytes of a file, encrypted at once, and has them checked. The same bytes again are the same import.
   * @throws ImportError unknown_dataset, and what keeps a file out: uploads_busy, file_too_large, disk_full, quota_full,
   * sender_too_slow, connection_lost, digest_mismatch
   */
  async receive(ctx: RequestContext, body: Readable, upload: Upload): Promise<ImportEntity> {
    return this.gate.pass(ctx, async () => {
      const maxBytes = await this.gate.admit(ctx, upload.bytes ?? null);
      return this.keep(ctx, this.gate.paced(body, maxBytes), upload);
    });
  }

  /** As `receive`, for bytes that were let in already. */
  async keep(ctx: RequestContext, body: Readable, upload: Upload): Promise<ImportEntity> {
    const requestedDataset = upload.dataset === null ? '' : requireDataset(upload.dataset);
    const mode = upload.commit ? (upload.mode ?? 'good_rows') : null;
    const id = uuid();
    const sourceFile = `${sourceFolder}/${id}`;
    const { sha256, bytes } = await this.files.writeStream(ctx.tenantId, sourceFile, body);
    if (upload.sha256 && upload.sha256 !== sha256) {
      await this.files.remove(ctx.tenantId, sourceFile);
      throw new ImportError('digest_mismatch', { expected: upload.sha256, received: sha256 });
    }
    const received = await this.db.run(ctx, async (manager) => {
      // The unique index decides between uploads that arrive together; the loser reads the winner's row.
      const inserted: { id: string }[] = await manager.query(
        `insert into "import" (tenant_id, id, state, file_name, sha256, bytes, requested_dataset, uploaded_at, uploaded_by,
           source_file, commit_when_checked)
         values ($1, $2, 'received', $3, $4, $5, $6, now(), $7, $8, $9)
         on conflict do nothing returning id`,
        [
          ...[ctx.tenantId, id, displayName(upload.fileName), sha256, bytes, requestedDataset, actor(ctx), sourceFile],
          mode,
        ],
      );
      if (inserted.length === 1) {
        await this.jobs.enqueue(manager, ctx, {
          kind: importJobs.check,
          subject: id,
          payload: {},
          priority: mode === null ? importPriority.preview : 0,
        });
        return findImport(manager, ctx, id);
      }
      const same = await manager.findOneOrFail(ImportEntity, {
        where: { tenantId: ctx.tenantId, sha256, requestedDataset, state: Not(In([...endedStates])) },
        lock: { mode: 'pessimistic_write' },
      });
      if (mode !== null) await this.commitSame(manager, ctx, same, mode);
      return findImport(manager, ctx, same.id);
    });
    if (received.id !== id) await this.files.remove(ctx.tenantId, sourceFile);
    return received;
  }

  /** The same bytes once more, perhaps this time to be committed. @throws ImportError import_not_found */
  async again(ctx: RequestContext, id: string, wish: Pick<Upload, 'commit' | 'mode'>): Promise<ImportEntity> {
    return this.db.run(ctx, async (manager) => {
      const same = await findImport(manager, ctx, id, 'to change it');
      if (wish.commit) await this.commitSame(manager, ctx, same, wish.mode ?? 'good_rows');
      return findImport(manager, ctx, id);
    });
  }

  /** @throws ImportError import_not_found */
  async get(ctx: RequestContext, id: string): Promise<ImportEntity> {
    return this.db.runReadOnly(ctx, (manager) => findImport(manager, ctx, id));
  }

  /** The import once no job works on it any more, or as it is after `timeoutMs` or when this process ends. */
  async waitFor(ctx: RequestContext, id: string, timeoutMs: number): Promise<ImportEntity> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const entity = await this.get(ctx, id);
      if (!isWorking(entity) || Date.now() >= end || this.jobs.isEnding) return entity;
      const job = await this.jobs.unendedAbout(ctx, id);
      // Between the end of a job and what follows from it there may be none for a moment.
      if (job === null) await sleep(Math.min(50, Math.max(1, end - Date.now())));
      else await this.jobs.waitFor(ctx, job, end - Date.now());
    }
  }

  /** Newest first; `before` is the id of the last import of the page before. After an id that is none of theirs comes nothing. */
  async list(
    ctx: RequestContext,
    page: { first: number; before: string | null; dataset: DatasetId | null },
  ): Promise<ImportEntity[]> {
    return this.db.runReadOnly(ctx, async (manager) => {
      if (page.before !== null) {
        const known = await manager.existsBy(ImportEntity, { tenantId: ctx.tenantId, id: page.before });
        if (!known) return [];
      }
      return manager.find(ImportEntity, {
        where: {
          tenantId: ctx.tenantId,
          ...(page.before === null ? {} : { id: LessThan(page.before) }),
          ...(page.dataset === null ? {} : { dataset: page.dataset }),
        },
        // Ids are UUID version 7: they sort by time.
        order: { id: 'DESC' },
        take: page.first + 1,
      });
    });
  }

  /** What a commit of a checked import would do; writes nothing. @throws ImportError import_not_found, import_not_checked, stored_file_damaged */
  async preview(ctx: RequestContext, id: string): Promise<ImportPreview> {
    const on = { db: this.db, rows: this.rows, repair: this.repair, folder: this.files.pathFor(ctx.tenantId) };
    return previewImport(on, ctx, (manager) => findImport(manager, ctx, id));
  }

  /**
   * Puts the accepted rows of a checked import into force. Where the rows are no longer those of the preview when its
   * turn comes, it is `checked` again with the reason in `commitRefusal`.
   * @throws ImportError import_not_checked, nothing_to_commit, rows_refused, preview_stale, definition_unknown,
   * definition_choice_unknown
   */
  async commit(ctx: RequestContext, id: string, options: CommitOptions = {}): Promise<ImportEntity> {
    const { mode = 'good_rows', onlyIf = null, definition = {} } = options;
    return this.db.run(ctx, async (manager) => {
      const entity = await findImport(manager, ctx, id, 'to change it');
      if (entity.state === 'committed' || entity.state === 'committing') return entity;
      if (entity.state !== 'checked' || !entity.result) {
        throw new ImportError('import_not_checked', { id, state: entity.state });
      }
      const refusal = refuseCommit(entity.result.counts, mode);
      if (refusal) throw new ImportError(refusal.code, { id, ...refusal.params });
      if (onlyIf !== null) {
        const { version } = await readRowState(manager, ctx.tenantId);
        if (version !== onlyIf) throw new ImportError('preview_stale', { id, version: onlyIf, current: version });
      }
      if (entity.dataset !== null) {
        await stateDefinition(manager, ctx, entity.dataset, definition, actor(ctx));
        const followed = await definitionOf(manager, ctx, entity.dataset);
        await manager.update(ImportEntity, { tenantId: ctx.tenantId, id }, { definition: followed });
      }
      await this.enqueueCommit(manager, ctx, entity, onlyIf);
      return findImport(manager, ctx, id);
    });
  }

  /** Takes a committed import off the list; segments and facts become what the remaining ones give. */
  async revert(ctx: RequestContext, id: string): Promise<ImportEntity> {
    return this.db.run(ctx, async (manager) => {
      const entity = await findImport(manager, ctx, id);
      if (entity.state === 'reverted' || entity.state === 'reverting') return entity;
      if (entity.state !== 'committed') throw new ImportError('import_not_committed', { id, state: entity.state });
      await manager.update(ImportEntity, { tenantId: ctx.tenantId, id }, { state: 'reverting' });
      await this.jobs.enqueue(manager, ctx, {
        kind: importJobs.revert,
        subject: id,
        payload: {},
        priority: importPriority.switch,
      });
      return findImport(manager, ctx, id);
    });
  }

  /** The same bytes came again, this time to be committed. */
  private async commitSame(
    manager: EntityManager,
    ctx: RequestContext,
    { id, state, result, commitWhenChecked }: ImportEntity,
    mode: CommitMode,
  ): Promise<void> {
    const where = { tenantId: ctx.tenantId, id };
    if (state === 'received' || state === 'checking') {
      await manager.update(ImportEntity, where, { commitWhenChecked: commitWhenChecked ?? mode });
    } else if (state === 'checked' && result) {
      const commitRefusal = refuseCommit(result.counts, mode);
      if (commitRefusal) await manager.update(ImportEntity, where, { commitRefusal });
      else await this.enqueueCommit(manager, ctx, where, null);
    }
  }

  private async enqueueCommit(
    manager: EntityManager,
    ctx: RequestContext,
    { id }: Pick<ImportEntity, 'id'>,
    onlyIf: number | null,
  ): Promise<void> {
    await manager.update(ImportEntity, { tenantId: ctx.tenantId, id }, { state: 'committing', commitRefusal: null });
    await this.jobs.enqueue(manager, ctx, {
      kind: importJobs.commit,
      subject: id,
      payload: { onlyIf },
      priority: importPriority.switch,
    });
  }
}

/** @throws ImportError unknown_dataset */
export function requireDataset(dataset: string): DatasetId {
  const known = datasetIds.find((id) => id === dataset);
  if (!known) throw new ImportError('unknown_dataset', { dataset, known: datasetIds });
  return known;
}

/** The last part of the name, without invisible characters and numbers of persons, at most 200 characters. */
export function displayName(fileName: string): string {
  const last = fileName.split(/[\\/]/).at(-1) ?? '';
  const shown = last.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim();
  return Array.from(maskTypedText(shown)).slice(0, 200).join('') || '未命名';
}

/** As the evidence names who acted. */
export function actor(ctx: RequestContext): string {
  return ctx.memberId ?? ctx.apiKey?.id ?? 'system';
}
