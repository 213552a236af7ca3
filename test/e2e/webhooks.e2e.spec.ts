import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TenantsService } from '@hotline/tenancy';
import { Webhook } from 'standardwebhooks';
import { ApiServer, type City } from './api-server.js';
import { assess } from './assessment-view.js';
import { WebhookReceiver, type ReceivedMessage } from './webhook-receiver.js';

let server: ApiServer;
let receiver: WebhookReceiver;
let wuhan: City;
let hangzhou: City;
beforeAll(async () => {
  receiver = await WebhookReceiver.start();
  server = await ApiServer.start({ HOTLINE_WEBHOOK_HOSTS: `127.0.0.1:${receiver.port}` });
  wuhan = await server.city('420100', 'administrator');
  hangzhou = await server.city('330100', 'administrator');
});
afterAll(async () => {
  await server.close();
  await receiver.close();
});
beforeEach(async () => {
  await server.sql('delete from webhook_endpoint');
  receiver.received.length = 0;
  receiver.answers.length = 0;
});

interface Endpoint {
  readonly id: string;
  readonly enabled: boolean;
  readonly disabledFor: string | null;
  readonly failingSince: string | null;
}
interface Delivery {
  readonly id: string;
  readonly code?: string;
  readonly eventId: string;
  readonly event: string;
  readonly state: string;
  readonly attempts: number;
  readonly responseStatus: number | null;
  readonly durationMs: number | null;
  readonly nextAttemptAt: string | null;
  readonly excerpt: string | null;
  readonly problem: { readonly code: string; readonly message: string } | null;
}
const deliveryFields = `id eventId event state attempts responseStatus durationMs nextAttemptAt excerpt
  problem { code message messageEn }`;
const every = ['import.committed', 'import.reverted', 'assessment.ready', 'submission.returned'];

async function create(url = receiver.url, events = every, { client } = wuhan) {
  return client.ask<{ secret: string; endpoint: Endpoint; code?: string }>(
    `mutation ($input: CreateWebhookEndpointInput!) { createWebhookEndpoint(input: $input) {
      ... on WebhookEndpointWithSecret { secret endpoint { id enabled } } ... on Failure { code message messageEn } } }`,
    { input: { name: '数据平台', url, events } },
  );
}
const oneDelivery = `... on WebhookDelivery { ${deliveryFields} } ... on Failure { code message }`;
const test = (id: string, { client } = wuhan) =>
  client.ask<Delivery>(`mutation ($id: ID!) { testWebhookEndpoint(id: $id) { ${oneDelivery} } }`, { id });
const replay = (id: string, { client } = wuhan) =>
  client.ask<Delivery>(`mutation ($id: ID!) { replayWebhookDelivery(id: $id) { ${oneDelivery} } }`, { id });
const rotate = (id: string, { client } = wuhan) =>
  client.ask<{ secret: string }>(
    `mutation ($id: ID!) { rotateWebhookSecret(id: $id) {
      ... on WebhookEndpointWithSecret { secret } ... on Failure { code } } }`,
    { id },
  );
const enable = (id: string, enabled: boolean) =>
  wuhan.client.ask<Endpoint>(
    `mutation ($id: ID!, $enabled: Boolean) { updateWebhookEndpoint(input: { id: $id, enabled: $enabled }) {
      ... on WebhookEndpoint { id enabled disabledFor failingSince } ... on Failure { code } } }`,
    { id, enabled },
  );

