import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { FileStore } from '@hotline/platform';
import { datasetIds } from '@hotline/rows';
import { plainWorkbook, readSampleWorkbook } from '../../libs/rows/src/workbook/sample-workbook.js';
import type { ApiClient, HttpAnswer } from './api-client.js';
import { ApiServer } from './api-server.js';
import { assess } from './assessment-view.js';

let server: ApiServer;
let client: ApiClient;
beforeAll(async () => {
  server = await ApiServer.start();
  ({ client } = await server.city());
});
afterAll(() => server.close());

const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

function expectDownload(answer: HttpAnswer, type: string, plainName: string, name: string): void {
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  const disposition = answer.headers.get('content-disposition') ?? '';
  expect(disposition).toContain(`attachment; filename="${plainName}"; filename*=UTF-8''`);
  expect(decodeURIComponent(disposition.split("UTF-8''")[1] ?? '')).toBe(name);
  expect(Number(answer.headers.get('content-length'))).toBe(answer.bytes.length);
}

describe('what explains a dataset', () => {
  it('is there for everyone: templates in two languages and a Table Schema', async () => {
    const visitor = server.anonymous();
    for (const id of datasetIds) {
      for (const path of ['template.csv', 'template.xlsx', 'template.csv?lang=en', 'template.xlsx?lang=en'])
        expect([path, (await visitor.send('GET', `/datasets/${id}/${path}`)).status]).toEqual([path, 200]);
      const { json } = await visitor.send('GET', `/datasets/${id}/schema.json`);
      expect(json).toMatchObject({ fields: expect.any(Array), primaryKey: expect.any(Array) });
    }
    const [csv, xlsx, english, schema] = [
      await visitor.send('GET', '/datasets/calls/template.csv'),
      await visitor.send('GET', '/datasets/calls/template.xlsx'),
      await visitor.send('GET', '/datasets/calls/template.xlsx?lang=en'),
      await visitor.send('GET', '/datasets/calls/schema.json'),
    ];
    expectDownload(csv, 'text/csv; charset=utf-8', 'calls-template.csv', '通话记录-模板.csv');
    expectDownload(xlsx, xlsxType, 'calls-template.xlsx', '通话记录-模板.xlsx');
    expectDownload(english, xlsxType, 'calls-template.xlsx', 'Calls-template.xlsx');
    expectDownload(schema, 'application/json; charset=utf-8', 'calls.schema.json', 'calls.schema.json');
    expect([...csv.bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(csv.text).toContain('*通话编号,*来电时间,呼叫方向');
    const found = await client.ask<{ id: string; templatePath: string; templateCsvPath: string; schemaPath: string }[]>(
      '{ datasets { id templatePath templateCsvPath schemaPath } }',
    );
    expect(found[0]).toEqual({
      id: 'calls',
      templatePath: '/datasets/calls/template.xlsx',
      templateCsvPath: '/datasets/calls/template.csv',
      schemaPath: '/datasets/calls/schema.json',
    });
  });

  it('can be filled in and sent back as it is', async () => {
    for (const path of ['template.csv', 'template.xlsx', 'template.csv?lang=en', 'template.xlsx?lang=en']) {
      const { bytes } = await client.send('GET', `/datasets/online_sessions/${path}`);
      const found = await client.upload(path, bytes, { commit: false });
      expect([path, found.state, found.dataset, found.issues]).toEqual([path, 'checked', 'online_sessions', []]);
      expect(found.counts).toMatchObject({ read: 2, accepted: 2 });
    }
  });

  it('is not there for a dataset that is none', async () => {
    for (const path of ['template.csv', 'template.xlsx', 'schema.json']) {
      const answer = await client.send('GET', `/datasets/phone_calls/${path}`);
      expect([answer.status, answer.json]).toMatchObject([
        404,
        { error: { code: 'unknown_dataset', message: expect.stringContaining('phone_calls') } },
      ]);
    }
  });
});

interface IssueView {
  readonly row: number;
  readonly column: string | null;
  readonly header: string | null;
  readonly value: string | null;
  readonly level: string;
  readonly rule: string;
  readonly message: string;
  readonly messageEn: string;
  readonly remedy: string;
  readonly remedyEn: string;
}
interface ReportPage {
  readonly report: {
    readonly edges: readonly { readonly cursor: string; readonly node: IssueView }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  } | null;
}
const issueFields = 'row column header value level rule message messageEn remedy remedyEn';
const page = (id: string, first: number, after: string | null): Promise<ReportPage> =>
  client.ask(
    `query ($id: ID!, $first: Int!, $after: String) { import(id: $id) { report(first: $first, after: $after) {
       edges { cursor node { ${issueFields} } } pageInfo { hasNextPage endCursor } } } }`,
    { id, first, after },
  );

describe('a file with problems', () => {
  const daily = (...rows: string[]): string => ['统计日期,人工请求量,人工接通量,放弃量,备注', ...rows, ''].join('\n');

  it('is told of page by page, in both languages, each problem once', async () => {
    const rows = Array.from({ length: 7 }, (_, index) => `2023-06-0${index + 1},100,一,0,`);
    const { id } = await client.upload('多.csv', daily(...rows), { commit: false });
    const seen: IssueView[] = [];
    for (let after: string | null = null, more = true; more;) {
      const { report } = await page(id, 3, after);
      seen.push(...(report?.edges ?? []).map(({ node }) => node));
      more = report?.pageInfo.hasNextPage ?? false;
      after = report?.pageInfo.endCursor ?? null;
    }
    expect(seen.map(({ row }) => row)).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(seen[0]).toEqual({
      row: 2,
      column: 'answered',
      header: '人工接通量',
      value: '一',
      level: 'error',
      rule: 'bad_integer',
      message: '“人工接通量”应为整数，这里是“一”。',
      messageEn: '“Answered by a human” takes a whole number, not “一”.',
      remedy: '可以写 1200、1,200 或 0.12万。',
      remedyEn: 'Write 1200, 1,200 or 0.12万.',
    });
    const nothing = { edges: [], pageInfo: { hasNextPage: false, endCursor: null } };
    for (const cursor of ['nonsense', '', Buffer.from('v1:#99').toString('base64url')])
      expect([cursor, (await page(id, 3, cursor)).report]).toEqual([cursor, nothing]);
  });

  it('comes back as a workbook that is corrected, uploaded, and changes those rows only', async () => {
    const { client: centre } = await server.city('330100');
    const file = daily('2023-05-04,1000,900,100,', '2023-05-05,1000,一,100,说明', '2023-05-06,1000,800,100,');
    const original = await centre.upload('五月.csv', file);
    expect([original.state, original.counts]).toMatchObject(['committed', { accepted: 2, refused: 1, warned: 1 }]);
    const days = async () => {
      const { id } = await assess(centre, { start: '2023-05-04', end: '2023-05-07' });
      const asked = 'query ($id: ID!) { assessment(id: $id) { days(method: "connect_rate.daily") { day n total } } }';
      return (await centre.ask<{ days: unknown }>(asked, { id })).days;
    };
    const before = [
      { day: '2023-05-04', n: 1000, total: 900 },
      { day: '2023-05-06', n: 1000, total: 800 },
    ];
    expect(await days()).toEqual(before);

    const report = await centre.send('GET', `/imports/${original.id}/report.xlsx`);
    expectDownload(report, xlsxType, 'report.xlsx', '五月-问题报告.xlsx');
    expect(report.headers.get('cache-control')).toBe('private, no-store');
    const [sheet] = await readSampleWorkbook(report.bytes);
    const cells = sheet?.cells ?? [];
    expect(cells.map((row) => row.map((cell) => cell?.text).slice(2))).toEqual([
      ['统计日期', '人工请求量', '人工接通量', '放弃量', '备注'],
      ['2023-05-05', '1000', '一', '100', '***'],
      ['2023-05-06', '1000', '800', '100', ''],
    ]);
    expect(cells[1]?.map((cell) => cell?.fill ?? null)).toEqual([null, null, null, null, 'FFC7CE', null, null]);
    // As it came it changes nothing; with the marked cell put right, that row only.
    const same = await centre.upload('五月-问题报告.xlsx', report.bytes);
    expect([same.state, same.counts]).toMatchObject(['committed', { read: 2, accepted: 1, refused: 1 }]);
    expect(await days()).toEqual(before);
    const corrected = cells.map((row) => row.map((cell) => (cell?.text === '一' ? '950' : (cell?.text ?? null))));
    const again = await centre.upload('五月-问题报告.xlsx', await plainWorkbook(corrected));
    expect([again.state, again.counts]).toMatchObject(['committed', { read: 2, accepted: 2, refused: 0 }]);
    expect(await days()).toEqual([before[0], { day: '2023-05-05', n: 1000, total: 950 }, before[1]]);
  });

  it('shows no phone or identity number in clear, wherever it stands', async () => {
    const phones = Array.from({ length: 20 }, (_, index) => `1371234${String(1000 + index * 13)}`);
    const identity = (phone: string) => `42010119850412${phone.slice(-4)}`;
    const rows = phones.map(
      (phone) =>
        `${phone},来电${phone},已转 ${phone},${phone},${phone} ${identity(phone)},欧阳锋${phone},${identity(phone)},黄龙洞${phone}`,
    );
    const text = ['通话编号,来电时间,呼叫结果,主叫号码,技能组,坐席工号,证件号,住址', ...rows, ''].join('\n');
    const { id } = await client.upload('电话.csv', text, { commit: false });
    const csv = await client.send('GET', `/imports/${id}/report.csv`);
    expectDownload(csv, 'text/csv; charset=utf-8', 'report.csv', '电话-问题报告.csv');
    const xlsx = await client.send('GET', `/imports/${id}/report.xlsx?lang=en`);
    expectDownload(xlsx, xlsxType, 'report.xlsx', '电话-problems.xlsx');
    const [sheet] = await readSampleWorkbook(xlsx.bytes);
    const { report } = await page(id, 100, null);
    // Four problems a row: the id, the time, the result and the group.
    expect([report?.edges.length, sheet?.cells.length]).toEqual([80, 21]);
    const told = [csv.text, sheet?.xml ?? '', JSON.stringify(report), JSON.stringify(await client.settled(id))];
    for (const answer of told) {
      expect(answer).not.toMatch(/欧阳锋|黄龙洞/);
      for (const phone of phones)
        expect([phone, answer.includes(phone), answer.includes(identity(phone))]).toEqual([phone, false, false]);
    }
    expect(csv.text).toContain('137****');
  });

  it('names its report', async () => {
    const { id } = await client.upload(`甲"; filename=乙.html 'x'=(1)*.csv`, daily('2023-05-04,1000,一,100,'), {
      commit: false,
    });
    const report = await client.send('GET', `/imports/${id}/report.csv`);
    const name = `甲"; filename=乙.html 'x'=(1)*-问题报告.csv`;
    expectDownload(report, 'text/csv; charset=utf-8', 'report.csv', name);
    // Only what RFC 8187 leaves as it is.
    const [, escaped] = (report.headers.get('content-disposition') ?? '').split("UTF-8''");
    expect(escaped).toMatch(/^(?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})+$/);
  });

  it('leaves no report behind on the server', async () => {
    const { scratchRoot } = server.app.get(FileStore);
    const left = () => readdirSync(scratchRoot).filter((name) => name.startsWith('work-'));
    for (let tries = 0; left().length > 0 && tries < 100; tries += 1) await new Promise((done) => setTimeout(done, 20));
    expect(left()).toEqual([]);
  });
});
