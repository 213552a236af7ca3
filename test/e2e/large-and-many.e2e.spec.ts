import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSampleWorkbook } from '../../libs/rows/src/workbook/sample-workbook.js';
import { workbookBytes } from '../../libs/rows/src/workbook/write-workbook.js';
import type { SheetRow } from '../../libs/rows/src/workbook/workbook.js';
import type { ApiClient } from './api-client.js';
import { ApiServer } from './api-server.js';
import { assess } from './assessment-view.js';

let server: ApiServer;
beforeAll(async () => {
  server = await ApiServer.start();
});
afterAll(() => server.close());

const january = { start: '2023-01-01', end: '2023-02-01' } as const;
const days = Array.from({ length: 31 }, (_, index) => `2023-01-${String(index + 1).padStart(2, '0')}`);
const callHeaders = '通话编号,来电时间,呼叫结果';

/** So many requests of a day, of which the first were answered. */
function callsOf(day: string, [requests, answered]: readonly [number, number]): string[] {
  return Array.from({ length: requests }, (_, index) => {
    const time = `${String(9 + (index % 12)).padStart(2, '0')}:${String(index % 60).padStart(2, '0')}:00`;
    return `${day}-${index},${day} ${time},${index < answered ? '人工接通' : '排队放弃'}`;
  });
}

const connectRate = `... on Assessment { dimensions { elements { indicators {
  id value n numerator denominator method flags sources { method dataset start end } files { file dataset } } } } }`;
interface RateView {
  readonly id: string;
  readonly value: number | null;
  readonly n: number;
  readonly numerator: number | null;
  readonly method: string | null;
  readonly flags: readonly string[];
  readonly sources: readonly { method: string; dataset: string; start: string; end: string }[];
  readonly files: readonly { file: string; dataset: string }[];
}

async function rateOf(
  client: ApiClient,
): Promise<RateView & { readonly daysOf: (method: string) => Promise<unknown> }> {
  const { id } = await assess(client, january);
  const { dimensions } = await client.ask<{
    dimensions: readonly { elements: readonly { indicators: readonly RateView[] }[] }[];
  }>(`query ($id: ID!) { assessment(id: $id) { ${connectRate} } }`, { id });
  const indicators = dimensions.flatMap(({ elements }) => elements).flatMap((element) => element.indicators);
  const rate = indicators.find((indicator) => indicator.id === 'hotline_connect_rate');
  if (!rate) throw new Error('no connect rate');
  const asked = 'query ($id: ID!, $method: String!) { assessment(id: $id) { days(method: $method) { day n total } } }';
  const daysOf = async (method: string) => (await client.ask<{ days: unknown }>(asked, { id, method })).days;
  return { ...rate, daysOf };
}

/** Reproducible numbers from 0 on, below `most`. */
function numbers(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % most;
  };
}

describe('a city with call rows for some days and daily totals for others', () => {
  it.each([11, 2023])('has each day counted once, and is told which file gave it (seed %i)', async (seed) => {
    const { client } = await server.city();
    const next = numbers(seed);
    const plan = days.map((day) => {
      const kind = ['rows', 'totals', 'both', 'none'][next(4)];
      const figures = () => {
        const requests = 20 + next(40);
        return [requests, next(requests + 1)] as const;
      };
      return {
        day,
        rows: kind === 'rows' || kind === 'both' ? figures() : null,
        totals: kind === 'totals' || kind === 'both' ? figures() : null,
      };
    });
    // The rows come in three files for the one month, the totals in one.
    const rows = plan.flatMap(({ day, rows: figures }) => (figures ? callsOf(day, figures) : []));
    for (const part of [0, 1, 2]) {
      const own = rows.filter((_, index) => index % 3 === part);
      const sent = await client.upload(`calls-${part}.csv`, [callHeaders, ...own, ''].join('\n'));
      expect([sent.state, sent.counts]).toMatchObject(['committed', { accepted: own.length, refused: 0 }]);
    }
    const totals = plan.flatMap(({ day, totals: figures }) =>
      figures ? [`${day},${figures[0]},${figures[1]},${figures[0] - figures[1]}`] : [],
    );
    await client.upload('daily.csv', ['日期,人工请求量,人工接通量,放弃量', ...totals, ''].join('\n'));

    // By hand: of a day with rows the rows, of any other its totals.
    const counted = plan.flatMap(({ day, rows: own, totals: summed }) => {
      const figures = own ?? summed;
      return figures ? [{ day, n: figures[0], total: figures[1], from: own ? 'calls' : 'daily' }] : [];
    });
    const sum = (of: (day: (typeof counted)[number]) => number) => counted.reduce((all, day) => all + of(day), 0);
    const rate = await rateOf(client);
    expect(rate).toMatchObject({
      n: sum(({ n }) => n),
      numerator: sum(({ total }) => total),
      method: 'connect_rate.calls',
      flags: ['fallback_method', 'days_missing'],
    });
    expect(rate.value).toBeCloseTo((sum(({ total }) => total) / sum(({ n }) => n)) * 100, 9);
    for (const from of ['calls', 'daily']) {
      const method = `connect_rate.${from}`;
      const own = counted.filter((day) => day.from === from);
      expect(await rate.daysOf(method)).toEqual(own.map(({ day, n, total }) => ({ day, n, total })));
      const spans = rate.sources.filter((span) => span.method === method);
      expect(days.filter((day) => spans.some(({ start, end }) => start <= day && day < end))).toEqual(
        own.map(({ day }) => day),
      );
    }
    expect(new Set(rate.files.map(({ file }) => file))).toEqual(
      new Set(['calls-0.csv', 'calls-1.csv', 'calls-2.csv', 'daily.csv']),
    );
  });

  it('is told no sources where one file gives every day', async () => {
    const { client } = await server.city();
    const rows = days.flatMap((day) => callsOf(day, [20, 15]));
    await client.upload('calls.csv', [callHeaders, ...rows, ''].join('\n'));
    await client.upload('daily.csv', `日期,人工请求量,人工接通量,放弃量\n${days[0]},900,0,900\n`);
    expect(await rateOf(client)).toMatchObject({ n: 620, value: 75, flags: [], sources: [] });
  });
});

