import { SharedDb, TenantDb, type RequestContext, type TenantKind } from '@hotline/platform';
import { Injectable } from '@nestjs/common';
import { validate as isUuid, v7 as uuid } from 'uuid';
import { apiKeyHash, apiKeyPrefix, isApiKeyText, newApiKeyText } from './api-key-text.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { TenancyError } from '../tenancy-error.js';

export const apiKeyScopes = ['imports:read', 'imports:write', 'assessments:read', 'assessments:write'] as const;
export type ApiKeyScope = (typeof apiKeyScopes)[number];

export interface NewApiKey {
  readonly name: string;
  readonly scopes: readonly ApiKeyScope[];
  /** Null: valid until revoked. */
  readonly expiresAt: Date | null;
}

/** A key has no role: what it may do are its scopes. */
export type ResolvedApiKey = Omit<RequestContext, 'requestId'>;

interface ResolvedRow {
  readonly tenant_id: string;
  readonly tenant_kind: TenantKind;
  readonly api_key_id: string;
  readonly scopes: string[];
}

/** Keys for programs: `hk_live_`, 43 letters and digits, and 6 of a checksum. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly db: TenantDb,
    private readonly shared: SharedDb,
  ) {}

  /** The key is shown this once. @throws TenancyError name_missing, scope_unknown, expiry_in_past */
  async createApiKey(ctx: RequestContext, key: NewApiKey): Promise<{ key: string; entity: ApiKeyEntity }> {
    const { tenantId, memberId } = ctx;
    const name = key.name.trim();
    if (name === '') throw new TenancyError('name_missing');
    const scopes = [...new Set<string>(key.scopes)];
    const unknown = scopes.find((scope) => !apiKeyScopes.some((known) => known === scope));
    if (unknown !== undefined || scopes.length === 0) {
      throw new TenancyError('scope_unknown', { scope: unknown ?? '', known: apiKeyScopes.join(', ') });
    }
    if (key.expiresAt !== null && key.expiresAt.getTime() <= Date.now()) {
      throw new TenancyError('expiry_in_past', { expiresAt: key.expiresAt.toISOString() });
    }
    const text = newApiKeyText();
    const id = uuid();
    return this.db.run(ctx, async (manager) => {
      await manager.query(
        `insert into api_key (tenant_id, id, name, prefix, hash, scopes, created_by, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [tenantId, id, name, apiKeyPrefix(text), apiKeyHash(text), scopes, memberId, key.expiresAt],
      );
      return { key: text, entity: await manager.findOneByOrFail(ApiKeyEntity, { tenantId, id }) };
    });
  }

  /** Null when the key is not one, has expired or was revoked. A mistyped key is refused without asking the database. */
  async resolveApiKey(key: string): Promise<ResolvedApiKey | null> {
    if (!isApiKeyText(key)) return null;
    const [row] = await this.shared.query<ResolvedRow>('select * from resolve_api_key($1)', [apiKeyHash(key)]);
    if (!row) return null;
    return {
      tenantId: row.tenant_id,
      tenantKind: row.tenant_kind,
      memberId: null,
      accountId: null,
      roles: [],
      apiKey: { id: row.api_key_id, scopes: row.scopes },
    };
  }

  /** From now on the key is refused. One that was revoked before stays so. @throws TenancyError api_key_not_found */
  async revokeApiKey(ctx: RequestContext, id: string): Promise<ApiKeyEntity> {
    const { tenantId } = ctx;
    return this.db.run(ctx, async (manager) => {
      if (!isUuid(id)) throw new TenancyError('api_key_not_found', { id });
      await manager.query(
        'update api_key set revoked_at = now() where tenant_id = $1 and id = $2 and revoked_at is null',
        [tenantId, id],
      );
      const entity = await manager.findOneBy(ApiKeyEntity, { tenantId, id });
      if (!entity) throw new TenancyError('api_key_not_found', { id });
      return entity;
    });
  }

  /** Newest first, revoked ones included. */
  async apiKeys(ctx: RequestContext): Promise<ApiKeyEntity[]> {
    const { tenantId } = ctx;
    return this.db.runReadOnly(ctx, (manager) =>
      manager.find(ApiKeyEntity, { where: { tenantId }, order: { createdAt: 'DESC', id: 'DESC' } }),
    );
  }
}
