import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { FileStore, TenantDb, type RequestContext } from '@hotline/platform';
import { Injectable } from '@nestjs/common';
import { MoreThan, type EntityManager } from 'typeorm';
import { v7 as uuid, validate as isUuid } from 'uuid';
import type { CommitMode, ImportEntity } from './import.entity.js';
import { ImportError } from './import-error.js';
import { actor, displayName, ImportsService, requireDataset } from './imports.service.js';
import { partFolder } from './stored-folders.js';
import { UploadEntity, UploadPartEntity } from './upload.entity.js';
import { UploadGate } from './upload-gate.js';

/** Largest part, in bytes. */
export const partLimit = 16 * 1024 ** 2;
const lifeMs = 24 * 3_600_000;
const openLimit = 50;

export interface NewUpload {
  readonly fileName: string;
  readonly dataset: string | null;
  /** Of the whole file. */
  readonly bytes: number;
}

export interface Finish {
  /** How many parts there are. */
  readonly parts: number;
  /** Of the whole file; null where the sender does not know it. */
  readonly sha256: string | null;
  readonly commit: boolean;
  readonly mode: CommitMode;
}

export interface UploadState {
  readonly upload: UploadEntity;
  /** Those that arrived whole, by number. */
  readonly parts: readonly UploadPartEntity[];
  readonly expiresAt: Date;
}

/**
 * Files that come in parts, in any order, each with its checksum, over any api process. Parts are encrypted files that a
 * row points to; a part counts once its row is there. What was not finished within a day is gone.
 */
@Injectable()
export class UploadsService {
  constructor(
    private readonly db: TenantDb,
    private readonly files: FileStore,
    private readonly gate: UploadGate,
    private readonly imports: ImportsService,
  ) {}

  /** @throws ImportError unknown_dataset, file_too_large, disk_full, quota_full, too_many_open */
  async start(ctx: RequestContext, { fileName, dataset, bytes }: NewUpload): Promise<UploadState> {
    const requestedDataset = dataset === null ? '' : requireDataset(dataset);
    await this.gate.admit(ctx, bytes);
    const { tenantId } = ctx;
    const id = uuid();
    await this.db.run(ctx, async (manager) => {
      await manager.query(`delete from upload where tenant_id = $1 and started_at <= $2`, [tenantId, oldest()]);
      const open = await manager.countBy(UploadEntity, { tenantId, startedAt: MoreThan(oldest()) });
      if (open >= openLimit) throw new ImportError('too_many_open', { limit: openLimit });
      await manager.insert(UploadEntity, {
        ...{ tenantId, id, fileName: displayName(fileName), requestedDataset, bytes, importId: null },
        ...{ startedAt: new Date(), startedBy: actor(ctx) },
      });
    });
    return this.get(ctx, id);
  }

  /** @throws ImportError upload_not_found */
  async get(ctx: RequestContext, id: string): Promise<UploadState> {
    return this.db.runReadOnly(ctx, async (manager) => {
      const upload = await find(manager, ctx, id);
      const parts = await manager.find(UploadPartEntity, {
        where: { tenantId: ctx.tenantId, uploadId: id },
        order: { number: 'ASC' },
      });
      return { upload, parts, expiresAt: new Date(upload.startedAt.getTime() + lifeMs) };
    });
  }

  /**
   * Keeps one part. The same part again changes nothing.
   * @throws ImportError upload_not_found, upload_finished, part_too_large, digest_mismatch, part_differs, more_than_announced
   */
  async receivePart(
    ctx: RequestContext,
    id: string,
    number: number,
    { body, sha256 }: { readonly body: Readable; readonly sha256: string },
  ): Promise<UploadState> {
    const { tenantId } = ctx;
    await this.gate.pass(ctx, async () => {
      const { upload } = await this.get(ctx, id);
      if (upload.importId !== null) throw new ImportError('upload_finished', { id });
      await this.gate.requireDisk(partLimit);
      // A name of its own for every attempt: two that arrive together never write into one another.
      const file = `${partFolder}/${randomUUID()}`;
      const tooLarge = () => new ImportError('part_too_large', { megabytes: partLimit / 1024 ** 2 });
      const kept = await this.files.writeStream(tenantId, file, this.gate.paced(body, partLimit, tooLarge));
      let isKept = false;
      try {
        if (kept.sha256 !== sha256)
          throw new ImportError('digest_mismatch', { expected: sha256, received: kept.sha256 });
        isKept = await this.db.run(ctx, (manager) =>
          keepPart(manager, ctx, { tenantId, uploadId: id, number, file, ...kept }),
        );
      } finally {
        if (!isKept) await this.files.remove(tenantId, file);
      }
    });
    return this.get(ctx, id);
  }

