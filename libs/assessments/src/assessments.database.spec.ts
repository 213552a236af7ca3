import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { renameSync } from 'node:fs';
import { Readable } from 'node:stream';
import { importEntities, importJobs, ImportsModule, ImportsService } from '@hotline/imports';
import type { RequestContext } from '@hotline/platform';
import { TenantsService } from '@hotline/tenancy';
import pg from 'pg';
import { testPlatform, type TestPlatform } from '../../../test/harness/test-platform.js';
import type { AssessmentEntity } from './assessment.entity.js';
import { assessmentEntities, assessmentJobs } from './assessment-parts.js';
import { AssessmentsModule } from './assessments.module.js';
import { AssessmentsService } from './assessments.service.js';

const year = { start: '2023-01-01', end: '2024-01-01', methodology: 'national-2023' } as const;

let platform: TestPlatform;
let imports: ImportsService;
let assessments: AssessmentsService;
beforeAll(async () => {
  platform = await testPlatform({
    modules: [ImportsModule, AssessmentsModule],
    entities: [...importEntities, ...assessmentEntities],
    jobKinds: [...Object.values(importJobs), ...Object.values(assessmentJobs)],
    jobTiming: { retryDelayMs: 10, pollMs: 200 },
    runJobs: true,
    poolSize: 4,
  });
  imports = platform.app.get(ImportsService);
  assessments = platform.app.get(AssessmentsService);
}, 60_000);
afterAll(() => platform.close());

async function newTenant(place: { cityCode: string } | { provinceCode: string }): Promise<RequestContext> {
  const kind = 'cityCode' in place ? 'city' : 'province';
  const tenants = platform.app.get(TenantsService);
  const { tenantId } = await tenants.createTenant({ kind, name: '测试', isDemo: false, ...place });
  const nobody = { memberId: null, accountId: null, apiKey: null, requestId: 'test' };
  return { tenantId, tenantKind: kind, roles: ['analyst'], ...nobody };
}

const daily = (...rows: string[]): string => ['日期,人工请求量,人工接通量', ...rows, ''].join('\n');

async function commit(ctx: RequestContext, text: string): Promise<string> {
  const upload = { fileName: 'daily.csv', dataset: 'call_metrics_daily', commit: true };
  const { id } = await imports.receive(ctx, Readable.from([Buffer.from(text)]), upload);
  expect((await imports.waitFor(ctx, id, 60_000)).state).toBe('committed');
  return id;
}

async function revert(ctx: RequestContext, id: string): Promise<void> {
  await imports.revert(ctx, id);
  expect((await imports.waitFor(ctx, id, 60_000)).state).toBe('reverted');
}

async function assess(ctx: RequestContext, request: typeof year | { start: string; end: string } = year) {
  const jobId = await assessments.request(ctx, { ...year, ...request });
  const found = await assessments.waitFor(ctx, jobId, 60_000);
  if (!found) throw new Error('the assessment is still running');
  return found;
}

const connectRate = ({ result }: AssessmentEntity) => result.indicators['hotline_connect_rate'];

