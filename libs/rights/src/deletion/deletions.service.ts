import { JobQueue, SharedDb, TenantDb, type RequestContext } from '@hotline/platform';
import { TenantEntity } from '@hotline/tenancy';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { validate as isUuid, v4 as uuid } from 'uuid';
import { RightsError } from '../rights-error.js';
import { rightsJobs } from '../rights-jobs.js';
import { DeletionRequestEntity } from './deletion-request.entity.js';

/** What was deleted, for whoever has to show that it was. It names no person. */
export interface DeletionCertificate {
  readonly id: string;
  readonly tenantId: string;
  readonly kind: string;
  /** Of the city or the province. */
  readonly code: string | null;
  readonly requestedAt: Date;
  readonly confirmedAt: Date;
  /** Whether another administrator confirmed it; else it was confirmed after the waiting time. */
  readonly byTwo: boolean;
  readonly deletedAt: Date;
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
  readonly accounts: number;
  readonly files: number;
  readonly bytes: number;
  /** Length and last hash of the tenant's audit: whoever kept an export of it can show that it is whole. */
  readonly auditEvents: number;
  readonly auditHead: string | null;
}

/** An administrator asks for it, another confirms it; the only one waits a week. */
@Injectable()
export class DeletionsService {
  constructor(
    private readonly db: TenantDb,
    private readonly shared: SharedDb,
    private readonly jobs: JobQueue,
  ) {}

  /**
   * Asks for the deletion of everything; nothing happens yet.
   * @param name of the tenant, written once more
   * @throws RightsError name_differs, deletion_requested
   */
  async request(ctx: RequestContext, name: string): Promise<DeletionRequestEntity> {
    const { tenantId } = ctx;
    return this.db.run(ctx, async (manager) => {
      const tenant = await manager.findOneByOrFail(TenantEntity, { tenantId });
      if (name.trim() !== tenant.name) throw new RightsError('name_differs', { name: tenant.name });
      const id = uuid();
      const inserted = await manager.query<object[]>(
        `insert into deletion_request (tenant_id, id, requested_by, alone_from)
         values ($1, $2, $3, now() + interval '7 days') on conflict do nothing returning id`,
        [tenantId, id, ctx.accountId],
      );
      if (inserted.length === 0) throw new RightsError('deletion_requested');
      return found(manager, tenantId, id);
    });
  }

  /** The wish that is open or confirmed; null: there is none. */
  async current({ tenantId }: RequestContext): Promise<DeletionRequestEntity | null> {
    return this.db.runReadOnly({ tenantId }, async (manager) => {
      const [row] = await manager.query<{ id: string }[]>(
        `select id from deletion_request where tenant_id = $1 and state <> 'withdrawn'`,
        [tenantId],
      );
      return row ? found(manager, tenantId, row.id) : null;
    });
  }

  /** @throws RightsError deletion_not_found */
  async withdraw(ctx: RequestContext, id: string): Promise<DeletionRequestEntity> {
    const { tenantId } = ctx;
    return this.db.run(ctx, async (manager) => {
      await open(manager, tenantId, id);
      await manager.update(DeletionRequestEntity, { tenantId, id }, { state: 'withdrawn' });
      return found(manager, tenantId, id);
    });
  }

  /**
   * From now on nobody is signed in and no key is taken, and a job deletes everything.
   * @throws RightsError deletion_not_found; deletion_needs_another, before the waiting time is over
   */
  async confirm(ctx: RequestContext, id: string): Promise<DeletionRequestEntity> {
    const { tenantId } = ctx;
    return this.db.run(ctx, async (manager) => {
      const { requestedBy, aloneFrom } = await open(manager, tenantId, id);
      if (requestedBy === ctx.accountId && aloneFrom.getTime() > Date.now()) {
        throw new RightsError('deletion_needs_another', { from: aloneFrom.toISOString() });
      }
      await manager.query(
        `update deletion_request set state = 'confirmed', confirmed_by = $3, confirmed_at = now()
         where tenant_id = $1 and id = $2`,
        [tenantId, id, ctx.accountId],
      );
      for (const table of ['api_key', 'embed_key']) {
        await manager.query(`update ${table} set revoked_at = now() where tenant_id = $1 and revoked_at is null`, [
          tenantId,
        ]);
      }
      await manager.query('delete from session where tenant_id = $1', [tenantId]);
      await this.jobs.enqueue(manager, ctx, { kind: rightsJobs.delete, subject: id, payload: {}, priority: 100 });
      return found(manager, tenantId, id);
    });
  }

  /** Null: there is none, or not yet. Whoever knows the id may see it: nobody of the tenant can sign in any more. */
  async certificate(id: string): Promise<DeletionCertificate | null> {
    if (!isUuid(id)) return null;
    const [row] = await this.shared.query<DeletionCertificate>(
      `select id, of_tenant as "tenantId", kind, code, requested_at as "requestedAt", confirmed_at as "confirmedAt",
         by_two as "byTwo", deleted_at as "deletedAt", row_counts as rows, accounts, files, bytes::float8 as bytes,
         audit_events as "auditEvents", audit_head as "auditHead"
       from deletion_certificate where id = $1`,
      [id],
    );
    return row ?? null;
  }
}

async function found(manager: EntityManager, tenantId: string, id: string): Promise<DeletionRequestEntity> {
  const entity = isUuid(id) ? await manager.findOneBy(DeletionRequestEntity, { tenantId, id }) : null;
  if (!entity) throw new RightsError('deletion_not_found', { id });
  return entity;
}

/** Held, so that it is not withdrawn and confirmed at the same time. */
async function open(manager: EntityManager, tenantId: string, id: string): Promise<DeletionRequestEntity> {
  const entity = isUuid(id)
    ? await manager.findOne(DeletionRequestEntity, {
        where: { tenantId, id, state: 'requested' },
        lock: { mode: 'pessimistic_write' },
      })
    : null;
  if (!entity) throw new RightsError('deletion_not_found', { id });
  return entity;
}
