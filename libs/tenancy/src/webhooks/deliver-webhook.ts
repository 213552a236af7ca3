import { CONFIG, completeJob, JobHandlers, TenantDb, type ClaimedJob, type Config } from '@hotline/platform';
import { Inject, Injectable } from '@nestjs/common';
import { postMessage } from './post-message.js';
import { pinReceiver, ReceiverRefused } from './receiver-address.js';
import { WebhookDeliveryEntity, type DeliveryProblem } from './webhook-delivery.entity.js';
import type { WebhookEndpointEntity } from './webhook-endpoint.entity.js';
import { testEventType } from './webhook-events.js';
import { webhookJobs } from './webhook-jobs.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { signedHeaders } from './webhook-signature.js';

/** Ten attempts: after about 1 s, 6 s, 36 s, 4 min, 22 min, 2 h, then every 12 h, each up to half earlier. */
const patience = { attempts: 10, growth: 6, longestMs: 12 * 3_600_000 };

/** A receiver that took nothing for so long is told nothing more until an administrator says so. */
const failingDays = 5;

interface Attempt {
  /** Null: it was delivered. */
  readonly problem: DeliveryProblem | null;
  readonly status: number | null;
  readonly durationMs: number;
  readonly excerpt: string | null;
}

class NotDelivered extends Error {
  constructor(readonly code: DeliveryProblem) {
    super(`not delivered: ${code}`);
    this.name = 'NotDelivered';
  }
}

/** Job: one message to one receiver. Each attempt is written down; one that fails is made again, later and later. */
@Injectable()
export class DeliverWebhook {
  constructor(
    private readonly db: TenantDb,
    private readonly secrets: WebhookSecrets,
    @Inject(CONFIG) private readonly config: Config,
    handlers: JobHandlers,
  ) {
    handlers.register(webhookJobs.deliver, {
      run: (job) => this.run(job),
      failed: (job, end) => this.giveUp(job, end),
      patience,
    });
  }

  private async run(job: ClaimedJob): Promise<void> {
    const found = await this.find(job);
    if (!found) return;
    const { delivery, endpoint } = found;
    if (endpoint.disabledAt !== null && delivery.event !== testEventType) {
      await this.end(job, 'endpoint_disabled');
      return;
    }
    const attempt = await this.attempt(delivery, endpoint);
    await this.writeDown(job, delivery, attempt);
    // An address that takes no more will take none in an hour.
    if (attempt.problem !== null && attempt.problem !== 'gone') throw new NotDelivered(attempt.problem);
  }

  /** Null when there is nothing to send any more. */
  private async find(
    job: ClaimedJob,
  ): Promise<{ delivery: WebhookDeliveryEntity; endpoint: WebhookEndpointEntity } | null> {
    const { tenantId, subject } = job;
    return this.db.run({ tenantId }, async (manager) => {
      const delivery = await manager.findOneBy(WebhookDeliveryEntity, { tenantId, id: subject, state: 'waiting' });
      const endpoint = delivery && (await this.secrets.endpoint(manager, tenantId, delivery.endpointId));
      if (!endpoint) {
        await completeJob(manager, job);
        return null;
      }
      return { delivery, endpoint };
    });
  }

  private async attempt(delivery: WebhookDeliveryEntity, endpoint: WebhookEndpointEntity): Promise<Attempt> {
    const url = new URL(endpoint.url);
    const started = performance.now();
    const ended = (problem: DeliveryProblem | null, status: number | null, excerpt: string | null): Attempt => ({
      ...{ problem, status, excerpt },
      durationMs: Math.round(performance.now() - started),
    });
    try {
      const to = await pinReceiver(url, this.config);
      const headers = signedHeaders(delivery.eventId, new Date(), delivery.body, this.secrets.signing(endpoint));
      const { status, excerpt } = await postMessage(url, to, headers, delivery.body);
      if (status >= 200 && status < 300) return ended(null, status, null);
      if (status === 410) return ended('gone', status, excerpt);
      return ended(status >= 300 && status < 400 ? 'redirected' : 'not_accepted', status, excerpt);
    } catch (error) {
      return ended(problemOf(error), null, null);
    }
  }

  private async writeDown(
    job: ClaimedJob,
    { endpointId }: WebhookDeliveryEntity,
    { problem, status, durationMs, excerpt }: Attempt,
  ): Promise<void> {
    const { tenantId } = job;
    const state = problem === null ? 'delivered' : problem === 'gone' ? 'failed' : 'waiting';
    await this.db.run({ tenantId }, async (manager) => {
      await manager.query(
        `update webhook_delivery set state = $3, attempts = attempts + 1, attempted_at = now(), response_status = $4,
           duration_ms = $5, problem = $6, excerpt = $7 where tenant_id = $1 and id = $2 and state = 'waiting'`,
        [tenantId, job.subject, state, status, durationMs, problem, excerpt],
      );
      if (problem === null) {
        await manager.query(
          `update webhook_endpoint set failing_since = null
           where tenant_id = $1 and id = $2 and failing_since is not null`,
          [tenantId, endpointId],
        );
      } else {
        await manager.query(
          `update webhook_endpoint set failing_since = coalesce(failing_since, now()),
             disabled_at = case when $3 = 'gone' or failing_since < now() - $4 * interval '1 day' then now() end,
             disabled_for = case when $3 = 'gone' then 'gone'
               when failing_since < now() - $4 * interval '1 day' then 'failing' end
           where tenant_id = $1 and id = $2 and disabled_at is null`,
          [tenantId, endpointId, problem, failingDays],
        );
      }
      if (state !== 'waiting') await completeJob(manager, job);
    });
  }

  private async end(job: ClaimedJob, problem: DeliveryProblem): Promise<void> {
    const { tenantId, subject } = job;
    await this.db.run({ tenantId }, async (manager) => {
      await manager.query(
        `update webhook_delivery set state = 'failed', problem = $3
         where tenant_id = $1 and id = $2 and state = 'waiting'`,
        [tenantId, subject, problem],
      );
      await completeJob(manager, job);
    });
  }

  /** The problem of the last attempt stays. */
  private async giveUp({ tenantId, subject }: ClaimedJob, end: 'failed' | 'cancelled'): Promise<void> {
    await this.db.run({ tenantId }, (manager) =>
      manager.query(
        `update webhook_delivery set state = 'failed', problem = coalesce($3, problem)
         where tenant_id = $1 and id = $2 and state = 'waiting'`,
        [tenantId, subject, end === 'cancelled' ? 'cancelled' : null],
      ),
    );
  }
}

function problemOf(error: unknown): DeliveryProblem {
  if (error instanceof ReceiverRefused) return error.code;
  return (error as { name?: unknown }).name === 'TimeoutError' ? 'timed_out' : 'connection_failed';
}
