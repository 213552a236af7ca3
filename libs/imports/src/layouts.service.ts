import { createHash } from 'node:crypto';
import { FileStore, JobQueue, TenantDb, type RequestContext } from '@hotline/platform';
import { headersKey, type DatasetId, type FileMapping } from '@hotline/rows';
import { Injectable } from '@nestjs/common';
import { In, Not, type EntityManager } from 'typeorm';
import { v7 as uuid, validate as isUuid } from 'uuid';
import { FileLayoutEntity } from './file-layout.entity.js';
import { findImport } from './find-import.js';
import { stateDefinition, type StatedChoices } from './import-definition.js';
import { endedStates, ImportEntity } from './import.entity.js';
import { ImportError } from './import-error.js';
import { importJobs, importPriority } from './import-jobs.js';
import { actor, requireDataset } from './imports.service.js';
import { requireSoundMapping } from './require-sound-mapping.js';

/** Each is compared with every file of its dataset. */
const mostLayouts = 50;

export interface RememberOptions {
  /** Upload to check again with it: files with its headers are read like this from now on. */
  readonly importId?: string | null;
  /** What the layout that the upload was read with says of other columns stays, as where one header was renamed. */
  readonly keepOthers?: boolean;
  /** What figures of the dataset follow, by topic of the definition ledger. */
  readonly definition?: StatedChoices;
}

/** How this tenant's files are read, where their headers alone do not tell: one layout for each source of a dataset. */
@Injectable()
export class LayoutsService {
  constructor(
    private readonly db: TenantDb,
    private readonly jobs: JobQueue,
    private readonly files: FileStore,
  ) {}

  /** Of one dataset or of all; the last given first. */
  async list(ctx: RequestContext, dataset: DatasetId | null): Promise<FileLayoutEntity[]> {
    return this.db.runReadOnly(ctx, (manager) => findLayouts(manager, ctx.tenantId, dataset));
  }

  /** Later files are read without it; what was imported with it stays. @throws ImportError layout_not_found */
  async remove(ctx: RequestContext, id: string): Promise<void> {
    const { tenantId } = ctx;
    await this.db.run(ctx, async (manager) => {
      const known = isUuid(id) && (await manager.existsBy(FileLayoutEntity, { tenantId, id }));
      if (!known) throw new ImportError('layout_not_found', { id });
      await manager.delete(FileLayoutEntity, { tenantId, id });
    });
  }

  /**
   * Remembers how files of a dataset are read. It takes the place of a layout for the same headers; a file with others
   * gets a layout of its own.
   * @throws ImportError unknown_dataset, unknown_column, personal_in_mapping, too_many_layouts, import_not_found,
   * import_not_checked, source_gone, same_file_waits,
   * definition_unknown, definition_choice_unknown
   */
  async remember(
    ctx: RequestContext,
    dataset: string,
    given: FileMapping,
    { importId = null, keepOthers = false, definition = {} }: RememberOptions = {},
  ): Promise<FileLayoutEntity> {
    const known = requireDataset(dataset);
    requireSoundMapping(known, given);
    return this.db.run(ctx, async (manager) => {
      const { tenantId } = ctx;
      const upload = importId === null ? null : await this.findReadable(manager, ctx, importId);
      const layouts = await findLayouts(manager, tenantId, known, 'to change them');
      const readWith = layouts.find(({ id }) => id === upload?.layoutId) ?? null;
      const base = keepOthers ? (upload ? readWith : layouts[0])?.mapping : undefined;
      const mapping: FileMapping = { ...base, ...given, columns: { ...base?.columns, ...given.columns } };
      const seen = upload && samePlace(mapping, readWith?.mapping) ? upload.headers : null;
      const replaced = replacedLayout(layouts, { upload, seen, readWith, keepOthers, mapping });
      if (!replaced && layouts.length >= mostLayouts) {
        throw new ImportError('too_many_layouts', { dataset: known, limit: mostLayouts });
      }
      const headers = seen ?? replaced?.headers ?? null;
      const layout = Object.assign(new FileLayoutEntity(), {
        ...{ tenantId, id: replaced?.id ?? uuid(), dataset: known, mapping },
        ...{ headers, headersHash: headers && hashOf(headers) },
        fileName: upload?.fileName ?? replaced?.fileName ?? null,
        ...{ updatedAt: new Date(), updatedBy: actor(ctx), usedAt: replaced?.usedAt ?? null },
      });
      await manager.save(layout);
      await stateDefinition(manager, ctx, known, definition, actor(ctx));
      if (upload) await this.checkAgain(manager, ctx, upload, layout);
      return layout;
    });
  }

