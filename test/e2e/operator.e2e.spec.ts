import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testConfig } from '../harness/test-cluster.js';
import { startApi } from '../../apps/api/src/start-api.js';
import type { ApiClient, GraphQLAnswer } from './api-client.js';
import { ApiServer, publicUrl } from './api-server.js';

const password = 'Gorges-and-locks-3';
const said: string[] = [];
let server: ApiServer;
let operator: ApiClient;
beforeAll(async () => {
  server = await ApiServer.start({}, (line) => said.push(line));
});
afterAll(() => server.close());

interface Accepted {
  readonly code?: string;
  readonly viewer?: { readonly tenantId: string; readonly tenantKind: string; readonly roles: readonly string[] };
}
interface Tenant {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly cityCode: string | null;
  readonly provinceCode: string | null;
}
interface Created {
  readonly code?: string;
  readonly tenant: Tenant;
  readonly invited: { readonly link: string };
}

const codeOf = (answer: GraphQLAnswer): unknown => answer.errors[0]?.extensions?.['code'];
const linkIn = (lines: readonly string[]): string => /https?:\S+/.exec(lines.at(-1) ?? '')?.[0] ?? '';
const tokenOf = (link: string): string => link.slice(`${publicUrl}/#invitation=`.length);
const accept = async (link: string, input: object = {}, client = server.anonymous()): Promise<Accepted> =>
  (await client.signInBy(
    `mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
      ... on SignedIn { viewer { tenantId tenantKind roles } } ... on Failure { code } } }`,
    { input: { token: tokenOf(link), password, ...input } },
  )) as Accepted;
const create = (input: object, by = operator) =>
  by.ask<Created>(
    `mutation ($input: CreateTenantInput!) { createTenant(input: $input) {
      ... on CreatedTenant { tenant { id kind name cityCode provinceCode } invited { link } } ... on Failure { code } } }`,
    { input: { name: '李', ...input } },
  );
const inviteAdministrator = (tenantId: string, email: string) =>
  operator.ask<{ code?: string; link?: string }>(
    `mutation ($input: InviteAdministratorInput!) { inviteAdministrator(input: $input) {
      ... on Invited { link } ... on Failure { code } } }`,
    { input: { tenantId, email, name: '李' } },
  );
const assign = (input: object, by = operator) =>
  by.ask<{ code?: string; done?: boolean }>(
    `mutation ($input: AssignCityInput!) { assignCity(input: $input) { ... on Done { done } ... on Failure { code } } }`,
    { input },
  );

/** Starts another process on the same database; returns what it said, but for where it can be reached. */
async function restart(): Promise<string[]> {
  const lines: string[] = [];
  const config = testConfig(server.database, server.dataDir, { HOTLINE_DEMO: '0', HOTLINE_PUBLIC_URL: publicUrl });
  await (await startApi(config, (line) => lines.push(line))).close();
  return lines.filter((line) => !/ {2}http:\/\/127\.0\.0\.1:\d+(\/metrics)?$/.test(line));
}

const imports = '{ imports(first: 1) { edges { node { id } } } }';

describe('the first administrator', () => {
  const administrator = { email: 'first@index.example', name: '运维' };

  it('gets in by the link that a new installation prints, once, and by the newest only', async () => {
    const [old, link] = [linkIn(said), linkIn(await restart())];
    expect(link.startsWith(`${publicUrl}/#invitation=`)).toBe(true);
    expect(Buffer.from(tokenOf(link), 'base64url')).toHaveLength(32);
    expect(await accept(old, administrator)).toEqual({ code: 'link_invalid' });
    expect(await accept(link, { ...administrator, email: 'nobody' })).toEqual({ code: 'email_invalid' });
    expect(await accept(link, { ...administrator, password: 'admin' })).toEqual({ code: 'password_rejected' });
    operator = server.anonymous();
    const { viewer } = await accept(link, administrator, operator);
    expect(viewer).toMatchObject({ tenantKind: 'operator', roles: expect.arrayContaining(['administrator']) });
    expect(await accept(link, { ...administrator, email: 'second@index.example' })).toEqual({ code: 'link_invalid' });
  });

  it('is named by no link once there is an account', async () => {
    expect(await restart()).toEqual([]);
    // Even one that was printed before and not used.
    await server.sql(`update invitation set accepted_at = null, revoked_at = null where email is null`);
    const third = { ...administrator, email: 'third@index.example' };
    expect(await accept(linkIn(said), third)).toEqual({ code: 'link_invalid' });
    expect(await server.rows('select email from account')).toEqual([{ email: administrator.email }]);
  });
});

