import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TenantsService } from '@hotline/tenancy';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { getNamedType, isObjectType, type GraphQLSchema } from 'graphql';
import { randomUUID } from 'node:crypto';
import type { ApiClient } from './api-client.js';
import { ApiServer, type City } from './api-server.js';
import { assess } from './assessment-view.js';

/** Lists within something: how to get there, by an id of the caller's own. A list that is not here fails. */
const within: Readonly<Record<string, (ids: Ids) => string>> = {
  'Import.report': ({ import: id }) => `import(id: "${id}")`,
};
/** The one list that is the same for everybody who may see it. */
const ofTheOperator = ['Query.tenants'];

interface Ids {
  readonly import: string;
}
interface Page {
  readonly edges: readonly { readonly cursor: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}
const nothing: Page = { edges: [], pageInfo: { hasNextPage: false, endCursor: null } };

let server: ApiServer;
let mine: City;
let theirs: City;
let province: ApiClient;
const ids = { mine: { import: '' }, theirs: { import: '' } };
beforeAll(async () => {
  server = await ApiServer.start();
  mine = await server.city('420100', 'administrator');
  theirs = await server.city('330100', 'administrator');
  ids.mine.import = await fill(mine);
  ids.theirs.import = await fill(theirs);
  const office = await server.app
    .get(TenantsService)
    .createTenant({ kind: 'province', name: '省', provinceCode: '420000', isDemo: false });
  province = await server.member(office, 'administrator');
});
afterAll(() => server.close());

/** Two of everything that is listed; the id of an import with two problems. */
async function fill({ client, tenant }: City): Promise<string> {
  const make = (mutation: string) =>
    client.ask<object>(`mutation { ${mutation} { __typename ... on Failure { code message } } }`);
  for (const day of ['2023-05-04', '2023-05-05']) {
    await client.upload(`${day}.csv`, `统计日期,人工请求量,人工接通量\n${day},1000,900\n`);
    const { id } = await assess(client, { start: '2023-05-04', end: '2023-05-06' });
    for (const made of [
      `createEmbedKey(input: { name: "${day}", origins: ["https://portal.example"] })`,
      `inviteMember(input: { email: "${day}@centre.example", name: "新人", role: viewer })`,
      `submitAssessment(assessmentId: "${id}")`,
      'createWebhookEndpoint(input: { name: "平台", url: "https://hub.invalid/", events: ["import.reverted"] })',
      'exportTenantData',
    ]) {
      expect([made, await make(made)]).toEqual([made, { __typename: expect.not.stringMatching(/^Failure$/) }]);
    }
    await server.apiKey(tenant, ['imports:read']);
  }
  await server.member(tenant, 'viewer');
  await server.sql(
    `insert into webhook_delivery (tenant_id, id, endpoint_id, event_id, event, body, state, job_id)
     select tenant_id, gen_random_uuid(), id, gen_random_uuid(), 'webhook.test', '{}', 'failed', gen_random_uuid()
     from webhook_endpoint where tenant_id = '${tenant.tenantId}'`,
  );
  for (const dataset of ['calls', 'callbacks']) {
    expect(await make(`updateMapping(input: { dataset: "${dataset}", columns: [] })`)).not.toHaveProperty('code');
  }
  const broken = '统计日期,人工请求量,人工接通量\n2023-05-07,1000,900\n昨天,1,1\n前天,1,1\n';
  return (await client.upload('broken.csv', broken, { commit: false })).id;
}

/** Every field of the schema that is a page of a list: `Query.imports`. */
function lists(): { readonly name: string; readonly parent: string; readonly field: string }[] {
  const { schema } = server.app.get<{ schema: GraphQLSchema }>(GraphQLSchemaHost, { strict: false });
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => getNamedType(field.type).name.endsWith('Connection'))
        .map((field) => ({ name: `${type.name}.${field.name}`, parent: type.name, field: field.name })),
    );
}

/** The page after a cursor, or the code of the refusal. */
async function page(by: ApiClient, list: ReturnType<typeof lists>[number], own: Ids, after?: string) {
  const fields = 'edges { cursor } pageInfo { hasNextPage endCursor }';
  const asked = `${list.field}(first: 1${after === undefined ? '' : `, after: "${after}"`}) { ${fields} }`;
  const outer = within[list.name];
  if (list.parent !== 'Query' && !outer) throw new Error(`how to reach ${list.name}?`);
  const { data, errors } = await by.graphql(`{ ${outer ? `${outer(own)} { ${asked} }` : asked} }`);
  if (errors[0]) return errors[0].extensions?.['code'];
  const [found] = Object.values(data ?? {});
  return (list.parent === 'Query' ? found : (found as Readonly<Record<string, unknown>>)[list.field]) as Page;
}

it('a cursor means nothing to another tenant, in every list of the schema', async () => {
  const all = lists();
  expect(all.length).toBeGreaterThan(9);
  for (const list of all) {
    if (ofTheOperator.includes(list.name)) continue;
    const { mine: own, theirs: other } = ids;
    const first = (await page(mine.client, list, own)) as Page;
    const foreign = (await page(theirs.client, list, other)) as Page;
    const [mineFirst, theirFirst] = [first.edges[0]?.cursor, foreign.edges[0]?.cursor];
    if (mineFirst === undefined || theirFirst === undefined) throw new Error(`${list.name} is empty`);
    // One's own leads on; another's and one of nobody lead nowhere.
    const next = (await page(mine.client, list, own, mineFirst)) as Page;
    expect([list.name, next.edges.length]).toEqual([list.name, 1]);
    expect(next.edges[0]?.cursor).not.toBe(mineFirst);
    const forged = Buffer.from(
      Buffer.from(theirFirst, 'base64url')
        .toString()
        .replace(/[0-9a-f-]{36,64}$/, (id) =>
          `${randomUUID()}${randomUUID()}`.replaceAll(id.length === 36 ? '' : '-', '').slice(0, id.length),
        ),
    ).toString('base64url');
    for (const cursor of [theirFirst, forged, 'x', '']) {
      expect([list.name, cursor, await page(mine.client, list, own, cursor)]).toEqual([list.name, cursor, nothing]);
    }
    if (list.parent !== 'Query') continue;
    const office = await page(province, list, own, theirFirst);
    expect([list.name, ['forbidden', nothing]]).toEqual([list.name, expect.arrayContaining([office])]);
  }
});

it('a cursor of one file’s problems means nothing in another’s, of the same city', async () => {
  const list = lists().find(({ name }) => name === 'Import.report');
  if (!list) throw new Error('no report');
  const again = await mine.client.upload(
    'again.csv',
    '统计日期,人工请求量,人工接通量\n2023-05-08,1000,900\n昨天,1,1\n前天,2,2\n',
    { commit: false },
  );
  const first = (await page(mine.client, list, ids.mine)) as Page;
  expect(await page(mine.client, list, { import: again.id }, first.edges[0]?.cursor)).toEqual(nothing);
});
