import { afterAll, describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import { UploadFolder, workbookParts, type SampleCell } from '../decode/sample-uploads.js';
import { proposalReason } from '../messages.js';
import type { LookResult, LookTask } from '../tasks.js';
import { lookAtFile } from './look-at-file.js';

const folder = new UploadFolder();
afterAll(() => folder.remove());

const look = (file: string, options: Partial<LookTask> = {}): Promise<LookResult> =>
  lookAtFile({ kind: 'look', file, fileName: 'upload.bin', ...options });
const text = (...lines: readonly string[]): string => folder.write('f.csv', `${lines.join('\n')}\n`);
const two = (number: number): string => String(number).padStart(2, '0');
const lines = <T>(count: number, line: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => line(at));
const sources = ({ proposals }: LookResult): Record<string, readonly string[]> =>
  Object.fromEntries(proposals.map(({ column, mapping }) => [column, mapping.from]));
const proposal = ({ proposals }: LookResult, column: string) => proposals.find((each) => each.column === column);

describe('a look at a text', () => {
  const header = '通话编号;来电时间;呼叫结果;备注';
  const body = lines(
    8,
    (index) => `C${index};2023-05-04 09:0${index}:00;接通;${index === 0 ? '王小明 13812345678' : '无'}`,
  );

  it('tells encoding, delimiter, header row and five rows, nothing personal in clear', async () => {
    const bytes = iconv.encode(['通话明细', '', header, ...body, ''].join('\n'), 'gb18030');
    const found = await look(folder.write('g.csv', bytes));
    expect(found).toMatchObject({ type: 'csv', encoding: 'gb18030', delimiter: ';', headerRow: 3, dataset: 'calls' });
    expect(found.rows.map(({ row }) => row)).toEqual([4, 5, 6, 7, 8]);
    expect(found.rows[0]?.cells).toEqual(['C0', '2023-05-04 09:00:00', '接通', '王***']);
    expect([found.missing, found.proposals, found.refusal]).toEqual([[], [], null]);
  });

  it('reads it as it is told to', async () => {
    const bytes = iconv.encode([header, ...body, ''].join('\n'), 'utf-16le');
    const file = folder.write('u.csv', bytes);
    const found = await look(file, { mapping: { encoding: 'utf-16le', columns: {} } });
    expect(found).toMatchObject({ encoding: 'utf-16le', headers: ['通话编号', '来电时间', '呼叫结果', '备注'] });
    const comma = await look(text(header, ...body), { mapping: { delimiter: ',', columns: {} } });
    expect(comma).toMatchObject({ delimiter: ',', headers: [header] });
    const third = await look(text(header, ...body), { mapping: { headerRow: 3, columns: {} } });
    expect([third.headerRow, third.rows[0]?.row]).toEqual([3, 4]);
  });

  it('shows what stands before a place that cannot be decoded', async () => {
    const bytes = Buffer.concat([Buffer.from([header, ...body, ''].join('\n')), Buffer.of(0xff), Buffer.from('x\n')]);
    const found = await look(folder.write('b.csv', bytes));
    expect(found).toMatchObject({ encoding: 'utf-8', refusal: { code: 'undecodable', params: { line: 10 } } });
    expect(found.rows).toHaveLength(5);
  });

  it('shows a file whose headers nobody knows, its fullest row of words as headers', async () => {
    const found = await look(text('报表,,', '甲,乙,丙', '1,2,3', '4,5,6'));
    expect(found).toMatchObject({ dataset: null, headerRow: 2, headers: ['甲', '乙', '丙'], proposals: [] });
  });
});

describe('a look at a workbook', () => {
  it('tells every sheet with its size and reads the one that is chosen', async () => {
    const orders: SampleCell[][] = [
      ['工单编号', '受理时间', '受理渠道'],
      ...lines(6, (index): SampleCell[] => [`W${index}`, 45050.375, '电话']),
      ...lines(30, (): SampleCell[] => [{ xml: '<c s="0"/>' }]),
    ];
    const parts = workbookParts({
      sheets: [
        { name: '说明', rows: [['欢迎']] },
        { name: '明细', rows: orders },
      ],
    });
    const file = await folder.zip('w.xlsx', parts);
    const found = await look(file);
    expect(found.sheets).toEqual([
      { name: '说明', rows: 1, columns: 1, complete: true },
      { name: '明细', rows: 7, columns: 3, complete: true },
    ]);
    expect(found).toMatchObject({
      type: 'xlsx',
      encoding: null,
      delimiter: null,
      sheet: '明细',
      dataset: 'work_orders',
    });
    expect(found.rows[0]).toEqual({ row: 2, cells: ['W0', '2023-05-04 09:00:00', '电话'] });
    const other = await look(file, { mapping: { sheet: '说明', columns: {} } });
    expect(other).toMatchObject({ sheet: '说明', headers: ['欢迎'], rows: [] });
  });
});

describe('proposals from the values', () => {
  const created = (index: number): string => `2023-05-${two(1 + (index % 28))} ${two(8 + (index % 9))}:00:00`;
  const answered = (index: number): string => `2023-06-${two(1 + (index % 28))} 10:00:00`;

  it('find key, beginning and channel of orders under headers of their own', async () => {
    const found = await look(
      text(
        '标识,甲,乙,丙,联络',
        ...lines(60, (at) =>
          [`GD${1000 + at}`, answered(at), created(at), ['电话', '网站', 'APP'][at % 3], `138${10_000_000 + at}`].join(
            ',',
          ),
        ),
      ),
      { dataset: 'work_orders' },
    );
    expect(sources(found)).toMatchObject({ order_id: ['标识'], created_at: ['乙'], channel: ['丙'] });
    expect(found.missing).toEqual(['order_id', 'created_at', 'channel']);
    const reasons = proposal(found, 'created_at')?.reasons ?? [];
    expect(reasons.map(({ code }) => code)).toContain('earliest');
    for (const { confidence } of found.proposals) expect(confidence).toBeGreaterThan(0.5);
    for (const reason of found.proposals.flatMap((each) => each.reasons))
      for (const language of ['zh-CN', 'en'] as const) expect(proposalReason(reason, language)).not.toMatch(/[{}]/);
    // Proposed or not, nobody has confirmed it: numbers of persons stay hidden.
    expect(JSON.stringify(found)).not.toMatch(/138\d{8}/);
  });

  it('join a day and a clock, and take midnight for nothing where it comes again and again', async () => {
    const found = await look(
      text(
        'vru+line,call_id,date,vru_entry,q_start,outcome',
        ...lines(
          40,
          (at) =>
            `AA${at},${at},2010-08-${two(1 + (at % 28))},8:${two(at)}:00,${at % 2 ? `8:${two(at)}:30` : '0:00:00'},AGENT`,
        ),
      ),
      { dataset: 'calls' },
    );
    expect(proposal(found, 'started_at')?.mapping).toEqual({ from: ['date', 'vru_entry'] });
    expect(proposal(found, 'agent_requested_at')?.mapping).toEqual({
      from: ['date', 'q_start'],
      emptyMarkers: ['0:00:00'],
    });
  });

  it('tell the order of slash dates only where the dates do', async () => {
    const orders = (days: readonly string[]) =>
      look(text('工单编号,受理时间,受理渠道', ...days.map((day, at) => `W${at},${day},电话`)), {
        dataset: 'work_orders',
      });
    const american = await orders(['04/12/2018', '04/25/2018', '05/01/2018']);
    expect(proposal(american, 'created_at')?.mapping).toEqual({ from: ['受理时间'], dateOrder: 'mdy' });
    const british = await orders(['04/12/2018', '25/04/2018', '01/05/2018']);
    expect(proposal(british, 'created_at')?.mapping).toEqual({ from: ['受理时间'], dateOrder: 'dmy' });
    expect((await orders(['04/12/2018', '05/01/2018'])).proposals).toEqual([]);
    expect((await orders(['25/04/2018', '04/25/2018'])).proposals).toEqual([]);
  });

  it('say that two columns are alike instead of choosing quietly', async () => {
    const found = await look(
      text(
        '单号,时间甲,渠道甲,渠道乙',
        ...lines(30, (at) => `A${at},${created(at)},${['电话', '网站'][at % 2]},${['网站', '微信'][at % 2]}`),
      ),
      { dataset: 'work_orders' },
    );
    const channel = proposal(found, 'channel');
    expect(channel?.alternatives).toHaveLength(1);
    expect(channel?.confidence).toBeLessThanOrEqual(0.5);
    expect(channel?.reasons.map(({ code }) => code)).toContain('others_alike');
  });

  it('name the dataset where the values of a file fill all that one needs', async () => {
    const found = await look(
      text(
        '留言号,留言日期,途径',
        ...lines(40, (at) => `M${at},${created(at)},${['网站', '微信公众号', 'APP'][at % 3]}`),
      ),
    );
    expect(found.dataset).toBe('work_orders');
    expect(sources(found)).toMatchObject({ order_id: ['留言号'], created_at: ['留言日期'], channel: ['途径'] });
  });

  it('are none for what the mapping has settled', async () => {
    const file = text('单号,登记,途径', ...lines(30, (at) => `A${at},${created(at)},${['电话', '网站'][at % 2]}`));
    const mapping = { columns: { channel: { from: [], constant: 'web' } } };
    const found = await look(file, { dataset: 'work_orders', mapping });
    expect(sources(found)).not.toHaveProperty('channel');
    expect(found.missing).not.toContain('channel');
  });

  it('count the spellings that a list does not hold', async () => {
    const states = ['已办结', '处理完毕', '处理完毕', '挂起'];
    const file = text(
      '工单编号,受理时间,受理渠道,工单状态',
      ...lines(40, (at) => `W${at},${created(at)},电话,${states[at % 4]}`),
    );
    const found = await look(file, { dataset: 'work_orders' });
    expect(found.unknownValues).toEqual([
      { column: 'status', value: '处理完毕', count: 20 },
      { column: 'status', value: '挂起', count: 10 },
    ]);
    const mapping = { columns: { status: { from: ['工单状态'], values: [{ value: '处理完毕', to: 'closed' }] } } };
    expect((await look(file, { dataset: 'work_orders', mapping })).unknownValues).toEqual([
      { column: 'status', value: '挂起', count: 10 },
    ]);
  });
});
