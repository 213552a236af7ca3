import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { ApiClient, HttpAnswer } from './api-client.js';
import { ApiServer, publicUrl, type City } from './api-server.js';
import { assess } from './assessment-view.js';
import { routesOf } from './operations.js';

const daily = (rows: string): string => `统计日期,人工请求量,人工接通量\n${rows}\n`;

let closed: ApiServer;
let open: ApiServer;
let mine: City;
let theirs: City;
let viewer: ApiClient;
const ids = { import: '', assessment: '', waiting: '' };
beforeAll(async () => {
  closed = await ApiServer.start();
  open = await ApiServer.start({ HOTLINE_DEVELOPMENT: '1', HOTLINE_DEMO: '0' });
  mine = await closed.city('420100');
  theirs = await closed.city('330100');
  viewer = await closed.member(mine.tenant, 'viewer');
  ids.import = (await theirs.client.upload('a.csv', daily('2023-05-04,1000,900'))).id;
  ids.waiting = (await theirs.client.upload('b.csv', daily('2023-05-05,1000,900'), { commit: false })).id;
  ids.assessment = (await assess(theirs.client, { start: '2023-05-04', end: '2023-05-05' })).id;
  await mine.client.upload('a.csv', daily('2023-05-04,2000,900'));
});
afterAll(async () => {
  await closed.close();
  await open.close();
});

const headersOf = (...sets: Record<string, string>[]): readonly Record<string, string>[] => sets;
const code = (answer: { errors: readonly { extensions?: Readonly<Record<string, unknown>> }[] }): unknown =>
  answer.errors[0]?.extensions?.['code'];
const errorOf = (answer: HttpAnswer): unknown => (answer.json as { error?: { code?: string } } | null)?.error?.code;

// What a visitor may do at all stands in docs/access.md, which `access-table.e2e.spec.ts` compares.
describe('without signing in', () => {
  it('neither a made-up cookie nor a made-up key helps', async () => {
    for (const headers of headersOf(
      { cookie: `__Host-hotline-session=${'A'.repeat(43)}` },
      { authorization: `Bearer hk_live_${'0'.repeat(49)}` },
      { authorization: 'Basic eDp5' },
    )) {
      expect(code(await closed.anonymous().graphql('{ viewer { tenantId } }', {}, headers))).toBe('unauthenticated');
    }
  });
});

describe('another tenant’s ids', () => {
  it('answer exactly like ids that nobody has', async () => {
    const asked: readonly [string, string][] = [
      ['import', 'query ($id: ID!) { import(id: $id) { id state fileName report { edges { node { row } } } } }'],
      [
        'import',
        'mutation ($id: ID!) { revertImport(id: $id) { __typename ... on Failure { code message messageEn } } }',
      ],
      [
        'waiting',
        'mutation ($id: ID!) { commitImport(id: $id) { __typename ... on Failure { code message messageEn } } }',
      ],
      [
        'waiting',
        `mutation ($id: ID!) { updateMapping(input: { dataset: "call_metrics_daily", importId: $id, columns: [] })
           { __typename ... on Failure { code message messageEn } } }`,
      ],
      [
        'assessment',
        'query ($id: ID!) { assessment(id: $id) { id contentHash days(method: "connect_rate.daily") { n } } }',
      ],
    ];
    for (const [which, query] of asked) {
      const nobodys = randomUUID();
      const foreign = ids[which as keyof typeof ids];
      const [real, none] = [
        await mine.client.graphql(query, { id: foreign }),
        await mine.client.graphql(query, { id: nobodys }),
      ];
      expect(JSON.stringify(real).replaceAll(foreign, 'ID')).toBe(JSON.stringify(none).replaceAll(nobodys, 'ID'));
      expect(JSON.stringify(real)).not.toContain('a.csv');
    }
    const report = async (id: string, format: string): Promise<string> => {
      const { status, text } = await mine.client.send('GET', `/imports/${id}/report.${format}`);
      return `${status} ${text.replaceAll(id, 'ID').replace(/"requestId":"[^"]*"/, '')}`;
    };
    for (const format of ['csv', 'xlsx'])
      expect(await report(ids.import, format)).toBe(await report(randomUUID(), format));
    // Nothing of theirs was touched.
    expect((await theirs.client.settled(ids.import)).state).toBe('committed');
    expect((await theirs.client.settled(ids.waiting)).state).toBe('checked');
    expect(await mine.client.ask('{ methodology { id } }')).toEqual({ id: 'national-2023' });
  });

  it('are no place in one’s own lists, and no more are made-up cursors', async () => {
    const own = await mine.client.ask<{ edges: { cursor: string }[] }>('{ imports { edges { cursor } } }');
    expect(own.edges).toHaveLength(1);
    const { edges } = await theirs.client.ask<{ edges: { cursor: string }[] }>('{ imports { edges { cursor } } }');
    const forged = [
      ...edges.map(({ cursor }) => cursor),
      Buffer.from('v1:ffffffff-ffff-7fff-bfff-ffffffffffff').toString('base64url'),
      Buffer.from(`v1:${ids.import}' or true --`).toString('base64url'),
      'nonsense',
      '',
    ];
    for (const list of ['imports', 'assessments']) {
      for (const after of forged) {
        const found = await mine.client.ask<{ edges: unknown[]; pageInfo: unknown }>(
          `query ($after: String) { ${list}(after: $after) { edges { cursor } pageInfo { hasNextPage endCursor } } }`,
          { after },
        );
        expect(found).toEqual({ edges: [], pageInfo: { hasNextPage: false, endCursor: null } });
      }
    }
  });
});