describe('an assessment', () => {
  it('measures what is in force, and opens down to its days and files', async () => {
    const ctx = await newTenant({ cityCode: '420100' });
    const id = await commit(ctx, daily('2023-05-04,600,570', '2023-05-05,400,330', '2022-12-31,9999,1'));
    const found = await assess(ctx);
    // 570 + 330 of 600 + 400.
    expect(connectRate(found)).toMatchObject({
      state: 'observed',
      value: 90,
      n: 1000,
      numerator: 900,
      denominator: 1000,
    });
    expect(await assessments.days(ctx, found.id, 'connect_rate.daily')).toEqual([
      ['2023-05-04', 600, 570],
      ['2023-05-05', 400, 330],
    ]);
    expect(found.imports).toMatchObject([{ id, file: 'daily.csv', dataset: 'call_metrics_daily', accepted: 3 }]);
    expect(found).toMatchObject({ startDay: '2023-01-01', endDay: '2024-01-01', methodology: 'national-2023' });
    expect(found.result.index).toMatchObject({ rated: false, score: null, grade: null });
  });

  it('of the same data and method is the same one, also when asked for ten times at once', async () => {
    const ctx = await newTenant({ cityCode: '420100' });
    await commit(ctx, daily('2023-05-04,600,570'));
    const all = await Promise.all(Array.from({ length: 10 }, () => assess(ctx)));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(await assessments.list(ctx, { first: 50, before: null })).toHaveLength(1);
  });

  it('has the hash of what it says: other data another, the first data the first', async () => {
    const ctx = await newTenant({ cityCode: '420100' });
    const text = daily('2023-05-04,600,570');
    await commit(ctx, text);
    const first = await assess(ctx);
    const correction = await commit(ctx, daily('2023-05-04,600,560'));
    const corrected = await assess(ctx);
    expect(corrected.contentHash).not.toBe(first.contentHash);
    expect(connectRate(corrected)?.numerator).toBe(560);
    await revert(ctx, correction);
    const again = await assess(ctx);
    expect([again.id, again.contentHash]).toEqual([first.id, first.contentHash]);
    // A city of the same name and data elsewhere has the same content; an other city does not.
    const twin = await newTenant({ cityCode: '420100' });
    const neighbour = await newTenant({ cityCode: '420200' });
    await commit(twin, text);
    await commit(neighbour, text);
    const [same, other] = [await assess(twin), await assess(neighbour)];
    expect(same.contentHash).toBe(first.contentHash);
    expect(same.id).not.toBe(first.id);
    expect(other.contentHash).not.toBe(first.contentHash);
  });

  it('is unknown where the data is gone, and never 0', async () => {
    const ctx = await newTenant({ cityCode: '420100' });
    await commit(ctx, daily('2023-05-04,600,570'));
    const second = await commit(ctx, daily('2023-06-04,600,300'));
    expect(connectRate(await assess(ctx, { start: '2023-06-01', end: '2023-07-01' }))?.value).toBe(50);
    await revert(ctx, second);
    const june = assess(ctx, { start: '2023-06-01', end: '2023-07-01' });
    await expect(june).rejects.toMatchObject({ code: 'period_without_data', params: { start: '2023-06-01' } });
  });

  it('stays as it is, whatever is uploaded, reverted or tried later', async () => {
    const ctx = await newTenant({ cityCode: '420100' });
    const id = await commit(ctx, daily('2023-05-04,600,570'));
    const first = await assess(ctx);
    await commit(ctx, daily('2023-05-04,600,1'));
    await revert(ctx, id);
    await assess(ctx);
    expect(await assessments.get(ctx, first.id)).toEqual(first);
    expect(await assessments.days(ctx, first.id, 'connect_rate.daily')).toEqual([['2023-05-04', 600, 570]]);
    for (const statement of [
      'update assessment set content_hash = $1',
      'delete from assessment where content_hash <> $1',
    ]) {
      await expect(platform.db.run(ctx, (manager) => manager.query(statement, ['x']))).rejects.toThrow(
        /permission denied/,
      );
    }
  });

  it('belongs to its tenant', async () => {
    const [mine, theirs] = [await newTenant({ cityCode: '420100' }), await newTenant({ cityCode: '420100' })];
    await commit(theirs, daily('2023-05-04,600,570'));
    const { id } = await assess(theirs);
    await expect(assessments.get(mine, id)).rejects.toMatchObject({ code: 'assessment_not_found' });
    await expect(assessments.allDays(mine, id)).rejects.toMatchObject({ code: 'assessment_not_found' });
    expect(await assessments.list(mine, { first: 9, before: null })).toEqual([]);
    expect(await assessments.list(mine, { first: 9, before: id })).toEqual([]);
  });

  it('is refused with the reason where there can be none', async () => {
    const province = await newTenant({ provinceCode: '420000' });
    await expect(assess(province)).rejects.toMatchObject({ code: 'not_a_city' });
    const ctx = await newTenant({ cityCode: '420100' });
    await expect(assess(ctx)).rejects.toMatchObject({ code: 'period_without_data' });
    await commit(ctx, daily('2023-05-04,600,570'));
    await expect(assess(ctx, { start: '2023-13-01', end: '2024-01-01' })).rejects.toMatchObject({
      code: 'invalid_day',
      params: { field: 'start', value: '2023-13-01' },
    });
    await expect(assess(ctx, { start: '2024-01-01', end: '2023-01-01' })).rejects.toMatchObject({
      code: 'period_empty',
    });
    await expect(assess(ctx, { start: '2022-01-01', end: '2023-01-01' })).rejects.toMatchObject({
      code: 'period_without_data',
    });
    expect(await assessments.list(ctx, { first: 9, before: null })).toEqual([]);
  });

  it('fails as a whole when a stored file is gone, and works again once it is back', async () => {
    const ctx = await newTenant({ cityCode: '420100' });
    const survey = '答卷编号,填写时间,总体满意度\nR1,2023-05-04 09:00:00,5\n';
    const upload = { fileName: 's.csv', dataset: 'survey_responses', commit: true };
    const { id } = await imports.receive(ctx, Readable.from([Buffer.from(survey)]), upload);
    expect((await imports.waitFor(ctx, id, 60_000)).state).toBe('committed');
    const client = new pg.Client(platform.database.superuserUrl);
    await client.connect();
    const { rows } = await client.query<{ file: string }>('select file from segment where tenant_id = $1', [
      ctx.tenantId,
    ]);
    await client.end();
    const file = platform.files.pathFor(ctx.tenantId, rows[0]?.file ?? '');
    renameSync(file, `${file}.gone`);
    await expect(assess(ctx)).rejects.toMatchObject({ code: 'stored_file_damaged' });
    expect(await assessments.list(ctx, { first: 9, before: null })).toEqual([]);
    renameSync(`${file}.gone`, file);
    expect((await assess(ctx)).imports).toHaveLength(1);
  });
});
