import type { RequestContext } from '@hotline/platform';
import { InvitationsService, ProvincesService, TenantsService, type TenantEntity } from '@hotline/tenancy';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { decodeCursor, listPage, PageArgs, type Connection } from '../request/connection.js';
import { Context, GivenOnce, Needs } from '../request/context.decorators.js';
import { orFailure } from '../request/expected-failure.js';
import { DoneResult, type Done, type Failure } from '../request/failure.model.js';
import { InvitedResult, type Invited } from './member.model.js';
import { toInvitation } from './member.resolver.js';
import {
  AssignCityInput,
  CreateTenantInput,
  CreateTenantResult,
  InviteAdministratorInput,
  TenantConnection,
  TenantModel,
  type CreatedTenant,
} from './tenant.model.js';

/** What the operator does: make tenants and say which city belongs to which province. It sees no tenant's data. */
@Resolver()
export class TenantResolver {
  constructor(
    private readonly tenants: TenantsService,
    private readonly provinces: ProvincesService,
    private readonly invitations: InvitationsService,
  ) {}

  @Query(() => TenantConnection, { name: 'tenants', description: '全部租户 Every tenant' })
  @Needs('administrator', null, ['operator'])
  async list(@Context() ctx: RequestContext, @Args() page: PageArgs): Promise<Connection<TenantModel>> {
    const found = (await this.provinces.tenants(ctx)).map(({ tenantId, isDemo, ...tenant }) => ({
      id: tenantId,
      demo: isDemo,
      ...tenant,
    }));
    return listPage(found, page.first, decodeCursor(page.after));
  }

  @Mutation(() => CreateTenantResult, {
    description: '建立租户并邀请其首位管理员 Make a tenant and invite its first administrator',
  })
  @Needs('administrator', null, ['operator'])
  @GivenOnce()
  async createTenant(
    @Context() ctx: RequestContext,
    @Args('input') { kind, tenantName, cityCode, provinceCode, email, name }: CreateTenantInput,
  ): Promise<CreatedTenant | Failure> {
    return orFailure(async () => {
      const administrator = { email, name, role: 'administrator' } as const;
      this.invitations.requireValid(administrator);
      const tenant = await this.tenants.createTenant({
        kind,
        name: tenantName,
        isDemo: false,
        ...(cityCode ? { cityCode } : {}),
        ...(provinceCode ? { provinceCode } : {}),
      });
      return { tenant: toTenant(tenant), invited: await this.invite(ctx, tenant.tenantId, administrator) };
    });
  }

  @Mutation(() => InvitedResult, {
    description: '再次邀请首位管理员；租户已有管理员则不可 Invite the first administrator again; not once there is one',
  })
  @Needs('administrator', null, ['operator'])
  @GivenOnce()
  async inviteAdministrator(
    @Context() ctx: RequestContext,
    @Args('input') { tenantId, email, name }: InviteAdministratorInput,
  ): Promise<Invited | Failure> {
    return orFailure(async () => {
      await this.tenants.requireNoAdministrator({ tenantId });
      return this.invite(ctx, tenantId, { email, name, role: 'administrator' });
    });
  }

  @Mutation(() => DoneResult, {
    description:
      '城市自某时起归属某省，下一次请求即生效 From then on a city belongs to a province; the next request sees it so',
  })
  @Needs('administrator', null, ['operator'])
  async assignCity(
    @Context() ctx: RequestContext,
    @Args('input') { cityTenantId, provinceTenantId, from }: AssignCityInput,
  ): Promise<Done | Failure> {
    return orFailure(async () => {
      await this.provinces.assignCity(ctx, cityTenantId, provinceTenantId ?? null, from ?? null);
      return { done: true };
    });
  }

  private async invite(
    ctx: RequestContext,
    tenantId: string,
    administrator: { readonly email: string; readonly name: string; readonly role: 'administrator' },
  ): Promise<Invited> {
    const { invitation, link } = await this.invitations.inviteTo({ tenantId }, ctx.accountId, administrator);
    return { invitation: toInvitation(invitation), link };
  }
}

/** One that was just made: nobody is in it, and it belongs nowhere. */
function toTenant({ tenantId, isDemo, kind, name, cityCode, provinceCode, createdAt }: TenantEntity): TenantModel {
  return {
    ...{ id: tenantId, demo: isDemo, kind, name, cityCode, provinceCode, createdAt },
    ...{ hasAdministrator: false, supervisors: [] },
  };
}
