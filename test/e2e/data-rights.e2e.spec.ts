import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportedTables, tablesNotExported } from '@hotline/rights';
import { ApplyRetention } from '@hotline/imports';
import { TenantDb } from '@hotline/platform';
import { TenantsService } from '@hotline/tenancy';
import canonicalize from 'canonicalize';
import yauzl from 'yauzl';
import type { ApiClient } from './api-client.js';
import { ApiServer, type City } from './api-server.js';
import { assess } from './assessment-view.js';

let server: ApiServer;
beforeAll(async () => {
  server = await ApiServer.start();
});
afterAll(() => server.close());

const daily = (...days: readonly (readonly [date: string, calls: number])[]): string =>
  ['统计日期,人工请求量,人工接通量', ...days.map(([date, calls]) => `${date},${calls},${calls - 100}`), ''].join('\n');

/** Waits until something is there. */
async function eventually<T>(look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (let tries = 0; tries < 600; tries += 1) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it never came');
}

async function tenantTables(): Promise<string[]> {
  const rows = await server.rows<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
     where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** Whether the stored result is the one that was hashed when it was made. */
function contentHash(city: string, { result, days }: { result: unknown; days: unknown }): string {
  const canonical = canonicalize({ city, result, days });
  return createHash('sha256')
    .update(canonical ?? '')
    .digest('hex');
}

interface Export {
  readonly id: string;
  readonly state: string;
  readonly address: string | null;
  readonly bytes: number | null;
  readonly sha256: string | null;
  readonly downloads: number;
}
const exportFields = 'id state address bytes sha256 downloads';
async function listed(client: ApiClient): Promise<Export[]> {
  const { edges } = await client.ask<{ edges: { node: Export }[] }>(
    `{ dataExports { edges { node { ${exportFields} } } } }`,
  );
  return edges.map(({ node }) => node);
}
async function exported(client: ApiClient): Promise<Export> {
  const asked = await client.ask<Export & { code?: string }>(
    `mutation { exportTenantData { ... on DataExport { ${exportFields} } ... on Failure { code message } } }`,
  );
  return eventually(async () => {
    const found = (await listed(client)).find(({ id }) => id === asked.id);
    if (found?.state === 'failed') throw new Error('the export failed');
    return found?.state === 'ready' && found;
  });
}
const pathOf = (found: Export): string => new URL(found.address ?? '').pathname;

async function unzip(bytes: Buffer): Promise<Map<string, string>> {
  const zip = await yauzl.fromBufferPromise(bytes);
  const files = new Map<string, string>();
  for await (const entry of zip.eachEntry()) {
    files.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)));
  }
  return files;
}

