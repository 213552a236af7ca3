import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplyRetention } from '@hotline/imports';
import { ApiServer, type City } from './api-server.js';
import { assess } from './assessment-view.js';
import { contentHash, daily, eventually } from './data-rights.js';

let server: ApiServer;
beforeAll(async () => {
  server = await ApiServer.start();
});
afterAll(() => server.close());

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
