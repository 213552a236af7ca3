import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testSecret } from '../harness/test-cluster.js';
import { TestRedis } from '../harness/test-redis.js';
import { ApiClient, type HttpAnswer } from './api-client.js';
import { ApiServer, publicUrl } from './api-server.js';
import { ServerProcess } from './server-process.js';

const viewer = '{ viewer { tenantId } }';
const ask = (client: ApiClient, headers: Record<string, string> = {}): Promise<HttpAnswer> =>
  client.send('POST', '/graphql', {
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: viewer }),
  });
/** One after the other: on a busy machine a crowd would wait in vain for a connection, and be counted by its process. */
const statuses = async (asks: readonly (() => Promise<HttpAnswer>)[]): Promise<Record<number, number>> => {
  const counted: Record<number, number> = {};
  for (const asked of asks) {
    const { status } = await asked();
    counted[status] = (counted[status] ?? 0) + 1;
  }
  return counted;
};
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** A second process of the same installation. */
function beside(server: ApiServer, env: Readonly<Record<string, string>>): ServerProcess {
  return ServerProcess.start({
    HOTLINE_DATABASE_URL: server.database.ownerUrl,
    HOTLINE_SECRET: testSecret,
    HOTLINE_DATA_DIR: server.dataDir,
    HOTLINE_PUBLIC_URL: publicUrl,
    HOTLINE_PORT: '0',
    HOTLINE_DEMO: '0',
    HOTLINE_LOG_LEVEL: 'fatal',
    ...env,
  });
}

