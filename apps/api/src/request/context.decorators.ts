import type { RequestContext, Role } from '@hotline/platform';
import type { ApiKeyScope } from '@hotline/tenancy';
import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SessionCookie } from './session-cookie.js';

/** What travels with a request, whichever way it came in. */
export interface HotlineRequest extends FastifyRequest {
  /** Set by the guard; absent on public operations without a session. */
  hotlineContext?: RequestContext;
  /** Token of the session cookie, if the request was let in by one. */
  sessionToken?: string;
}

export const needsKey = 'hotline:needs';

export interface Need {
  readonly role: Role;
  /** What an API key must be allowed; `any` for every key, null for no key at all. */
  readonly scope: ApiKeyScope | 'any' | null;
}

export const publicKey = 'hotline:public';

/** The least role that may do this, and the scope a key needs. Without it, and without `@Public()`, nobody may. */
export const Needs = (role: Role, scope: Need['scope'] = null) => SetMetadata(needsKey, { role, scope } satisfies Need);

/** Open to everyone; every such operation is on the list in the tests. */
export const Public = () => SetMetadata(publicKey, true);

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

export const Request = createParamDecorator((_: unknown, context: ExecutionContext) => requestOf(context));
/** A reply can be awaited, so as a parameter of its own it would be waited for until it is sent: for ever. */
export const Cookie = createParamDecorator(
  (_: unknown, context: ExecutionContext) => new SessionCookie(replyOf(context)),
);
