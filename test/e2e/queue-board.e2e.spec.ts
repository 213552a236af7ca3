import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TenantsService } from '@hotline/tenancy';
import type { Browser } from 'playwright-core';
import { startBrowser, watchFaults } from '../../widgets/test/browser.js';
import { TestRedis } from '../harness/test-redis.js';
import type { ApiClient } from './api-client.js';
import { ApiServer, type City } from './api-server.js';

let redis: TestRedis;
let server: ApiServer;
let city: City;
let operator: ApiClient;
let browser: Browser;
beforeAll(async () => {
  redis = await TestRedis.start();
  server = await ApiServer.start({ HOTLINE_REDIS_URL: redis.url, HOTLINE_API_JOBS: '1' });
  city = await server.city('420100', 'administrator');
  const tenants = server.app.get(TenantsService);
  const tenant = await tenants.createTenant({ kind: 'operator', name: '运营方', isDemo: false });
  operator = await server.member(tenant, 'administrator');
  await city.client.upload('a.csv', '统计日期,人工请求量,人工接通量\n2023-05-04,1000,900\n');
  // Bull writes down the end of a message a moment after its job has ended.
  while ((await board())?.counts['completed'] !== 2) await sleep(20);
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await redis.close();
});

interface Queues {
  readonly queues: readonly {
    readonly name: string;
    readonly readOnlyMode: boolean;
    readonly counts: Readonly<Record<string, number>>;
    readonly jobs: readonly { readonly id: string; readonly name: string; readonly data: object }[];
  }[];
}
const all = '/queues/api/queues?activeQueue=jobs&status=completed&page=1';
const board = async (): Promise<Queues['queues'][number] | undefined> =>
  ((await operator.send('GET', all)).json as Queues).queues[0];
const status = async (client: ApiClient, path: string, method = 'GET'): Promise<number> =>
  (await client.send(method, path)).status;

describe('the board of the queue', () => {
  it('shows administrators of the operator which messages there were, and nothing of whose they are', async () => {
    const queue = await board();
    expect(queue?.readOnlyMode).toBe(true);
    expect(queue?.jobs.map(({ name }) => name).sort()).toEqual(['check-import', 'commit-import']);
    for (const { data } of queue?.jobs ?? []) expect(Object.keys(data)).toEqual(['job']);
    expect(JSON.stringify(queue)).not.toContain(city.tenant.tenantId);
  });

  it('is closed to everybody else, whatever they ask for', async () => {
    for (const path of ['/queues', '/queues/', '/queues/queue/jobs', '/queues/static/favicon.ico', all]) {
      expect([path, await status(server.anonymous(), path)]).toEqual([path, 401]);
      expect([path, await status(city.client, path)]).toEqual([path, 403]);
    }
  });

  it('changes nothing, even for those who may look', async () => {
    for (const [method, action] of [
      ['PUT', 'clean/completed'],
      ['PUT', 'pause'],
      ['PUT', 'empty'],
      ['POST', 'add'],
    ] as const) {
      expect([action, await status(operator, `/queues/api/queues/jobs/${action}`, method)]).toEqual([action, 403]);
      const marked = await operator.send(method, `/queues/api/queues/jobs/${action}`, {
        headers: { 'x-hotline-request': '1' },
      });
      expect([action, marked.status]).toEqual([action, expect.any(Number)]);
      expect(marked.status).toBeGreaterThanOrEqual(400);
    }
    const queue = await board();
    expect(queue?.counts['completed']).toBe(2);
  });

  it('is a page that runs by what this server gives alone: fonts from elsewhere are refused', async () => {
    const page = await browser.newPage({ extraHTTPHeaders: { ...operator.sent } });
    const faults = await watchFaults(page);
    await page.goto(`${server.url}/queues/queue/jobs?status=completed`);
    await page.getByText('commit-import').first().waitFor();
    expect(faults.errors).toEqual([]);
    const violations = await faults.violations();
    expect(violations.filter((each) => !each.startsWith('style-src-elem https://fonts.googleapis.com/'))).toEqual([]);
    await page.close();
  });
});

it('there is none without a queue', async () => {
  const alone = await ApiServer.startHere();
  try {
    expect(await status(alone.anonymous(), '/queues')).toBe(404);
  } finally {
    await alone.close();
  }
});