describe('a list', () => {
  it('comes in pages of 1 to 100, each import once', async () => {
    for (const first of [0, -1, 101]) {
      const answer = await theirs.client.graphql(
        'query ($first: Int!) { imports(first: $first) { edges { cursor } } }',
        { first },
      );
      expect([first, code(answer), answer.data]).toEqual([first, 'bad_input', null]);
    }
    const seen: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 3; page += 1) {
      const found: { edges: { cursor: string; node: { id: string } }[]; pageInfo: { hasNextPage: boolean } } =
        await theirs.client.ask(
          'query ($after: String) { imports(first: 1, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage } } }',
          { after },
        );
      seen.push(...found.edges.map(({ node }) => node.id));
      expect(found.pageInfo.hasNextPage).toBe(page === 0);
      after = found.edges.at(-1)?.cursor ?? after;
    }
    expect(seen).toEqual([ids.waiting, ids.import]);
  });
});

describe('a role', () => {
  it('of a viewer reads and changes nothing', async () => {
    expect((await viewer.graphql('{ imports { edges { cursor } } }')).errors).toEqual([]);
    for (const mutation of [
      `commitImport(id: "${ids.waiting}") { __typename }`,
      `revertImport(id: "${ids.import}") { __typename }`,
      'updateMapping(input: { dataset: "calls", columns: [] }) { __typename }',
      'assess(input: { start: "2023-05-04", end: "2023-05-05" }) { __typename }',
    ]) {
      expect([mutation, code(await viewer.graphql(`mutation { ${mutation} }`))]).toEqual([mutation, 'forbidden']);
    }
    const upload = await viewer.send('POST', '/imports?filename=a.csv', {
      headers: { 'x-hotline-request': '1', 'content-type': 'text/csv' },
      body: daily('2023-05-06,1,1'),
    });
    expect([upload.status, errorOf(upload)]).toEqual([403, 'forbidden']);
  });

  it('of a key are its scopes and nothing else', async () => {
    const operations = {
      'imports:read': '{ imports { edges { cursor } } }',
      'imports:write': `mutation { commitImport(id: "${randomUUID()}") { __typename } }`,
      'assessments:read': '{ assessments { edges { cursor } } }',
      'assessments:write': 'mutation { assess(input: { start: "2099-01-01", end: "2099-01-02" }) { __typename } }',
    } as const;
    for (const scope of Object.keys(operations) as (keyof typeof operations)[]) {
      const key = await closed.apiKey(mine.tenant, [scope]);
      for (const [needed, operation] of Object.entries(operations)) {
        const answer = await key.graphql(operation);
        expect([scope, needed, code(answer)]).toEqual([scope, needed, needed === scope ? undefined : 'forbidden']);
      }
    }
  });

  it('lets a key upload without a browser’s header, for its own tenant, under its own name', async () => {
    const key = await closed.apiKey(mine.tenant, ['imports:write', 'imports:read']);
    const answer = await key.send('POST', '/imports?filename=k.csv&wait=60', {
      headers: { 'content-type': 'text/csv' },
      body: daily('2023-05-07,10,9'),
    });
    expect(answer.status).toBe(201);
    const { id, uploadedBy } = answer.json as { id: string; uploadedBy: string };
    expect(uploadedBy).toMatch(/^[0-9a-f-]{36}$/);
    expect((await mine.client.settled(id)).state).toBe('checked');
    expect((await theirs.client.graphql('query ($id: ID!) { import(id: $id) { id } }', { id })).data).toEqual({
      import: null,
    });
  });
});

