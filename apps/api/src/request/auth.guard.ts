import {
  addToTrail,
  CONFIG,
  isDatabaseUnavailable,
  Rates,
  roles,
  type Config,
  type RequestContext,
  type Trail,
} from '@hotline/platform';
import { ApiKeysService, EmbedKeysService, SessionsService } from '@hotline/tenancy';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  beforeSecondFactorKey,
  needsKey,
  portalsKey,
  publicKey,
  requestOf,
  signInAttemptKey,
  type HotlineRequest,
  type Need,
} from './context.decorators.js';
import { embedKeyOf } from '../embed/trusted-documents.js';
import { ApiFailure } from './api-failure.js';
import { cookieName } from './session-cookie.js';

/** Deny by default: an operation is public, or names the least role that may do it. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: SessionsService,
    private readonly apiKeys: ApiKeysService,
    private readonly embedKeys: EmbedKeysService,
    private readonly rates: Rates,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const isPublic = this.reflector.getAllAndOverride<boolean | undefined>(publicKey, targets) ?? false;
    const needed = this.reflector.getAllAndOverride<Need | undefined>(needsKey, targets);
    // Fields of an object that was already let through carry neither mark of their own.
    if (isField(context) && needed === undefined) return true;
    const request = requestOf(context);
    // Health and public pages are for everybody: whether the database can say who asks does not matter to them.
    const open = isPublic && context.getType<'http' | 'graphql'>() === 'http';
    const ctx = await this.admit(request).catch((error: unknown) => {
      if (open && isDatabaseUnavailable(error)) return undefined;
      throw error;
    });
    addToTrail({ operation: operationOf(context, request), ...ofWhom(ctx) });
    if (this.reflector.getAllAndOverride<boolean | undefined>(signInAttemptKey, targets)) {
      await this.rates.count('signIn', request.ip);
    }
    if (isPublic) return true;
    if (this.reflector.getAllAndOverride<boolean | undefined>(portalsKey, targets)) {
      if (!request.portal) throw new ApiFailure('unauthenticated', 401);
      return true;
    }
    const exempt = this.reflector.getAllAndOverride<boolean | undefined>(beforeSecondFactorKey, targets) ?? false;
    this.requireNeed(ctx, request, needed, exempt);
    return true;
  }

  /** Who asks; undefined for a visitor. The request counts once, however many operations are in it. @throws RateExceeded */
  async admit(request: HotlineRequest): Promise<RequestContext | undefined> {
    request.admission ??= this.identifyAndCount(request);
    const ctx = await request.admission;
    if (ctx) request.hotlineContext = ctx;
    return ctx;
  }

  private async identifyAndCount(request: HotlineRequest): Promise<RequestContext | undefined> {
    const embedKey = embedKeyOf(request.headers.authorization);
    if (embedKey !== null) return this.admitPortal(request, embedKey);
    const ctx = await this.identify(request);
    if (!ctx) return undefined;
    // A key that is over its own limit shall not use up that of its tenant.
    await this.rates.count('key', ctx.apiKey?.id ?? ctx.accountId ?? ctx.requestId);
    await this.rates.count('tenant', ctx.tenantId);
    return ctx;
  }

  /** A portal is nobody: what it may do is for embed keys alone. */
  private async admitPortal(request: HotlineRequest, key: string): Promise<undefined> {
    const portal = await this.embedKeys.resolveEmbedKey(key);
    const { origin } = request.headers;
    if (!portal) return undefined;
    if (origin !== undefined && !portal.origins.includes(origin)) {
      throw new ApiFailure('embed_origin_refused', 403, { origin });
    }
    await this.rates.count('embed', key);
    request.portal = portal;
    return undefined;
  }

  /** Asks again who this is and what they may, as they may meanwhile have signed out or changed roles. @throws ApiFailure */
  async admitAgain(request: HotlineRequest, needed: Need): Promise<RequestContext> {
    return this.requireNeed(await this.identify(request), request, needed, false);
  }

  private requireNeed(
    ctx: RequestContext | undefined,
    request: HotlineRequest,
    needed: Need | undefined,
    exempt: boolean,
  ): RequestContext {
    if (!ctx) throw new ApiFailure('unauthenticated', 401);
    if (needed === undefined) throw new ApiFailure('forbidden', 403, { needed: '—' });
    requireNeeded(ctx, needed);
    if (!exempt) this.requireSecondFactor(ctx, request);
    return ctx;
  }

  private requireSecondFactor({ roles: held }: RequestContext, { session }: HotlineRequest): void {
    if (!this.config.secondFactorForAdministrators || !session || session.secondFactor) return;
    if (held.includes('administrator')) throw new ApiFailure('second_factor_needed', 403);
  }

  private async identify(request: HotlineRequest): Promise<RequestContext | undefined> {
    // An address is written into logs and histories on its way.
    if (request.url.includes('hk_live_')) throw new ApiFailure('key_in_address', 401);
    const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (bearer) return withId(await this.apiKeys.resolveApiKey(bearer), request);
    const token = request.cookies[cookieName];
    if (!token) return undefined;
    const session = await this.sessions.resolveSession(token);
    if (!session) return undefined;
    if (!isSafe(request)) this.requireOwnPage(request);
    const { context, id, secondFactor } = session;
    request.session = { token, id, accountId: context.accountId, secondFactor };
    return withId(context, request);
  }

  /** A browser sends the cookie along whoever asks; a foreign page can neither set the header nor forge the origin. */
  private requireOwnPage(request: HotlineRequest): void {
    const { origin, 'sec-fetch-site': site } = request.headers;
    const foreignOrigin = origin !== undefined && origin !== this.config.publicUrl.replace(/\/$/, '');
    const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
    // Apollo has its own rule for GraphQL: a JSON content type or a preflight header.
    const marked = request.url.startsWith('/graphql') || request.headers['x-hotline-request'] !== undefined;
    if (foreignOrigin || foreignSite || !marked) throw new ApiFailure('cross_site_refused', 403);
  }
}

