import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page, Request } from 'playwright-core';
import { startBrowser, watchFaults, type Faults } from '../../widgets/test/browser.js';
import { testSecret } from '../harness/test-cluster.js';
import { ApiServer, publicUrl, type City } from './api-server.js';
import { ServerProcess } from './server-process.js';

let server: ApiServer;
/** The compiled service beside it, which has the elements, too. */
let service: ServerProcess;
let url: string;
let city: City;
let key: string;
let browser: Browser;
/** Sites of somebody else, of which the key names the first. */
const portals: { readonly server: Server; readonly origin: string }[] = [];
beforeAll(async () => {
  server = await ApiServer.start();
  service = ServerProcess.start({
    HOTLINE_DATABASE_URL: server.database.ownerUrl,
    HOTLINE_SECRET: testSecret,
    HOTLINE_DATA_DIR: server.dataDir,
    HOTLINE_PORT: '0',
    HOTLINE_DEMO: '0',
    HOTLINE_PUBLIC_URL: publicUrl,
  });
  url = await service.listening();
  for (let each = 0; each < 2; each += 1) portals.push(await startPortal());
  city = await server.city('420100', 'administrator');
  const { client, tenant } = city;
  await client.upload('a.csv', '统计日期,人工请求量,人工接通量\n2023-05-04,1000,900\n');
  const { id } = await client.ask<{ id: string }>(
    'mutation { assess(input: { start: "2023-05-04", end: "2023-05-05" }) { ... on Assessment { id } } }',
  );
  const { id: submission } = await client.ask<{ id: string }>(
    `mutation { submitAssessment(assessmentId: "${id}") { ... on Submission { id } } }`,
  );
  const approver = await server.member(tenant, 'approver');
  await approver.ask(`mutation { approvePublication(submissionId: "${submission}") { __typename } }`);
  ({ key } = await client.ask<{ key: string }>(
    `mutation ($input: CreateEmbedKeyInput!) { createEmbedKey(input: $input) { ... on EmbedKey { key } ... on Failure { message } } }`,
    { input: { name: '门户', origins: [portals[0]?.origin] } },
  ));
  browser = await startBrowser();
}, 180_000);
afterAll(async () => {
  await browser.close();
  for (const portal of portals) portal.server.closeAllConnections();
  for (const portal of portals) await new Promise((resolve) => portal.server.close(resolve));
  await service.ended('SIGTERM');
  await server.close();
});

/** A page as `widgets/README.md` tells portals to write it. */
async function startPortal(): Promise<(typeof portals)[number]> {
  const portal = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(`<!doctype html><title>门户</title>
      <script type="module" src="${url}/widgets/v1/hotline-widgets.js"></script>
      <hotline-grade-badge key="${key}"></hotline-grade-badge>
      <hotline-indicator-tree key="${key}"></hotline-indicator-tree>`);
  });
  await new Promise<void>((resolve) => portal.listen(0, '127.0.0.1', resolve));
  return { server: portal, origin: `http://127.0.0.1:${(portal.address() as AddressInfo).port}` };
}

interface Visit {
  readonly page: Page;
  readonly faults: Faults;
  /** What the page asked the service. */
  readonly asked: readonly Request[];
}

async function visit(portal: number): Promise<Visit> {
  const page = await browser.newPage();
  const faults = await watchFaults(page);
  const asked: Request[] = [];
  page.on('request', (request) => {
    if (request.url().startsWith(url)) asked.push(request);
  });
  await page.goto(portals[portal]?.origin ?? '');
  return { page, faults, asked };
}

describe('the elements on the page of a portal', () => {
  it('show what was published, and ask for two fixed documents: no query, no body, no cookie', async () => {
    const { page, faults, asked } = await visit(0);
    await page.locator('hotline-grade-badge').getByText('武汉市').waitFor();
    await page.locator('hotline-indicator-tree button[data-path]').first().waitFor();
    expect(faults.errors).toEqual([]);
    const seen = await Promise.all(
      asked.map(async (request) => ({
        what: `${request.method()} ${request.url().slice(url.length)}`,
        body: request.postData(),
        cookie: (await request.allHeaders())['cookie'],
      })),
    );
    expect(seen.map(({ what }) => what).sort()).toEqual([
      `GET /embed/v1/${key}/summary.json`,
      `GET /embed/v1/${key}/tree.json`,
      'GET /widgets/v1/hotline-widgets.js',
    ]);
    for (const { body, cookie } of seen) expect([body, cookie]).toEqual([null, undefined]);
    await page.close();
  });

  it('get nothing more for a script of the page that has their key: no query of its own, not even a committed one', async () => {
    const { page } = await visit(0);
    const answers = await page.evaluate(
      async ([service, embedKey]) => {
        const ask = async (path: string, init: RequestInit): Promise<string> =>
          fetch(service + path, init).then(
            async (answer) => answer.text(),
            (error: Error) => error.name,
          );
        const headers = { 'content-type': 'application/json', authorization: `Bearer ${embedKey}` };
        return [
          await ask('/graphql', { method: 'POST', headers, body: '{"query":"{ imports { edges { node { id } } } }"}' }),
          await ask('/graphql', { method: 'POST', headers, body: '{"query":"{ published { cityName } }"}' }),
          await ask(`/embed/v1/${embedKey}/imports.json`, {}),
          await ask(`/embed/v1/${embedKey}/summary.json?query={imports{id}}`, {}),
        ];
      },
      [url, key] as const,
    );
    expect(answers.slice(0, 3)).toEqual(['TypeError', 'TypeError', 'TypeError']);
    expect(JSON.parse(answers[3] ?? '')).toMatchObject({ city: { code: '420100' }, self_assessed: true });
    expect(answers[3]).not.toContain('imports');
    await page.close();
  });

  it('show no figure on a site that the key does not name, nor after the key was revoked', async () => {
    const elsewhere = await visit(1);
    await elsewhere.page.locator('hotline-grade-badge [part=badge].failed').waitFor();
    expect(await elsewhere.page.locator('hotline-grade-badge').innerText()).not.toMatch(/\d/);
    await elsewhere.page.close();

    const { page } = await visit(0);
    await page.locator('hotline-grade-badge').getByText('武汉市').waitFor();
    const [row] = await server.rows<{ id: string }>('select id from embed_key');
    await city.client.ask(`mutation { revokeEmbedKey(id: "${row?.id}") { __typename } }`);
    // The page that is open forgets what it showed, once the browser may not keep it any longer: a minute.
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Network.clearBrowserCache');
    await page.locator('hotline-grade-badge').evaluate((badge) => (badge as unknown as { refresh(): void }).refresh());
    await page.locator('hotline-grade-badge [part=badge].failed').getByText('未公开').waitFor();
    expect(await page.locator('hotline-grade-badge').innerText()).not.toMatch(/\d/);
    const after = await visit(0);
    await after.page.locator('hotline-grade-badge [part=badge].failed').getByText('未公开').waitFor();
    await page.close();
    await after.page.close();
  });
});
