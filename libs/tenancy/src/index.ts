export { ApiKeyEntity } from './api-key.entity.js';
export {
  apiKeyScopes,
  ApiKeysService,
  type ApiKeyScope,
  type NewApiKey,
  type ResolvedApiKey,
} from './api-keys.service.js';
export { includedRoles } from './included-roles.js';
export { MemberEntity } from './member.entity.js';
export { SessionsService, type MemberContext, type ResolvedSession, type SignedIn } from './sessions.service.js';
export { TenancyError, type TenancyErrorCode } from './tenancy-error.js';
export { tenancyEntities } from './tenancy-entities.js';
export { TenancyModule } from './tenancy.module.js';
export { TenantEntity } from './tenant.entity.js';
export { TenantsService, type NewMember, type NewTenant } from './tenants.service.js';
