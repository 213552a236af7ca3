import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TenantDb } from '@hotline/platform';
import { ApiServer, type City } from './api-server.js';

let server: ApiServer;
let wuhan: City;
let hangzhou: City;
beforeAll(async () => {
  server = await ApiServer.start();
  wuhan = await server.city('420100', 'administrator');
  hangzhou = await server.city('330100', 'administrator');
});
afterAll(() => server.close());

interface Change {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}
interface Event {
  readonly seq: number;
  readonly operation: string | null;
  readonly action: string;
  readonly subject: string;
  readonly subjectId: string | null;
  readonly actorName: string | null;
  readonly accountId: string | null;
  readonly apiKeyId: string | null;
  readonly jobId: string | null;
  readonly address: string | null;
  readonly changes: readonly Change[];
}

async function events({ client }: City, filter: object = {}, page: object = {}): Promise<Event[]> {
  const { edges } = await client.ask<{ edges: { node: Event }[] }>(
    `query ($filter: AuditFilterInput, $first: Int, $after: String) {
      auditEvents(filter: $filter, first: $first, after: $after) { edges { cursor node {
        seq operation action subject subjectId actorName accountId apiKeyId jobId address
        changes { field before after } } } } }`,
    { filter, first: 100, ...page },
  );
  return edges.map(({ node }) => node);
}

const verify = ({ client }: City) =>
  client.ask<{ events: number; brokenAt: number | null; head: string | null }>(
    '{ auditVerification { events brokenAt head } }',
  );

describe('the audit', () => {
  it('tells who changed what, by which operation, from where, before and after', async () => {
    await server.member(wuhan.tenant, 'analyst');
    const { edges } = await wuhan.client.ask<{ edges: { node: { id: string; role: string } }[] }>(
      '{ members { edges { node { id role } } } }',
    );
    const analyst = edges.find(({ node }) => node.role === 'analyst')?.node.id;
    await wuhan.client.ask(
      `mutation ($id: ID!) { changeMemberRole(id: $id, role: manager) { ... on Member { id } ... on Failure { code } } }`,
      { id: analyst },
    );
    const [changed, ...others] = await events(wuhan, { operation: 'changeMemberRole', subject: 'member' });
    expect(others).toEqual([]);
    expect(changed).toMatchObject({
      action: 'update',
      subjectId: analyst,
      actorName: 'administrator-1@centre.example',
      address: '127.0.0.1',
      changes: [{ field: 'role', before: 'analyst', after: 'manager' }],
    });
    // Whose role changed has to sign in anew: that session ended is told as well.
    expect((await events(wuhan, { operation: 'changeMemberRole' })).map(({ subject }) => subject)).toContain('session');
  });

  it('keeps no secret: of a key its beginning, its scopes and its end', async () => {
    const { secret } = await wuhan.client.ask<{ secret: string }>(
      `mutation { createApiKey(input: { name: "门户 张三", scopes: ["imports:read"] }) {
        ... on CreatedApiKey { secret } ... on Failure { code message } } }`,
    );
    const [made] = await events(wuhan, { operation: 'createApiKey' });
    expect(made?.changes.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['id', 'prefix', 'scopes', 'created_by']),
    );
    const [{ all }] = (await server.rows<{ all: string }>(
      'select string_agg(e::text, chr(10)) as all from audit_event e',
    )) as [{ all: string }];
    expect(all).not.toContain(secret.slice(-20));
    expect(all).not.toContain('张三');
    expect(all).not.toContain('@centre.example');
    expect(all).not.toContain('argon2');
  });

  it('tells what a key and a job did', async () => {
    const key = await server.apiKey(wuhan.tenant, ['imports:write', 'imports:read']);
    await key.upload('channels.csv', 'channel,is_live\nphone,是\n', { dataset: 'channels' });
    const told = await events(wuhan, { subject: 'import' });
    expect(told.at(-1)).toMatchObject({ operation: 'POST /imports', action: 'insert', apiKeyId: expect.any(String) });
    expect(told[0]).toMatchObject({ operation: 'check-import', jobId: expect.any(String), apiKeyId: null });
  });

  it('tells of a password that was wrong, to the tenants of that account only', async () => {
    const before = (await events(hangzhou)).length;
    await server.anonymous().signIn('administrator-1@centre.example', 'not-the-password');
    await server.anonymous().signIn('nobody@centre.example', 'not-the-password');
    const refused = (await events(wuhan)).filter(({ action }) => action === 'refuse');
    expect(refused).toMatchObject([{ operation: 'signIn', subject: 'session', address: '127.0.0.1' }]);
    expect((await events(hangzhou)).length).toBe(before);
  });

  it('is a page at a time the same as all at once, and exported whole', async () => {
    const all = await events(wuhan);
    const paged: Event[] = [];
    let after: string | null = null;
    do {
      const page: { edges: { node: Event }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } =
        await wuhan.client.ask(
          `query ($after: String) { auditEvents(first: 3, after: $after) {
            edges { node { seq } } pageInfo { hasNextPage endCursor } } }`,
          { after },
        );
      paged.push(...page.edges.map(({ node }) => node));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(paged.map(({ seq }) => seq)).toEqual(all.map(({ seq }) => seq));
    const csv = await wuhan.client.send('GET', '/audit.csv');
    expect(csv.status).toBe(200);
    expect(csv.text.trim().split('\r\n')).toHaveLength(all.length + 1);
    expect(
      ['content-type', 'content-disposition', 'x-content-type-options'].map((name) => csv.headers.get(name)),
    ).toEqual(['text/csv; charset=utf-8', 'attachment; filename="audit.csv"', 'nosniff']);
  });

  it('is for administrators, of their own tenant', async () => {
    const manager = await server.member(wuhan.tenant, 'manager');
    const answer = await manager.graphql('{ auditEvents { edges { node { seq } } } }');
    expect(answer.errors[0]?.extensions?.['code']).toBe('forbidden');
    expect((await manager.send('GET', '/audit.csv')).status).toBe(403);
    const ours = new Set((await events(wuhan)).map(({ subjectId }) => subjectId));
    const theirs = (await events(hangzhou)).flatMap(({ subjectId }) => subjectId ?? []);
    expect(theirs.filter((id) => ours.has(id))).toEqual([]);
  });
});

