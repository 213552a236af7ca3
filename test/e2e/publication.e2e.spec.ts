import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TenantsService, type TenantEntity } from '@hotline/tenancy';
import type { ApiClient, GraphQLAnswer, HttpAnswer } from './api-client.js';
import { ApiServer, type City } from './api-server.js';

let server: ApiServer;
let operator: ApiClient;
let hubei: { tenant: TenantEntity; client: ApiClient };
let zhejiang: { tenant: TenantEntity; client: ApiClient };
let wuhan: City;
let yichang: City;
let hangzhou: City;
let approver: ApiClient;

beforeAll(async () => {
  server = await ApiServer.start();
  operator = (await office('operator')).client;
  hubei = await office('province', '420000');
  zhejiang = await office('province', '330000');
  wuhan = await server.city('420100', 'approver');
  yichang = await server.city('420500', 'manager');
  hangzhou = await server.city('330100', 'approver');
  approver = await server.member(wuhan.tenant, 'approver');
  for (const city of [wuhan, yichang]) await assign(city, hubei.tenant.tenantId);
  await assign(hangzhou, zhejiang.tenant.tenantId);
});
afterAll(() => server.close());

async function office(kind: 'operator' | 'province', provinceCode?: string) {
  const tenant = await server.app
    .get(TenantsService)
    .createTenant({ kind, name: kind, isDemo: false, ...(provinceCode === undefined ? {} : { provinceCode }) });
  return { tenant, client: await server.member(tenant, 'administrator') };
}

const assign = ({ tenant }: City, provinceId: string | null) =>
  operator.ask(
    `mutation ($city: ID!, $province: ID) { assignCity(input: { cityTenantId: $city, provinceTenantId: $province }) {
      ... on Done { done } ... on Failure { code } } }`,
    { city: tenant.tenantId, province: provinceId },
  );

/** Uploads something new and assesses the same month again. */
let upload = 0;
async function assess({ client }: City): Promise<string> {
  upload += 1;
  const channels = ['hotline', 'website', 'wechat', 'app', 'weibo', 'email'].slice(0, upload);
  const rows = channels.map((channel) => `${channel},2023-06-0${upload},是,是,是`);
  const uploader = await server.member(cityOf(client).tenant, 'analyst');
  await uploader.upload(
    `channels-${upload}.csv`,
    `channel,checked_at,is_live,can_create_order,can_query_progress\n${rows.join('\n')}\n`,
    { dataset: 'channels' },
  );
  const assessed = await uploader.ask<{ id: string; code?: string }>(
    `mutation { assess(input: { start: "2023-06-01", end: "2023-07-01" }) {
      ... on Assessment { id } ... on Failure { code message } } }`,
  );
  if (assessed.id === undefined) throw new Error(JSON.stringify(assessed));
  return assessed.id;
}
function cityOf(client: ApiClient): City {
  const found = [wuhan, yichang, hangzhou].find((city) => city.client === client);
  if (!found) throw new Error('no such city');
  return found;
}

interface Told {
  readonly id: string;
  readonly code?: string;
  readonly status: string;
  readonly attempt: number;
  readonly reviews: readonly { readonly kind: string; readonly text: string }[];
}
const fields = `... on Submission { id status attempt cityName submittedByName index { rated display }
  publication { approvedByName withdrawnAt withdrawalReason } reviews { kind text } } ... on Failure { code message }`;
const submit = (by: ApiClient, id: string) =>
  by.ask<Told>(`mutation ($id: ID!) { submitAssessment(assessmentId: $id) { ${fields} } }`, { id });
const approve = (by: ApiClient, id: string) =>
  by.ask<Told>(`mutation ($id: ID!) { approvePublication(submissionId: $id) { ${fields} } }`, { id });
const withdraw = (by: ApiClient, id: string, reason: string) =>
  by.ask<Told>(
    `mutation ($id: ID!, $reason: String!) { withdrawPublication(submissionId: $id, reason: $reason) { ${fields} } }`,
    { id, reason },
  );
const find = (by: ApiClient, id: string) =>
  by.ask<Told | null>(`query ($id: ID!) { submission(id: $id) { id status attempt reviews { kind text } } }`, { id });