function ofWhom(ctx: RequestContext | undefined): Trail {
  if (!ctx) return {};
  const { tenantId, accountId, memberId, apiKey } = ctx;
  return {
    tenantId,
    ...(accountId === null ? {} : { accountId }),
    ...(memberId === null ? {} : { memberId }),
    ...(apiKey === null ? {} : { apiKeyId: apiKey.id }),
  };
}

/** Field of the schema, or method and pattern of the route. */
function operationOf(context: ExecutionContext, request: HotlineRequest): string {
  if (context.getType<'http' | 'graphql'>() !== 'graphql') return `${request.method} ${request.routeOptions.url ?? ''}`;
  return context.getArgByIndex<{ fieldName: string } | undefined>(3)?.fieldName ?? '';
}

function isField(context: ExecutionContext): boolean {
  if (context.getType<'http' | 'graphql'>() !== 'graphql') return false;
  const info = context.getArgByIndex<{ parentType: { name: string } } | undefined>(3);
  return info !== undefined && !['Query', 'Mutation', 'Subscription'].includes(info.parentType.name);
}

function withId(found: Omit<RequestContext, 'requestId'> | null, request: HotlineRequest): RequestContext | undefined {
  return found ? { ...found, requestId: request.id } : undefined;
}

function isSafe(request: HotlineRequest): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

/** Roles rise from viewer to administrator; each may do what the ones before it may. A key may do what its scopes name. */
function requireNeeded(ctx: RequestContext, { role: least, scope, kinds }: Need): void {
  const refused = (needed: string): ApiFailure => new ApiFailure('forbidden', 403, { needed });
  if (ctx.apiKey) {
    if (scope !== 'any' && (scope === null || !ctx.apiKey.scopes.includes(scope))) throw refused(scope ?? '—');
  } else if (!ctx.roles.some((role) => roles.indexOf(role) >= roles.indexOf(least))) {
    throw refused(least);
  }
  if (kinds !== null && !kinds.includes(ctx.tenantKind)) throw refused(kinds.join(', '));
}
