import { ApiKeyEntity } from './api-key.entity.js';
import { MemberEntity } from './member.entity.js';
import { TenantEntity } from './tenant.entity.js';

/** What the data source must know for this lib. */
export const tenancyEntities = [TenantEntity, MemberEntity, ApiKeyEntity] as const;
