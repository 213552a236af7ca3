import { MESSAGES, type MessageQueue } from '@hotline/platform';
import { ModulesContainer } from '@nestjs/core';
import { RequestMethod } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isUnionType,
  print,
  parse,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { createClient } from 'graphql-ws';
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import type { ApiClient, HttpAnswer } from './api-client.js';
import type { ApiServer } from './api-server.js';

/** An operation of the schema as the running server has it. */
export interface Operation {
  /** `Query.import` */
  readonly name: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly field: GraphQLField<unknown, unknown>;
}

export function operationsOf(server: ApiServer): Operation[] {
  const { schema } = server.app.get<{ schema: GraphQLSchema }>(GraphQLSchemaHost, { strict: false });
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
    type
      ? Object.values(type.getFields()).map((field) => ({
          name: `${type.name}.${field.name}`,
          kind: type.name.toLowerCase() as Operation['kind'],
          field,
        }))
      : [],
  );
}

/** Every place of an operation where an id goes, such as `input.tenantId`. */
export function idPlaces({ field }: Operation): string[] {
  const within = (place: string, type: GraphQLInputType, outer: readonly string[]): string[] => {
    const named = getNamedType(type);
    if (named.name === 'ID') return [place];
    if (!isInputObjectType(named) || outer.includes(named.name)) return [];
    return Object.values(named.getFields()).flatMap((inner) =>
      within(`${place}.${inner.name}`, inner.type, [...outer, named.name]),
    );
  };
  return field.args.flatMap((arg) => within(arg.name, arg.type, []));
}

/** A call with something valid for everything that is required, and the given ids where they belong. */
export function callOf({ kind, field }: Operation, ids: Readonly<Record<string, string>> = {}): string {
  const literal = (place: string, type: GraphQLInputType): string => {
    const bare = getNullableType(type);
    if (isListType(bare)) return ids[place] === undefined ? '[]' : `["${ids[place]}"]`;
    if (isEnumType(bare)) return bare.getValues()[0]?.name ?? '';
    if (isInputObjectType(bare)) return `{ ${given(`${place}.`, Object.values(bare.getFields()))} }`;
    const scalars: Readonly<Record<string, string>> = {
      Int: '1',
      Float: '1',
      Boolean: 'true',
      ID: `"${ids[place] ?? randomUUID()}"`,
    };
    return scalars[bare.name] ?? '"x"';
  };
  const given = (before: string, all: readonly { name: string; type: GraphQLInputType; defaultValue?: unknown }[]) =>
    all
      .filter(({ name, type, defaultValue }) => {
        const place = before + name;
        const asked = Object.keys(ids).some((known) => known === place || known.startsWith(`${place}.`));
        return asked || (isNonNullType(type) && defaultValue === undefined);
      })
      .map(({ name, type }) => `${name}: ${literal(before + name, type)}`)
      .join(', ');
  const args = given('', field.args);
  const answer = getNamedType(field.type);
  const failure = isUnionType(answer) ? ' ... on Failure { code message messageEn }' : '';
  const selection = isCompositeType(answer) ? ` { __typename${failure} }` : '';
  return print(parse(`${kind} { ${field.name}${args ? `(${args})` : ''}${selection} }`));
}

/** What a call is answered with, as text; the first answer of a subscription. */
export async function answerOf(client: ApiClient, { kind }: Operation, call: string): Promise<string> {
  if (kind !== 'subscription') {
    const { status, data, errors } = await client.graphql(call);
    return JSON.stringify({ status, data, errors });
  }
  const socket = createClient({
    url: `${client.url.replace('http', 'ws')}/graphql`,
    retryAttempts: 0,
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocols: string[]) {
        super(address, protocols, { headers: { ...client.sent } });
      }
    },
  });
  try {
    for await (const answer of socket.iterate({ query: call })) return JSON.stringify(answer);
    return 'nothing';
  } catch (error) {
    const { code, reason } = error as { code?: number; reason?: string };
    return JSON.stringify(Array.isArray(error) ? { errors: error as unknown[] } : { code, reason });
  } finally {
    await socket.dispose();
  }
}

/** Every route: those of controllers, as Nest knows them (`GET /imports/:id/report.csv`), and what stands beside them. */
export function routesOf(server: ApiServer): string[] {
  const board = server.app.get<MessageQueue | null>(MESSAGES) === null ? [] : ['GET /queues/*'];
  return [...routesOfControllers(server), ...board].sort();
}

function routesOfControllers(server: ApiServer): string[] {
  return [...server.app.get(ModulesContainer).values()]
    .flatMap((module) => [...module.controllers.values()])
    .flatMap(({ metatype }) => {
      if (typeof metatype !== 'function') return [];
      const base = String(Reflect.getMetadata('path', metatype) ?? '');
      const prototype = metatype.prototype as Readonly<Record<string, unknown>>;
      return Object.getOwnPropertyNames(prototype).flatMap((name) => {
        const handler = prototype[name];
        if (typeof handler !== 'function') return [];
        const method = Reflect.getMetadata('method', handler) as RequestMethod | undefined;
        if (method === undefined) return [];
        const path = `/${base}/${String(Reflect.getMetadata('path', handler) ?? '')}`.replace(/\/+/g, '/');
        return [`${RequestMethod[method]} ${path.length > 1 ? path.replace(/\/$/, '') : path}`];
      });
    });
}

/** Sends something to a route, with the id in the place of every parameter but numbers. */
export function callRoute(client: ApiClient, route: string, id: string): Promise<HttpAnswer> {
  const [method = '', path = ''] = route.split(' ');
  const hasBody = method === 'POST' || method === 'PUT';
  const query = hasBody ? '?filename=a.csv&bytes=1&parts=1' : '';
  return client.send(method, path.replace('/*', '').replace(':number', '1').replaceAll(/:\w+/g, id) + query, {
    headers: {
      'x-hotline-request': '1',
      ...(hasBody
        ? {
            'content-type': 'application/octet-stream',
            'content-digest': 'sha-256=:LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=:',
          }
        : {}),
    },
    ...(hasBody ? { body: 'x' } : {}),
  });
}
