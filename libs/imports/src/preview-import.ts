import type { RequestContext, TenantDb } from '@hotline/platform';
import { StoredFileDamaged, type CompareDetail, type RowChanges, type RowPool } from '@hotline/rows';
import type { EntityManager } from 'typeorm';
import type { ImportEntity } from './import.entity.js';
import { ImportError } from './import-error.js';
import { committedRows, segmentFile, storedFiles } from './import-files.js';
import { findCommitted, readRowState } from './row-state.queries.js';
import { readClosedMonths } from './retention/closed-months.js';
import type { SegmentRepair } from './segment-repair.js';
import { SegmentEntity } from './segment.entity.js';

/** What the commit of a checked import would do. */
export interface ImportPreview {
  readonly entity: ImportEntity;
  /** Version of the tenant's rows it was worked out on: while that stands, a commit does exactly this. */
  readonly version: number;
  readonly changes: RowChanges;
  readonly detail: CompareDetail;
}

const mostTries = 3;

/**
 * Compares the rows of an import with the stored ones, writing nothing.
 * @param find the import, or an ImportError
 */
export async function previewImport(
  on: { readonly db: TenantDb; readonly rows: RowPool; readonly repair: SegmentRepair; readonly folder: string },
  ctx: RequestContext,
  find: (manager: EntityManager) => Promise<ImportEntity>,
): Promise<ImportPreview> {
  const { db, rows: pool, repair, folder } = on;
  for (let tries = 1; ; tries += 1) {
    const { entity, dataset, version, committed, segments, closed } = await db.runReadOnly(ctx, (manager) =>
      readStored(manager, ctx, find),
    );
    const changed = committedRows(entity, folder);
    const stored = storedFiles(folder, { imports: [...committed, entity], segments });
    try {
      const months = new Set(
        await pool.run(
          {
            kind: 'affected',
            dataset,
            changed,
            committed: committed.map((other) => committedRows(other, folder)),
          },
          { stored },
        ),
      );
      const { detail, ...changes } = await pool.run(
        {
          kind: 'compare',
          dataset,
          months: changed.months.filter(({ month }) => !closed.has(dataset, month)),
          segments: segments.filter(({ month }) => months.has(month)).map((segment) => segmentFile(segment, folder)),
          detail: true,
        },
        { stored },
      );
      if (!detail) throw new Error(`the comparison of import ${entity.id} came without its detail`);
      return { entity, version, changes, detail };
    } catch (error) {
      // A commit meanwhile removes the files it has replaced: then the comparison is of yesterday.
      const now = await db.runReadOnly(ctx, (manager) => readRowState(manager, ctx.tenantId));
      if (tries === mostTries) throw damage(error, entity);
      if (now.version === version && !(await repair.after(ctx.tenantId, error))) throw damage(error, entity);
    }
  }
}

function damage(error: unknown, { id, fileName }: ImportEntity): unknown {
  return error instanceof StoredFileDamaged ? new ImportError('stored_file_damaged', { id, file: fileName }) : error;
}

async function readStored(
  manager: EntityManager,
  { tenantId }: RequestContext,
  find: (manager: EntityManager) => Promise<ImportEntity>,
) {
  const entity = await find(manager);
  const { dataset, state, id } = entity;
  if (state !== 'checked' || dataset === null) throw new ImportError('import_not_checked', { id, state });
  const { version } = await readRowState(manager, tenantId);
  const committed = await findCommitted(manager, tenantId, dataset);
  const segments = await manager.findBy(SegmentEntity, { tenantId, dataset });
  return { entity, dataset, version, committed, segments, closed: await readClosedMonths(manager, tenantId) };
}
