import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { TenantsService } from '@hotline/tenancy';
import type { ApiClient } from './api-client.js';
import { ApiServer, type City } from './api-server.js';
import { assess } from './assessment-view.js';
import { answerOf, callOf, callRoute, idPlaces, operationsOf, routesOf } from './operations.js';

/** Where an operation takes an id, and the table whose rows have such ids. An operation that is not here fails. */
const tables: Readonly<Record<string, string>> = {
  'Mutation.approvePublication submissionId': 'submission',
  'Mutation.cancelJob id': 'job',
  'Mutation.changeMemberRole id': 'member',
  'Mutation.commentOnSubmission submissionId': 'submission',
  'Mutation.commitImport id': 'import',
  'Mutation.confirmTenantDeletion id': 'deletion_request',
  'Mutation.createPasswordLink memberId': 'member',
  'Mutation.endSession id': 'session',
  'Mutation.removeFileLayout id': 'file_layout',
  'Mutation.removeMember id': 'member',
  'Mutation.removeWebhookEndpoint id': 'webhook_endpoint',
  'Mutation.replayWebhookDelivery id': 'webhook_delivery',
  'Mutation.returnSubmission submissionId': 'submission',
  'Mutation.revertImport id': 'import',
  'Mutation.revokeApiKey id': 'api_key',
  'Mutation.revokeEmbedKey id': 'embed_key',
  'Mutation.revokeInvitation id': 'invitation',
  'Mutation.rotateWebhookSecret id': 'webhook_endpoint',
  'Mutation.signIn input.tenantId': 'tenant',
  'Mutation.submitAssessment assessmentId': 'assessment',
  'Mutation.switchTenant tenantId': 'tenant',
  'Mutation.testWebhookEndpoint id': 'webhook_endpoint',
  'Mutation.updateMapping input.importId': 'import',
  'Mutation.updateWebhookEndpoint input.id': 'webhook_endpoint',
  'Mutation.withdrawPublication submissionId': 'submission',
  'Mutation.withdrawTenantDeletion id': 'deletion_request',
  'Query.assessment id': 'assessment',
  'Query.import id': 'import',
  'Query.importFile id': 'import',
  'Query.importPreview id': 'import',
  'Query.job id': 'job',
  'Query.submission id': 'submission',
  'Query.webhookDeliveries endpointId': 'webhook_endpoint',
  'Subscription.jobProgress id': 'job',
  'DELETE /uploads/:id': 'upload',
  'GET /exports/:id/archive.zip': 'data_export',
  'GET /imports/:id/report.csv': 'import',
  'GET /imports/:id/report.xlsx': 'import',
  'GET /uploads/:id': 'upload',
  'POST /uploads/:id/finish': 'upload',
  'PUT /uploads/:id/parts/:number': 'upload',
};
/** The operator’s own work is with other tenants: nobody else may call these at all. */
const ofTheOperator = [
  'Mutation.assignCity input.cityTenantId',
  'Mutation.assignCity input.provinceTenantId',
  'Mutation.inviteAdministrator input.tenantId',
];
/** Their ids name a dataset or what was deleted, not a row of a tenant; a key for portals is public by design. */
const ofNoTenant = ['/datasets/:id/', '/certificates/:id', '/embed/v1/:key/'];

