import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  getNamedType,
  isInputObjectType,
  isObjectType,
  isUnionType,
  type GraphQLInputType,
  type GraphQLOutputType,
} from 'graphql';
import { testSecret } from '../harness/test-cluster.js';
import { ApiClient, type HttpAnswer } from './api-client.js';
import { ApiServer, publicUrl, type City } from './api-server.js';
import { callOf, operationsOf } from './operations.js';
import { ServerProcess } from './server-process.js';

let server: ApiServer;
let wuhan: City;
let hangzhou: City;
beforeAll(async () => {
  server = await ApiServer.start();
  wuhan = await server.city('420100', 'administrator');
  hangzhou = await server.city('330100', 'administrator');
});
afterAll(() => server.close());

const create = `mutation ($name: String!) { createEmbedKey(input: { name: $name, origins: ["https://portal.example"] }) {
  ... on EmbedKey { id key name } ... on Failure { code } } }`;
const send = (
  client: ApiClient,
  key: string,
  variables: object = { name: '门户' },
  query = create,
): Promise<HttpAnswer> =>
  client.send('POST', '/graphql', {
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ query, variables }),
  });
const dataOf = ({ json }: HttpAnswer): unknown => (json as { data: unknown }).data;
const codeOf = ({ json }: HttpAnswer): unknown =>
  (json as { errors?: { extensions: { code: string } }[] }).errors?.[0]?.extensions.code;
const made = async ({ tenant }: City): Promise<number> => {
  const [row] = await server.rows<{ count: number }>(
    `select count(*)::int as count from embed_key where tenant_id = '${tenant.tenantId}'`,
  );
  return row?.count ?? -1;
};

