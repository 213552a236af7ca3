import type { RequestContext } from '@hotline/platform';
import { Injectable } from '@nestjs/common';
import type { ApiKeyEntity } from './api-key.entity.js';

export const apiKeyScopes = ['imports:read', 'imports:write', 'assessments:read', 'assessments:write'] as const;
export type ApiKeyScope = (typeof apiKeyScopes)[number];

export interface NewApiKey {
  readonly name: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly expiresAt: Date | null;
}

export type ResolvedApiKey = Omit<RequestContext, 'requestId'>;

/** Keys for programs: `hk_live_` + 43 letters and digits + 6 of a checksum. */
@Injectable()
export class ApiKeysService {
  /** The key is shown this once. @throws TenancyError scope_unknown, expiry_in_past */
  async createApiKey(_ctx: RequestContext, _key: NewApiKey): Promise<{ key: string; entity: ApiKeyEntity }> {
    throw new Error('not there yet');
  }

  /** Null when the key is not one, has expired or was revoked. A mistyped key is refused without asking the database. */
  async resolveApiKey(_key: string): Promise<ResolvedApiKey | null> {
    throw new Error('not there yet');
  }

  async revokeApiKey(_ctx: RequestContext, _id: string): Promise<void> {
    throw new Error('not there yet');
  }

  async apiKeys(_ctx: RequestContext): Promise<ApiKeyEntity[]> {
    throw new Error('not there yet');
  }
}