const daily = (date: string): string => `统计日期,人工请求量,人工接通量\n${date},1000,900\n`;
let server: ApiServer;
let theirs: City;
const callers = new Map<string, ApiClient>();
const ids: Record<string, string> = {};
beforeAll(async () => {
  server = await ApiServer.start();
  const mine = await server.city('420100', 'administrator');
  const tenants = server.app.get(TenantsService);
  const province = await tenants.createTenant({ kind: 'province', name: '省', provinceCode: '420000', isDemo: false });
  callers.set('city', mine.client);
  callers.set('province', await server.member(province, 'administrator'));

  theirs = await server.city('330100', 'administrator');
  const { client, tenant } = theirs;
  await client.upload('a.csv', daily('2023-05-04'));
  const { id } = await assess(client, { start: '2023-05-04', end: '2023-05-05' });
  await client.upload('b.csv', daily('2023-05-05'), { commit: false });
  await server.apiKey(tenant, ['imports:read']);
  for (const made of [
    'createEmbedKey(input: { name: "门户", origins: ["https://portal.example"] })',
    'inviteMember(input: { email: "new@centre.example", name: "新人", role: viewer })',
    'updateMapping(input: { dataset: "calls", columns: [] })',
    `submitAssessment(assessmentId: "${id}")`,
    'createWebhookEndpoint(input: { name: "平台", url: "https://hub.invalid/", events: ["import.reverted"] })',
    'exportTenantData',
    'requestTenantDeletion(name: "热线中心 330100")',
  ]) {
    const answer = await client.ask<object>(`mutation { ${made} { __typename ... on Failure { code message } } }`);
    expect([made, answer]).toEqual([made, { __typename: expect.not.stringMatching(/^Failure$/) }]);
  }
  await server.sql(
    `insert into webhook_delivery (tenant_id, id, endpoint_id, event_id, event, body, state, job_id)
     select tenant_id, gen_random_uuid(), id, gen_random_uuid(), 'webhook.test', '{}', 'failed', gen_random_uuid()
     from webhook_endpoint where tenant_id = '${tenant.tenantId}'`,
  );
  const upload = await client.send('POST', '/uploads?filename=c.csv&bytes=1', {
    headers: { 'x-hotline-request': '1' },
  });
  expect(upload.status).toBe(201);
  // Nothing of theirs changes by itself any more.
  while ((await server.rows(`select from job where state in ('queued', 'running')`)).length > 0) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  for (const table of new Set(Object.values(tables))) {
    const column = table === 'tenant' ? 'tenant_id' : 'id';
    const order = table === 'import' ? " order by state = 'checked' desc" : '';
    const [row] = await server.rows<{ id: string }>(
      `select ${column} as id from "${table}" where tenant_id = '${tenant.tenantId}'${order} limit 1`,
    );
    if (!row) throw new Error(`they have no ${table}`);
    ids[table] = row.id;
  }
});
afterAll(() => server.close());

/** Every row of theirs, table by table. */
async function theirRows(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const all = await server.rows<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
     where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace order by 1`,
  );
  for (const { name } of all) {
    const [row] = await server.rows<{ digest: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest
       from "${name}" t where tenant_id = '${theirs.tenant.tenantId}'`,
    );
    found[name] = row?.digest ?? '';
  }
  return found;
}

const without = (answer: string, id: string): string =>
  answer.replaceAll(id, 'ID').replaceAll(/"requestId":"[^"]*"/g, '"requestId"');

it('another tenant’s id is answered as one that nobody has, wherever one can be given', async () => {
  const before = await theirRows();
  expect(Object.keys(before).length).toBeGreaterThan(10);
  const places = new Set<string>();
  const heard = new Set<string>();
  const compare = async (place: string, ask: (client: ApiClient, id: string) => Promise<string>): Promise<void> => {
    places.add(place);
    const real = ids[tables[place] ?? 'tenant'] ?? '';
    for (const [caller, client] of callers) {
      const nobodys = randomUUID();
      const answers = [without(await ask(client, real), real), without(await ask(client, nobodys), nobodys)];
      expect([place, caller, answers[0]]).toEqual([place, caller, answers[1]]);
      if (!/"code":"(forbidden|unauthenticated)"/.test(answers[0] ?? '')) heard.add(place);
    }
  };
  for (const operation of operationsOf(server)) {
    for (const place of idPlaces(operation)) {
      await compare(`${operation.name} ${place}`, (client, id) =>
        answerOf(client, operation, callOf(operation, { [place]: id })),
      );
    }
  }
  for (const route of routesOf(server)) {
    if (!/:(id|key)/.test(route) || ofNoTenant.some((part) => route.includes(part))) continue;
    await compare(route, async (client, id) => {
      const { status, text } = await callRoute(client, route, id);
      return `${status} ${text}`;
    });
  }
  expect([...places].sort()).toEqual([...Object.keys(tables), ...ofTheOperator].sort());
  // A refusal for the role alone would show nothing.
  expect([...heard].sort()).toEqual(Object.keys(tables).sort());
  expect(await theirRows()).toEqual(before);
}, 180_000);
