import { isLoopback, SharedDb, TenantDb, type RequestContext } from '@hotline/platform';
import { Injectable } from '@nestjs/common';
import { validate as isUuid, v7 as uuid } from 'uuid';
import { TenancyError } from '../tenancy-error.js';
import { randomBase62 } from './base62.js';
import { EmbedKeyEntity } from './embed-key.entity.js';

export interface NewEmbedKey {
  readonly name: string;
  readonly origins: readonly string[];
}

export interface ResolvedEmbedKey {
  readonly tenantId: string;
  readonly origins: readonly string[];
}

const mark = 'pk_';
const pattern = /^pk_[0-9A-Za-z]{22}$/;
const mostOrigins = 20;

/** Keys with which portals show what a city has published. */
@Injectable()
export class EmbedKeysService {
  constructor(
    private readonly db: TenantDb,
    private readonly shared: SharedDb,
  ) {}

  /** @throws TenancyError name_missing, origin_invalid, origins_missing */
  async createEmbedKey(ctx: RequestContext, { name, origins }: NewEmbedKey): Promise<EmbedKeyEntity> {
    const { tenantId } = ctx;
    if (name.trim() === '') throw new TenancyError('name_missing');
    const allowed = [...new Set(origins)];
    if (allowed.length === 0 || allowed.length > mostOrigins)
      throw new TenancyError('origins_missing', { most: mostOrigins });
    const wrong = allowed.find((origin) => !isOrigin(origin));
    if (wrong !== undefined) throw new TenancyError('origin_invalid', { origin: wrong });
    const id = uuid();
    return this.db.run(ctx, async (manager) => {
      await manager.query(
        'insert into embed_key (tenant_id, id, key, name, origins, created_by) values ($1, $2, $3, $4, $5, $6)',
        [tenantId, id, mark + randomBase62(16, 22), name.trim(), allowed, ctx.accountId],
      );
      return manager.findOneByOrFail(EmbedKeyEntity, { tenantId, id });
    });
  }

  /** From now on nothing is shown for it. @throws TenancyError embed_key_not_found */
  async revokeEmbedKey(ctx: RequestContext, id: string): Promise<EmbedKeyEntity> {
    const { tenantId } = ctx;
    return this.db.run(ctx, async (manager) => {
      if (!isUuid(id)) throw new TenancyError('embed_key_not_found', { id });
      await manager.query(
        'update embed_key set revoked_at = now() where tenant_id = $1 and id = $2 and revoked_at is null',
        [tenantId, id],
      );
      const entity = await manager.findOneBy(EmbedKeyEntity, { tenantId, id });
      if (!entity) throw new TenancyError('embed_key_not_found', { id });
      return entity;
    });
  }

  /** Newest first, revoked ones included. */
  async embedKeys(ctx: RequestContext): Promise<EmbedKeyEntity[]> {
    const { tenantId } = ctx;
    return this.db.runReadOnly(ctx, (manager) =>
      manager.find(EmbedKeyEntity, { where: { tenantId }, order: { id: 'DESC' } }),
    );
  }

  /** Null when the key is not one or was revoked. */
  async resolveEmbedKey(key: string): Promise<ResolvedEmbedKey | null> {
    if (!pattern.test(key)) return null;
    const [row] = await this.shared.query<{ tenant_id: string; origins: string[] }>(
      'select * from resolve_embed_key($1)',
      [key],
    );
    return row ? { tenantId: row.tenant_id, origins: row.origins } : null;
  }
}

/**
 * Exactly as a browser sends it: scheme, host and port in lower case, no path, and no pattern, which would match no site.
 * Plain HTTP only for trying things out.
 */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text) || text.includes('*')) return false;
  const url = new URL(text);
  return url.origin === text && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)));
}