describe('a mutation with an Idempotency-Key', () => {
  it('is carried out once, and answered as the first time', async () => {
    const before = await made(wuhan);
    const first = await send(wuhan.client, 'k-1');
    const again = await send(wuhan.client, 'k-1');
    expect(dataOf(first)).toMatchObject({ createEmbedKey: { name: '门户' } });
    expect(dataOf(again)).toEqual(dataOf(first));
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect(await made(wuhan)).toBe(before + 1);
    expect(codeOf(await send(wuhan.client, 'k-2'))).toBeUndefined();
    expect(await made(wuhan)).toBe(before + 2);
  });

  it('is carried out once when ten of it arrive at the same time', async () => {
    const before = await made(wuhan);
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(wuhan.client, 'at-once')));
    expect(new Set(answers.map((answer) => JSON.stringify(dataOf(answer)))).size).toBe(1);
    for (const answer of answers) expect(dataOf(answer)).toMatchObject({ createEmbedKey: { name: '门户' } });
    expect(await made(wuhan)).toBe(before + 1);
  });

  it('is refused when something else was asked with the same key', async () => {
    await send(wuhan.client, 'k-3');
    const before = await made(wuhan);
    expect(codeOf(await send(wuhan.client, 'k-3', { name: '别的' }))).toBe('idempotency_key_reused');
    const other = await send(wuhan.client, 'k-3', {}, 'mutation { endOtherSessions { ... on Done { done } } }');
    expect([codeOf(other), other.status]).toEqual(['idempotency_key_reused', 409]);
    // The order of variables is nothing that was asked.
    const two = `mutation ($a: String!, $b: [String!]!) { createEmbedKey(input: { name: $a, origins: $b }) { ... on EmbedKey { id } } }`;
    const ordered = await send(wuhan.client, 'k-4', { a: 'x', b: ['https://a.example'] }, two);
    expect(dataOf(await send(wuhan.client, 'k-4', { b: ['https://a.example'], a: 'x' }, two))).toEqual(dataOf(ordered));
    expect(await made(wuhan)).toBe(before + 1);
  });

  it('never gets the answer of another tenant, member or key', async () => {
    const mine = dataOf(await send(wuhan.client, 'shared'));
    const colleague = await server.member(wuhan.tenant, 'administrator');
    for (const client of [hangzhou.client, colleague]) {
      const theirs = await send(client, 'shared');
      expect(theirs.headers.get('idempotency-replayed')).toBeNull();
      expect(dataOf(theirs)).not.toEqual(mine);
    }
    const forbidden = await send(await server.member(wuhan.tenant, 'viewer'), 'shared');
    expect(codeOf(forbidden)).toBe('forbidden');
    expect(codeOf(await send(server.anonymous(), 'shared'))).toBe('unauthenticated');
    const keys = await Promise.all([1, 2].map(() => server.apiKey(wuhan.tenant, ['imports:write'])));
    const cancel = 'mutation { cancelJob(id: "x") { ... on Failure { code } } }';
    for (const key of keys) {
      const answer = await send(key, 'shared', {}, cancel);
      expect([answer.headers.get('idempotency-replayed'), dataOf(answer)]).toEqual([
        null,
        { cancelJob: { code: 'job_not_found' } },
      ]);
    }
  });

  it('may be tried again when nothing was done', async () => {
    const name = '   ';
    const wrong = await send(wuhan.client, 'k-5', { name: 7 });
    expect(codeOf(wrong)).toBeDefined();
    expect(dataOf(await send(wuhan.client, 'k-5'))).toMatchObject({ createEmbedKey: { name: '门户' } });
    // An expected failure is an answer like any other.
    const failed = await send(wuhan.client, 'k-6', { name });
    expect(dataOf(failed)).toEqual({ createEmbedKey: { code: 'name_missing' } });
    expect(dataOf(await send(wuhan.client, 'k-6', { name }))).toEqual(dataOf(failed));
  });

  it('is remembered by another process, and over restarts', async () => {
    const first = await send(wuhan.client, 'survives');
    const other = ServerProcess.start({
      HOTLINE_DATABASE_URL: server.database.ownerUrl,
      HOTLINE_SECRET: testSecret,
      HOTLINE_DATA_DIR: server.dataDir,
      HOTLINE_PUBLIC_URL: publicUrl,
      HOTLINE_PORT: '0',
      HOTLINE_DEMO: '0',
      HOTLINE_LOG_LEVEL: 'fatal',
    });
    try {
      const there = new ApiClient(await other.listening(), { ...wuhan.client.sent });
      const again = await send(there, 'survives');
      expect([again.headers.get('idempotency-replayed'), dataOf(again)]).toEqual(['true', dataOf(first)]);
    } finally {
      await other.ended('SIGTERM');
    }
  });

  it('is forgotten after a day, and never carried out again while nobody knows how the first ended', async () => {
    const first = await send(wuhan.client, 'old');
    await server.sql(`update kept_answer set expires_at = now() - interval '1 second'`);
    const later = await send(wuhan.client, 'old');
    expect(later.headers.get('idempotency-replayed')).toBeNull();
    expect(dataOf(later)).not.toEqual(dataOf(first));
    // As if the process had died with it.
    await server.sql(`update kept_answer set answer = null, begun_at = now() - interval '3 minutes'`);
    const before = await made(wuhan);
    expect(codeOf(await send(wuhan.client, 'old'))).toBe('idempotency_outcome_unknown');
    expect(await made(wuhan)).toBe(before);
  });

  it('has a key that can be one; a query needs none', async () => {
    for (const key of ['x'.repeat(201), 'two words', '']) {
      const answer = await send(wuhan.client, key);
      expect([key, codeOf(answer), answer.status]).toEqual([key, 'idempotency_key_invalid', 400]);
    }
    const query = await send(wuhan.client, 'k-1', {}, '{ viewer { tenantId } }');
    expect(dataOf(query)).toEqual({ viewer: { tenantId: wuhan.tenant.tenantId } });
  });

  it('leaves no word of what was asked in the row', async () => {
    await send(wuhan.client, 'secret-of-the-caller', { name: '门户二' });
    const rows = await server.rows<{ text: string }>(
      `select concat_ws(' ', encode(key_hash, 'escape'), encode(request_hash, 'escape')) as text from kept_answer`,
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toMatch(/secret-of-the-caller|createEmbedKey/);
  });
});

describe('an answer that opens something', () => {
  /** What opens something, or proves who somebody is, wherever it stands in an answer or an input. */
  const secret = /^(secret|token|link|password|current|wanted|recoveryCodes)$|Secret$|Token$|Password$/;
  const opens = (type: GraphQLOutputType | GraphQLInputType, outer: readonly string[] = []): boolean => {
    const named = getNamedType(type);
    if (outer.includes(named.name)) return false;
    if (named.name === 'SignedIn' || named.name === 'CodeInput') return true;
    const within = [...outer, named.name];
    if (isUnionType(named)) return named.getTypes().some((each) => opens(each, within));
    if (!isObjectType(named) && !isInputObjectType(named)) return false;
    return Object.values(named.getFields()).some((field) => secret.test(field.name) || opens(field.type, within));
  };

  it('is given once: every such mutation refuses the key, found from the schema', async () => {
    const mutations = operationsOf(server).filter(({ kind }) => kind === 'mutation');
    const found = mutations.filter(({ field }) => opens(field.type) || field.args.some(({ type }) => opens(type)));
    expect(found.length).toBeGreaterThan(10);
    for (const operation of found) {
      const answer = await send(wuhan.client, 'once', {}, callOf(operation));
      expect([operation.name, codeOf(answer), answer.status]).toEqual([operation.name, 'idempotency_key_refused', 400]);
    }
    const byFragment = 'mutation { ...f } fragment f on Mutation { createPasswordLink(memberId: "x") { __typename } }';
    expect(codeOf(await send(wuhan.client, 'once', {}, byFragment))).toBe('idempotency_key_refused');
  });
});