describe('the operator', () => {
  it('makes a city and invites its first administrator, and sees both in the list', async () => {
    const { tenant, invited } = await create({
      kind: 'city',
      tenantName: '武汉市热线中心',
      cityCode: '420100',
      email: 'head@wuhan.example',
    });
    expect(tenant).toMatchObject({ kind: 'city', cityCode: '420100', provinceCode: null });
    const city = server.anonymous();
    const { viewer } = await accept(invited.link, {}, city);
    expect(viewer).toMatchObject({ tenantId: tenant.id, tenantKind: 'city' });
    const tenants = '{ tenants(first: 100) { edges { node { id kind name cityCode provinceCode } } } }';
    const { edges } = await operator.ask<{ edges: { node: Tenant }[] }>(tenants);
    expect(edges.map(({ node }) => node)).toContainEqual(tenant);
    expect(codeOf(await city.graphql(tenants))).toBe('forbidden');
    // It made the tenant, and gets at nothing in it.
    const switched = `mutation ($id: ID!) { switchTenant(tenantId: $id) { ... on Failure { code } } }`;
    expect(await operator.ask(switched, { id: tenant.id })).toEqual({ code: 'not_a_member' });
    await city.upload('a.csv', '统计日期,人工请求量,人工接通量\n2023-05-04,1000,900\n');
    expect((await city.graphql(imports)).data).toMatchObject({ imports: { edges: [{}] } });
    expect((await operator.graphql(imports)).data).toEqual({ imports: { edges: [] } });
  });

  it('invites the first administrator again, until there is one', async () => {
    const { tenant, invited } = await create({
      kind: 'city',
      tenantName: '宜昌',
      cityCode: '420500',
      email: 'head@yichang.example',
    });
    const again = await inviteAdministrator(tenant.id, 'other@yichang.example');
    expect((await accept(again.link ?? '')).viewer?.tenantId).toBe(tenant.id);
    // The first link would make a second administrator the city did not ask for.
    expect(await accept(invited.link)).toEqual({ code: 'link_invalid' });
    for (const id of [tenant.id, '00000000-0000-4000-8000-000000000000']) {
      expect(await inviteAdministrator(id, 'third@yichang.example')).toEqual({ code: 'tenant_has_administrator' });
    }
  });

  it('makes no tenant of what does not fit together, and no half of one', async () => {
    const before = await server.rows('select tenant_id from tenant');
    const email = 'x@y.example';
    for (const wrong of [
      { kind: 'city', tenantName: 'x', email },
      { kind: 'city', tenantName: 'x', cityCode: '999999', email },
      { kind: 'city', tenantName: 'x', cityCode: '420100', provinceCode: '420000', email },
      { kind: 'province', tenantName: 'x', email },
      { kind: 'province', tenantName: 'x', provinceCode: '420100', email },
      { kind: 'operator', tenantName: ' ', email },
    ]) {
      expect([wrong, await create(wrong)]).toEqual([wrong, { code: 'tenant_invalid' }]);
    }
    const city = { kind: 'city', tenantName: 'x', cityCode: '420600' };
    expect(await create({ ...city, email: 'nobody' })).toEqual({ code: 'email_invalid' });
    expect(await create({ ...city, email, name: ' ' })).toEqual({ code: 'name_missing' });
    expect(await server.rows('select tenant_id from tenant')).toEqual(before);
  });

  it('assigns a city to a province from now on, or later; nobody else does', async () => {
    const city = await create({ kind: 'city', tenantName: '襄阳', cityCode: '420600', email: 'a@xiangyang.example' });
    const province = await create({
      kind: 'province',
      tenantName: '湖北',
      provinceCode: '420000',
      email: 'a@hubei.example',
    });
    const other = await create({
      kind: 'province',
      tenantName: '浙江',
      provinceCode: '330000',
      email: 'a@zhejiang.example',
    });
    const administrators = new Map<string, ApiClient>();
    for (const { tenant, invited } of [city, province, other]) {
      const client = server.anonymous();
      await accept(invited.link, {}, client);
      administrators.set(tenant.id, client);
    }
    const as = (id: string): ApiClient => administrators.get(id) ?? server.anonymous();
    const input = { cityTenantId: city.tenant.id, provinceTenantId: province.tenant.id };
    const mutation = `mutation ($input: AssignCityInput!) { assignCity(input: $input) { __typename } }`;
    for (const client of administrators.values()) {
      expect(codeOf(await client.graphql(mutation, { input }))).toBe('forbidden');
    }
    const cities = async (id: string): Promise<unknown> =>
      (await as(id).ask<{ rows: { cityCode: string }[] }>('{ provinceMatrix { rows { cityCode } } }')).rows.map(
        ({ cityCode }) => cityCode,
      );
    expect(await cities(province.tenant.id)).toEqual([]);
    expect(await assign(input)).toEqual({ done: true });
    expect(await cities(province.tenant.id)).toEqual(['420600']);
    expect(await assign({ ...input, provinceTenantId: other.tenant.id, from: '2099-01-01T00:00:00Z' })).toEqual({
      done: true,
    });
    expect(await cities(province.tenant.id)).toEqual(['420600']);
    expect(await cities(other.tenant.id)).toEqual([]);
    expect(await assign({ ...input, provinceTenantId: other.tenant.id })).toEqual({ done: true });
    expect(await cities(province.tenant.id)).toEqual([]);
    expect(await cities(other.tenant.id)).toEqual(['420600']);
    expect(await assign({ cityTenantId: city.tenant.id, provinceTenantId: null })).toEqual({ done: true });
    expect(await cities(other.tenant.id)).toEqual([]);
    for (const wrong of [
      { cityTenantId: province.tenant.id, provinceTenantId: other.tenant.id },
      { cityTenantId: city.tenant.id, provinceTenantId: city.tenant.id },
      { cityTenantId: '00000000-0000-4000-8000-000000000000', provinceTenantId: other.tenant.id },
    ]) {
      expect(await assign(wrong)).toEqual({ code: 'relation_refused' });
    }
  });
});