describe('a workbook of several sheets with the same headers', () => {
  const row = (text: string): SheetRow => text.split(',');
  const sheet = (name: string, ...rows: readonly string[]) => ({ name, rows: rows.map(row) });
  const book = (...sheets: ReturnType<typeof sheet>[]) => workbookBytes({ styles: [{}], sheets });
  const headers = '统计日期,人工请求量,人工接通量,放弃量';

  it('is one import, of which every problem names its sheet and row', async () => {
    const { client } = await server.city();
    const bytes = await book(
      sheet('上半月', headers, '2023-01-01,100,90,10', '2023-01-02,100,一,10'),
      sheet('下半月', headers, '2023-01-16,100,80,20', '2023-01-17,100,70,30', '2023-01-18,二,70,30'),
      sheet('说明', '本表由系统导出'),
    );
    const sent = await client.upload('一月.xlsx', bytes);
    expect([sent.state, sent.counts]).toMatchObject(['committed', { read: 5, accepted: 3, refused: 2 }]);
    const told = await client.ask<unknown>(
      `query ($id: ID!) { import(id: $id) { sheet sheets notes { code message }
         report { edges { node { sheet row value } } } } }`,
      { id: sent.id },
    );
    expect(told).toEqual({
      sheet: '上半月',
      sheets: ['上半月', '下半月'],
      notes: [
        {
          code: 'sheets_joined',
          message: expect.stringContaining('工作表 上半月、下半月 的表头相同，已作为一次导入全部读取。'),
        },
      ],
      report: {
        edges: [{ node: { sheet: '上半月', row: 3, value: '一' } }, { node: { sheet: '下半月', row: 4, value: '二' } }],
      },
    });

    const csv = await client.send('GET', `/imports/${sent.id}/report.csv`);
    const lines = csv.text.slice(1).trimEnd().split('\r\n');
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(['上半月!3', '下半月!4']);

    const report = await client.send('GET', `/imports/${sent.id}/report.xlsx`);
    const [problems] = await readSampleWorkbook(report.bytes);
    const cells = problems?.cells.map((line) => line.map((cell) => cell?.text ?? '')) ?? [];
    expect(cells.slice(1).map((line) => [line[0], ...line.slice(2)])).toEqual([
      ['上半月!3', '2023-01-02', '100', '一', '10'],
      ['下半月!4', '2023-01-18', '二', '70', '30'],
    ]);
    // Corrected and sent back, those two rows come in and no other changes.
    const corrected = cells.map((line) => line.map((text) => ({ 一: '90', 二: '100' })[text] ?? text));
    const again = await client.upload(
      '一月-问题报告.xlsx',
      await workbookBytes({ styles: [{}], sheets: [{ name: '数据', rows: corrected }] }),
    );
    expect([again.state, again.counts]).toMatchObject(['committed', { read: 2, accepted: 2, refused: 0 }]);
    expect(await rateOf(client)).toMatchObject({ n: 500, numerator: 400, method: 'connect_rate.daily' });
  });

  it('replaces a row of an earlier sheet by one of a later sheet, and says so of the earlier', async () => {
    const { client } = await server.city();
    const bytes = await book(
      sheet('1', headers, '2023-01-01,1000,100,900'),
      sheet('2', headers, '2023-01-01,1000,700,300'),
    );
    const sent = await client.upload('双.xlsx', bytes);
    expect(sent.counts).toMatchObject({ read: 2, accepted: 1, duplicates: 1 });
    const { report } = await client.ask<{ report: { edges: { node: unknown }[] } }>(
      'query ($id: ID!) { import(id: $id) { report { edges { node { sheet row rule } } } } }',
      { id: sent.id },
    );
    expect(report.edges.map(({ node }) => node)).toEqual([{ sheet: '1', row: 2, rule: 'duplicate_key' }]);
    expect(await rateOf(client)).toMatchObject({ numerator: 700, n: 1000 });
  });
});