const write = (by: ApiClient, mutation: 'commentOnSubmission' | 'returnSubmission', id: string, text: string) =>
  by.ask<Told>(`mutation ($id: ID!, $text: String!) { ${mutation}(submissionId: $id, text: $text) { ${fields} } }`, {
    id,
    text,
  });
/** Which pages may read an answer, who may keep it, and by what it differs. */
const told = ({ headers }: HttpAnswer) => ({
  readers: headers.get('access-control-allow-origin'),
  keep: headers.get('cache-control'),
  differs: headers.get('vary'),
});
const codeOf = (answer: GraphQLAnswer): unknown => answer.errors[0]?.extensions?.['code'];

interface Matrix {
  readonly period: { readonly start: string; readonly end: string } | null;
  readonly rows: readonly {
    readonly cityName: string;
    readonly submission: { readonly id: string; readonly status: string; readonly figures: readonly object[] } | null;
  }[];
}
const matrix = (by: ApiClient, period: object = {}) =>
  by.ask<Matrix>(
    `query ($start: String, $end: String) { provinceMatrix(start: $start, end: $end) { period { start end }
      rows { cityName submission { id status figures { id level name score value unit n state coverage } } } } }`,
    period,
  );

describe('what a city publishes', () => {
  it('takes two people, is shown on the sites of its key only, and can be taken back', async () => {
    const key = await (
      await server.member(wuhan.tenant, 'administrator')
    ).ask<{ key: string }>(
      `mutation { createEmbedKey(input: { name: "门户", origins: ["https://www.wuhan.example"] }) {
        ... on EmbedKey { key } ... on Failure { code message } } }`,
    );
    const shown = (origin?: string) =>
      server
        .anonymous()
        .send('GET', `/embed/v1/${key.key}/summary.json`, { headers: origin === undefined ? {} : { origin } });
    const submission = await submit(wuhan.client, await assess(wuhan));
    expect(submission).toMatchObject({ status: 'submitted', attempt: 1, cityName: '武汉市' });
    const nothing = await shown('https://elsewhere.example');
    // Every page may read that there is nothing, and nobody keeps it.
    expect([nothing.status, told(nothing)]).toEqual([404, { readers: '*', keep: 'no-store', differs: null }]);

    expect(await approve(wuhan.client, submission.id)).toMatchObject({ code: 'own_submission' });
    expect(await approve(approver, submission.id)).toMatchObject({ status: 'published' });
    expect(await approve(approver, submission.id)).toMatchObject({ code: 'already_published' });
    expect(await submit(wuhan.client, await assess(wuhan))).toMatchObject({ status: 'submitted' });

    const there = await shown('https://www.wuhan.example');
    expect(told(there)).toEqual({
      readers: 'https://www.wuhan.example',
      keep: 'public, max-age=60',
      differs: 'origin',
    });
    expect(there.json).toMatchObject({ demo: false, city: { code: '420100' }, period: { start: '2023-06-01' } });
    for (const origin of [
      'https://elsewhere.example',
      'https://www.wuhan.example.elsewhere.example',
      'http://www.wuhan.example',
      'https://www.wuhan.example:8443',
      'https://WWW.wuhan.example',
      'https://www.wuhan.example.',
      'null',
    ]) {
      const refused = await shown(origin);
      const nobody = { readers: null, keep: 'no-store', differs: 'origin' };
      expect([origin, refused.status, told(refused)]).toEqual([origin, 403, nobody]);
    }

    expect(await withdraw(approver, submission.id, '数据有误')).toMatchObject({
      status: 'withdrawn',
      publication: { withdrawalReason: '数据有误' },
    });
    expect(await withdraw(approver, submission.id, '再次')).toMatchObject({ code: 'not_published' });
    expect((await shown()).status).toBe(404);
  });

  it('replaces what was public of the same period', async () => {
    const first = await submit(wuhan.client, await assess(wuhan));
    await approve(approver, first.id);
    const second = await submit(wuhan.client, await assess(wuhan));
    expect(await approve(approver, second.id)).toMatchObject({ status: 'published' });
    expect(await find(approver, first.id)).toMatchObject({ status: 'withdrawn' });
  });

  it('is handed in by managers and approved by approvers, in person', async () => {
    const assessment = await assess(yichang);
    const analyst = await server.member(yichang.tenant, 'analyst');
    const attempt = (by: ApiClient) =>
      by.graphql(`mutation ($id: ID!) { submitAssessment(assessmentId: $id) { __typename } }`, { id: assessment });
    expect(codeOf(await attempt(analyst))).toBe('forbidden');
    const key = await server.apiKey(yichang.tenant, ['assessments:read', 'assessments:write']);
    expect(codeOf(await attempt(key))).toBe('forbidden');
    const { id } = await submit(yichang.client, assessment);
    const approval = `mutation ($id: ID!) { approvePublication(submissionId: $id) { __typename } }`;
    expect(codeOf(await yichang.client.graphql(approval, { id }))).toBe('forbidden');
    expect(await submit(yichang.client, assessment)).toMatchObject({ code: 'already_submitted' });
  });
});

