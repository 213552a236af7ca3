import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TenantDb } from '@hotline/platform';
import { TenantsService } from '@hotline/tenancy';
import type { ApiClient } from './api-client.js';
import { ApiServer, type City } from './api-server.js';
import { assess } from './assessment-view.js';
import { daily, eventually, exported, tenantTables } from './data-rights.js';

let server: ApiServer;
beforeAll(async () => {
  server = await ApiServer.start();
});
afterAll(() => server.close());

describe('a deletion', () => {
  interface Deletion {
    readonly id: string;
    readonly code?: string;
    readonly state: string;
    readonly certificate: string;
  }
  const one = '... on TenantDeletion { id state certificate } ... on Failure { code message }';
  const request = (client: ApiClient, name: string) =>
    client.ask<Deletion>(`mutation ($name: String!) { requestTenantDeletion(name: $name) { ${one} } }`, { name });
  const confirm = (client: ApiClient, id: string) =>
    client.ask<Deletion>(`mutation ($id: ID!) { confirmTenantDeletion(id: $id) { ${one} } }`, { id });
  const withdraw = (client: ApiClient, id: string) =>
    client.ask<Deletion>(`mutation ($id: ID!) { withdrawTenantDeletion(id: $id) { ${one} } }`, { id });
  interface Certificate {
    readonly tenantId: string;
    readonly kind: string;
    readonly code: string;
    readonly byTwo: boolean;
    readonly rows: Readonly<Record<string, number>>;
    readonly files: number;
    readonly auditEvents: number;
    readonly auditHead: string;
  }
  const certificate = (deletion: Deletion) =>
    eventually(async () => {
      const answer = await server.anonymous().send('GET', new URL(deletion.certificate).pathname);
      return answer.status === 200 && (answer.json as Certificate);
    });

  /** Every row of the database that holds a text, by table. */
  async function rowsWith(needle: string): Promise<Record<string, number>> {
    const tables = await server.rows<{ name: string }>(
      `select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace`,
    );
    const found: Record<string, number> = {};
    for (const { name } of tables) {
      const [row] = await server.rows<{ count: number }>(
        `select count(*)::int as count from "${name}" t where t::text like '%${needle}%'`,
      );
      if (row && row.count > 0) found[name] = row.count;
    }
    return found;
  }
  const filesWith = (needle: string): string[] =>
    readdirSync(server.dataDir, { recursive: true, withFileTypes: true })
      .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
      .filter(({ entry, path }) => path.includes(needle) || (entry.isFile() && readFileSync(path).includes(needle)))
      .map(({ path }) => path);
  async function digestOf({ tenant }: City): Promise<string> {
    const digests = [];
    for (const name of await tenantTables(server)) {
      const [row] = await server.rows<{ digest: string }>(
        `select count(*) || md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest
         from "${name}" t where tenant_id = '${tenant.tenantId}'`,
      );
      digests.push(`${name} ${row?.digest ?? ''}`);
    }
    return digests.join('\n');
  }

  it('takes two, removes every row and file of the city and nothing else, and leaves a certificate', async () => {
    const city = await server.city('420500', 'administrator');
    const other = await server.city('420600', 'administrator');
    const tenants = server.app.get(TenantsService);
    const operator = await tenants.createTenant({ kind: 'operator', name: '运营方', isDemo: false });
    const province = await tenants.createTenant({
      kind: 'province',
      name: '省',
      provinceCode: '420000',
      isDemo: false,
    });
    const office = await server.member(province, 'administrator');
    const operating = await server.member(operator, 'administrator');
    for (const { tenant } of [city, other]) {
      await operating.ask(
        `mutation ($city: ID!, $province: ID) { assignCity(input: { cityTenantId: $city, provinceTenantId: $province }) {
          ... on Done { done } ... on Failure { code } } }`,
        { city: tenant.tenantId, province: province.tenantId },
      );
    }
    const second = await server.member(city.tenant, 'administrator');
    const account = (await server.rows<{ email: string }>(
      `select a.email from account a join member m on m.account_id = a.id where m.tenant_id = '${city.tenant.tenantId}'`,
    )) as { email: string }[];
    for (const { client } of [city, other]) {
      await client.upload('a.csv', daily(['2023-05-04', 1000]));
      const { id } = await assess(client, { start: '2023-05-01', end: '2023-06-01' });
      const submission = await client.ask<{ id: string }>(
        `mutation ($id: ID!) { submitAssessment(assessmentId: $id) { ... on Submission { id } ... on Failure { code } } }`,
        { id },
      );
      await office.ask(
        `mutation ($id: ID!) { returnSubmission(submissionId: $id, text: "请核对") {
          ... on Submission { id } ... on Failure { code } } }`,
        { id: submission.id },
      );
      await client.upload('b.csv', daily(['2023-05-05', 1000]), { commit: false });
      await exported(client);
    }
    const key = await server.apiKey(city.tenant, ['imports:read']);
    const before = await digestOf(other);
    const events = (await server.rows<{ n: number }>(
      `select count(*)::int as n from audit_event where tenant_id = '${city.tenant.tenantId}'`,
    )) as [{ n: number }];

    expect(await request(city.client, '别的名称')).toMatchObject({ code: 'name_differs' });
    const asked = await request(city.client, '热线中心 420500');
    expect(asked.state).toBe('requested');
    expect(await request(second, '热线中心 420500')).toMatchObject({ code: 'deletion_requested' });
    expect(await confirm(city.client, asked.id)).toMatchObject({ code: 'deletion_needs_another' });
    expect((await server.anonymous().send('GET', new URL(asked.certificate).pathname)).status).toBe(404);
    expect(await confirm(second, asked.id)).toMatchObject({ state: 'confirmed' });
    // At once nobody is signed in any more.
    expect((await city.client.graphql('{ viewer { tenantId } }')).errors[0]?.extensions?.['code']).toBe(
      'unauthenticated',
    );
    expect((await key.graphql('{ imports { edges { node { id } } } }')).errors[0]?.extensions?.['code']).toBe(
      'unauthenticated',
    );

    const told = await certificate(asked);
    expect(told).toMatchObject({ tenantId: city.tenant.tenantId, kind: 'city', code: '420500', byTwo: true });
    expect(told.rows).toMatchObject({ tenant: 1, member: 2, import: 2, assessment: 1, submission: 1, data_export: 1 });
    expect(told.files).toBeGreaterThan(3);
    expect(told.auditEvents).toBeGreaterThan(events[0].n);
    expect(told.auditHead).toMatch(/^[0-9a-f]{64}$/);

    const { tenantId } = city.tenant;
    for (const table of await tenantTables(server)) {
      const rows = await server.rows(`select from "${table}" where tenant_id = '${tenantId}'`);
      expect([table, rows.length]).toEqual([table, 0]);
    }
    // Of the city itself only the certificate is left, and what those above were told; the relation in their own audit.
    expect(Object.keys(await rowsWith(tenantId)).sort()).toEqual(['audit_event', 'deletion_certificate']);
    const [gone] = await server.rows<{ action: string; subject: string }>(
      `select action, subject from audit_event where tenant_id = '${operator.tenantId}' order by seq desc limit 1`,
    );
    expect(gone).toEqual({ action: 'delete', subject: 'tenant' });
    for (const { email } of account) expect(await rowsWith(email)).toEqual({});
    expect(await rowsWith('热线中心 420500')).toEqual({});
    await eventually(() => Promise.resolve(filesWith(tenantId).length === 0));
    expect(await digestOf(other)).toBe(before);
    expect((await server.anonymous().signIn(account[0]?.email ?? '', 'Yangtze-bridge-7')).text).toContain(
      'sign_in_failed',
    );
    const { brokenAt } = await other.client.ask<{ brokenAt: number | null }>('{ auditVerification { brokenAt } }');
    expect(brokenAt).toBeNull();
  }, 180_000);

  it('can be withdrawn, and the only administrator may confirm it after a week', async () => {
    const city = await server.city('420700', 'administrator');
    const name = '热线中心 420700';
    const first = await request(city.client, name);
    expect(await withdraw(city.client, first.id)).toMatchObject({ state: 'withdrawn' });
    expect(await confirm(city.client, first.id)).toMatchObject({ code: 'deletion_not_found' });
    const again = await request(city.client, name);
    await server.sql(
      `update deletion_request set requested_at = now() - interval '8 days', alone_from = now() - interval '1 day'
       where id = '${again.id}'`,
    );
    expect(await confirm(city.client, again.id)).toMatchObject({ state: 'confirmed' });
    expect(await certificate(again)).toMatchObject({ byTwo: false, code: '420700' });
  });

  it('keeps the account of somebody who also acts for another', async () => {
    const city = await server.city('420800', 'administrator');
    const other = await server.city('420900', 'administrator');
    const second = await server.member(city.tenant, 'administrator');
    const [row] = await server.rows<{ email: string }>(
      `select a.email from account a join member m on m.account_id = a.id where m.tenant_id = '${city.tenant.tenantId}' limit 1`,
    );
    const email = row?.email ?? '';
    await server.app
      .get(TenantsService)
      .addMember(other.tenant, { email, name: '兼任', role: 'viewer', password: 'Yangtze-bridge-7' });
    await certificate(await confirm(second, (await request(city.client, '热线中心 420800')).id));
    expect((await server.anonymous().signIn(email, 'Yangtze-bridge-7')).text).toContain(other.tenant.tenantId);
  });

  it('is beyond the reach of the application without a confirmed wish', async () => {
    const city = await server.city('421000', 'administrator');
    const asked = await request(city.client, '热线中心 421000');
    await expect(
      server.app.get(TenantDb).run(city.tenant, (manager) => manager.query('select delete_tenant($1)', [asked.id])),
    ).rejects.toThrow();
    await expect(
      server.app
        .get(TenantDb)
        .run(city.tenant, (manager) =>
          manager.query(
            `update deletion_request set state = 'confirmed', confirmed_by = requested_by, confirmed_at = now()`,
          ),
        ),
    ).rejects.toThrow('deletion_by_two_or_later');
  });
});