describe('an export', () => {
  let wuhan: City;
  let hangzhou: City;
  let found: Export;
  let files: Map<string, string>;
  let archive: Buffer;
  let headers: Headers;
  const secrets: string[] = [];
  let assessmentId: string;
  beforeAll(async () => {
    wuhan = await server.city('420100', 'administrator');
    hangzhou = await server.city('330100', 'administrator');
    await hangzhou.client.upload('h.csv', daily(['2023-05-04', 7_654_321_987]));
    await wuhan.client.upload('a.csv', daily(['2023-05-04', 1000], ['2023-06-04', 1200]));
    await wuhan.client.upload(
      'orders.csv',
      [
        'order_id,created_at,channel,topic_l1',
        'W1,2023-05-04 09:00:00,phone,=cmd',
        'W2,2023-05-05 09:00:00,phone,',
        '',
      ].join('\n'),
      { dataset: 'work_orders' },
    );
    assessmentId = (await assess(wuhan.client, { start: '2023-05-01', end: '2023-07-01' })).id;
    const made = await wuhan.client.ask<{ secret: string }>(
      `mutation { createApiKey(input: { name: "门户", scopes: ["imports:read"] }) {
        ... on CreatedApiKey { secret } ... on Failure { code } } }`,
    );
    const hook = await wuhan.client.ask<{ secret: string }>(
      `mutation { createWebhookEndpoint(input: { name: "平台", url: "https://hub.invalid/", events: ["import.reverted"] }) {
        ... on WebhookEndpointWithSecret { secret } ... on Failure { code } } }`,
    );
    secrets.push(made.secret, createHash('sha256').update(made.secret).digest('hex'), hook.secret, '$argon2');
    found = await exported(wuhan.client);
    const answer = await wuhan.client.send('GET', pathOf(found));
    expect(answer.status).toBe(200);
    headers = answer.headers;
    archive = answer.bytes;
    files = await unzip(archive);
  });

  it('holds every table of tenants, or says why not', async () => {
    expect([...Object.keys(exportedTables), ...Object.keys(tablesNotExported)].sort()).toEqual(await tenantTables());
    for (const [table, { without }] of Object.entries(exportedTables)) {
      const header = files.get(`tables/${table}.csv`)?.split('\r\n')[0]?.replace('\ufeff', '').split(',') ?? [];
      const columns = await server.rows<{ name: string }>(
        `select attname as name from pg_attribute where attrelid = '"${table}"'::regclass and attnum > 0 and not attisdropped`,
      );
      expect([table, [...header, ...without].sort()]).toEqual([table, columns.map(({ name }) => name).sort()]);
    }
  });

  it('holds the rows as they were handed in, and nothing that a spreadsheet would run', () => {
    expect([...files.keys()].filter((name) => name.startsWith('rows/')).sort()).toEqual([
      'rows/call_metrics_daily/2023-05.csv',
      'rows/call_metrics_daily/2023-06.csv',
      'rows/work_orders/2023-05.csv',
    ]);
    const table = (name: string): Record<string, string>[] => {
      const [head = '', ...lines] = (files.get(name) ?? '').replace('\ufeff', '').trim().split('\n');
      const names = head.split(',');
      return lines.map((line): Record<string, string> => {
        const cells = line.split(',');
        return Object.fromEntries(names.map((column, index) => [column, cells[index] ?? '']));
      });
    };
    expect(table('rows/call_metrics_daily/2023-05.csv')).toMatchObject([
      { date: '2023-05-04', offered: '1000', answered: '900' },
    ]);
    expect(table('rows/work_orders/2023-05.csv')).toMatchObject([
      { order_id: 'W1', created_at: '2023-05-04T09:00:00+08:00', topic_l1: "'=cmd" },
      { order_id: 'W2', topic_l1: '' },
    ]);
  });

  it('holds each assessment whole: its hash can be computed again from the document', () => {
    const document = JSON.parse(files.get(`assessments/${assessmentId}.json`) ?? '') as Parameters<
      typeof contentHash
    >[1] & { contentHash: string };
    expect(contentHash('420100', document)).toBe(document.contentHash);
  });

  it('says what is in it', () => {
    const manifest = JSON.parse(files.get('manifest.json') ?? '') as {
      tenantId: string;
      files: { name: string; rows: number }[];
    };
    expect(manifest.tenantId).toBe(wuhan.tenant.tenantId);
    expect(manifest.files.map(({ name }) => name).sort()).toEqual(
      [...files.keys()].filter((name) => name !== 'manifest.json').sort(),
    );
    expect(manifest.files).toContainEqual({ name: 'rows/work_orders/2023-05.csv', rows: 2 });
    expect(manifest.files).toContainEqual({ name: 'tables/member.csv', rows: 1 });
  });

  it('holds no secret and nothing of another city', () => {
    const all = [...files.values()].join('\n');
    for (const secret of secrets) expect(all).not.toContain(secret);
    expect(all).not.toContain(hangzhou.tenant.tenantId);
    expect(all).not.toContain('7654321987');
  });

  it('is what was announced, and a broken download goes on where it stopped', async () => {
    expect(found.bytes).toBe(archive.length);
    expect(found.sha256).toBe(createHash('sha256').update(archive).digest('hex'));
    expect(headers.get('content-type')).toBe('application/zip');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="hotline-index-\d{4}-\d{2}-\d{2}\.zip"$/);
    expect([headers.get('x-content-type-options'), headers.get('cache-control')]).toEqual([
      'nosniff',
      'private, no-store',
    ]);
    const middle = Math.floor(archive.length / 2);
    const rest = await wuhan.client.send('GET', pathOf(found), { headers: { range: `bytes=${middle}-` } });
    expect(rest.status).toBe(206);
    expect(rest.headers.get('content-range')).toBe(`bytes ${middle}-${archive.length - 1}/${archive.length}`);
    expect(rest.bytes.equals(archive.subarray(middle))).toBe(true);
    const beyond = await wuhan.client.send('GET', pathOf(found), { headers: { range: `bytes=${archive.length}-` } });
    expect(beyond.status).toBe(416);
  });

  it('is for administrators of the city, and that it was taken is told in the audit', async () => {
    const analyst = await server.member(wuhan.tenant, 'analyst');
    expect((await analyst.send('GET', pathOf(found))).status).toBe(403);
    expect((await hangzhou.client.send('GET', pathOf(found))).status).toBe(404);
    expect((await server.anonymous().send('GET', pathOf(found))).status).toBe(401);
    const { edges } = await wuhan.client.ask<{ edges: { node: { operation: string; address: string } }[] }>(
      `{ auditEvents(first: 1, filter: { subject: "data_export" }) { edges { node { operation address } } } }`,
    );
    expect(edges[0]?.node).toEqual({ operation: 'GET /exports/:id/archive.zip', address: '127.0.0.1' });
  });

  it('lies encrypted, leaves nothing beside it, and is gone when its time is over', async () => {
    const stored = readFileSync(join(server.dataDir, 'files', wuhan.tenant.tenantId, 'exports', found.id));
    expect(stored.includes('tables/member.csv')).toBe(false);
    expect(readdirSync(join(server.dataDir, 'scratch')).filter((name) => name.includes('work'))).toEqual([]);
    await server.sql(`update data_export set expires_at = now() - interval '1 second'`);
    expect((await wuhan.client.send('GET', pathOf(found))).status).toBe(410);
  });
});

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
    for (const name of await tenantTables()) {
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
    for (const table of await tenantTables()) {
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

describe('retention', () => {
  interface Rule {
    readonly dataset: string;
    readonly code?: string;
    readonly months: number | null;
    readonly dueRows: number;
    readonly closedBefore: string | null;
    readonly removedRows: number;
  }
  const fields = 'dataset months appliesFrom dueRows closedBefore removedRows appliedAt';
  const set = ({ client }: City, dataset: string, months: number | null) =>
    client.ask<Rule>(
      `mutation ($input: SetRetentionInput!) { setRetention(input: $input) {
        ... on RetentionRule { ${fields} } ... on Failure { code message } } }`,
      { input: { dataset, months } },
    );
  const rule = async ({ client }: City, dataset: string): Promise<Rule | undefined> =>
    (await client.ask<Rule[]>(`{ retentionRules { ${fields} } }`)).find((each) => each.dataset === dataset);
  /** As if the day of grace were over. */
  async function apply(city: City): Promise<void> {
    const { tenantId } = city.tenant;
    await server.sql(
      `update retention_rule set applies_from = now() - interval '1 second', applied_at = null where tenant_id = '${tenantId}'`,
    );
    await server.app.get(ApplyRetention).enqueueDue();
    await eventually(async () => {
      const [row] = await server.rows<{ done: boolean }>(
        `select bool_and(applied_at is not null) as done from retention_rule where tenant_id = '${tenantId}'`,
      );
      const open = await server.rows(
        `select from job where tenant_id = '${tenantId}' and state in ('queued', 'running')`,
      );
      return row?.done === true && open.length === 0;
    });
  }
  const facts = async ({ tenant }: City): Promise<string> => {
    const [row] = await server.rows<{ facts: string }>(
      `select count(*) || md5(string_agg(f::text, '|' order by f::text)) as facts from daily_fact f
       where tenant_id = '${tenant.tenantId}' and month like '2023-%'`,
    );
    return row?.facts ?? '';
  };
  const months = async ({ tenant }: City): Promise<string[]> =>
    (
      await server.rows<{ month: string }>(
        `select month from segment where tenant_id = '${tenant.tenantId}' order by month`,
      )
    ).map(({ month }) => month);
  const parquets = ({ tenant }: City): string[] =>
    readdirSync(join(server.dataDir, 'files', tenant.tenantId), { recursive: true })
      .map(String)
      .filter((name) => /\d{4}-\d{2}\.parquet$/.test(name));

  it('removes rows that are too old; assessments still verify, and what was counted stays', async () => {
    const city = await server.city('421100', 'administrator');
    const recent = new Date(Date.now() - 45 * 86_400_000).toISOString().slice(0, 10);
    const { id: importId } = await city.client.upload('a.csv', daily(['2023-05-04', 1000], ['2023-06-04', 1200]));
    await city.client.upload('b.csv', daily([recent, 900]));
    const period = { start: '2023-05-01', end: '2023-07-01' };
    const before = await assess(city.client, period);
    const counted = await facts(city);

    expect(await set(city, 'call_metrics_daily', 24)).toMatchObject({ months: 24, dueRows: 2, removedRows: 0 });
    // Not before its day of grace is over.
    await server.app.get(ApplyRetention).enqueueDue();
    expect(await months(city)).toEqual(['2023-05', '2023-06', recent.slice(0, 7)]);
    await apply(city);
    expect(await months(city)).toEqual([recent.slice(0, 7)]);
    await eventually(() => Promise.resolve(!parquets(city).some((name) => name.includes('2023-'))));
    expect(await rule(city, 'call_metrics_daily')).toMatchObject({ dueRows: 0, removedRows: 2 });
    const { edges } = await city.client.ask<{ edges: { node: { operation: string; changes: object[] } }[] }>(
      `{ auditEvents(first: 1, filter: { subject: "retention_rule" }) {
        edges { node { operation changes { field before after } } } } }`,
    );
    expect(edges[0]?.node.operation).toBe('apply-retention');
    expect(edges[0]?.node.changes).toContainEqual({ field: 'removed_rows', before: '0', after: '2' });

    // The assessment is the same, its hash can still be computed, and the same assessment comes out again.
    const [stored] = await server.rows<{ result: unknown; days: unknown; content_hash: string }>(
      `select result, days, content_hash from assessment where id = '${before.id}'`,
    );
    if (!stored) throw new Error('the assessment is gone');
    expect(contentHash('421100', stored)).toBe(stored.content_hash);
    expect(await facts(city)).toBe(counted);
    expect((await assess(city.client, period)).contentHash).toBe(before.contentHash);

    // What is handed in for a closed month changes nothing that counts, and neither does a revert.
    await city.client.upload('late.csv', daily(['2023-05-04', 5000]));
    expect(await facts(city)).toBe(counted);
    expect(await months(city)).toEqual([recent.slice(0, 7)]);
    expect((await city.client.revert(importId)).state).toBe('reverted');
    expect(await facts(city)).toBe(counted);
    await apply(city);
    await eventually(() => Promise.resolve(!parquets(city).some((name) => name.includes('2023-'))));
  }, 120_000);

  it('never opens again what was closed, and refuses what makes no sense', async () => {
    const city = await server.city('421200', 'administrator');
    await city.client.upload('a.csv', daily(['2023-05-04', 1000]));
    await set(city, 'call_metrics_daily', 12);
    await apply(city);
    const closed = await rule(city, 'call_metrics_daily');
    expect(closed?.closedBefore).toMatch(/^\d{4}-\d{2}$/);
    await set(city, 'call_metrics_daily', null);
    await apply(city);
    expect(await rule(city, 'call_metrics_daily')).toMatchObject({ months: null, closedBefore: closed?.closedBefore });
    expect(await set(city, 'imagined', 12)).toMatchObject({ code: 'unknown_dataset' });
  });
});
