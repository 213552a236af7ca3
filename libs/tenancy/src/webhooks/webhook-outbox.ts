import { completeJob, JobHandlers, JobQueue, TenantDb, type ClaimedJob, type TenantScope } from '@hotline/platform';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { messageBody, type WebhookData, type WebhookEvent } from './webhook-events.js';
import { webhookJobs, webhookPriority } from './webhook-jobs.js';

/** How long the log goes back. */
const logDays = 90;

/** A message to be written down for a receiver. */
export interface NewDelivery {
  readonly endpointId: string;
  readonly eventId: string;
  readonly event: string;
  readonly body: string;
}

/** From what happened to a message for each receiver. The job is the outbox: it is there if and only if it happened. */
@Injectable()
export class WebhookOutbox {
  constructor(
    private readonly db: TenantDb,
    private readonly jobs: JobQueue,
    handlers: JobHandlers,
  ) {
    handlers.register(webhookJobs.announce, { run: (job) => this.announce(job) });
  }

  /** To be called in the transaction that makes it true. Does nothing where nobody wants to know. */
  async tell<E extends WebhookEvent>(
    manager: EntityManager,
    { tenantId }: TenantScope,
    event: E,
    data: WebhookData<E>,
  ): Promise<void> {
    await manager.query('select announce_event($1, $2, $3, $4)', [tenantId, uuid(), event, data]);
  }

  /** Writes a message down, to be sent by a job of its own. @returns id of the delivery */
  async deliver(
    manager: EntityManager,
    scope: TenantScope,
    { endpointId, eventId, event, body }: NewDelivery,
  ): Promise<string> {
    const id = uuid();
    const jobId = await this.jobs.enqueue(manager, scope, {
      kind: webhookJobs.deliver,
      subject: id,
      payload: {},
      priority: webhookPriority,
    });
    await manager.query(
      `insert into webhook_delivery (tenant_id, id, endpoint_id, event_id, event, body, job_id)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [scope.tenantId, id, endpointId, eventId, event, body, jobId],
    );
    return id;
  }

  private async announce(job: ClaimedJob): Promise<void> {
    const { tenantId } = job;
    const { event, occurredAt, data } = announcement(job.payload);
    const body = messageBody(event, occurredAt, data);
    await this.db.run({ tenantId }, async (manager) => {
      const endpoints = await manager.query<{ id: string }[]>(
        `select id from webhook_endpoint where tenant_id = $1 and disabled_at is null and $2 = any (events) order by id`,
        [tenantId, event],
      );
      for (const { id } of endpoints) {
        await this.deliver(manager, { tenantId }, { endpointId: id, eventId: job.subject, event, body });
      }
      await manager.query(
        `delete from webhook_delivery
         where tenant_id = $1 and state <> 'waiting' and created_at < now() - $2 * interval '1 day'`,
        [tenantId, logDays],
      );
      await completeJob(manager, job);
    });
  }
}

function announcement({ event, occurredAt, data }: ClaimedJob['payload']) {
  if (typeof event !== 'string' || typeof occurredAt !== 'string' || typeof data !== 'object' || data === null) {
    throw new Error('an announcement names an event, its time and its data');
  }
  return { event, occurredAt: new Date(occurredAt), data: data as Readonly<Record<string, unknown>> };
}
