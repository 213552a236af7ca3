import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testSecret } from '../harness/test-cluster.js';
import { ApiClient, type GraphQLAnswer } from './api-client.js';
import { ApiServer, publicUrl, type City } from './api-server.js';
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

interface Key {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly string[];
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}
interface Created {
  readonly code?: string;
  readonly secret: string;
  readonly apiKey: Key;
}
interface EmbedKey {
  readonly code?: string;
  readonly id: string;
  readonly key: string;
  readonly origins: readonly string[];
  readonly revokedAt: string | null;
}

const fields = 'id name prefix scopes lastUsedAt expiresAt revokedAt';
const codeOf = (answer: GraphQLAnswer): unknown => answer.errors[0]?.extensions?.['code'];
const create = (input: object, by = wuhan.client) =>
  by.ask<Created>(
    `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
      ... on CreatedApiKey { secret apiKey { ${fields} } } ... on Failure { code } } }`,
    { input: { name: '数据平台', scopes: ['imports:read'], ...input } },
  );
const revoke = (id: string, by = wuhan.client) =>
  by.ask<{ code?: string; revokedAt?: string | null }>(
    `mutation ($id: ID!) { revokeApiKey(id: $id) { ... on ApiKey { revokedAt } ... on Failure { code } } }`,
    { id },
  );
const listed = async (by = wuhan.client): Promise<Key[]> => {
  const { edges } = await by.ask<{ edges: { node: Key }[] }>(
    `{ apiKeys(first: 100) { edges { node { ${fields} } } } }`,
  );
  return edges.map(({ node }) => node);
};
const withKey = (secret: string, url = server.url) => new ApiClient(url, { authorization: `Bearer ${secret}` });
const imports = '{ imports(first: 1) { edges { node { id } } } }';

describe('a key for programs', () => {
  it('is shown when it is made, and in no list and no row after that', async () => {
    const { secret, apiKey } = await create({});
    expect(secret).toMatch(/^hk_live_[0-9A-Za-z]{49}$/);
    expect(secret.startsWith(apiKey.prefix)).toBe(true);
    expect(apiKey).toMatchObject({ scopes: ['imports:read'], lastUsedAt: null, expiresAt: null, revokedAt: null });
    const list = await listed();
    expect(list[0]).toEqual(apiKey);
    const rest = secret.slice(apiKey.prefix.length);
    const rows = [
      ...(await server.rows('select k::text from api_key k')),
      ...(await server.rows('select e::text from audit_event e')),
    ];
    expect(JSON.stringify([list, rows])).not.toContain(rest);
  });

  it('opens what its scopes name, of its own city, and nothing an administrator does', async () => {
    const client = withKey((await create({ scopes: ['imports:read', 'imports:write'] })).secret);
    const uploaded = await client.upload('a.csv', '统计日期,人工请求量,人工接通量\n2023-05-04,1000,900\n');
    const query = `query ($id: ID!) { import(id: $id) { id } }`;
    expect((await client.graphql(query, { id: uploaded.id })).data).toEqual({ import: { id: uploaded.id } });
    const foreign = withKey((await create({}, hangzhou.client)).secret);
    expect((await foreign.graphql(query, { id: uploaded.id })).data).toEqual({ import: null });
    const reader = withKey((await create({})).secret);
    expect((await reader.graphql(imports)).errors).toEqual([]);
    const refused = await reader.send('POST', '/imports?filename=b.csv', {
      headers: { 'x-hotline-request': '1', 'content-type': 'application/octet-stream' },
      body: 'x',
    });
    expect(refused.status).toBe(403);
    expect(codeOf(await reader.graphql('{ assessments(first: 1) { edges { node { id } } } }'))).toBe('forbidden');
    for (const operation of [
      '{ apiKeys { edges { node { id } } } }',
      '{ members { edges { node { id } } } }',
      'mutation { createApiKey(input: { name: "x", scopes: ["imports:read"] }) { __typename } }',
      'mutation { changePassword(input: { current: "x", wanted: "y" }) { __typename } }',
    ]) {
      expect([operation, codeOf(await client.graphql(operation))]).toEqual([operation, 'forbidden']);
    }
  });

  it('tells when it was last used', async () => {
    const { secret, apiKey } = await create({});
    await withKey(secret).graphql(imports);
    const used = (await listed()).find(({ id }) => id === apiKey.id)?.lastUsedAt ?? '';
    expect(Number.isNaN(Date.parse(used))).toBe(false);
  });

  it('expires', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { secret, apiKey } = await create({ expiresAt });
    expect(apiKey.expiresAt).toBe(expiresAt);
    const client = withKey(secret);
    expect((await client.graphql(imports)).errors).toEqual([]);
    await server.sql(`update api_key set expires_at = now() - interval '1 second' where id = '${apiKey.id}'`);
    expect(codeOf(await client.graphql(imports))).toBe('unauthenticated');
    expect(await create({ expiresAt: new Date(Date.now() - 1_000).toISOString() })).toEqual({ code: 'expiry_in_past' });
  });

  it('is refused when anything in it is changed, and in an address', async () => {
    const { secret } = await create({});
    const last = secret.endsWith('a') ? 'b' : 'a';
    for (const wrong of [secret.slice(0, -1) + last, secret.slice(0, -1), secret.toLowerCase(), 'hk_live_', 'x']) {
      expect(codeOf(await withKey(wrong).graphql(imports))).toBe('unauthenticated');
    }
    const inAddress = await server.anonymous().send('GET', `/files?key=${secret}`);
    expect(inAddress.status).not.toBe(200);
    expect(inAddress.text).not.toContain(secret);
  });

  it('is revoked at once, also for another process; by its own city only', async () => {
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
      const url = await other.listening();
      const { secret, apiKey } = await create({});
      const both = [withKey(secret), withKey(secret, url)];
      for (const client of both) expect((await client.graphql(imports)).errors).toEqual([]);
      expect(await revoke(apiKey.id, hangzhou.client)).toEqual({ code: 'api_key_not_found' });
      for (const client of both) expect((await client.graphql(imports)).errors).toEqual([]);
      const { revokedAt } = await revoke(apiKey.id);
      for (const client of both) expect(codeOf(await client.graphql(imports))).toBe('unauthenticated');
      // Once more changes nothing.
      expect((await revoke(apiKey.id)).revokedAt).toBe(revokedAt);
    } finally {
      await other.ended('SIGTERM');
    }
  }, 60_000);

  it('is not found by what is no id', async () => {
    for (const id of ['x', '', "' or true --"]) expect(await revoke(id)).toEqual({ code: 'api_key_not_found' });
  });

  it('is made with known scopes and a name', async () => {
    expect(await create({ scopes: ['everything'] })).toEqual({ code: 'scope_unknown' });
    expect(await create({ scopes: [] })).toEqual({ code: 'scope_unknown' });
    expect(await create({ name: '  ' })).toEqual({ code: 'name_missing' });
  });
});

