import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Database } from '@hotline/platform';
import pg from 'pg';
import { ApiServer, type City } from './api-server.js';
import { assess } from './assessment-view.js';

/** Other tenants that each have what the one has. */
const others = 2_000;
const period = { start: '2023-05-01', end: '2023-06-01' };
/** What people do every day, and what it asks the database, as it was asked. */
const asked = new Map<string, readonly unknown[]>();

let server: ApiServer;
let city: City;
let recording = false;
const prototype = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
const plain = prototype.query;
beforeAll(async () => {
  prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [text, values] = args;
    if (recording && typeof text === 'string') asked.set(text, Array.isArray(values) ? values : []);
    return plain.apply(this, args);
  };
  server = await ApiServer.start();
  city = await server.city('420100', 'administrator');
});
afterAll(async () => {
  prototype.query = plain;
  await server.close();
});

async function everyday(): Promise<void> {
  const { client, tenant } = city;
  const key = await server.apiKey(tenant, ['imports:read', 'imports:write']);
  const { id } = await client.upload(
    'a.csv',
    '统计日期,人工请求量,人工接通量\n2023-05-04,1000,900\n2023-05-05,1000,800\n',
  );
  await client.upload('b.csv', '统计日期,人工请求量,人工接通量\n2023-05-05,1000,900\n昨天,1,1\n');
  const waiting = await client.upload('c.csv', '统计日期,人工请求量,人工接通量\n2023-05-06,1000,900\n', {
    commit: false,
  });
  const { id: assessment } = await assess(client, period);
  const { id: submission } = await client.ask<{ id: string }>(
    `mutation { submitAssessment(assessmentId: "${assessment}") { ... on Submission { id } } }`,
  );
  await (
    await server.member(tenant, 'approver')
  ).ask(`mutation { approvePublication(submissionId: "${submission}") { __typename } }`);
  const { key: embedKey } = await client.ask<{ key: string }>(
    `mutation { createEmbedKey(input: { name: "门户", origins: ["https://portal.example"] }) { ... on EmbedKey { key } } }`,
  );
  await client.send('GET', `/embed/v1/${embedKey}/tree.json`);
  await key.graphql('{ imports(first: 5) { edges { node { id state } } } }');
  for (const query of [
    '{ imports(first: 5) { edges { cursor } } }',
    '{ imports(first: 5, dataset: "call_metrics_daily") { edges { cursor } } }',
    `{ import(id: "${id}") { id report(first: 5) { edges { cursor } } } }`,
    `{ importPreview(id: "${waiting.id}") { __typename } }`,
    '{ assessments(first: 5) { edges { cursor } } }',
    `{ assessment(id: "${assessment}") { id days(method: "connect_rate.daily") { n } } }`,
    '{ jobs(first: 5) { edges { cursor } } }',
    '{ submissions(first: 5) { edges { cursor } } }',
    `{ submission(id: "${submission}") { id } }`,
    '{ members(first: 5) { edges { cursor } } }',
    '{ invitations(first: 5) { edges { cursor } } }',
    '{ apiKeys(first: 5) { edges { cursor } } }',
    '{ auditEvents(first: 5) { edges { cursor } } }',
  ]) {
    expect([query, (await client.graphql(query)).errors]).toEqual([query, []]);
  }
  await client.send('GET', `/imports/${id}/report.csv`);
  await client.revert(id);
}

/** What each tenant table holds of the one tenant, for many others as well. */
async function fillUp(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; columns: string }>(
    `select c.relname as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum)
       filter (where a.attname <> 'tenant_id' and a.attgenerated = '') as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
     group by c.oid having bool_or(a.attname = 'tenant_id')`,
  );
  // Neither references nor the audit have to hold for what is only there in number.
  await client.query(`set session_replication_role = replica`);
  await client.query(
    `create temp table neighbour as select gen_random_uuid() as id from generate_series(1, ${others})`,
  );
  for (const { name, columns } of rows) {
    await client.query(
      `insert into "${name}" (tenant_id, ${columns}) select n.id, ${columns.replaceAll(/(\w+|"[^"]+")/g, 't.$1')}
       from "${name}" t cross join neighbour n where t.tenant_id = $1`,
      [city.tenant.tenantId],
    );
  }
  await client.query('analyze');
  return rows.map(({ name }) => name);
}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Plan[];
}
const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

it('whatever people do every day reads the rows of their tenant, not those of all', async () => {
  recording = true;
  await everyday();
  recording = false;
  const superuser = new pg.Client(server.database.superuserUrl);
  await superuser.connect();
  const tables = await fillUp(superuser);
  await superuser.end();
  const app = new pg.Client(server.app.get(Database, { strict: false }).appUrl);
  await app.connect();
  const slow: string[] = [];
  let explained = 0;
  try {
    for (const [text, values] of asked) {
      const about = tables.filter((table) =>
        new RegExp(`\\b(from|join|into|update)\\s+"?${table}"?\\b`, 'i').test(text),
      );
      if (about.length === 0 || !/^\s*(select|with|insert|update|delete)\b/i.test(text)) continue;
      await app.query('begin');
      await app.query(`select set_config('app.tenant_id', $1, true)`, [city.tenant.tenantId]);
      const { rows } = await app.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`explain (format json) ${text}`, [
        ...values,
      ]);
      await app.query('rollback');
      explained += 1;
      for (const node of rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan: plan }) => nodes(plan)))) {
        const table = node['Relation Name'] ?? '';
        const whole = node['Node Type'].includes('Seq Scan') && tables.includes(table);
        const condition = node['Index Cond'];
        const ofAll = condition !== undefined && tables.includes(table) && !condition.includes('tenant_id');
        if (whole || ofAll) slow.push(`${node['Node Type']} of ${table} ${condition ?? ''}: ${text}`);
      }
    }
  } finally {
    await app.end();
  }
  expect(slow).toEqual([]);
  expect(explained).toBeGreaterThan(30);
});
