import type { RequestContext } from '@hotline/platform';
import {
  ApiKeysService,
  EmbedKeysService,
  type ApiKeyEntity,
  type ApiKeyScope,
  type EmbedKeyEntity,
} from '@hotline/tenancy';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { decodeCursor, listPage, PageArgs, type Connection } from '../request/connection.js';
import { Context, GivenOnce, Needs } from '../request/context.decorators.js';
import { orFailure } from '../request/expected-failure.js';
import type { Failure } from '../request/failure.model.js';
import {
  ApiKeyConnection,
  ApiKeyModel,
  ApiKeyResult,
  CreateApiKeyInput,
  CreatedApiKeyResult,
  CreateEmbedKeyInput,
  EmbedKeyConnection,
  EmbedKeyModel,
  EmbedKeyResult,
  type CreatedApiKey,
} from './key.model.js';

/** Keys for programs and keys for portals. */
@Resolver()
export class KeyResolver {
  constructor(
    private readonly apiKeys: ApiKeysService,
    private readonly embedKeys: EmbedKeysService,
  ) {}

  @Query(() => ApiKeyConnection, { name: 'apiKeys', description: '程序密钥，新的在前 Keys for programs, newest first' })
  @Needs('administrator')
  async listApiKeys(@Context() ctx: RequestContext, @Args() page: PageArgs): Promise<Connection<ApiKeyModel>> {
    const found = (await this.apiKeys.apiKeys(ctx)).map(toApiKey);
    return listPage(found, page.first, decodeCursor(page.after));
  }

  @Mutation(() => CreatedApiKeyResult, { description: '生成程序密钥 Make a key for a program' })
  @Needs('administrator')
  @GivenOnce()
  async createApiKey(
    @Context() ctx: RequestContext,
    @Args('input') { name, scopes, expiresAt }: CreateApiKeyInput,
  ): Promise<CreatedApiKey | Failure> {
    return orFailure(async () => {
      const wanted = { name, scopes: scopes as ApiKeyScope[], expiresAt: expiresAt ?? null };
      const { key, entity } = await this.apiKeys.createApiKey(ctx, wanted);
      return { secret: key, apiKey: toApiKey(entity) };
    });
  }

  @Mutation(() => ApiKeyResult, { description: '吊销程序密钥，立即生效 Revoke a key, at once' })
  @Needs('administrator')
  async revokeApiKey(
    @Context() ctx: RequestContext,
    @Args('id', { type: () => ID, description: '密钥编号 Id of the key' }) id: string,
  ): Promise<ApiKeyModel | Failure> {
    return orFailure(async () => toApiKey(await this.apiKeys.revokeApiKey(ctx, id)));
  }

  @Query(() => EmbedKeyConnection, {
    name: 'embedKeys',
    description: '嵌入密钥，新的在前 Keys for portals, newest first',
  })
  @Needs('administrator')
  async listEmbedKeys(@Context() ctx: RequestContext, @Args() page: PageArgs): Promise<Connection<EmbedKeyModel>> {
    const found = (await this.embedKeys.embedKeys(ctx)).map(toEmbedKey);
    return listPage(found, page.first, decodeCursor(page.after));
  }

  @Mutation(() => EmbedKeyResult, { description: '生成嵌入密钥 Make a key for a portal' })
  @Needs('administrator', null, ['city'])
  async createEmbedKey(
    @Context() ctx: RequestContext,
    @Args('input') input: CreateEmbedKeyInput,
  ): Promise<EmbedKeyModel | Failure> {
    return orFailure(async () => toEmbedKey(await this.embedKeys.createEmbedKey(ctx, input)));
  }

  @Mutation(() => EmbedKeyResult, { description: '吊销嵌入密钥 Revoke a key for a portal' })
  @Needs('administrator', null, ['city'])
  async revokeEmbedKey(
    @Context() ctx: RequestContext,
    @Args('id', { type: () => ID, description: '密钥编号 Id of the key' }) id: string,
  ): Promise<EmbedKeyModel | Failure> {
    return orFailure(async () => toEmbedKey(await this.embedKeys.revokeEmbedKey(ctx, id)));
  }
}

function toApiKey(entity: ApiKeyEntity): ApiKeyModel {
  const { id, name, prefix, scopes, createdAt, expiresAt, lastUsedAt, revokedAt } = entity;
  return { id, name, prefix, scopes, createdAt, expiresAt, lastUsedAt, revokedAt };
}

function toEmbedKey({ id, key, name, origins, createdAt, revokedAt }: EmbedKeyEntity): EmbedKeyModel {
  return { id, key, name, origins, createdAt, revokedAt };
}