describe('a key for portals', () => {
  const createEmbed = (origins: readonly string[], name = '门户') =>
    wuhan.client.ask<EmbedKey>(
      `mutation ($input: CreateEmbedKeyInput!) { createEmbedKey(input: $input) {
        ... on EmbedKey { id key origins revokedAt } ... on Failure { code } } }`,
      { input: { name, origins } },
    );
  const revokeEmbed = (id: string, by: ApiClient) =>
    by.ask<EmbedKey>(
      `mutation ($id: ID!) { revokeEmbedKey(id: $id) { ... on EmbedKey { id revokedAt } ... on Failure { code } } }`,
      { id },
    );

  it('names the sites that may show it, exactly as a browser does', async () => {
    const origins = ['https://www.wuhan.gov.cn', 'https://portal.wuhan.gov.cn:8443', 'http://localhost:8080'];
    const { key, origins: kept } = await createEmbed([...origins, 'https://www.wuhan.gov.cn']);
    expect(key).toMatch(/^pk_[0-9A-Za-z]{22}$/);
    expect(kept).toEqual(origins);
    for (const wrong of [
      'https://www.wuhan.gov.cn/',
      'https://WWW.wuhan.gov.cn',
      'https://www.wuhan.gov.cn:443',
      'https://user@www.wuhan.gov.cn',
      'http://www.wuhan.gov.cn',
      'https://*.gov.cn',
      'www.wuhan.gov.cn',
      'null',
      '*',
      '',
    ]) {
      expect([wrong, await createEmbed([wrong])]).toEqual([wrong, { code: 'origin_invalid' }]);
    }
    expect(await createEmbed([])).toEqual({ code: 'origins_missing' });
    expect(await createEmbed(origins, ' ')).toEqual({ code: 'name_missing' });
  });

  it('is listed for and revoked by its own city only', async () => {
    const { id, key } = await createEmbed(['https://www.wuhan.gov.cn']);
    const list = async (by: ApiClient) =>
      (await by.ask<{ edges: { node: EmbedKey }[] }>('{ embedKeys(first: 100) { edges { node { key revokedAt } } } }'))
        .edges;
    expect(await list(wuhan.client)).toContainEqual({ node: { key, revokedAt: null } });
    expect(await list(hangzhou.client)).toEqual([]);
    for (const unknown of [id, 'x']) {
      expect(await revokeEmbed(unknown, hangzhou.client)).toEqual({ code: 'embed_key_not_found' });
    }
    expect(await revokeEmbed(id, wuhan.client)).toMatchObject({ id, revokedAt: expect.any(String) });
  });

  it('is no key for programs', async () => {
    const { key } = await createEmbed(['https://www.wuhan.gov.cn']);
    expect(codeOf(await withKey(key).graphql(imports))).toBe('trusted_documents_only');
  });
});
