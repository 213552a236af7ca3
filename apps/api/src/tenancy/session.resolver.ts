import { CONFIG, Mailer, type Config, type RequestContext } from '@hotline/platform';
import { SecondFactorService, SessionsService, SignInService, TenantsService, type Caller } from '@hotline/tenancy';
import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import {
  BeforeSecondFactor,
  Context,
  Cookie,
  From,
  GivenOnce,
  Needs,
  Public,
  Request,
  Session,
  SignInAttempt,
  type HotlineRequest,
  type RequestSession,
} from '../request/context.decorators.js';
import { orFailure } from '../request/expected-failure.js';
import { DoneResult, type Done, type Failure } from '../request/failure.model.js';
import type { SessionCookie } from '../request/session-cookie.js';
import {
  MembershipModel,
  SecondFactorState,
  SessionModel,
  SignInInput,
  SignInOptions,
  SignInResult,
  ViewerModel,
  type SignedIn,
} from './session.model.js';
import { toSignedIn } from './to-viewer.model.js';

/** Signing in and out, for one tenant at a time, and what goes on elsewhere. */
@Resolver(() => ViewerModel)
export class SessionResolver {
  constructor(
    private readonly sessions: SessionsService,
    private readonly signIns: SignInService,
    private readonly tenants: TenantsService,
    private readonly secondFactor: SecondFactorService,
    private readonly mailer: Mailer,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Query(() => ViewerModel, { description: '当前登录者 Who is signed in' })
  @Needs('viewer', 'any')
  @BeforeSecondFactor()
  async viewer(@Context() ctx: RequestContext, @Request() { session }: HotlineRequest): Promise<ViewerModel> {
    const tenant = await this.tenants.find(ctx);
    if (!tenant) throw new Error(`tenant ${ctx.tenantId} is gone`);
    return {
      account: session ? { id: session.accountId, secondFactor: session.secondFactor } : null,
      tenantId: ctx.tenantId,
      tenantName: tenant.name,
      tenantKind: tenant.kind,
      cityCode: tenant.cityCode,
      demo: tenant.isDemo,
      roles: [...ctx.roles],
    };
  }

  @ResolveField(() => String, { nullable: true, description: '邮箱；密钥没有 E-mail address; null for a key' })
  async email(@Parent() { account }: ViewerModel): Promise<string | null> {
    return account && this.signIns.emailOf(account.id);
  }

  @ResolveField(() => [MembershipModel], {
    description: '可以代表的全部租户，用 switchTenant 切换 Every tenant one may act for; switchTenant changes it',
  })
  async memberships(@Parent() { account }: ViewerModel): Promise<MembershipModel[]> {
    const contexts = account ? await this.sessions.contexts(account.id) : [];
    return contexts.map(({ isDemo, tenantId, tenantName, tenantKind, role }) => ({
      tenantId,
      tenantName,
      tenantKind,
      demo: isDemo,
      role,
    }));
  }

  @ResolveField(() => SecondFactorState, {
    name: 'secondFactor',
    nullable: true,
    description: '第二因素；密钥没有 Second factor; null for a key',
  })
  async secondFactorState(@Parent() { account }: ViewerModel): Promise<SecondFactorState | null> {
    return account && { ...(await this.secondFactor.state(account.id)), shown: account.secondFactor };
  }

  @Query(() => SignInOptions, { description: '可以怎样登录 How one can sign in here' })
  @Public()
  signInOptions(): SignInOptions {
    const { publicUrl, signInProvider } = this.config;
    return { address: publicUrl, provider: signInProvider !== null, mail: this.mailer.configured };
  }

  @Mutation(() => SignInResult, { description: '登录；会话写入 Cookie Sign in; the session is set as a cookie' })
  @Public()
  @SignInAttempt()
  @GivenOnce()
  async signIn(
    @Args('input') { email, password, code, tenantId }: SignInInput,
    @From() caller: Caller,
    @Cookie() cookie: SessionCookie,
  ): Promise<SignedIn | Failure> {
    return orFailure(async () => {
      const credentials = { email, password, code: code ?? '' };
      const signedIn = await this.signIns.signIn(credentials, caller, tenantId ?? undefined);
      return toSignedIn(signedIn, cookie, this.tenants);
    });
  }

  @Mutation(() => Boolean, { description: '退出登录，立即生效 Sign out, at once' })
  @Public()
  async signOut(@Request() request: HotlineRequest, @Cookie() cookie: SessionCookie): Promise<boolean> {
    if (request.session) await this.sessions.signOut(request.session.token);
    cookie.clear();
    return true;
  }

  @Mutation(() => SignInResult, {
    description: '改为代表另一租户；会话编号随之更换 Act for another tenant; the session gets a new id',
  })
  @Needs('viewer')
  @BeforeSecondFactor()
  @GivenOnce()
  async switchTenant(
    @Args('tenantId', { type: () => ID, description: '租户编号 Id of the tenant' }) tenantId: string,
    @Session() session: RequestSession,
    @From() { client }: Caller,
    @Cookie() cookie: SessionCookie,
  ): Promise<SignedIn | Failure> {
    return orFailure(async () => {
      const signedIn = await this.sessions.switchTenant(session.token, tenantId, client);
      return toSignedIn(signedIn, cookie, this.tenants);
    });
  }

  @Query(() => [SessionModel], {
    name: 'sessions',
    description: '本人在各租户的有效会话 One’s sessions in every tenant',
  })
  @Needs('viewer')
  @BeforeSecondFactor()
  async listSessions(@Session() session: RequestSession): Promise<SessionModel[]> {
    const found = await this.sessions.list(session.accountId);
    return found.map((each) => ({ ...each, current: each.id === session.id }));
  }

  @Mutation(() => DoneResult, { description: '结束本人的一个会话 End one of one’s sessions' })
  @Needs('viewer')
  @BeforeSecondFactor()
  async endSession(
    @Args('id', { type: () => ID, description: '会话编号 Id of the session' }) id: string,
    @Session() session: RequestSession,
  ): Promise<Done | Failure> {
    return orFailure(async () => {
      await this.sessions.endOne(session.accountId, id);
      return { done: true };
    });
  }

  @Mutation(() => DoneResult, { description: '结束本人的其他会话 End all of one’s sessions but this one' })
  @Needs('viewer')
  @BeforeSecondFactor()
  async endOtherSessions(@Session() session: RequestSession): Promise<Done | Failure> {
    return orFailure(async () => {
      await this.sessions.endOthers(session.accountId, session.token);
      return { done: true };
    });
  }
}