async function endpoint(id: string): Promise<Endpoint | undefined> {
  const { edges } = await wuhan.client.ask<{ edges: { node: Endpoint }[] }>(
    '{ webhookEndpoints { edges { node { id enabled disabledFor failingSince } } } }',
  );
  return edges.map(({ node }) => node).find((each) => each.id === id);
}
async function deliveries(filter = '', { client } = wuhan): Promise<Delivery[]> {
  const { edges } = await client.ask<{ edges: { node: Delivery }[] }>(
    `{ webhookDeliveries(first: 100${filter}) { edges { node { ${deliveryFields} } } } }`,
  );
  return edges.map(({ node }) => node);
}
/** The delivery once it is as expected. */
async function delivery(id: string, expected: (found: Delivery) => boolean): Promise<Delivery> {
  for (let tries = 0; tries < 400; tries += 1) {
    const found = (await deliveries()).find((each) => each.id === id);
    if (found && expected(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the delivery never got there: ${JSON.stringify(await deliveries())}`);
}
const ended = ({ state }: Delivery): boolean => state !== 'waiting';

interface Message {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}
/** As a receiver does it, with the library of Standard Webhooks. */
const verified = ({ body, headers }: ReceivedMessage, secret: string) =>
  new Webhook(secret).verify(body, headers) as Message;

const daily = (date: string): string => `统计日期,人工请求量,人工接通量\n${date},1000,900\n`;

describe('a receiver', () => {
  it('is told of imports and assessments, each signed, and the log tells what became of it', async () => {
    const { secret, endpoint: made } = await create();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { id: importId } = await wuhan.client.upload('a.csv', daily('2023-05-04'));
    expect(verified(await receiver.next(), secret)).toMatchObject({
      type: 'import.committed',
      data: { importId, dataset: 'call_metrics_daily', accepted: 1, refused: 0 },
    });
    const { id: assessmentId } = await assess(wuhan.client, { start: '2023-05-04', end: '2023-05-05' });
    const data = { assessmentId, start: '2023-05-04', end: '2023-05-05', methodology: 'national-2023' };
    expect(verified(await receiver.next(), secret)).toMatchObject({ type: 'assessment.ready', data });
    await wuhan.client.revert(importId);
    const told = await receiver.next();
    expect(verified(told, secret)).toMatchObject({ type: 'import.reverted', data: { importId } });

    const [last] = await deliveries(`, endpointId: "${made.id}"`);
    const logged = await delivery(last?.id ?? '', ended);
    expect(logged).toMatchObject({
      ...{ event: 'import.reverted', state: 'delivered', attempts: 1, responseStatus: 204 },
      ...{ eventId: told.headers['webhook-id'], problem: null, excerpt: null, nextAttemptAt: null },
    });
    expect(logged.durationMs).toEqual(expect.any(Number));
  }, 120_000);

  it('is told what it asked for, by its own city only', async () => {
    const own = await create(receiver.url, ['import.reverted']);
    const theirs = await create(receiver.url, every, hangzhou);
    const { id } = await wuhan.client.upload('b.csv', daily('2023-05-05'));
    await wuhan.client.revert(id);
    expect(verified(await receiver.next(), own.secret).type).toBe('import.reverted');
    const { id: hers } = await hangzhou.client.upload('b.csv', daily('2023-05-05'));
    expect(verified(await receiver.next(), theirs.secret).data).toMatchObject({ importId: hers });
    expect(receiver.received).toEqual([]);
    expect((await deliveries()).map(({ event }) => event)).toEqual(['import.reverted']);
  });

  it('is told that its province returned what it handed in', async () => {
    const tenants = server.app.get(TenantsService);
    const province = await tenants.createTenant({
      kind: 'province',
      name: '省',
      provinceCode: '420000',
      isDemo: false,
    });
    const operator = await tenants.createTenant({ kind: 'operator', name: '运营方', isDemo: false });
    await (
      await server.member(operator, 'administrator')
    ).ask(
      `mutation ($city: ID!, $province: ID) { assignCity(input: { cityTenantId: $city, provinceTenantId: $province }) {
        ... on Done { done } ... on Failure { code } } }`,
      { city: wuhan.tenant.tenantId, province: province.tenantId },
    );
    await wuhan.client.upload('c.csv', daily('2023-06-04'));
    const { id: assessmentId } = await assess(wuhan.client, { start: '2023-06-04', end: '2023-06-05' });
    const { id: submissionId } = await wuhan.client.ask<{ id: string }>(
      `mutation ($id: ID!) { submitAssessment(assessmentId: $id) { ... on Submission { id } ... on Failure { code } } }`,
      { id: assessmentId },
    );
    const { secret } = await create();
    const office = await server.member(province, 'administrator');
    const write = (mutation: string) =>
      office.ask(
        `mutation ($id: ID!) { ${mutation}(submissionId: $id, text: "请核对接通量") {
          ... on Submission { id } ... on Failure { code } } }`,
        { id: submissionId },
      );
    await write('commentOnSubmission');
    await write('returnSubmission');
    const message = await receiver.next();
    // What the office wrote is not in the message.
    expect(verified(message, secret)).toEqual({
      type: 'submission.returned',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      data: { submissionId, assessmentId, start: '2023-06-04', end: '2023-06-05' },
    });
    expect(receiver.received).toEqual([]);
  });

  it('is told again when it did not take it, under the same id and with a signature of its own time', async () => {
    const { secret, endpoint: made } = await create();
    receiver.answers.push(500);
    const { id } = await test(made.id);
    const first = await receiver.next();
    const waiting = await delivery(id, ({ attempts }) => attempts === 1);
    expect(waiting).toMatchObject({
      ...{ state: 'waiting', responseStatus: 500, excerpt: '坏了' },
      problem: { code: 'not_accepted', message: '对方答复 500，应为 2xx。' },
    });
    const second = await receiver.next();
    expect([verified(first, secret), verified(second, secret)].map(({ type }) => type)).toEqual([
      'webhook.test',
      'webhook.test',
    ]);
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(second.body).toBe(first.body);
    expect(await delivery(id, ended)).toMatchObject({ state: 'delivered', attempts: 2, problem: null, excerpt: null });
  });

  it('checks with the old secret or the new one for a day after a rotation', async () => {
    const { secret: old, endpoint: made } = await create();
    const { secret } = await rotate(made.id);
    expect(secret).not.toBe(old);
    await test(made.id);
    const both = await receiver.next();
    for (const each of [old, secret]) expect(verified(both, each).type).toBe('webhook.test');
    await server.sql(`update webhook_endpoint set previous_until = now() - interval '1 second'`);
    await test(made.id);
    const alone = await receiver.next();
    expect(verified(alone, secret).type).toBe('webhook.test');
    expect(() => verified(alone, old)).toThrow();
  });

  it('can be sent a message of the past once more', async () => {
    const { secret, endpoint: made } = await create();
    const sent = await test(made.id);
    const first = await receiver.next();
    await delivery(sent.id, ended);
    const again = await replay(sent.id);
    expect(again.id).not.toBe(sent.id);
    expect(again.eventId).toBe(sent.eventId);
    const second = await receiver.next();
    expect(second.body).toBe(first.body);
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(verified(second, secret)).toBeDefined();
  });

  it('is given up after the last attempt, and then one can ask for another', async () => {
    const { endpoint: made } = await create();
    receiver.answers.push(503, 503);
    const { id } = await test(made.id);
    await delivery(id, ({ attempts, nextAttemptAt }) => attempts === 1 && nextAttemptAt !== null);
    await server.sql(`update job set attempt = 9, run_at = now() where kind = 'deliver-webhook' and state = 'queued'`);
    expect(await delivery(id, ended)).toMatchObject({
      ...{ state: 'failed', attempts: 2, nextAttemptAt: null },
      problem: { code: 'not_accepted' },
    });
    const again = await replay(id);
    expect(await delivery(again.id, ended)).toMatchObject({ state: 'delivered' });
  });

  it('is told nothing more when it says that it is gone, until somebody enables it', async () => {
    const { endpoint: made } = await create();
    receiver.answers.push(410);
    const { id } = await test(made.id);
    expect(await delivery(id, ended)).toMatchObject({ state: 'failed', attempts: 1, problem: { code: 'gone' } });
    expect(await endpoint(made.id)).toMatchObject({ enabled: false, disabledFor: 'gone' });
    receiver.received.length = 0;
    await wuhan.client.upload('d.csv', daily('2023-07-04'));
    expect(await enable(made.id, true)).toMatchObject({ enabled: true, disabledFor: null, failingSince: null });
    await wuhan.client.upload('e.csv', daily('2023-07-05'));
    await receiver.next();
    // Nobody was told of the import before.
    expect((await deliveries()).filter(({ event }) => event === 'import.committed')).toHaveLength(1);
  });

  it('is disabled after days in which nothing came through, and the audit says so', async () => {
    const { endpoint: made } = await create();
    receiver.answers.push(500, 500);
    const { id } = await test(made.id);
    await delivery(id, ({ attempts }) => attempts === 1);
    expect((await endpoint(made.id))?.failingSince).toEqual(expect.any(String));
    await server.sql(`update webhook_endpoint set failing_since = now() - interval '5 days 1 minute'`);
    await delivery(id, ({ attempts }) => attempts === 2);
    expect(await endpoint(made.id)).toMatchObject({ enabled: false, disabledFor: 'failing' });
    const { edges } = await wuhan.client.ask<{
      edges: { node: { operation: string; jobId: string; changes: object[] } }[];
    }>(
      `query { auditEvents(first: 1, filter: { subject: "webhook_endpoint" }) {
        edges { node { operation jobId changes { field before after } } } } }`,
    );
    expect(edges[0]?.node).toMatchObject({ operation: 'deliver-webhook', jobId: expect.any(String) });
    expect(edges[0]?.node.changes).toContainEqual({ field: 'disabled_for', before: null, after: 'failing' });
  });
});

describe('where messages may go', () => {
  it('is outside, unless the installation names the host', async () => {
    for (const url of [
      `http://127.0.0.1:${receiver.port + 1}/`,
      'https://169.254.169.254/latest/',
      'https://10.0.0.1/',
      'http://hub.example/',
    ]) {
      expect(await create(url)).toMatchObject({ code: 'webhook_url_invalid' });
    }
    // A name is looked at when the message goes out.
    const { endpoint: made } = await create(`https://localhost:${receiver.port}/`);
    const { id } = await test(made.id);
    expect(await delivery(id, ({ attempts }) => attempts === 1)).toMatchObject({
      ...{ state: 'waiting', responseStatus: null, excerpt: null },
      problem: { code: 'address_refused' },
    });
    expect(receiver.received).toEqual([]);
  });

  it('is not where an answer points', async () => {
    const { endpoint: made } = await create();
    receiver.answers.push(302);
    const { id } = await test(made.id);
    await receiver.next();
    expect(await delivery(id, ({ attempts }) => attempts === 1)).toMatchObject({
      responseStatus: 302,
      problem: { code: 'redirected' },
    });
  });
});

