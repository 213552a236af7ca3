import type { ListedDelivery, WebhookEndpointEntity } from '@hotline/tenancy';
import { apiMessage } from '../request/api-messages.js';
import type { WebhookDeliveryModel, WebhookEndpointModel } from './webhook.model.js';

export function toEndpoint(entity: WebhookEndpointEntity): WebhookEndpointModel {
  const { id, name, url, events, disabledAt, disabledFor, failingSince, secretChangedAt, previousUntil } = entity;
  return {
    ...{ id, name, url, events, disabledAt, disabledFor, failingSince, secretChangedAt },
    enabled: disabledAt === null,
    previousSecretUntil: previousUntil !== null && previousUntil.getTime() > Date.now() ? previousUntil : null,
    createdAt: entity.createdAt,
  };
}

export function toDelivery({ entity, nextAttemptAt }: ListedDelivery): WebhookDeliveryModel {
  const { id, endpointId, eventId, event, body, state, attempts, attemptedAt, responseStatus, durationMs } = entity;
  const { problem, excerpt, createdAt } = entity;
  return {
    ...{ id, endpointId, eventId, event, body, state, attempts, attemptedAt, responseStatus, durationMs },
    ...{ excerpt, createdAt, nextAttemptAt },
    problem:
      problem === null
        ? null
        : { code: problem, ...apiMessage(`webhook_${problem}`, { status: responseStatus ?? '—' }) },
  };
}