describe('a page of another site', () => {
  const upload = (headers: Record<string, string>): Promise<HttpAnswer> =>
    mine.client.send('POST', '/imports?filename=csrf.csv&dataset=nothing', {
      headers: { 'content-type': 'text/plain', ...headers },
      body: 'x',
    });

  it('cannot upload with a visitor’s session', async () => {
    for (const headers of headersOf(
      { origin: 'https://evil.example', 'x-hotline-request': '1' },
      { origin: 'null', 'x-hotline-request': '1' },
      { origin: `${publicUrl}.evil.example`, 'x-hotline-request': '1' },
      { 'sec-fetch-site': 'cross-site', 'x-hotline-request': '1' },
      { 'sec-fetch-site': 'same-site', 'x-hotline-request': '1' },
      { origin: publicUrl },
      {},
    )) {
      const answer = await upload(headers);
      expect([headers, answer.status, errorOf(answer)]).toEqual([headers, 403, 'cross_site_refused']);
    }
    // Its own page gets as far as the question which dataset is meant.
    expect(
      errorOf(await upload({ origin: publicUrl, 'sec-fetch-site': 'same-origin', 'x-hotline-request': '1' })),
    ).toBe('unknown_dataset');
  });

  it('reaches no route that changes something, found from the routes', async () => {
    const changing = routesOf(closed).filter((route) => !route.startsWith('GET '));
    expect(changing.length).toBeGreaterThan(4);
    for (const route of changing) {
      const [method = '', path = ''] = route.split(' ');
      const address = path.replace(':number', '1').replaceAll(/:\w+/g, randomUUID());
      for (const headers of headersOf(
        { 'content-type': 'text/plain' },
        { 'content-type': 'multipart/form-data; boundary=x' },
        { 'x-hotline-request': '1', origin: 'https://evil.example' },
        { 'x-hotline-request': '1', 'sec-fetch-site': 'cross-site' },
      )) {
        const answer = await mine.client.send(method, `${address}?filename=a.csv&bytes=1&parts=1`, {
          headers,
          body: 'x',
        });
        expect([route, headers, answer.status, errorOf(answer)]).toEqual([route, headers, 403, 'cross_site_refused']);
      }
    }
  });

  it('cannot send a query with a visitor’s session', async () => {
    const query = '{ viewer { tenantId } }';
    expect(code(await mine.client.graphql(query, {}, { origin: 'https://evil.example' }))).toBe('cross_site_refused');
    expect(code(await mine.client.graphql(query, {}, { 'sec-fetch-site': 'cross-site' }))).toBe('cross_site_refused');
    expect((await mine.client.graphql(query, {}, { origin: publicUrl })).errors).toEqual([]);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const answer = await mine.client.send('POST', '/graphql', {
        headers: { 'content-type': type },
        body: JSON.stringify({ query }),
      });
      expect([type, answer.status]).toEqual([type, 400]);
      expect(answer.text).not.toContain(mine.tenant.tenantId);
    }
  });

  it('cannot change anything by an address', async () => {
    const mutation = encodeURIComponent('mutation { signOut }');
    for (const headers of headersOf({}, { 'apollo-require-preflight': '1' }, { 'content-type': 'application/json' })) {
      const answer = await mine.client.send('GET', `/graphql?query=${mutation}`, { headers });
      expect([400, 405]).toContain(answer.status);
    }
    expect((await mine.client.graphql('{ viewer { tenantId } }')).errors).toEqual([]);
  });

  it('gets no permission to read answers', async () => {
    const answer = await mine.client.send('OPTIONS', '/graphql', {
      headers: {
        origin: 'https://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('what a server tells of itself', () => {
  it('is no schema, no suggestion, no stack, unless a developer opened it', async () => {
    const questions = ['{ __schema { types { name } } }', '{ __type(name: "Query") { name } }'];
    for (const question of questions) {
      const answer = await mine.client.graphql(question);
      expect([answer.data, answer.errors.length]).toEqual([null, 1]);
      expect((await open.anonymous().graphql(question)).errors).toEqual([]);
    }
    const typo = '{ viewr { tenantId } }';
    const [silent, helpful] = [await mine.client.graphql(typo), await open.anonymous().graphql(typo)];
    expect(silent.errors[0]?.message).not.toMatch(/Did you mean|viewer/);
    expect(helpful.errors[0]?.message).toContain('Did you mean "viewer"');
    expect(JSON.stringify(silent)).not.toMatch(/stack|node_modules|\.[jt]s:/);
    const explorer = (server: ApiServer) =>
      server.anonymous().send('GET', '/graphql', { headers: { accept: 'text/html' } });
    expect((await explorer(closed)).text).not.toMatch(/<html|graphiql/i);
    expect((await explorer(open)).text).toMatch(/graphiql/i);
  });

  it('is one answer to one question', async () => {
    const answer = await mine.client.send('POST', '/graphql', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ query: '{ viewer { tenantId } }' }, { query: '{ viewer { tenantId } }' }]),
    });
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain(mine.tenant.tenantId);
  });

  it('is nothing of a failure inside, but a number to ask about', async () => {
    const broken = await ApiServer.start();
    try {
      const city = await broken.city();
      const { id } = await city.client.upload('a.csv', daily('2023-05-04,1000,900'));
      await broken.sql('alter table "import" rename column file_name to gone');
      const answer = await city.client.graphql('query ($id: ID!) { import(id: $id) { id } }', { id });
      const [error] = answer.errors;
      expect(error?.extensions).toMatchObject({
        code: 'internal',
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
      expect(error?.message).toContain(String(error?.extensions?.['requestId']));
      const report = await city.client.send('GET', `/imports/${id}/report.csv`);
      expect([report.status, errorOf(report)]).toEqual([500, 'internal']);
      for (const text of [JSON.stringify(answer), report.text])
        expect(text).not.toMatch(/file_name|ImportEntity|QueryFailed|select|\.[jt]s:/i);
    } finally {
      await broken.close();
    }
  });
});
