import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { FileStore, TenantDb, type RequestContext } from '@hotline/platform';
import { RowPool, RowProcessDied, type DatasetId, type FileMapping, type LookResult } from '@hotline/rows';
import { Injectable } from '@nestjs/common';
import { findImport } from './find-import.js';
import type { ImportEntity } from './import.entity.js';
import { ImportError } from './import-error.js';
import { findLayouts } from './layouts.service.js';
import { UploadGate } from './upload-gate.js';

/** Somebody waits for it. */
const timeoutMs = 60_000;
/** Of a text no more is read, however it is encoded; a workbook can only be opened whole. */
const headBytes = 72 * 1024 ** 2;

/** How to read the file, instead of how it was read. */
export interface AskedReading extends Pick<FileMapping, 'encoding' | 'delimiter' | 'sheet' | 'headerRow'> {
  readonly dataset?: DatasetId;
}

export interface ImportLook {
  readonly entity: ImportEntity;
  readonly look: LookResult;
}

/** The uploaded file itself, as long as it is kept: until it is committed or discarded, a day at most. */
@Injectable()
export class ImportSource {
  constructor(
    private readonly db: TenantDb,
    private readonly files: FileStore,
    private readonly rows: RowPool,
    private readonly gate: UploadGate,
  ) {}

  /**
   * The first rows of the file and how it would be read, in whatever state the import is; stores nothing.
   * @throws ImportError import_not_found, source_gone, look_cut_off, uploads_busy; FileRefused where nothing of it can be shown
   */
  async look(ctx: RequestContext, id: string, asked: AskedReading = {}): Promise<ImportLook> {
    const { tenantId } = ctx;
    const { entity, layouts } = await this.db.runReadOnly(ctx, async (manager) => ({
      entity: await findImport(manager, ctx, id),
      layouts: await findLayouts(manager, tenantId),
    }));
    const { sourceFile, requestedDataset, fileName } = entity;
    if (sourceFile === null || !(await this.files.has(tenantId, sourceFile)))
      throw new ImportError('source_gone', { id });
    const { dataset: askedDataset, ...place } = asked;
    const dataset = askedDataset ?? (requestedDataset === '' ? entity.dataset : requestedDataset);
    const given = layouts.find((layout) => layout.id === entity.layoutId && layout.dataset === dataset)?.mapping;
    const isAsked = Object.keys(place).length > 0;
    return this.gate.pass(ctx, async () => {
      const scratch = await this.files.scratchDir();
      try {
        const file = join(scratch, 'upload');
        await this.copyHead(tenantId, sourceFile, file);
        const look = await this.rows.run(
          {
            ...{ kind: 'look', file, fileName },
            ...(dataset === null ? {} : { dataset }),
            ...(given || isAsked ? { mapping: { columns: {}, ...given, ...place } } : { layouts }),
          },
          { timeoutMs },
        );
        return { entity, look };
      } catch (error) {
        if (error instanceof RowProcessDied) throw new ImportError('look_cut_off', { seconds: timeoutMs / 1000 });
        throw error;
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    });
  }

  private async copyHead(tenantId: string, name: string, path: string): Promise<void> {
    const copy = createWriteStream(path, { mode: 0o600 });
    const written = finished(copy);
    let isZip = false;
    let bytes = 0;
    for await (const piece of this.files.read(tenantId, name)) {
      if (bytes === 0) isZip = piece[0] === 0x50 && piece[1] === 0x4b;
      bytes += piece.length;
      if (!copy.write(piece)) await Promise.race([once(copy, 'drain'), written]);
      if (!isZip && bytes >= headBytes) break;
    }
    copy.end();
    await written;
  }
}
