import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import { Metrics, RateExceeded, Rates, withTrail, type Config } from '@hotline/platform';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { embedKeyOf, withTrustedDocument } from './embed/trusted-documents.js';
import { queueBoardPath } from './jobs/queue-board.js';
import { ApiFailure } from './request/api-failure.js';
import { publicError } from './request/error-formatter.js';

const jsonLimit = 256 * 1024;

/** A body that is no upload has to be here by then, in milliseconds. */
const jsonTimeout = 30_000;

const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** Bull Board names the folder of its files by `base`, and its parts bring styles with them. */
const boardPolicy = pagePolicy
  .replace("base-uri 'none'", "base-uri 'self'")
  .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");
/** For everything that is no page: should a browser ever show it as one, it does nothing. */
const dataPolicy = "default-src 'none'; frame-ancestors 'none'";

export function httpAdapter(trustProxy: number): FastifyAdapter {
  return new FastifyAdapter({
    genReqId: () => randomUUID(),
    trustProxy: (_address, hop) => hop < trustProxy,
    // Streams are counted where they are received (libs/imports, UploadGate), whether their length was announced or not.
    bodyLimit: Number.MAX_SAFE_INTEGER,
    // An honest upload may take longer than the five minutes Node allows a request by default; its pace is watched there.
    requestTimeout: 0,
    connectionTimeout: 0,
    http: { headersTimeout: 10_000 },
  });
}

/** What holds for every request before Nest sees it. */
export async function prepareHttp(app: NestFastifyApplication, { publicUrl }: Config): Promise<void> {
  await app.register(cookie);
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: jsonLimit },
    (_request, body, done) => {
      try {
        done(null, JSON.parse(body.toString('utf8')));
      } catch {
        done(new ApiFailure('bad_json', 400), undefined);
      }
    },
  );
  // Uploads are streams, whatever type their sender names.
  fastify.addContentTypeParser('*', (_request, body, done) => done(null, body));
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.headers['content-type']?.startsWith('application/json')) {
      const timer = setTimeout(() => request.raw.destroy(), jsonTimeout).unref();
      const stop = (): void => clearTimeout(timer);
      request.raw.once('end', stop).once('close', stop);
    }
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined) return done();
    // Nothing here ever decodes a compressed body: the decoder of this Node is not safe with strangers' bytes.
    void refuse(request, reply, new ApiFailure('content_encoding_refused', 415, { encoding: 'gzip, br, …' }));
  });
  // First of all hooks that matter to what is logged: everything a request causes is told of by its id.
  fastify.addHook('onRequest', (request, _reply, done) =>
    withTrail({ requestId: request.id, address: request.ip }, done),
  );
  const rates = app.get(Rates);
  fastify.addHook('onRequest', async (request, reply) => {
    if (isUncounted(request.routeOptions.url)) return undefined;
    try {
      await rates.count('address', request.ip);
      return undefined;
    } catch (error) {
      if (!(error instanceof RateExceeded)) throw error;
      return refuse(request, reply, error);
    }
  });
  fastify.addHook('preHandler', async (request, reply) => {
    if (request.routeOptions.url !== '/graphql' || embedKeyOf(request.headers.authorization) === null) return undefined;
    try {
      // An address that asks has no body: it names no document either.
      request.body = withTrustedDocument(request.method === 'POST' ? request.body : {});
      return undefined;
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      return refuse(request, reply, error);
    }
  });
  const { requestSeconds } = app.get(Metrics);
  fastify.addHook('onResponse', (request, reply, done) => {
    // The pattern of the route, never the address: that holds ids.
    const labels = { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode };
    requestSeconds.observe(labels, reply.elapsedTime / 1000);
    done();
  });
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    void reply.headers(securityHeaders(request.url, String(reply.getHeader('content-type')), publicUrl));
    done();
  });
}

/** Files and health cost next to nothing; what portals read is counted by its key. */
function isUncounted(route: string | undefined): boolean {
  return (
    route !== undefined && ['/embed/', '/widgets/', '/assets/', '/health/'].some((start) => route.startsWith(start))
  );
}

/** Answers before Nest sees the request, in the form its route has. */
function refuse(request: FastifyRequest, reply: FastifyReply, error: Error): FastifyReply {
  const { status, code, message, messageEn, params } = publicError(error, request.id);
  const retryAfterSeconds = params?.['retryAfterSeconds'];
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
  // Whoever still sends would keep the connection: it ends with the answer.
  if (!request.raw.complete) void reply.header('connection', 'close');
  const refusal = { code, messageEn, requestId: request.id };
  const asGraphQL = { errors: [{ message, extensions: refusal }] };
  return reply.status(status).send({
    error: { ...refusal, message },
    ...(request.routeOptions.url === '/graphql' ? asGraphQL : {}),
  });
}

/** What browsers are told of every answer, errors included. Portals of others may load the widgets and what they show. */
function securityHeaders(url: string, type: string, publicUrl: string): Record<string, string> {
  const forPortals = url.startsWith('/widgets/') || url.startsWith('/embed/');
  return {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'cross-origin-resource-policy': forPortals ? 'cross-origin' : 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'content-security-policy': policyOf(url, type),
    // Over plain HTTP browsers ignore it; on a laptop it would lock other servers of the same name out.
    ...(publicUrl.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}

function policyOf(url: string, type: string): string {
  if (!type.startsWith('text/html')) return dataPolicy;
  return url.startsWith(queueBoardPath) ? boardPolicy : pagePolicy;
}
