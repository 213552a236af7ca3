import { HeaderMap } from '@apollo/server';
import { AssessmentError } from '@hotline/assessments';
import { ImportError } from '@hotline/imports';
import { isDatabaseUnavailable, RateExceeded } from '@hotline/platform';
import { RightsError } from '@hotline/rights';
import { TenancyError } from '@hotline/tenancy';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { ApiFailure } from './api-failure.js';
import { apiMessage } from './api-messages.js';
import type { HotlineRequest } from './context.decorators.js';

interface PublicError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly messageEn: string;
  readonly params?: Readonly<Record<string, string | number | readonly string[]>>;
}

const log = new Logger('errors');

/** The only place where errors become answers. What is not known here is masked and named by the id of the request. */
export function publicError(error: unknown, requestId: string): PublicError {
  if (error instanceof ApiFailure) return error;
  if (isExpected(error)) {
    const { code, params } = error;
    return { status: statusOf(code), code, params, ...apiMessage(code, params) };
  }
  if (error instanceof RateExceeded) {
    const { code, params } = error;
    return { status: 429, code, params, ...apiMessage(code, params) };
  }
  if (isCancelled(error)) {
    log.warn({ requestId, err: error });
    return { status: 504, code: 'timed_out', ...apiMessage('timed_out') };
  }
  if (isDatabaseUnavailable(error)) {
    log.warn({ requestId, err: error });
    const params = { retryAfterSeconds: 2 };
    return { status: 503, code: 'database_unavailable', params, ...apiMessage('database_unavailable', params) };
  }
  if (error instanceof HttpException && error.getStatus() < 500) return refusedByServer(error.getStatus());
  log.error({ requestId, err: error });
  return { status: 500, code: 'internal', ...apiMessage('internal', { requestId }) };
}

type Expected = ImportError | AssessmentError | TenancyError | RightsError;
type ExpectedCode = Expected['code'];

/** What a person or program asked for and cannot have. */
export function isExpected(error: unknown): error is Expected {
  return [ImportError, AssessmentError, TenancyError, RightsError].some((known) => error instanceof known);
}

/** The database ended a statement that went on for longer than it may (SQLSTATE query_canceled). */
function isCancelled(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '57014';
}

/** Status and headers of a GraphQL answer where the error decides them; else it is 200 as of every answer. */
export function httpOf(error: unknown): { readonly status: number; readonly headers: HeaderMap } | null {
  if (error instanceof RateExceeded) {
    return { status: 429, headers: new HeaderMap([['retry-after', String(error.params.retryAfterSeconds)]]) };
  }
  return isCancelled(error) ? { status: 504, headers: new HeaderMap() } : null;
}

const statuses: ReadonlyMap<string, number> = new Map<ExpectedCode, number>([
  ['unknown_dataset', 400],
  ['retention_invalid', 400],
  ['digest_mismatch', 400],
  ['connection_lost', 400],
  ['sign_in_failed', 403],
  ['provider_not_configured', 404],
  ['provider_unreachable', 502],
  ['sender_too_slow', 408],
  ['file_too_large', 413],
  ['part_too_large', 413],
  ['export_not_ready', 410],
  ['too_many_open', 429],
  ['uploads_busy', 503],
  ['disk_full', 507],
  ['quota_full', 507],
]);

function statusOf(code: ExpectedCode): number {
  if (code.endsWith('_not_found')) return 404;
  return statuses.get(code) ?? 409;
}

/** The HTTP server itself turned the request away, before any of our code saw it. */
function refusedByServer(status: number): PublicError {
  const code = status === 404 ? 'not_found' : status === 413 ? 'json_too_large' : 'bad_request';
  return { status, code, ...apiMessage(code) };
}

/** GraphQL errors outside the result unions. Errors of the query text itself are the client's: they stay as they are, but for its values. */
export function formatGraphQLError(
  formatted: GraphQLFormattedError,
  error: unknown,
  requestId: string,
): GraphQLFormattedError {
  const original = error instanceof GraphQLError ? error.originalError : error;
  if (!original || original instanceof GraphQLError) {
    const code = formatted.extensions?.['code'];
    if (code !== 'INTERNAL_SERVER_ERROR')
      return {
        message: withoutValues(formatted.message),
        extensions: extensionsOf(formatted, code),
        ...place(formatted),
      };
  }
  const { code, message, messageEn, params } = publicError(original, requestId);
  const retryAfterSeconds = params?.['retryAfterSeconds'];
  const later = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return { message, extensions: { code, messageEn, requestId, ...later }, ...place(formatted) };
}

/** Our own refusals of a whole operation come with their sentence in English too. */
function extensionsOf({ extensions }: GraphQLFormattedError, code: unknown): Record<string, unknown> {
  const messageEn = extensions?.['messageEn'];
  return messageEn === undefined ? { code } : { code, messageEn };
}

/** GraphQL repeats what it could not read; it may be the number of a person, and errors are logged and passed on. */
function withoutValues(message: string): string {
  return message
    .replace(/ got invalid value [\s\S]*/, ' got a value that its type does not allow.')
    .replace(/( cannot represent [\w -]*value|[,;] found)\b[\s\S]*/, '$1 …')
    .replace(/^Value "[\s\S]*" does not exist in/, 'The value does not exist in');
}

function place({ path, locations }: GraphQLFormattedError): Partial<GraphQLFormattedError> {
  return { ...(path ? { path } : {}), ...(locations ? { locations } : {}) };
}

/** The same for plain HTTP routes. GraphQL errors pass through to `formatGraphQLError`. */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType<'http' | 'graphql'>() === 'graphql') throw error;
    const http = host.switchToHttp();
    sendError(error, http.getRequest<HotlineRequest>(), http.getResponse<FastifyReply>());
  }
}

export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, code, message, messageEn, params = {} } = publicError(error, request.id);
  void reply.status(status);
  const { retryAfterSeconds, missing } = params;
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
  // Whoever still sends would keep the connection: it ends with the answer.
  if (!request.raw.complete) void reply.header('connection', 'close');
  const parts = Array.isArray(missing) ? { missing: missing.map(Number) } : {};
  void reply.send({ error: { code, message, messageEn, requestId: request.id, ...parts } });
}
