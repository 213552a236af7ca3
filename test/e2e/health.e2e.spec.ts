import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MetricsServer } from '@hotline/platform';
import pg from 'pg';
import { TestRedis } from '../harness/test-redis.js';
import { ApiServer, type City } from './api-server.js';

const daily = `统计日期,人工请求量,人工接通量\n2023-05-04,1000,900\n2023-05-05,1000,910\n`;

let redis: TestRedis;
let server: ApiServer;
let cities: City[];
let operators: string;
beforeAll(async () => {
  redis = await TestRedis.start();
  server = await ApiServer.startHere({ HOTLINE_REDIS_URL: redis.url, HOTLINE_API_JOBS: '1' });
  cities = [await server.city('420100'), await server.city('330100')];
  operators = `http://127.0.0.1:${String(server.app.get(MetricsServer).port)}`;
  for (const { client } of cities) expect((await client.upload('a.csv', daily)).state).toBe('committed');
});
afterAll(async () => {
  await server.close();
  await redis.close();
});

const status = async (path: string): Promise<[number, unknown]> => {
  const answer = await server.anonymous().send('GET', path);
  return [answer.status, answer.json];
};
const figures = async (): Promise<string> => (await fetch(`${operators}/metrics`)).text();

describe('health', () => {
  it('is told with its causes', async () => {
    expect(await status('/health/live')).toEqual([200, { status: 'ok' }]);
    expect(await status('/health/ready')).toEqual([
      200,
      { status: 'ok', database: 'ok', queue: 'ok', stopping: false },
    ]);
    expect((await fetch(`${operators}/health/ready`)).status).toBe(200);
  });

  it('does without Redis: what is asked for then is done later', async () => {
    await redis.down();
    await until(async () => ((await status('/health/ready'))[1] as { queue: string }).queue === 'down');
    expect((await status('/health/ready'))[0]).toBe(200);
    const [city] = cities as [City];
    const sent = await city.client.send('POST', '/imports?filename=b.csv&commit=1', {
      headers: { 'x-hotline-request': '1', 'content-type': 'text/csv' },
      body: daily.replaceAll('05-0', '06-0'),
    });
    expect(sent.status).toBe(201);
    await redis.up();
    expect((await city.client.settled((sent.json as { id: string }).id)).state).toBe('committed');
  });

  it('is down without the database, though the process lives; and comes back by itself', async () => {
    const { name, superuserUrl } = server.database;
    const beside = new URL(superuserUrl);
    beside.pathname = '/postgres';
    const inside = new pg.Client(beside.href);
    await inside.connect();
    try {
      await inside.query(`alter database ${name} allow_connections false`);
      await inside.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
      expect(await status('/health/ready')).toMatchObject([503, { status: 'down', database: 'down' }]);
      expect((await status('/health/live'))[0]).toBe(200);
      expect(await figures()).toContain('hotline_request_seconds_count');
      // The same for somebody who is signed in; what needs the database says when to come again.
      const [{ client }] = cities as [City];
      expect((await client.send('GET', '/health/live')).status).toBe(200);
      const sent = await client.send('POST', '/imports?filename=a.csv', {
        headers: { 'x-hotline-request': '1' },
        body: daily,
      });
      expect([sent.status, sent.json]).toMatchObject([503, { error: { code: 'database_unavailable' } }]);
      expect(Number(sent.headers.get('retry-after'))).toBeGreaterThan(0);
      const { errors } = await client.graphql('{ imports(first: 1) { edges { node { id } } } }');
      expect(errors[0]?.extensions).toMatchObject({ code: 'database_unavailable' });
      await inside.query(`alter database ${name} allow_connections true`);
      await until(async () => (await status('/health/ready'))[0] === 200);
    } finally {
      await inside.end();
    }
    const [, city] = cities as [City, City];
    expect((await city.client.upload('c.csv', daily.replaceAll('05-0', '07-0'))).state).toBe('committed');
  });
});

describe('the figures', () => {
  it('tell of jobs, rows, requests, transactions and statements', async () => {
    const text = await figures();
    for (const line of [
      'hotline_job_seconds_count{kind="check-import",end="done"}',
      'hotline_job_seconds_count{kind="commit-import",end="done"}',
      'hotline_import_rows_total{dataset="call_metrics_daily"} 8',
      'hotline_request_seconds_count{method="POST",route="/imports",status="201"}',
      'hotline_transaction_seconds_count{end="kept"}',
      'hotline_statement_seconds_count{login="app"}',
      'nodejs_eventloop_lag_p99_seconds',
    ]) {
      expect(text).toContain(line);
    }
  });

  it('hold no tenant, no person and no address that was asked for', async () => {
    await server.anonymous().send('GET', '/imports/not-a-route/13800138000');
    const text = await figures();
    for (const { tenant } of cities) {
      expect(text).not.toContain(tenant.tenantId);
      expect(text).not.toContain(tenant.cityCode ?? '?');
    }
    expect(text).not.toMatch(/@centre|13800138000|not-a-route/);
  });

  it('are not to be had from the port of the public', async () => {
    expect((await status('/metrics'))[0]).toBe(404);
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
