import { CONFIG, TenantDb, type Config, type RequestContext } from '@hotline/platform';
import { Inject, Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { validate as isUuid, v7 as uuid } from 'uuid';
import { TenancyError } from '../tenancy-error.js';
import { isReceiverUrl } from './receiver-address.js';
import { WebhookDeliveryEntity, type DeliveryState } from './webhook-delivery.entity.js';
import { WebhookEndpointEntity } from './webhook-endpoint.entity.js';
import { messageBody, testEventType, webhookEventTypes } from './webhook-events.js';
import { WebhookOutbox } from './webhook-outbox.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { newWebhookSecret } from './webhook-signature.js';

export interface NewWebhookEndpoint {
  readonly name: string;
  readonly url: string;
  readonly events: readonly string[];
}

/** What is not named stays as it is. */
export type WebhookEndpointChange = {
  readonly [Field in keyof NewWebhookEndpoint]?: NewWebhookEndpoint[Field] | null;
} & { readonly enabled?: boolean | null };

/** A delivery, with the time of the next attempt where there will be one. */
export interface ListedDelivery {
  readonly entity: WebhookDeliveryEntity;
  readonly nextAttemptAt: Date | null;
}

export interface DeliveryFilter {
  readonly endpointId: string | null;
  readonly state: DeliveryState | null;
}

const mostEndpoints = 20;
/** How long the secret before a rotation still signs. */
const overlapHours = 24;

/** The receivers of a tenant, and the log of what was sent to them. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly db: TenantDb,
    private readonly outbox: WebhookOutbox,
    private readonly secrets: WebhookSecrets,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * The secret is shown this once.
   * @throws TenancyError name_missing, webhook_url_invalid, webhook_event_unknown, webhook_endpoints_too_many
   */
  async create(
    ctx: RequestContext,
    wanted: NewWebhookEndpoint,
  ): Promise<{ secret: string; endpoint: WebhookEndpointEntity }> {
    const { tenantId } = ctx;
    const { name, url, events } = this.requireValid(wanted);
    const secret = newWebhookSecret();
    const id = uuid();
    return this.db.run(ctx, async (manager) => {
      const there = await manager.countBy(WebhookEndpointEntity, { tenantId });
      if (there >= mostEndpoints) throw new TenancyError('webhook_endpoints_too_many', { most: mostEndpoints });
      await manager.query(
        `insert into webhook_endpoint (tenant_id, id, name, url, events, secret, created_by)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [tenantId, id, name, url, events, this.secrets.seal(tenantId, id, secret), ctx.accountId],
      );
      return { secret, endpoint: await found(manager, tenantId, id) };
    });
  }

  /** Enabling it again forgets that it failed. @throws as `create`, and webhook_endpoint_not_found */
  async update(ctx: RequestContext, id: string, change: WebhookEndpointChange): Promise<WebhookEndpointEntity> {
    const { tenantId } = ctx;
    return this.db.run(ctx, async (manager) => {
      const before = await found(manager, tenantId, id);
      const { name, url, events } = this.requireValid({
        name: change.name ?? before.name,
        url: change.url ?? before.url,
        events: change.events ?? before.events,
      });
      await manager.query(
        `update webhook_endpoint set name = $3, url = $4, events = $5,
           disabled_at = case when $6::boolean is null then disabled_at when $6 then null
             else coalesce(disabled_at, now()) end,
           disabled_for = case when $6::boolean is null then disabled_for when $6 then null
             else coalesce(disabled_for, 'administrator') end,
           failing_since = case when $6 then null else failing_since end
         where tenant_id = $1 and id = $2`,
        [tenantId, id, name, url, events, change.enabled ?? null],
      );
      return found(manager, tenantId, id);
    });
  }

  /** A new secret, shown this once; for a day the one before signs as well. @throws TenancyError webhook_endpoint_not_found */
  async rotateSecret(ctx: RequestContext, id: string): Promise<{ secret: string; endpoint: WebhookEndpointEntity }> {
    const { tenantId } = ctx;
    const secret = newWebhookSecret();
    return this.db.run(ctx, async (manager) => {
      await found(manager, tenantId, id);
      await manager.query(
        `update webhook_endpoint set previous_secret = secret, previous_until = now() + $4 * interval '1 hour',
           secret = $3, secret_changed_at = now() where tenant_id = $1 and id = $2`,
        [tenantId, id, this.secrets.seal(tenantId, id, secret), overlapHours],
      );
      return { secret, endpoint: await found(manager, tenantId, id) };
    });
  }

  /** With the log of what it was sent. @throws TenancyError webhook_endpoint_not_found */
  async remove(ctx: RequestContext, id: string): Promise<void> {
    const { tenantId } = ctx;
    await this.db.run(ctx, async (manager) => {
      await found(manager, tenantId, id);
      await manager.delete(WebhookEndpointEntity, { tenantId, id });
    });
  }

  /** Sends a message that tells of nothing, also to a receiver that is disabled. @throws TenancyError webhook_endpoint_not_found */
  async test(ctx: RequestContext, id: string): Promise<ListedDelivery> {
    const { tenantId } = ctx;
    return this.db.run(ctx, async (manager) => {
      await found(manager, tenantId, id);
      const body = messageBody(testEventType, new Date(), { endpointId: id });
      const message = { endpointId: id, eventId: uuid(), event: testEventType, body };
      return delivery(manager, tenantId, await this.outbox.deliver(manager, ctx, message));
    });
  }

  /** Sends a message once more, under the same `webhook-id`. @throws TenancyError webhook_delivery_not_found */
  async replay(ctx: RequestContext, id: string): Promise<ListedDelivery> {
    const { tenantId } = ctx;
    return this.db.run(ctx, async (manager) => {
      const { entity } = await delivery(manager, tenantId, id);
      return delivery(manager, tenantId, await this.outbox.deliver(manager, ctx, entity));
    });
  }

  /** Newest first. */
  async endpoints(ctx: RequestContext): Promise<WebhookEndpointEntity[]> {
    const { tenantId } = ctx;
    return this.db.runReadOnly(ctx, (manager) =>
      manager.find(WebhookEndpointEntity, { where: { tenantId }, order: { id: 'DESC' } }),
    );
  }

  /** Newest first; `before` is the id of the last of the page before. One more than `first` tells of a next page. */
  async deliveries(
    ctx: RequestContext,
    { endpointId, state }: DeliveryFilter,
    page: { first: number; before: string | null },
  ): Promise<ListedDelivery[]> {
    const { tenantId } = ctx;
    if (endpointId !== null && !isUuid(endpointId)) return [];
    return this.db.runReadOnly(ctx, async (manager) => {
      const rows = await manager.query<{ id: string }[]>(
        `select id from webhook_delivery where tenant_id = $1 and ($2::uuid is null or endpoint_id = $2)
           and ($3::text is null or state = $3)
           and ($4::uuid is null or id < $4 and exists (
             select from webhook_delivery k where k.tenant_id = $1 and k.id = $4))
         order by id desc limit $5`,
        [tenantId, endpointId, state, page.before, page.first + 1],
      );
      return read(
        manager,
        tenantId,
        rows.map(({ id }) => id),
      );
    });
  }

  private requireValid({ name, url, events }: NewWebhookEndpoint): NewWebhookEndpoint {
    if (name.trim() === '') throw new TenancyError('name_missing');
    if (!isReceiverUrl(url, this.config)) throw new TenancyError('webhook_url_invalid');
    const wanted = [...new Set(events)];
    const unknown = wanted.find((event) => !webhookEventTypes.some((known) => known === event));
    if (unknown !== undefined || wanted.length === 0) {
      throw new TenancyError('webhook_event_unknown', { event: unknown ?? '', known: webhookEventTypes.join(', ') });
    }
    return { name: name.trim(), url: new URL(url).href, events: wanted };
  }
}

async function found(manager: EntityManager, tenantId: string, id: string): Promise<WebhookEndpointEntity> {
  const entity = isUuid(id) ? await manager.findOneBy(WebhookEndpointEntity, { tenantId, id }) : null;
  if (!entity) throw new TenancyError('webhook_endpoint_not_found', { id });
  return entity;
}

async function delivery(manager: EntityManager, tenantId: string, id: string): Promise<ListedDelivery> {
  const [listed] = isUuid(id) ? await read(manager, tenantId, [id]) : [];
  if (!listed) throw new TenancyError('webhook_delivery_not_found', { id });
  return listed;
}

/** Those of these ids that are there, newest first. */
async function read(manager: EntityManager, tenantId: string, ids: readonly string[]): Promise<ListedDelivery[]> {
  if (ids.length === 0) return [];
  const entities = await manager.find(WebhookDeliveryEntity, {
    where: { tenantId, id: In([...ids]) },
    order: { id: 'DESC' },
  });
  const waiting = await manager.query<{ id: string; run_at: Date }[]>(
    `select d.id, j.run_at from webhook_delivery d join job j on j.tenant_id = d.tenant_id and j.id = d.job_id
     where d.tenant_id = $1 and d.id = any ($2) and d.state = 'waiting' and j.state = 'queued'`,
    [tenantId, ids],
  );
  const due = new Map(waiting.map(({ id, run_at }) => [id, run_at]));
  return entities.map((entity) => ({ entity, nextAttemptAt: due.get(entity.id) ?? null }));
}
