import type { RequestContext, Role, TenantKind } from '@hotline/platform';
import type { ApiKeyScope, Caller, ResolvedEmbedKey } from '@hotline/tenancy';
import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { Extensions, GqlExecutionContext } from '@nestjs/graphql';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SessionCookie } from './session-cookie.js';

/** What travels with a request, whichever way it came in. */
export interface HotlineRequest extends FastifyRequest {
  /** Who asks, found out and counted once for all operations of the request. */
  admission?: Promise<RequestContext | undefined>;
  /** Set by the guard; absent on public operations without a session. */
  hotlineContext?: RequestContext;
  /** Set when the request came with an embed key. */
  portal?: ResolvedEmbedKey;
  /** Set when a session let the request in. */
  session?: RequestSession;
}

export interface RequestSession {
  /** Of the cookie. */
  readonly token: string;
  readonly id: string;
  readonly accountId: string;
  readonly secondFactor: boolean;
}

export const needsKey = 'hotline:needs';

export interface Need {
  readonly role: Role;
  /** What an API key must be allowed; `any` for every key, null for no key at all. */
  readonly scope: ApiKeyScope | 'any' | null;
  /** Kinds of tenants that may do this; null for all. */
  readonly kinds: readonly TenantKind[] | null;
}

export const portalsKey = 'hotline:portals';

/** For embed keys, and nobody else. */
export const ForPortals = () => SetMetadata(portalsKey, true);

export const publicKey = 'hotline:public';

/**
 * The least role that may do this, the scope a key needs, and the kinds of tenants it is for. Without it, and without
 * `@Public()`, nobody may.
 */
export const Needs = (role: Role, scope: Need['scope'] = null, kinds: Need['kinds'] = null) =>
  SetMetadata(needsKey, { role, scope, kinds } satisfies Need);

export const beforeSecondFactorKey = 'hotline:before-second-factor';

/** Open to administrators who still owe a second factor: what they need to show or to set up one. */
export const BeforeSecondFactor = () => SetMetadata(beforeSecondFactorKey, true);

/** Open to everyone; every such operation is on the list in the tests. */
export const Public = () => SetMetadata(publicKey, true);

export const signInAttemptKey = 'hotline:sign-in-attempt';

/** Proves who somebody is, or tries to: counted apart, by network address. */
export const SignInAttempt = () => SetMetadata(signInAttemptKey, true);

/**
 * Its answer opens something (a session, a key, a link) or its input holds a password: it is given once and never kept,
 * so it takes no `Idempotency-Key`.
 */
export const GivenOnce = () => Extensions({ givenOnce: true });

export function requestOf(context: ExecutionContext): HotlineRequest {
  if (context.getType<'http' | 'graphql'>() === 'graphql') {
    return GqlExecutionContext.create(context).getContext<{ request: HotlineRequest }>().request;
  }
  return context.switchToHttp().getRequest<HotlineRequest>();
}

function replyOf(context: ExecutionContext): FastifyReply {
  if (context.getType<'http' | 'graphql'>() === 'graphql') {
    return GqlExecutionContext.create(context).getContext<{ reply: FastifyReply }>().reply;
  }
  return context.switchToHttp().getResponse<FastifyReply>();
}

/** Who asks, for which tenant. */
export const Context = createParamDecorator((_: unknown, context: ExecutionContext): RequestContext => {
  const found = requestOf(context).hotlineContext;
  if (!found) throw new Error('a public operation has no tenant');
  return found;
});

/** The session that let the request in. A key has none: what asks for it needs scope null. */
export const Session = createParamDecorator((_: unknown, context: ExecutionContext): RequestSession => {
  const found = requestOf(context).session;
  if (!found) throw new Error('this operation is for sessions only');
  return found;
});

/** The embed key that let the request in. */
export const Portal = createParamDecorator((_: unknown, context: ExecutionContext): ResolvedEmbedKey => {
  const found = requestOf(context).portal;
  if (!found) throw new Error('this operation is for embed keys only');
  return found;
});

/** Where an attempt to prove oneself comes from. */
export const From = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const request = requestOf(context);
  return { ip: request.ip, client: request.headers['user-agent'] ?? '' };
});

export const Request = createParamDecorator((_: unknown, context: ExecutionContext) => requestOf(context));
/** A reply can be awaited, so as a parameter of its own it would be waited for until it is sent: for ever. */
export const Cookie = createParamDecorator(
  (_: unknown, context: ExecutionContext) => new SessionCookie(replyOf(context)),
);
