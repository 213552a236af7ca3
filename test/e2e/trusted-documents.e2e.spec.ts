import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, print } from 'graphql';
import { ApiClient, type HttpAnswer } from './api-client.js';
import { ApiServer, type City } from './api-server.js';
import { answerOf, callOf, operationsOf } from './operations.js';

const folder = new URL('../../widgets/operations/', import.meta.url);
const documents = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
const hashOf = (text: string): string =>
  createHash('sha256')
    .update(print(parse(text)))
    .digest('hex');

let server: ApiServer;
let city: City;
let portal: ApiClient;
beforeAll(async () => {
  server = await ApiServer.start();
  city = await server.city('420100', 'administrator');
  const { client, tenant } = city;
  await client.upload('a.csv', '统计日期,人工请求量,人工接通量\n2023-05-04,1000,900\n');
  const { id } = await client.ask<{ id: string }>(
    'mutation { assess(input: { start: "2023-05-04", end: "2023-05-05" }) { ... on Assessment { id } } }',
  );
  const { id: submission } = await client.ask<{ id: string }>(
    `mutation { submitAssessment(assessmentId: "${id}") { ... on Submission { id } } }`,
  );
  const { key } = await client.ask<{ key: string }>(
    `mutation { createEmbedKey(input: { name: "门户", origins: ["https://portal.example"] }) { ... on EmbedKey { key } } }`,
  );
  portal = new ApiClient(server.url, { authorization: `Bearer ${key}` });
  expect((await send({ query: documents[0] })).json).toEqual({
    data: { published: null },
    extensions: expect.anything(),
  });
  await (
    await server.member(tenant, 'approver')
  ).ask(`mutation { approvePublication(submissionId: "${submission}") { __typename } }`);
});
afterAll(() => server.close());

const send = (body: object, headers: Record<string, string> = {}, by = portal): Promise<HttpAnswer> =>
  by.send('POST', '/graphql', {
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const named = (sha256Hash: unknown): object => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
const codeOf = ({ json }: HttpAnswer): unknown =>
  (json as { errors?: { extensions: { code: string } }[] }).errors?.[0]?.extensions.code;

describe('an embed key', () => {
  it('runs the committed documents, named by hash or written out, and is told what was published', async () => {
    expect(documents.length).toBeGreaterThan(0);
    for (const text of documents) {
      const answers = [
        await send(named(hashOf(text))),
        await send({ query: text }),
        await send({ query: print(parse(text)) }),
      ];
      for (const answer of answers) {
        expect(answer.json).toMatchObject({
          data: {
            published: { cityCode: '420100', cityName: '武汉市', start: '2023-05-04', selfAssessed: true, demo: false },
          },
        });
        expect(answer.text).not.toMatch(/errors|a\.csv|sha256|uploadedBy/);
      }
    }
  });

  it('runs nothing else, whatever it asks and however', async () => {
    for (const query of [
      '{ published { cityCode } }',
      '{ viewer { tenantId } }',
      '{ __typename }',
      `${documents[0]} query Other { viewer { tenantId } }`,
      'mutation { signOut }',
      '{',
      '',
    ]) {
      const answer = await send({ query });
      expect([query, answer.status, codeOf(answer)]).toEqual([query, 403, 'trusted_documents_only']);
    }
    for (const operation of operationsOf(server).filter(({ kind }) => kind !== 'subscription')) {
      expect([operation.name, await answerOf(portal, operation, callOf(operation))]).toEqual([
        operation.name,
        expect.stringContaining('trusted_documents_only'),
      ]);
    }
    const address = await portal.send('GET', '/graphql?query=%7Bviewer%7BtenantId%7D%7D', {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect([address.status, codeOf(address)]).toEqual([403, 'trusted_documents_only']);
    for (const body of [[], null, 'x', [{ query: documents[0] }]] as unknown as object[]) {
      expect((await send(body)).status).toBeGreaterThanOrEqual(400);
    }
  });

  it('is told that a hash is none of them', async () => {
    for (const hash of ['0'.repeat(64), '', '__proto__', 'constructor']) {
      const answer = await send(named(hash));
      expect([hash, answer.status, codeOf(answer)]).toEqual([hash, 404, 'trusted_document_unknown']);
    }
    // The document that comes along with an unknown hash is not looked at.
    expect(codeOf(await send({ ...named('0'.repeat(64)), query: documents[0] }))).toBe('trusted_document_unknown');
  });

  it('is for the sites it names, and void once revoked or made up', async () => {
    const asked = named(hashOf(documents[0] ?? ''));
    expect((await send(asked, { origin: 'https://portal.example' })).text).toContain('420100');
    expect(codeOf(await send(asked, { origin: 'https://evil.example' }))).toBe('embed_origin_refused');
    const madeUp = new ApiClient(server.url, { authorization: `Bearer pk_${'0'.repeat(22)}` });
    expect(codeOf(await send(asked, {}, madeUp))).toBe('unauthenticated');
    const upload = await portal.send('POST', '/imports?filename=a.csv', { body: 'x' });
    expect(upload.status).toBe(401);
    const [row] = await server.rows<{ id: string }>('select id from embed_key');
    await city.client.ask(`mutation { revokeEmbedKey(id: "${row?.id}") { __typename } }`);
    expect(codeOf(await send(asked))).toBe('unauthenticated');
  });

  it('opens nothing to who has another key: what was published is for embed keys', async () => {
    const answer = await send({ query: documents[0] }, {}, city.client);
    expect(codeOf(answer)).toBe('unauthenticated');
  });
});
