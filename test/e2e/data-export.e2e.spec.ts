import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportedTables, tablesNotExported } from '@hotline/rights';
import yauzl from 'yauzl';
import { ApiServer, type City } from './api-server.js';
import { assess } from './assessment-view.js';
import { contentHash, daily, exported, pathOf, tenantTables, type Export } from './data-rights.js';

let server: ApiServer;
beforeAll(async () => {
  server = await ApiServer.start();
});
afterAll(() => server.close());

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
    expect([...Object.keys(exportedTables), ...Object.keys(tablesNotExported)].sort()).toEqual(
      await tenantTables(server),
    );
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
