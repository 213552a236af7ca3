import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { ApiClient } from './api-client.js';
import { ApiServer, type City } from './api-server.js';

/** Two tenants of the same city, with the same file names, periods and settings: nothing natural tells them apart. */
let server: ApiServer;
let first: City;
let second: City;
const rates = new Map<City, number>();
const period = { start: '2023-05-01', end: '2023-06-01' };
beforeAll(async () => {
  server = await ApiServer.start();
  first = await server.city('420100', 'administrator');
  second = await server.city('420100', 'administrator');
  rates.set(first, 90).set(second, 60);
});
afterAll(() => server.close());

const daily = (answered: number): string => `统计日期,人工请求量,人工接通量\n2023-05-04,1000,${answered}\n`;
interface Assessed {
  readonly id: string;
  readonly values: readonly (number | null)[];
  readonly files: readonly string[];
}
async function assessed({ client }: City): Promise<Assessed> {
  const { id, dimensions, imports } = await client.ask<{
    id: string;
    dimensions: { elements: { indicators: { value: number | null }[] }[] }[];
    imports: { importId: string }[];
  }>(
    `mutation ($input: AssessInput!) { assess(input: $input) { ... on Assessment {
      id dimensions { elements { indicators { value } } } imports { importId } } ... on Failure { code message } } }`,
    { input: period },
  );
  const indicators = dimensions.flatMap(({ elements }) => elements.flatMap((element) => element.indicators));
  return { id, values: indicators.map(({ value }) => value), files: imports.map(({ importId }) => importId) };
}

describe('two tenants with the same names for everything', () => {
  it('are told their own figures, however their requests interleave', async () => {
    // The same bytes, too: no tenant learns that another has a file already.
    const same = await Promise.all([first, second].map(({ client }) => client.upload('同名.csv', daily(1000))));
    expect(same[0]?.sha256).toBe(same[1]?.sha256);
    expect(same[0]?.id).not.toBe(same[1]?.id);
    expect(same.map(({ changes }) => changes?.inserted)).toEqual([1, 1]);
    for (const [{ client }, rate] of rates) await client.upload('同名.csv', daily(rate * 10));
    const found = await Promise.all(
      Array.from({ length: 6 }, (_, index) => (index % 2 === 0 ? first : second)).map(async (city) => ({
        city,
        ...(await assessed(city)),
      })),
    );
    for (const { city, values } of found) {
      expect(values).toContain(rates.get(city));
      expect(values).not.toContain(rates.get(city === first ? second : first));
    }
    const own = (city: City) => new Set(found.filter((each) => each.city === city).flatMap(({ files }) => files));
    expect([...own(first)].some((id) => own(second).has(id))).toBe(false);
  });

  it('show their own result under their own key to whoever keeps answers', async () => {
    for (const [{ client }, rate] of rates) await client.upload('同名.csv', daily(rate * 10));
    const keys: { key: string; rate: number }[] = [];
    for (const [city, rate] of rates) {
      const { id } = await assessed(city);
      const { id: submission } = await city.client.ask<{ id: string }>(
        `mutation { submitAssessment(assessmentId: "${id}") { ... on Submission { id } } }`,
      );
      const approver = await server.member(city.tenant, 'approver');
      await approver.ask(`mutation { approvePublication(submissionId: "${submission}") { __typename } }`);
      const { key } = await city.client.ask<{ key: string }>(
        `mutation { createEmbedKey(input: { name: "门户", origins: ["https://portal.example"] }) { ... on EmbedKey { key } } }`,
      );
      keys.push({ key, rate });
    }
    const read = async (key: string) => {
      const answer = await server
        .anonymous()
        .send('GET', `/embed/v1/${key}/tree.json`, { headers: { origin: 'https://portal.example' } });
      expect(answer.headers.get('vary')).toContain('origin');
      return answer.text;
    };
    for (const { key, rate } of [...keys, ...keys]) {
      const other = keys.find((each) => each.key !== key)?.rate;
      expect(await read(key)).toContain(`"value":${rate},`);
      expect(await read(key)).not.toContain(`"value":${other},`);
    }
  });

  it('are answered with nested fields over a single connection', async () => {
    const narrow = await ApiServer.start({ HOTLINE_DATABASE_POOL: '1' });
    try {
      const { client, tenant } = await narrow.city('420100', 'administrator');
      await client.upload('同名.csv', daily(900));
      const answer = await client.graphql(
        `{ viewer { tenantId email memberships { tenantName } secondFactor { enabled } }
           imports { edges { node { id report(first: 1) { edges { cursor } } } } } members { edges { node { name email } } } }`,
      );
      expect(answer).toMatchObject({
        errors: [],
        data: { viewer: { tenantId: tenant.tenantId }, imports: { edges: [{ node: { report: { edges: [] } } }] } },
      });
    } finally {
      await narrow.close();
    }
  });

  it('have their files in a folder each, under names they did not choose', async () => {
    // One that waits lies there as it was sent, encrypted.
    for (const { client } of [first, second]) {
      expect((await client.upload('同名待定.csv', daily(777), { commit: false })).state).toBe('checked');
    }
    const root = join(server.dataDir, 'files');
    const folders = readdirSync(root);
    expect(folders.sort()).toEqual([first, second].map(({ tenant }) => tenant.tenantId).sort());
    const names = readdirSync(root, { recursive: true }).map(String);
    expect(names.filter((name) => /\/sources\//.test(name))).toHaveLength(2);
    expect(names.join('\n')).not.toMatch(/同名|\.\./);
  });

  it('do not wait for each other’s locks', async () => {
    const holder = new pg.Client(server.database.superuserUrl);
    await holder.connect();
    try {
      await holder.query('begin');
      // Everything the application locks by name, and the rows it locks, of the first tenant.
      await holder.query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [first.tenant.tenantId]);
      for (const table of ['audit_head', 'tenant', 'file_layout', 'job', '"import"']) {
        await holder.query(`select from ${table} where tenant_id = $1 for update`, [first.tenant.tenantId]);
      }
      await change(second.client);
      const held = change(first.client).then(
        () => 'done',
        () => 'refused',
      );
      expect(await Promise.race([held, change(second.client).then(() => 'the other was not held up')])).toBe(
        'the other was not held up',
      );
      await holder.query('rollback');
      expect(await held).toBe('done');
    } finally {
      await holder.end();
    }
  });
});

/** Something that is audited, so that it takes the tenant's last lock. */
async function change(client: ApiClient): Promise<void> {
  await client.ask(
    `mutation { createEmbedKey(input: { name: "x", origins: ["https://portal.example"] }) { ... on EmbedKey { id } } }`,
  );
}
