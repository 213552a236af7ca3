import type { RequestContext } from '@hotline/platform';
import { SessionsService, TenancyError, TenantsService } from '@hotline/tenancy';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { apiMessage } from '../request/api-messages.js';
import { Context, Needs, Cookie, Public, Request, type HotlineRequest } from '../request/context.decorators.js';
import type { Failure } from '../request/failure.model.js';
import { SessionCookie } from '../request/session-cookie.js';
import { SignInInput, SignInResult, ViewerModel, type SignedIn } from './session.model.js';

@Resolver(() => ViewerModel)
export class SessionResolver {
  constructor(
    private readonly sessions: SessionsService,
    private readonly tenants: TenantsService,
  ) {}

  @Query(() => ViewerModel, { description: '当前登录者 Who is signed in' })
  @Needs('viewer', 'any')
  async viewer(@Context() ctx: RequestContext): Promise<ViewerModel> {
    const tenant = await this.tenants.find(ctx);
    if (!tenant) throw new Error(`tenant ${ctx.tenantId} is gone`);
    return {
      tenantId: ctx.tenantId,
      tenantName: tenant.name,
      tenantKind: tenant.kind,
      cityCode: tenant.cityCode,
      demo: tenant.isDemo,
      roles: [...ctx.roles],
    };
  }

  @Mutation(() => SignInResult, { description: '登录；会话写入 Cookie Sign in; the session is set as a cookie' })
  @Public()
  async signIn(
    @Args('input') { email, password }: SignInInput,
    @Request() request: HotlineRequest,
    @Cookie() cookie: SessionCookie,
  ): Promise<SignedIn | Failure> {
    try {
      const { token, expiresAt, current } = await this.sessions.signIn(email, password, { ip: request.ip });
      cookie.set(token, expiresAt);
      const tenant = await this.tenants.find(current);
      return {
        expiresAt,
        viewer: {
          tenantId: current.tenantId,
          tenantName: current.tenantName,
          tenantKind: current.tenantKind,
          cityCode: tenant?.cityCode ?? null,
          demo: current.isDemo,
          roles: [current.role],
        },
      };
    } catch (error) {
      if (error instanceof TenancyError) return { code: error.code, ...apiMessage(error.code, error.parameters) };
      throw error;
    }
  }

  @Mutation(() => Boolean, { description: '退出登录，立即生效 Sign out, at once' })
  @Public()
  async signOut(@Request() request: HotlineRequest, @Cookie() cookie: SessionCookie): Promise<boolean> {
    if (request.sessionToken) await this.sessions.signOut(request.sessionToken);
    cookie.clear();
    return true;
  }
}
