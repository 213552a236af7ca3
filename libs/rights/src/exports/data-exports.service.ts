import { Readable } from 'node:stream';
import { FileStore, JobQueue, TenantDb, type RequestContext } from '@hotline/platform';
import { Injectable } from '@nestjs/common';
import { LessThan, type EntityManager } from 'typeorm';
import { validate as isUuid, v7 as uuid } from 'uuid';
import { RightsError } from '../rights-error.js';
import { rightsJobs } from '../rights-jobs.js';
import { DataExportEntity } from './data-export.entity.js';
import { archiveHours, exportFolder } from './export-tenant.js';

export interface Archive {
  readonly entity: DataExportEntity & { readonly bytes: number };
  /** From the wanted byte to the end; has to be read to its end or destroyed. */
  readonly content: Readable;
}

/** Taking along everything a tenant has. */
@Injectable()
export class DataExportsService {
  constructor(
    private readonly db: TenantDb,
    private readonly jobs: JobQueue,
    private readonly files: FileStore,
  ) {}

  /** Asks for an archive; a job makes it. @throws RightsError export_waiting */
  async request(ctx: RequestContext): Promise<DataExportEntity> {
    const { tenantId } = ctx;
    return this.db.run(ctx, async (manager) => {
      const id = uuid();
      const jobId = await this.jobs.enqueue(manager, ctx, { kind: rightsJobs.export, subject: id, payload: {} });
      const [inserted]: { id: string }[] = await manager.query(
        `insert into data_export (tenant_id, id, job_id, requested_by) values ($1, $2, $3, $4)
         on conflict do nothing returning id`,
        [tenantId, id, jobId, ctx.accountId],
      );
      if (!inserted) throw new RightsError('export_waiting');
      return found(manager, tenantId, id);
    });
  }

  /** Newest first; `before` is the id of the last of the page before. One more than `first` tells of a next page. */
  async list(ctx: RequestContext, page: { first: number; before: string | null }): Promise<DataExportEntity[]> {
    const { tenantId } = ctx;
    return this.db.runReadOnly(ctx, async (manager) => {
      if (page.before !== null && !(await manager.existsBy(DataExportEntity, { tenantId, id: page.before }))) return [];
      return manager.find(DataExportEntity, {
        where: { tenantId, ...(page.before === null ? {} : { id: LessThan(page.before) }) },
        order: { id: 'DESC' },
        take: page.first + 1,
      });
    });
  }

  /** That it is taken is written down. @throws RightsError export_not_found, export_not_ready */
  async open(ctx: RequestContext, id: string, from: number): Promise<Archive> {
    const { tenantId } = ctx;
    const entity = await this.db.run(ctx, async (manager) => {
      const { state, expiresAt } = await found(manager, tenantId, id);
      if (state !== 'ready' || (expiresAt !== null && expiresAt.getTime() <= Date.now())) {
        throw new RightsError('export_not_ready', { id });
      }
      await manager.query('update data_export set downloads = downloads + 1 where tenant_id = $1 and id = $2', [
        tenantId,
        id,
      ]);
      return found(manager, tenantId, id);
    });
    const { bytes } = entity;
    if (bytes === null) throw new Error(`the archive ${id} has no size`);
    const content = Readable.from(after(this.files.read(tenantId, `${exportFolder}/${id}`), from), {
      objectMode: false,
    });
    return { entity: { ...entity, bytes }, content };
  }

  /** Removes archives that are too old to be taken. */
  async expire(): Promise<void> {
    await this.files.removeOlder(exportFolder, (archiveHours + 1) * 3_600_000);
    for (const tenantId of await this.files.tenants()) {
      await this.db.run({ tenantId }, (manager) =>
        manager.query(
          `update data_export set state = 'expired' where tenant_id = $1 and state = 'ready' and expires_at < now()`,
          [tenantId],
        ),
      );
    }
  }
}

/** The bytes of a file from a place on: its seal is of the whole, so what comes before is read, too. */
async function* after(bytes: AsyncIterable<Buffer>, from: number): AsyncGenerator<Buffer> {
  let skip = from;
  for await (const chunk of bytes) {
    if (skip < chunk.length) yield skip === 0 ? chunk : chunk.subarray(skip);
    skip = Math.max(0, skip - chunk.length);
  }
}

async function found(manager: EntityManager, tenantId: string, id: string): Promise<DataExportEntity> {
  const entity = isUuid(id) ? await manager.findOneBy(DataExportEntity, { tenantId, id }) : null;
  if (!entity) throw new RightsError('export_not_found', { id });
  return entity;
}
