import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { FileStore, TenantDb } from '@hotline/platform';
import { RowPool, StoredFileDamaged } from '@hotline/rows';
import { Injectable, Logger } from '@nestjs/common';
import { committedRows, storedFiles } from './import-files.js';
import { findCommitted } from './row-state.queries.js';
import { SegmentEntity } from './segment.entity.js';

/**
 * A stored file that is missing or damaged is told in the log, by name. A merged segment follows from the month files of
 * the imports, so it is written anew; a month file of an import follows from nothing: that import has to be reverted and
 * uploaded again.
 */
@Injectable()
export class SegmentRepair {
  private readonly log = new Logger(SegmentRepair.name);

  constructor(
    private readonly db: TenantDb,
    private readonly files: FileStore,
    private readonly rows: RowPool,
  ) {}

  /** To be called with whatever a task threw: true when it was a damaged segment that is whole again. */
  async after(tenantId: string, error: unknown): Promise<boolean> {
    return error instanceof StoredFileDamaged && this.rebuild(tenantId, error.file);
  }

  /** Writes the segment anew that `file` (absolute) belongs to; false: it is no segment, or cannot be worked out. */
  async rebuild(tenantId: string, file: string): Promise<boolean> {
    const folder = this.files.pathFor(tenantId);
    const stored = relative(folder, file);
    const found = await this.db.runReadOnly({ tenantId }, async (manager) => {
      const segment = await manager.findOneBy(SegmentEntity, { tenantId, file: stored });
      return segment && { segment, committed: await findCommitted(manager, tenantId, segment.dataset) };
    });
    this.log.error({ alarm: 'stored_file_damaged', tenantId, file: stored, segment: found !== null });
    if (found === null) return false;
    const { segment, committed } = found;
    const { dataset, month } = segment;
    const out = join(folder, 'segments', dataset, `rebuilt-${randomUUID()}`, `${month}.parquet`);
    try {
      await mkdir(dirname(out), { recursive: true });
      const merged = await this.rows.run(
        { kind: 'merge', dataset, month, committed: committed.map((entity) => committedRows(entity, folder)), out },
        { stored: storedFiles(folder, { imports: committed }) },
      );
      if (merged.segment?.rows !== segment.rows) throw new Error(`${stored} would have other rows than before`);
      const { sha256, bytes, file: written } = merged.segment;
      // Where a commit has replaced the segment meanwhile, nothing points to the damaged file any more.
      await this.db.run({ tenantId }, (manager) =>
        manager.update(
          SegmentEntity,
          { tenantId, dataset, month, file: stored },
          { file: relative(folder, written), sha256, bytes },
        ),
      );
      this.log.warn({ tenantId, file: stored, rebuilt: relative(folder, written) });
      return true;
    } catch (error) {
      await rm(dirname(out), { recursive: true, force: true });
      this.log.error({ alarm: 'stored_file_lost', tenantId, file: stored, err: error });
      return false;
    }
  }
}