  /**
   * Puts the parts together; what comes of it is an import like any other. Finishing again gives the same import.
   * @throws ImportError upload_not_found, parts_missing, parts_incomplete, digest_mismatch, disk_full, uploads_busy
   */
  async finish(ctx: RequestContext, id: string, { parts: count, sha256, commit, mode }: Finish): Promise<ImportEntity> {
    const { upload, parts } = await this.get(ctx, id);
    const wish = { commit, mode };
    if (upload.importId !== null) return this.imports.again(ctx, upload.importId, wish);
    requireComplete(upload, parts, count);
    try {
      return await this.gate.pass(ctx, async () => {
        await this.gate.requireDisk(upload.bytes);
        const received = await this.imports.keep(ctx, Readable.from(this.joined(ctx, parts), { objectMode: false }), {
          ...{ fileName: upload.fileName, sha256, ...wish },
          dataset: upload.requestedDataset === '' ? null : upload.requestedDataset,
        });
        await this.db.run(ctx, (manager) =>
          manager.update(UploadEntity, { tenantId: ctx.tenantId, id }, { importId: received.id }),
        );
        await this.removeFiles(ctx, parts);
        return received;
      });
    } catch (error) {
      // Another request may have finished it meanwhile and removed the parts.
      const { upload: now } = await this.get(ctx, id);
      if (now.importId === null) throw error;
      return this.imports.again(ctx, now.importId, wish);
    }
  }

  /** Forgets an upload and its parts; an import that came of it stays. @throws ImportError upload_not_found */
  async remove(ctx: RequestContext, id: string): Promise<void> {
    const { parts } = await this.get(ctx, id);
    await this.db.run(ctx, (manager) => manager.delete(UploadEntity, { tenantId: ctx.tenantId, id }));
    await this.removeFiles(ctx, parts);
  }

  private async *joined(ctx: RequestContext, parts: readonly UploadPartEntity[]): AsyncGenerator<Buffer> {
    for (const { file } of parts) yield* this.files.read(ctx.tenantId, file);
  }

  private async removeFiles({ tenantId }: RequestContext, parts: readonly UploadPartEntity[]): Promise<void> {
    for (const { file } of parts) await this.files.remove(tenantId, file);
  }
}

function oldest(): Date {
  return new Date(Date.now() - lifeMs);
}

async function find(
  manager: EntityManager,
  { tenantId }: RequestContext,
  id: string,
  lock?: 'pessimistic_write',
): Promise<UploadEntity> {
  const upload = isUuid(id)
    ? await manager.findOne(UploadEntity, {
        where: { tenantId, id, startedAt: MoreThan(oldest()) },
        ...(lock ? { lock: { mode: lock } } : {}),
      })
    : null;
  if (!upload) throw new ImportError('upload_not_found', { id });
  return upload;
}

/** Whether this very file is the one that counts from now on. */
async function keepPart(manager: EntityManager, ctx: RequestContext, part: UploadPartEntity): Promise<boolean> {
  const { tenantId, uploadId, number } = part;
  // Held: parts that arrive together are counted one after another, and none comes behind the end.
  const upload = await find(manager, ctx, uploadId, 'pessimistic_write');
  if (upload.importId !== null) throw new ImportError('upload_finished', { id: uploadId });
  const there = await manager.findBy(UploadPartEntity, { tenantId, uploadId });
  const same = there.find((other) => other.number === number);
  if (same) {
    if (same.sha256 !== part.sha256) throw new ImportError('part_differs', { number });
    return false;
  }
  const bytes = there.reduce((sum, other) => sum + other.bytes, part.bytes);
  if (bytes > upload.bytes) throw new ImportError('more_than_announced', { announced: upload.bytes, bytes });
  await manager.insert(UploadPartEntity, part);
  return true;
}

function requireComplete(upload: UploadEntity, parts: readonly UploadPartEntity[], count: number): void {
  const there = new Set(parts.map(({ number }) => number));
  const missing = Array.from({ length: count }, (_, index) => index + 1).filter((number) => !there.has(number));
  if (missing.length > 0) throw new ImportError('parts_missing', { missing: missing.map(String) });
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  if (parts.length !== count || bytes !== upload.bytes) {
    throw new ImportError('parts_incomplete', { parts: parts.length, count, bytes, announced: upload.bytes });
  }
}
