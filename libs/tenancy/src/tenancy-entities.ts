import { ApiKeyEntity } from './keys/api-key.entity.js';
import { EmbedKeyEntity } from './keys/embed-key.entity.js';
import { InvitationEntity } from './members/invitation.entity.js';
import { MemberEntity } from './members/member.entity.js';
import { TenantEntity } from './tenants/tenant.entity.js';
import { WebhookDeliveryEntity } from './webhooks/webhook-delivery.entity.js';
import { WebhookEndpointEntity } from './webhooks/webhook-endpoint.entity.js';

/** What the data source must know for this lib. */
export const tenancyEntities = [
  TenantEntity,
  MemberEntity,
  InvitationEntity,
  ApiKeyEntity,
  EmbedKeyEntity,
  WebhookEndpointEntity,
  WebhookDeliveryEntity,
] as const;
