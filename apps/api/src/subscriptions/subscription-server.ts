import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CONFIG, Rates, type Config } from '@hotline/platform';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost, type AbstractHttpAdapter } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { getOperationAST, GraphQLError, parse, specifiedRules, validate, type GraphQLFormattedError } from 'graphql';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, type SubscribePayload } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { ApiFailure } from '../request/api-failure.js';
import type { HotlineRequest } from '../request/context.decorators.js';
import { formatGraphQLError } from '../request/error-formatter.js';
import { limitRules, operationLimits } from '../request/operation-limits.js';
import { cookieName } from '../request/session-cookie.js';

/** Nothing a client sends here is larger: a subscription and its variables. */
const largestMessage = 64 * 1024;
const mostConnections = 1_000;

/**
 * Subscriptions over WebSockets (`graphql-transport-ws`) on the path of GraphQL. Only subscriptions: queries and mutations
 * would pass by what Apollo checks.
 */
@Injectable()
export class SubscriptionServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage, clientTracking: true });
  private dispose: () => void | Promise<void> = () => undefined;

  constructor(
    private readonly http: HttpAdapterHost,
    private readonly schema: GraphQLSchemaHost,
    private readonly rates: Rates,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    // A program that uses the services without serving them, such as a benchmark: nobody can subscribe there.
    const adapter = this.http.httpAdapter as AbstractHttpAdapter | null;
    if (adapter === null) return;
    const { schema } = this.schema;
    const server = useServer<Record<string, unknown>, Extra & Record<PropertyKey, unknown>>(
      {
        schema,
        connectionInitWaitTimeout: 5_000,
        context: ({ extra, connectionParams }) => ({ request: this.requestOf(extra.request, connectionParams) }),
        onSubscribe: (_socket, _id, payload) => this.refuse(payload),
        onNext: (_socket, _id, _payload, _args, result) =>
          result.errors ? { ...result, errors: result.errors.map(masked) } : result,
        onError: (_socket, _id, _payload, errors) => errors.map((error) => masked(error)),
      },
      this.sockets,
    );
    this.dispose = () => server.dispose();
    const http = adapter.getHttpServer() as Server;
    http.on('upgrade', (request, socket, head) => void this.upgrade(request, socket, head));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.dispose();
  }

  /** Any page can open a socket that carries the cookie of its visitor: only our own may. */
  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Whoever goes away meanwhile takes nothing with them.
    socket.on('error', () => undefined);
    const { origin, 'sec-websocket-protocol': protocols = '' } = request.headers;
    const path = request.url?.split('?')[0];
    const known = protocols.split(',').some((protocol) => protocol.trim() === GRAPHQL_TRANSPORT_WS_PROTOCOL);
    if (path !== '/graphql' || !known) return refuseUpgrade(socket, '400 Bad Request');
    if (origin !== undefined && origin !== new URL(this.config.publicUrl).origin) {
      return refuseUpgrade(socket, '403 Forbidden');
    }
    try {
      await this.rates.count('address', addressOf(request, this.config.trustProxy));
    } catch {
      return refuseUpgrade(socket, '429 Too Many Requests');
    }
    if (this.sockets.clients.size >= mostConnections) return refuseUpgrade(socket, '503 Service Unavailable');
    this.sockets.handleUpgrade(request, socket, head, (client) => this.sockets.emit('connection', client, request));
  }

  /** What the guard needs of a request. A client that cannot set headers sends its key in the first message. */
  private requestOf(raw: IncomingMessage, parameters: Readonly<Record<string, unknown>> | undefined): HotlineRequest {
    const token = new RegExp(`(?:^|;\\s*)${cookieName}=([^;]+)`).exec(raw.headers.cookie ?? '')?.[1];
    const authorization = raw.headers.authorization ?? parameters?.['authorization'];
    const request = {
      id: randomUUID(),
      method: 'POST',
      url: '/graphql',
      ip: addressOf(raw, this.config.trustProxy),
      headers: { ...raw.headers, ...(typeof authorization === 'string' ? { authorization } : {}) },
      cookies: token === undefined ? {} : { [cookieName]: token },
    };
    return request as unknown as HotlineRequest;
  }

  private refuse({ query, operationName }: SubscribePayload): readonly GraphQLError[] | undefined {
    try {
      const document = parse(query, { maxTokens: operationLimits.tokens });
      const operation = getOperationAST(document, operationName);
      if (operation && operation.operation !== 'subscription') return [refusal('subscriptions_only')];
      const errors = validate(this.schema.schema, document, [...specifiedRules, ...limitRules()]);
      return errors.length > 0 ? errors : undefined;
    } catch (error) {
      return [error instanceof GraphQLError ? error : refusal('bad_request')];
    }
  }
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

function refusal(code: string): GraphQLError {
  const failure = new ApiFailure(code, 400);
  return new GraphQLError(failure.message, { extensions: { code, messageEn: failure.messageEn } });
}

/** As over HTTP: what is not expected is named by an id only. */
function masked(error: GraphQLError | GraphQLFormattedError): GraphQLFormattedError {
  const formatted = error instanceof GraphQLError ? error.toJSON() : error;
  return formatGraphQLError(formatted, error, randomUUID());
}

/** Where a request comes from, so far as proxies that are trusted say it: each adds who spoke to it at the end. */
function addressOf({ socket, headers }: IncomingMessage, trustProxy: number): string {
  const told = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
  const path = [...told, socket.remoteAddress ?? ''].reverse();
  return path[Math.min(trustProxy, path.length - 1)] ?? '';
}
