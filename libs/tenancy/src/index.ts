export { normalEmail } from './accounts/email.js';
export { PasswordResetsService } from './accounts/password-resets.service.js';
export { SecondFactorService } from './accounts/second-factor.service.js';
export {
  SessionsService,
  type MemberContext,
  type OpenSession,
  type ProvedAccount,
  type ResolvedSession,
  type SignedIn,
} from './accounts/sessions.service.js';
export { SignInService, type Caller, type Credentials } from './accounts/sign-in.service.js';
export { journeyMs, SingleSignOnService } from './accounts/single-sign-on.service.js';
export { AuditService, type AuditEvent, type AuditFilter, type AuditVerification } from './audit/audit.service.js';
export { KeptAnswersService, type KeptAnswer, type MarkedRequest } from './idempotency/kept-answers.service.js';
export { ApiKeyEntity } from './keys/api-key.entity.js';
export {
  apiKeyScopes,
  ApiKeysService,
  type ApiKeyScope,
  type NewApiKey,
  type ResolvedApiKey,
} from './keys/api-keys.service.js';
export { EmbedKeyEntity } from './keys/embed-key.entity.js';
export { EmbedKeysService, type NewEmbedKey, type ResolvedEmbedKey } from './keys/embed-keys.service.js';
export { FirstAdministrator } from './members/first-administrator.js';
export { includedRoles } from './members/included-roles.js';
export { InvitationEntity } from './members/invitation.entity.js';
export {
  InvitationsService,
  type Acceptance,
  type Invited,
  type NewInvitation,
  type OfferedMembership,
} from './members/invitations.service.js';
export { MemberEntity } from './members/member.entity.js';
export { MembersService, type ListedMember } from './members/members.service.js';
export { TenancyError, type TenancyErrorCode } from './tenancy-error.js';
export { tenancyEntities } from './tenancy-entities.js';
export { TenancyModule } from './tenancy.module.js';
export {
  ProvincesService,
  type ListedTenant,
  type ProvinceCity,
  type Supervisor,
} from './tenants/provinces.service.js';
export { TenantEntity } from './tenants/tenant.entity.js';
export { TenantsService, type NewMember, type NewTenant } from './tenants/tenants.service.js';
export { deliveryStates, type DeliveryProblem, type DeliveryState } from './webhooks/webhook-delivery.entity.js';
export { type DisabledFor, type WebhookEndpointEntity } from './webhooks/webhook-endpoint.entity.js';
export { webhookEventTypes, type WebhookData, type WebhookEvent } from './webhooks/webhook-events.js';
export { webhookJobs } from './webhooks/webhook-jobs.js';
export { WebhookOutbox } from './webhooks/webhook-outbox.js';
export {
  WebhooksService,
  type DeliveryFilter,
  type ListedDelivery,
  type NewWebhookEndpoint,
  type WebhookEndpointChange,
} from './webhooks/webhooks.service.js';