describe('a provincial office', () => {
  it('sees every city of its own, also who has not reported, and no other', async () => {
    const submission = await submit(hangzhou.client, await assess(hangzhou));
    const ours = await matrix(zhejiang.client);
    expect(ours.period).toEqual({ start: '2023-06-01', end: '2023-07-01' });
    expect(ours.rows.map((row) => [row.cityName, row.submission?.id])).toEqual([['杭州市', submission.id]]);
    // 3 dimensions, 9 elements, 37 indicators.
    expect(ours.rows[0]?.submission?.figures).toHaveLength(49);
    const { rows } = await matrix(hubei.client);
    expect(rows.map(({ cityName }) => cityName)).toEqual(['武汉市', '宜昌市']);
    const earlier = await matrix(hubei.client, { start: '2022-01-01', end: '2022-02-01' });
    expect(earlier.rows.map((row) => row.submission)).toEqual([null, null]);
    expect(await find(hubei.client, submission.id)).toBeNull();
  });

  it('comments and returns; what is returned is corrected and submitted anew', async () => {
    const assessment = await assess(hangzhou);
    const { id } = await submit(hangzhou.client, assessment);
    await write(zhejiang.client, 'commentOnSubmission', id, '请核对回访数');
    expect(await write(zhejiang.client, 'returnSubmission', id, '回访数有误')).toMatchObject({ status: 'returned' });
    expect((await find(hangzhou.client, id))?.reviews).toEqual([
      { kind: 'comment', text: '请核对回访数' },
      { kind: 'return', text: '回访数有误' },
    ]);
    const other = await server.member(hangzhou.tenant, 'approver');
    expect(await approve(other, id)).toMatchObject({ code: 'submission_returned' });
    expect(await submit(hangzhou.client, assessment)).toMatchObject({ status: 'submitted', attempt: 2 });
  });

  it('reaches nothing but what was handed in', async () => {
    const assessment = await assess(hangzhou);
    const by = zhejiang.client;
    expect(await by.ask(`query ($id: ID!) { assessment(id: $id) { id } }`, { id: assessment })).toBeNull();
    expect(await by.ask(`{ imports { edges { node { id } } } }`)).toEqual({ edges: [] });
    const submission = await submit(hangzhou.client, assessment);
    expect(await write(hubei.client, 'returnSubmission', submission.id, '不归我管')).toMatchObject({
      code: 'submission_not_found',
    });
    const figure = `mutation ($id: ID!) { approvePublication(submissionId: $id) { __typename } }`;
    expect(codeOf(await by.graphql(figure, { id: submission.id }))).toBe('forbidden');
  });

  it('loses a city that is moved with its next request', async () => {
    const { id } = await submit(hangzhou.client, await assess(hangzhou));
    expect(await find(zhejiang.client, id)).toMatchObject({ id });
    await assign(hangzhou, hubei.tenant.tenantId);
    expect(await find(zhejiang.client, id)).toBeNull();
    expect((await matrix(zhejiang.client)).rows).toEqual([]);
    expect(await find(hubei.client, id)).toMatchObject({ id });
  });
});