describe.each(['the database', 'Redis'])('two processes that count in %s', (where) => {
  const env: Record<string, string> = {
    HOTLINE_RATE_WINDOW: '3600',
    HOTLINE_RATE_KEY: '20',
    HOTLINE_RATE_TENANT: '50',
  };
  let redis: TestRedis | null = null;
  let server: ApiServer;
  let other: ServerProcess;
  let urls: readonly string[];
  beforeAll(async () => {
    if (where === 'Redis') {
      redis = await TestRedis.start();
      env['HOTLINE_REDIS_URL'] = redis.url;
    }
    server = await ApiServer.startHere(env);
    other = beside(server, env);
    urls = [server.url, await other.listening()];
  });
  afterAll(async () => {
    await other.ended('SIGTERM');
    await server.close();
    await redis?.close();
  });

  it('together allow a key what its limit says, and say when to come back', async () => {
    const { tenant } = await server.city();
    const { sent } = await server.apiKey(tenant, ['imports:read', 'imports:write']);
    const both = urls.map((url) => new ApiClient(url, { ...sent }));
    const answers = times(15, () => both.map((client) => () => ask(client))).flat();
    expect(await statuses(answers)).toEqual({ 200: 20, 429: 10 });

    for (const client of both) {
      const refused = await ask(client);
      const seconds = Number(refused.headers.get('retry-after'));
      expect(seconds).toBeGreaterThanOrEqual(1);
      expect(seconds).toBeLessThanOrEqual(3_600);
      expect(refused.json).toMatchObject({
        errors: [
          {
            message: expect.stringContaining('请求过于频繁'),
            extensions: { code: 'rate_limited', messageEn: expect.stringContaining('Too many requests') },
          },
        ],
      });
      const upload = await client.send('POST', '/imports?filename=a.csv', { body: 'x' });
      expect(upload.status).toBe(429);
      expect(Number(upload.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(upload.json).toMatchObject({ error: { code: 'rate_limited' } });
    }
    expect(await server.rows('select from import')).toEqual([]);
  });

  it('together allow a tenant what its limit says, whatever keys it makes, and others theirs', async () => {
    const { tenant } = await server.city('330100');
    const keys = await Promise.all(times(4, () => server.apiKey(tenant, ['imports:read'])));
    const clients = keys.flatMap(({ sent }) => urls.map((url) => new ApiClient(url, { ...sent })));
    const answers = clients.flatMap((client) => times(8, () => () => ask(client)));
    // The member of the city asked nothing since signing in: that was a visitor's request.
    expect(await statuses(answers)).toEqual({ 200: 50, 429: 14 });
    const neighbour = await server.city('510100');
    expect((await ask(neighbour.client)).status).toBe(200);
  });

  it('keep neither keys nor addresses where they count', async () => {
    const kept =
      redis === null
        ? JSON.stringify(await server.rows('select * from request_count'))
        : await redis.command('--scan', '--pattern', '*');
    expect(kept).not.toMatch(/127\.0\.0\.1|hk_live_/);
    expect(kept.length).toBeGreaterThan(40);
    if (redis === null) return;
    // What is known of a tenant is its id: that is no key either.
    const [row] = await server.rows<{ id: string }>('select tenant_id as id from tenant limit 1');
    expect(kept).not.toContain(row?.id ?? 'a tenant');
  });

  it('count each for itself while the server they count on is away', async () => {
    if (redis === null) return;
    const { tenant } = await server.city('610100');
    const { sent } = await server.apiKey(tenant, ['imports:read']);
    await redis.down();
    const client = new ApiClient(server.url, { ...sent });
    expect(await statuses(times(25, () => () => ask(client)))).toEqual({ 200: 20, 429: 5 });
  });
});

describe('an address', () => {
  let direct: ApiServer;
  let proxied: ApiServer;
  beforeAll(async () => {
    const env = { HOTLINE_RATE_WINDOW: '3600', HOTLINE_RATE_ADDRESS: '12', HOTLINE_RATE_SIGN_IN: '5' };
    direct = await ApiServer.startHere(env);
    proxied = await ApiServer.startHere({ ...env, HOTLINE_TRUST_PROXY: '1' });
  });
  afterAll(async () => {
    await direct.close();
    await proxied.close();
  });

  const signIn = (server: ApiServer, headers: Record<string, string>) =>
    server
      .anonymous()
      .graphql(
        'mutation { signIn(input: { email: "nobody@centre.example", password: "x" }) { ... on Failure { code } } }',
        {},
        headers,
      );

  it('is who speaks to the server, where no proxy is trusted: whatever else is claimed', async () => {
    const answers = times(6, (i) =>
      signIn(direct, { 'x-forwarded-for': `198.51.100.${i}`, 'x-real-ip': `10.0.0.${i}` }),
    );
    const found = (await Promise.all(answers)).map(({ status }) => status).sort();
    expect(found).toEqual([200, 200, 200, 200, 200, 429]);
  });

  it('is whom the trusted proxy saw, not what a client wrote before', async () => {
    const through = (seen: string, i: number) => signIn(proxied, { 'x-forwarded-for': `192.0.2.${i}, ${seen}` });
    const one = await Promise.all(times(6, (i) => through('203.0.113.9', i)));
    expect(one.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 429]);
    expect((await through('203.0.113.10', 0)).status).toBe(200);
  });

  it('is refused before anything is read, in the form of the route', async () => {
    const from = { 'x-forwarded-for': '203.0.113.77' };
    const client = proxied.anonymous();
    const broken = () =>
      client.send('POST', '/graphql', { headers: { 'content-type': 'application/json', ...from }, body: '{' });
    expect(await statuses(times(12, () => broken))).toEqual({ 400: 12 });
    const refused = await broken();
    expect(refused.status).toBe(429);
    expect(refused.json).toMatchObject({ errors: [{ extensions: { code: 'rate_limited' } }] });
    const upload = await client.send('POST', '/imports?filename=a.csv', { headers: from, body: 'x' });
    expect(upload.json).toMatchObject({
      error: { code: 'rate_limited', messageEn: expect.stringContaining('Too many') },
    });
    expect(upload.headers.get('retry-after')).not.toBeNull();
    // Health and files cost nothing.
    expect((await client.send('GET', '/health/live', { headers: from })).status).toBe(200);
  });

  it('does not use up the tries of others by asking for one account', async () => {
    const from = (i: number) => ({ 'x-forwarded-for': `198.18.0.${i}` });
    const answers = await Promise.all(times(4, (i) => signIn(proxied, from(i))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });
});

describe('a portal', () => {
  let server: ApiServer;
  let key = '';
  beforeAll(async () => {
    server = await ApiServer.startHere({
      HOTLINE_RATE_WINDOW: '3600',
      HOTLINE_RATE_ADDRESS: '20',
      HOTLINE_RATE_EMBED: '40',
      HOTLINE_TRUST_PROXY: '1',
    });
    const { tenant, client } = await server.city('420100', 'administrator');
    await client.upload('a.csv', '统计日期,人工请求量,人工接通量\n2023-05-04,1000,900\n');
    const { id } = await client.ask<{ id: string }>(
      'mutation { assess(input: { start: "2023-05-04", end: "2023-05-05" }) { ... on Assessment { id } } }',
    );
    const { id: submission } = await client.ask<{ id: string }>(
      `mutation { submitAssessment(assessmentId: "${id}") { ... on Submission { id } } }`,
    );
    await (
      await server.member(tenant, 'approver')
    ).ask(`mutation { approvePublication(submissionId: "${submission}") { __typename } }`);
    ({ key } = await client.ask<{ key: string }>(
      `mutation { createEmbedKey(input: { name: "门户", origins: ["https://portal.example"] }) { ... on EmbedKey { key } } }`,
    ));
  });
  afterAll(() => server.close());

  const nat = { 'x-forwarded-for': '203.0.113.1' };
  const read = (of: string) => server.anonymous().send('GET', `/embed/v1/${of}/summary.json`, { headers: nat });

  it('is read by a whole city behind one address, up to the limit of its key', async () => {
    expect(await statuses(times(45, () => () => read(key)))).toEqual({ 200: 40, 429: 5 });
    const refused = await read(key);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(String(refused.headers.get('cache-control'))).not.toMatch(/public/);
    // The address itself is not used up.
    expect((await server.anonymous().send('GET', '/datasets/calls/template.csv', { headers: nat })).status).toBe(200);
  });

  it('counts keys that are none by who asks for them', async () => {
    const unknown = times(25, (i) => () => read(`pk_${String(i).padStart(22, '0')}`));
    const { 404: told = 0, 429: refused = 0 } = await statuses(unknown);
    expect(told + refused).toBe(25);
    expect(told).toBeLessThanOrEqual(20);
    expect(refused).toBeGreaterThanOrEqual(5);
  });
});