describe('what is kept', () => {
  it('holds no secret in clear, in no table', async () => {
    const { secret, endpoint: made } = await create();
    await rotate(made.id);
    const [{ all }] = (await server.rows<{ all: string }>(
      `select (select string_agg(e::text, '') from webhook_endpoint e) || (select string_agg(a::text, '') from audit_event a)
         as all`,
    )) as [{ all: string }];
    const bare = secret.replace('whsec_', '');
    expect(all).not.toContain(bare);
    expect(all).not.toContain(Buffer.from(bare, 'base64').toString('hex'));
  });

  it('goes with the receiver, and refuses what does not make sense', async () => {
    const { endpoint: made } = await create();
    await test(made.id);
    await receiver.next();
    const remove = (id: string) =>
      wuhan.client.ask(
        `mutation ($id: ID!) { removeWebhookEndpoint(id: $id) { ... on Done { done } ... on Failure { code } } }`,
        { id },
      );
    expect(await remove(made.id)).toEqual({ done: true });
    expect(await deliveries()).toEqual([]);
    expect(await remove(made.id)).toEqual({ code: 'webhook_endpoint_not_found' });
    expect(await create(receiver.url, ['import.imagined'])).toMatchObject({ code: 'webhook_event_unknown' });
    expect(await create(receiver.url, [])).toMatchObject({ code: 'webhook_event_unknown' });
  });

  it('is read a page at a time', async () => {
    const { endpoint: made } = await create();
    for (let sent = 0; sent < 3; sent += 1) await test(made.id);
    const all = (await deliveries()).map(({ id }) => id);
    const page = (after: string | null) =>
      wuhan.client.ask<{ edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } }>(
        `query ($after: String) { webhookDeliveries(first: 2, after: $after) {
          edges { node { id } } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
    const first = await page(null);
    const second = await page(first.pageInfo.endCursor);
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
    expect([...first.edges, ...second.edges].map(({ node }) => node.id)).toEqual(all);
    const foreign = await hangzhou.client.ask<{ edges: object[] }>(
      `query ($after: String) { webhookDeliveries(after: $after) { edges { node { id } } } }`,
      { after: first.pageInfo.endCursor },
    );
    expect(foreign.edges).toEqual([]);
  });
});
