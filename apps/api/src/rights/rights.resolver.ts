import { CONFIG, type Config, type RequestContext } from '@hotline/platform';
import {
  DataExportsService,
  DeletionsService,
  type DataExportEntity,
  type DeletionRequestEntity,
} from '@hotline/rights';
import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { decodeCursor, PageArgs, pageOf, type Connection } from '../request/connection.js';
import { Context, Needs } from '../request/context.decorators.js';
import { orFailure } from '../request/expected-failure.js';
import type { Failure } from '../request/failure.model.js';
import {
  DataExportConnection,
  DataExportModel,
  DataExportResult,
  TenantDeletionModel,
  TenantDeletionResult,
} from './rights.model.js';

const deletionId = { type: () => ID, description: '申请的编号 Id of the wish' };

/** What a tenant may do with its own data: take it along, and have it deleted. */
@Resolver()
export class RightsResolver {
  constructor(
    private readonly exports: DataExportsService,
    private readonly deletions: DeletionsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Query(() => DataExportConnection, { description: '全部数据的导出，新的在前 Exports, newest first' })
  @Needs('administrator')
  async dataExports(@Context() ctx: RequestContext, @Args() page: PageArgs): Promise<Connection<DataExportModel>> {
    const found = await this.exports.list(ctx, { first: page.first, before: decodeCursor(page.after) });
    return pageOf(found, page.first, (entity) => this.toExport(entity));
  }

  @Mutation(() => DataExportResult, {
    description: '导出本租户的全部数据；由后台任务准备 Export everything the tenant has; a job makes it',
  })
  @Needs('administrator')
  async exportTenantData(@Context() ctx: RequestContext): Promise<DataExportModel | Failure> {
    return orFailure(async () => this.toExport(await this.exports.request(ctx)));
  }

  @Query(() => TenantDeletionModel, {
    nullable: true,
    description: '未撤回的删除申请；没有则为 null The wish to delete everything; null when there is none',
  })
  @Needs('administrator', null, ['city', 'province'])
  async tenantDeletion(@Context() ctx: RequestContext): Promise<TenantDeletionModel | null> {
    const found = await this.deletions.current(ctx);
    return found && this.toDeletion(found);
  }

  @Mutation(() => TenantDeletionResult, {
    description:
      '申请删除本租户及其全部数据；须由另一位管理员确认，或七天后自行确认 Ask for the deletion of the tenant and all its data; another administrator confirms it, or oneself after seven days',
  })
  @Needs('administrator', null, ['city', 'province'])
  async requestTenantDeletion(
    @Context() ctx: RequestContext,
    @Args('name', { type: () => String, description: '再写一次本租户的名称 Name of the tenant, once more' })
    name: string,
  ): Promise<TenantDeletionModel | Failure> {
    return orFailure(async () => this.toDeletion(await this.deletions.request(ctx, name)));
  }

  @Mutation(() => TenantDeletionResult, {
    description: '确认删除：全部数据立即删除，不可恢复 Confirm it: everything is deleted at once, for good',
  })
  @Needs('administrator', null, ['city', 'province'])
  async confirmTenantDeletion(
    @Context() ctx: RequestContext,
    @Args('id', deletionId) id: string,
  ): Promise<TenantDeletionModel | Failure> {
    return orFailure(async () => this.toDeletion(await this.deletions.confirm(ctx, id)));
  }

  @Mutation(() => TenantDeletionResult, { description: '撤回删除申请 Withdraw the wish' })
  @Needs('administrator', null, ['city', 'province'])
  async withdrawTenantDeletion(
    @Context() ctx: RequestContext,
    @Args('id', deletionId) id: string,
  ): Promise<TenantDeletionModel | Failure> {
    return orFailure(async () => this.toDeletion(await this.deletions.withdraw(ctx, id)));
  }

  private toExport(entity: DataExportEntity): DataExportModel {
    const { id, state, jobId, requestedAt, expiresAt, bytes, sha256, downloads } = entity;
    const isThere = state === 'ready' && expiresAt !== null && expiresAt.getTime() > Date.now();
    const address = isThere ? `${this.config.publicUrl}/exports/${id}/archive.zip` : null;
    return { id, state, jobId, requestedAt, expiresAt, bytes, sha256, downloads, address };
  }

  private toDeletion({ id, state, requestedAt, aloneFrom, confirmedAt }: DeletionRequestEntity): TenantDeletionModel {
    const certificate = `${this.config.publicUrl}/certificates/${id}`;
    return { id, state, requestedAt, aloneFrom, confirmedAt, certificate };
  }
}