  private async findReadable(manager: EntityManager, ctx: RequestContext, id: string): Promise<ImportEntity> {
    const entity = await findImport(manager, ctx, id, 'to change it');
    if (entity.state !== 'checked' && entity.state !== 'refused') {
      throw new ImportError('import_not_checked', { id, state: entity.state });
    }
    if (entity.sourceFile === null || !(await this.files.has(ctx.tenantId, entity.sourceFile))) {
      throw new ImportError('source_gone', { id });
    }
    return entity;
  }

  private async checkAgain(
    manager: EntityManager,
    ctx: RequestContext,
    { id, sha256 }: ImportEntity,
    layout: FileLayoutEntity,
  ): Promise<void> {
    const { tenantId } = ctx;
    const same = await manager.findOneBy(ImportEntity, {
      ...{ tenantId, sha256, requestedDataset: layout.dataset },
      ...{ id: Not(id), state: Not(In([...endedStates])) },
    });
    if (same) throw new ImportError('same_file_waits', { id: same.id });
    await manager.update(
      ImportEntity,
      { tenantId, id },
      {
        ...{ state: 'received', requestedDataset: layout.dataset, layoutId: layout.id },
        ...{ refusal: null, result: null, commitWhenChecked: null, commitRefusal: null },
      },
    );
    await this.jobs.enqueue(manager, ctx, {
      kind: importJobs.check,
      subject: id,
      payload: {},
      priority: importPriority.preview,
    });
  }
}

/** Whether the headers are looked for where they were found. */
function samePlace(mapping: FileMapping, before: FileMapping | undefined): boolean {
  return (['encoding', 'delimiter', 'sheet', 'headerRow'] as const).every(
    (where) => mapping[where] === before?.[where],
  );
}

interface Given {
  readonly upload: ImportEntity | null;
  /** Headers of the upload; null: not known yet. */
  readonly seen: readonly string[] | null;
  readonly readWith: FileLayoutEntity | null;
  readonly keepOthers: boolean;
  readonly mapping: FileMapping;
}

/**
 * The layout that a new one takes the place of: the one for the same headers; else one that no file was read with yet,
 * if it was tried on this very file. Without a file it is the one that names the same headers, or that was added to.
 */
function replacedLayout(
  layouts: readonly FileLayoutEntity[],
  { upload, seen, readWith, keepOthers, mapping }: Given,
): FileLayoutEntity | undefined {
  if (upload) {
    const hash = seen && hashOf(seen);
    const same = hash === null ? undefined : layouts.find(({ headersHash }) => headersHash === hash);
    return same ?? (readWith?.headers === null ? readWith : undefined);
  }
  if (keepOthers) return layouts[0];
  const named = namesKey(mapping);
  return layouts.find((layout) => namesKey(layout.mapping) === named);
}

function namesKey({ columns }: FileMapping): string {
  return headersKey(Object.values(columns).flatMap(({ from }) => from));
}

function hashOf(headers: readonly string[]): string {
  return createHash('sha256').update(headersKey(headers)).digest('hex');
}

export async function findLayouts(
  manager: EntityManager,
  tenantId: string,
  dataset: DatasetId | null = null,
  purpose: 'to read' | 'to change them' = 'to read',
): Promise<FileLayoutEntity[]> {
  return manager.find(FileLayoutEntity, {
    where: { tenantId, ...(dataset === null ? {} : { dataset }) },
    order: { updatedAt: 'DESC', id: 'DESC' },
    ...(purpose === 'to read' ? {} : { lock: { mode: 'pessimistic_write' } }),
  });
}

/** A file was read with it: from now on it stands for files with these headers, and no other layout does. */
export async function noteUse(
  manager: EntityManager,
  tenantId: string,
  id: string,
  headers: readonly string[],
): Promise<void> {
  const layout = await manager.findOne(FileLayoutEntity, {
    where: { tenantId, id },
    lock: { mode: 'pessimistic_write' },
  });
  if (!layout) return;
  if (layout.headers === null) {
    const headersHash = hashOf(headers);
    await manager.delete(FileLayoutEntity, { tenantId, dataset: layout.dataset, headersHash });
    Object.assign(layout, { headers, headersHash });
  }
  await manager.save(Object.assign(layout, { usedAt: new Date() }));
}