describe('nobody takes back what was told', () => {
  it.each([
    ['changed', `update audit_event set action = 'insert'`],
    ['removed', 'delete from audit_event'],
    ['emptied', 'truncate audit_event'],
    ['invented', `insert into audit_event select * from audit_event`],
    ['rewound', 'update audit_head set seq = 0'],
  ])('the application cannot have it %s', async (_, statement) => {
    const { tenantId } = wuhan.tenant;
    await expect(
      server.app.get(TenantDb).run({ tenantId }, (manager) => manager.query(statement)),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it.each([
    [
      'an event that was altered',
      (id: string) => `update audit_event set after = '{}' where tenant_id = '${id}' and seq = 2`,
      2,
    ],
    ['an event that is missing', (id: string) => `delete from audit_event where tenant_id = '${id}' and seq = 3`, 3],
    ['the first that is missing', (id: string) => `delete from audit_event where tenant_id = '${id}' and seq = 1`, 1],
    [
      'the last that is missing',
      (id: string) => `delete from audit_event where tenant_id = '${id}'
        and seq = (select max(seq) from audit_event where tenant_id = '${id}')`,
      null,
    ],
  ])('verifying names %s', async (_, statement, place) => {
    const city = await server.city('440100', 'administrator');
    await server.member(city.tenant, 'viewer');
    await server.member(city.tenant, 'viewer');
    const { events: count, ...whole } = await verify(city);
    expect(whole).toMatchObject({ brokenAt: null, head: expect.stringMatching(/^[0-9a-f]{64}$/) });
    await server.sql(statement(city.tenant.tenantId));
    expect(await verify(city)).toMatchObject({ brokenAt: place ?? count });
    expect(await verify(wuhan)).toMatchObject({ brokenAt: null });
  });

  it('changes of one tenant at the same time are told one after the other', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => server.apiKey(hangzhou.tenant, ['imports:read'])));
    expect(ids).toHaveLength(8);
    expect((await events(hangzhou, { subject: 'api_key' })).length).toBe(8);
    expect(await verify(hangzhou)).toMatchObject({ brokenAt: null });
  });
});
