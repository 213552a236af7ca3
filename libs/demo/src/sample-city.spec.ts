import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSampleCity } from './sample-city.js';
import { asRecords, readCsv, readSheetLines } from './testing/read-files.js';

const committed = fileURLToPath(new URL('../../../examples/sample-city/', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sample-city-'));
  await writeSampleCity(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Rows = readonly Readonly<Record<string, string>>[];
const csv = async (dataset: string): Promise<Rows> =>
  asRecords(await readCsv(join(committed, `${dataset}.csv`), 'gb18030'));
const workbook = async (dataset: string): Promise<Rows> =>
  asRecords((await readSheetLines(join(committed, `${dataset}.xlsx`))).slice(1));

/** Rows per day period [from, to), by the hour in a column like `2023-05-04 09:05:30`. */
function perPeriod(rows: Rows, column: string, periods: readonly (readonly [number, number])[]): number[] {
  return periods.map(
    ([from, to]) =>
      rows.filter((row) => {
        const hour = Number(row[column]?.slice(11, 13));
        return hour >= from && hour < to;
      }).length,
  );
}
const hotlinePeriods = [
  [9, 11],
  [11, 13],
  [13, 17],
  [17, 19],
  [19, 21],
  [21, 24],
] as const;
const onlinePeriods = [
  [9, 11],
  [13, 17],
  [17, 21],
] as const;

describe('the sample folder', () => {
  it('is what the generator writes, byte for byte, and small', async () => {
    const names = (await readdir(committed)).sort();
    expect(names).toEqual((await readdir(folder)).sort());
    let bytes = 0;
    for (const name of names) {
      const file = await readFile(join(committed, name));
      expect([name, file.equals(await readFile(join(folder, name)))]).toEqual([name, true]);
      bytes += file.length;
    }
    expect(bytes).toBeLessThanOrEqual(3_000_000);
  });

  it('holds enough calls: 400 requests, 30 in each day period, 100 ratings, 28 days', async () => {
    const calls = await csv('calls');
    const requests = calls.filter(
      (row) => row.呼叫方向 === '呼入' && !['自助服务', '无效呼叫', ''].includes(row.呼叫结果 ?? ''),
    );
    expect(requests.length).toBeGreaterThanOrEqual(400);
    for (const count of perPeriod(requests, '来电时间', hotlinePeriods)) expect(count).toBeGreaterThanOrEqual(30);
    const rated = requests.filter(
      (row) => row.呼叫结果 === '人工接通' && !['', '未评价'].includes(row.话后满意度 ?? ''),
    );
    expect(rated.length).toBeGreaterThanOrEqual(100);
    expect(new Set(requests.map((row) => row.来电时间?.slice(0, 10))).size).toBeGreaterThanOrEqual(28);
  });

  it('holds enough orders: 400 valid ones, 400 first contacts, 100 with deadlines, 100 to call back', async () => {
    const orders = (await csv('work_orders')).filter((row) => row.是否无效 === '否');
    expect(orders.length).toBeGreaterThanOrEqual(400);
    const contacts = orders.filter(
      (row) => row.受理渠道 === '电话' && row.来电人电话 !== '' && row.关联工单编号 === '',
    );
    // A repeat without a link has the same caller and matter: counted once here, however far apart.
    const first = new Set(contacts.map((row) => `${row.来电人电话} ${row.二级分类}`));
    expect(first.size).toBeGreaterThanOrEqual(400);
    const dispatched = orders.filter((row) => row.是否直接办结 === '否' && row.工单状态 !== '已撤销');
    expect(dispatched.filter((row) => row.首次联系时间 !== '').length).toBeGreaterThanOrEqual(30);
    expect(dispatched.filter((row) => (row.办理期限 ?? '') < '2024-01-01').length).toBeGreaterThanOrEqual(100);
    const due = dispatched.filter(
      (row) => row.办结时间 !== '' && (row.办结时间 ?? '') < '2023-12-25' && row.是否需回访 !== '否',
    );
    expect(due.length).toBeGreaterThanOrEqual(100);
    const answered = (await csv('callbacks')).filter(
      (row) => row.是否接通 === '是' && !['', '未评价'].includes(row.满意程度 ?? ''),
    );
    expect(new Set(answered.map((row) => row.工单编号)).size).toBeGreaterThanOrEqual(100);
  });

  it('holds enough sessions: 100 with a request for a human, 10 in each period, with reply times', async () => {
    const requested = (await csv('online_sessions')).filter((row) => row.请求人工时间 !== '');
    expect(requested.length).toBeGreaterThanOrEqual(100);
    for (const rows of [requested, requested.filter((row) => row.人工回复间隔中位数 !== '')])
      for (const count of perPeriod(rows, '会话开始时间', onlinePeriods)) expect(count).toBeGreaterThanOrEqual(10);
  });

  it('holds enough test calls and chats, in every scenario and with every promise', async () => {
    const tests = (await workbook('mystery_calls')).filter((row) => row.评分员序号 === '1');
    expect(tests.length).toBeGreaterThanOrEqual(18);
    const reached = tests.filter((row) => row.是否接通人工 === '是');
    expect(reached.length).toBeGreaterThanOrEqual(12);
    expect(reached.filter((row) => row.拨测场景 === '社保' || row.拨测场景 === '公积金').length).toBeGreaterThanOrEqual(
      4,
    );
    expect(reached.filter((row) => row.拨测场景 === '营商环境').length).toBeGreaterThanOrEqual(4);
    for (const promise of ['告知响应时限', '告知办结时限', '告知回访安排'])
      expect(reached.filter((row) => row[promise] === '是' || row[promise] === '否').length).toBeGreaterThanOrEqual(12);
    expect(await csv('mystery_chats')).toHaveLength(24);
  });

  it('holds enough answers to every question, a channel list and a population', async () => {
    const answers = await csv('survey_responses');
    const questions = Object.keys(answers[0] ?? {}).filter((name) => /评价|了解|信任|总评/.test(name));
    expect(questions).toHaveLength(9);
    for (const question of questions)
      expect(answers.filter((row) => row[question] !== '').length).toBeGreaterThanOrEqual(100);
    expect(answers.filter((row) => row.是否用过非电话渠道 !== '').length).toBeGreaterThanOrEqual(100);
    const channels = await workbook('channels');
    // Latest check 16 September 2023 = day 45185 of a spreadsheet, less than a year before the end of 2023.
    expect(channels.filter((row) => row.核验日期 === '45185' && row.是否开通 === '是').length).toBeGreaterThan(0);
    expect((await csv('city_profile')).map((row) => row.年度)).toEqual(['2022', '2023']);
  });
});
