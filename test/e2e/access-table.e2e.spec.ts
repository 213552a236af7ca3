import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { TenantsService } from '@hotline/tenancy';
import { TestRedis } from '../harness/test-redis.js';
import type { ApiClient } from './api-client.js';
import { ApiServer } from './api-server.js';
import { answerOf, callOf, callRoute, operationsOf, routesOf } from './operations.js';

/** `docs/access.md` says who may do what; here everybody tries everything. */
const page = new URL('../../docs/access.md', import.meta.url);
const cells = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.replaceAll('`', '').trim());

let redis: TestRedis;
let server: ApiServer;
const callers = new Map<string, ApiClient>();
beforeAll(async () => {
  redis = await TestRedis.start();
  // With a queue, or there would be no board of it.
  server = await ApiServer.start({ HOTLINE_REDIS_URL: redis.url, HOTLINE_API_JOBS: '1' });
  const { tenant } = await server.city('420100');
  callers.set('visitor', server.anonymous());
  for (const role of ['viewer', 'analyst', 'manager', 'approver', 'administrator'] as const) {
    callers.set(role, await server.member(tenant, role));
  }
  for (const scope of ['imports:read', 'imports:write', 'assessments:read', 'assessments:write'] as const) {
    callers.set(`key ${scope}`, await server.apiKey(tenant, [scope]));
  }
  const tenants = server.app.get(TenantsService);
  const province = await tenants.createTenant({ kind: 'province', name: '省', provinceCode: '420000', isDemo: false });
  const operator = await tenants.createTenant({ kind: 'operator', name: '运营方', isDemo: false });
  callers.set('province viewer', await server.member(province, 'viewer'));
  callers.set('province administrator', await server.member(province, 'administrator'));
  callers.set('operator', await server.member(operator, 'administrator'));
});
afterAll(async () => {
  await server.close();
  await redis.close();
});

it('everybody may do what the table says and nothing else', async () => {
  const [head = [], , ...rows] = readFileSync(page, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map(cells);
  expect(head.slice(1)).toEqual([...callers.keys()]);
  const written = Object.fromEntries(
    rows.map(([operation = '', ...marks]) => [operation, head.slice(1).filter((_, index) => marks[index] === '✓')]),
  );
  expect(rows.flatMap((row) => row.slice(1)).filter((mark) => mark !== '✓' && mark !== '·')).toEqual([]);
  expect(Object.keys(written)).toHaveLength(rows.length);

  const found: Record<string, string[]> = {};
  const note = (operation: string, caller: string, answer: string): void => {
    const denied = /"code":"(unauthenticated|forbidden)"/.test(answer);
    (found[operation] ??= []).push(...(denied ? [] : [caller]));
  };
  for (const route of routesOf(server)) {
    for (const [caller, client] of callers) {
      note(route, caller, (await callRoute(client, route, randomUUID())).text);
    }
  }
  // Whoever signs out can do nothing more.
  const operations = operationsOf(server).sort((a, b) => Number(endsSession(a.name)) - Number(endsSession(b.name)));
  for (const operation of operations) {
    for (const [caller, client] of callers) {
      note(operation.name, caller, await answerOf(client, operation, callOf(operation)));
    }
  }
  expect(found).toEqual(written);
}, 180_000);

const endsSession = (name: string): boolean => name === 'Mutation.signOut';
