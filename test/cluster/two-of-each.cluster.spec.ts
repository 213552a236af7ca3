import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { ApiClient, type ImportView } from '../e2e/api-client.js';
import { ApiServer, type City } from '../e2e/api-server.js';

let server: ApiServer;
let city: City;
/** The address of each api process, past the proxy. */
let addresses: string[];
beforeAll(async () => {
  server = await ApiServer.start();
  city = await server.city();
  addresses = server.cluster.apis.map(({ found }) => found ?? '');
});
afterAll(() => server.close());

const daily = (month: string): string => `统计日期,人工请求量,人工接通量\n2023-${month}-04,1000,900\n`;
const imports = '{ imports(first: 1) { edges { node { id } } } }';
const marked = { 'x-hotline-request': '1', 'content-type': 'text/csv' };

/** The same person asking each api process in turn. */
const atEach = (headers: Readonly<Record<string, string>>): ApiClient[] =>
  addresses.map((address) => new ApiClient(address, { ...headers }));
const codesOf = (clients: readonly ApiClient[]): Promise<unknown[]> =>
  Promise.all(clients.map(async (client) => (await client.graphql(imports)).errors[0]?.extensions?.['code'] ?? 'ok'));

describe('two api processes', () => {
  it('know the same sessions: signed out at one is signed out at the other', async () => {
    const clients = atEach((await server.member(city.tenant, 'viewer')).sent);
    expect(await codesOf(clients)).toEqual(['ok', 'ok']);
    expect(await clients[0]?.ask('mutation { signOut }')).toBe(true);
    expect(await codesOf(clients)).toEqual(['unauthenticated', 'unauthenticated']);
  });

  it('receive one upload together, part by part', async () => {
    const bytes = Buffer.from(`${daily('03')}2023-03-05,1100,990\n`);
    const clients = atEach(city.client.sent);
    const [first, second] = clients as [ApiClient, ApiClient];
    const begun = await first.send('POST', `/uploads?filename=a.csv&bytes=${bytes.length}`, { headers: marked });
    const { id } = begun.json as { id: string };
    const parts = [bytes.subarray(0, 40), bytes.subarray(40)];
    for (const [index, part] of parts.entries()) {
      const digest = createHash('sha256').update(part).digest('base64');
      const answer = await clients[index]?.send('PUT', `/uploads/${id}/parts/${index + 1}`, {
        headers: { ...marked, 'content-digest': `sha-256=:${digest}:` },
        body: part,
      });
      expect(answer?.status).toBeLessThan(300);
    }
    const finished = await second.send('POST', `/uploads/${id}/finish?parts=2&commit=1&wait=60`, { headers: marked });
    expect(finished.json).toMatchObject({ state: 'committed', counts: { accepted: 2 } });
  });

  it('tell of a job that a worker runs, whichever is asked', async () => {
    const watch = `subscription ($id: ID!) { jobProgress(id: $id) { state attempt } }`;
    const received = await city.client.send('POST', '/imports?filename=b.csv', { headers: marked, body: daily('04') });
    const { id: importId } = received.json as ImportView;
    const { edges } = await city.client.ask<{ edges: { node: { id: string; subject: string } }[] }>(
      '{ jobs(first: 50) { edges { node { id subject } } } }',
    );
    const id = edges.find(({ node }) => node.subject === importId)?.node.id ?? '';
    const seen = await Promise.all(
      [...addresses, server.url].map(async (address) => {
        const headers = { ...city.client.sent };
        const socket = createClient({
          url: `${address.replace('http', 'ws')}/graphql`,
          retryAttempts: 0,
          webSocketImpl: class extends WebSocket {
            constructor(url: string, protocols: string[]) {
              super(url, protocols, { headers });
            }
          },
        });
        let last: unknown = null;
        for await (const { data } of socket.iterate({ query: watch, variables: { id } })) last = data;
        await socket.dispose();
        return last;
      }),
    );
    expect(seen).toEqual(Array(3).fill({ jobProgress: { state: 'DONE', attempt: 1 } }));
    expect((await city.client.settled(importId)).counts?.accepted).toBe(1);
  });

  it('answer on while one of them is killed, and both again afterwards', async () => {
    const [api] = server.cluster.apis;
    process.kill(api?.pid ?? 0, 'SIGKILL');
    await until(() => api?.found === null);
    for (let asked = 0; asked < 6; asked += 1) {
      expect((await server.anonymous().send('GET', '/health/ready')).status).toBe(200);
    }
    await until(() => api?.found !== null);
    expect((await new ApiClient(api?.found ?? '').send('GET', '/health/ready')).status).toBe(200);
  });
});

it('the proxy says who asked, and nobody else does', async () => {
  const administrator = await server.member(city.tenant, 'administrator');
  const liar = new ApiClient(server.url, { ...administrator.sent, 'x-forwarded-for': '203.0.113.9' });
  await liar.ask(`mutation { createApiKey(input: { name: "x", scopes: ["imports:read"] }) { __typename } }`);
  const { edges } = await liar.ask<{ edges: { node: { operation: string; address: string } }[] }>(
    '{ auditEvents(first: 100) { edges { node { operation address } } } }',
  );
  const made = edges.filter(({ node }) => node.operation === 'createApiKey');
  expect(made.map(({ node }) => node.address)).toEqual(['127.0.0.1']);
});

it('only the migrations had the login that owns the tables', () => {
  const { password } = new URL(server.database.ownerUrl);
  for (const { pid } of [...server.cluster.apis, ...server.cluster.workers]) {
    const environment = readFileSync(`/proc/${String(pid)}/environ`, 'utf8');
    expect(environment).toContain('HOTLINE_APP_DATABASE_URL=');
    expect(environment).not.toContain(password);
  }
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 40_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
