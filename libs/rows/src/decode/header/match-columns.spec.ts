import { afterAll, describe, expect, it } from '@jest/globals';
import { dictionary } from '../../datasets/dictionary.js';
import type { FileMapping } from '../../tasks.js';
import { UploadFolder } from '../sample-uploads.js';
import { normaliseHeader, ruledSpellings } from './header-spellings.js';
import { matchColumns } from './match-columns.js';

const folder = new UploadFolder();
afterAll(() => folder.remove());

const table = (...lines: readonly string[]): string => folder.write('u', `${lines.join('\n')}\n`);
const mapping = (columns: FileMapping['columns']): FileMapping => ({ columns });

describe('a header is compared', () => {
  it.each([
    ['通话时长(秒)', '通话时长'],
    ['通话时长（分钟）', '通话时长'],
    ['常住人口 [万人]', '常住人口'],
    ['接通率【%】', '接通率'],
    ['*来电时间', '来电时间'],
    ['＊来电时间（必填）', '来电时间'],
    ['Ｃａｌｌ＿ＩＤ', 'callid'],
    ['call-id', 'callid'],
    [' 来电\n时间 ', '来电时间'],
    ['\u200b来电\u00a0时间\ufeff', '来电时间'],
    ['(秒)', '(秒)'],
    ['15秒接通量', '15秒接通量'],
  ])('%j as %j', (text, name) => {
    expect(normaliseHeader(text)).toBe(name);
  });
});

describe('headers of a dataset', () => {
  it('name their column by id, Chinese and English name, and other spellings', () => {
    const headers = ['call_id', '来电时间', 'Direction', '进队列时间', '备注'];
    expect(matchColumns('calls', undefined, headers).columns).toEqual([
      { header: 'call_id', position: 0, column: 'call_id', by: 'id' },
      { header: '来电时间', position: 1, column: 'started_at', by: 'zh' },
      { header: 'Direction', position: 2, column: 'direction', by: 'id' },
      { header: '进队列时间', position: 3, column: 'agent_requested_at', by: 'alias' },
      { header: '备注', position: 4, column: null, by: null },
    ]);
  });

  it('that match one column: the name wins over another spelling, the rest is reported', () => {
    const { columns, notes } = matchColumns('calls', undefined, ['流水号', '来电时间', '通话编号']);
    expect(columns.map(({ column, by }) => [column, by])).toEqual([
      [null, null],
      ['started_at', 'zh'],
      ['call_id', 'zh'],
    ]);
    expect(notes).toEqual([
      {
        code: 'header_unused',
        params: { header: '流水号', used: '通话编号', column: '通话编号', column_en: 'Call id' },
      },
    ]);
  });

  it.each([
    ['call_metrics_daily', '平均等待时长（秒）', 'wait_seconds_sum'],
    ['call_metrics_daily', 'ASA', 'wait_seconds_sum'],
    ['call_metrics_daily', 'Average Speed of Answer', 'wait_seconds_sum'],
    ['call_metrics_daily', '平均通话时长', 'talk_seconds_sum'],
    ['call_metrics_daily', 'aht', 'talk_seconds_sum'],
    ['callbacks', '是否联系失败', 'connected'],
    ['callbacks', 'visitIsFailContact', 'connected'],
  ] as const)('%s: %s is the column %s, to be read by its rule', (dataset, header, column) => {
    const needed = dataset === 'callbacks' ? ['工单编号', '回访时间'] : ['日期', '人工请求量', '人工接通量'];
    const { columns } = matchColumns(dataset, undefined, [...needed, header]);
    expect(columns.at(-1)).toEqual({ header, position: needed.length, column, by: 'alias' });
  });

  it('with a rule of their own are those that the dictionary names in that rule', () => {
    for (const [dataset, columns] of Object.entries(ruledSpellings)) {
      for (const [column, spellings] of Object.entries(columns)) {
        const spec = dictionary()
          .datasets.find(({ id }) => id === dataset)
          ?.columns.find(({ id }) => id === column);
        for (const spelling of spellings) expect(spec?.import_rules?.join(' ')).toContain(spelling);
      }
    }
  });

  it('that are repeated are refused where one is needed, and reported where not', async () => {
    const refused = await folder.refusal(table('call_id,来电时间,备注,来电时间', 'A1,x,y,z'));
    expect(refused).toEqual({
      code: 'header_repeated',
      params: { header: '来电时间', positions: ['B', 'D'], column: '来电时间', column_en: 'Call started at' },
    });
    const { notes } = matchColumns('calls', undefined, ['备注', 'call_id', '来电时间', '备注 ']);
    expect(notes).toEqual([{ code: 'header_repeated_unused', params: { header: '备注', positions: 'A, D' } }]);
  });

  it('have no entry where they are blank', async () => {
    const decoded = await folder.decode(table(',call_id,started_at,', ',A1,x,'));
    expect(decoded.headers).toEqual(['', 'call_id', 'started_at', '']);
    expect(decoded.columns.map(({ position }) => position)).toEqual([1, 2]);
  });
});

describe('required columns', () => {
  it('are named where they are missing', async () => {
    expect(await folder.refusal(table('工单编号,承办单位,状态', '1,2,3'), { dataset: 'work_orders' })).toEqual({
      code: 'required_columns_missing',
      params: {
        dataset: '工单',
        dataset_en: 'Work orders',
        columns: ['受理时间', '受理渠道'],
        columns_en: ['Created at', 'Channel'],
        ids: ['created_at', 'channel'],
        headers: ['工单编号', '承办单位', '状态'],
      },
    });
  });

  it('do not include the result of a call, which is derived', async () => {
    expect((await folder.decode(table('call_id,started_at', 'A1,x'))).dataset).toBe('calls');
  });
});

describe('a mapping', () => {
  it('feeds columns from headers of the file, one header also several, two also one', () => {
    const columns = mapping({
      started_at: { from: ['date', 'vru_entry'] },
      agent_requested_at: { from: ['Date', 'q_start'] },
    });
    const { columns: matched } = matchColumns('calls', columns, ['call_id', 'date', 'vru_entry', 'q_start', 'type']);
    expect(matched.map(({ header, column, by }) => [header, column, by])).toEqual([
      ['call_id', 'call_id', 'id'],
      ['date', 'started_at', 'mapping'],
      ['date', 'agent_requested_at', 'mapping'],
      ['vru_entry', 'started_at', 'mapping'],
      ['q_start', 'agent_requested_at', 'mapping'],
      ['type', null, null],
    ]);
  });

  it('tells apart headers that are only spelled alike', () => {
    const columns = mapping({ talk_seconds: { from: ['时长(分钟)'] }, queue_seconds: { from: ['时长（秒）'] } });
    const { columns: matched } = matchColumns('calls', columns, ['call_id', '来电时间', '时长(秒)', '时长(分钟)']);
    expect(matched.slice(2).map(({ position, column }) => [position, column])).toEqual([
      [2, 'queue_seconds'],
      [3, 'talk_seconds'],
    ]);
  });

  it('takes a column out that has no source', () => {
    const headers = ['call_id', '来电时间', '技能组'];
    const { columns } = matchColumns('calls', mapping({ skill_group: { from: [] } }), headers);
    expect(columns.at(-1)).toEqual({ header: '技能组', position: 2, column: null, by: null });
  });

  it('counts for the header row', async () => {
    const file = table('说明', '留言编号,留言时间,网站', '1,2020-01-06 12:09:38,网站');
    const columns = {
      order_id: { from: ['留言编号'] },
      created_at: { from: ['留言时间'] },
      channel: { from: ['网站'] },
    };
    const decoded = await folder.decode(file, { dataset: 'work_orders', mapping: mapping(columns) });
    expect(decoded.headerRow).toBe(2);
  });

  it('is refused where it names a header or column that is not there', async () => {
    const file = table('call_id,来电时间', 'A1,x');
    const absent = await folder.refusal(file, {
      dataset: 'calls',
      mapping: mapping({ skill_group: { from: ['队列名'] } }),
    });
    expect(absent).toEqual({
      code: 'mapping_header_missing',
      params: { header: '队列名', column: '技能组', column_en: 'Skill group', headers: ['call_id', '来电时间'] },
    });
    const unknown = await folder.refusal(file, {
      dataset: 'calls',
      mapping: mapping({ queue: { from: ['call_id'] } }),
    });
    expect(unknown).toEqual({ code: 'mapping_column_unknown', params: { column: 'queue', dataset: 'calls' } });
  });
});

describe('the dataset of a file', () => {
  const orders = ['order_id,created_at,channel,unit', '1,2023-05-04,电话,x'];
  const daily = ['date,offered,answered', '2023-05-04,10,9'];

  it('is told by its headers', async () => {
    expect((await folder.decode(table(...orders))).dataset).toBe('work_orders');
    expect((await folder.decode(table(...daily))).dataset).toBe('call_metrics_daily');
    const channels = table('渠道,核验日期,是否开通', '网站,2023-05-04,是');
    expect((await folder.decode(channels)).dataset).toBe('channels');
  });

  it('is the one the file is named after where the headers fit two alike', async () => {
    const chats = table('编号,开始时间,拨测时间,是否接通,人工等待秒数', '1,,2023-05-04 09:05,是,3');
    expect((await folder.decode(chats)).dataset).toBe('mystery_calls');
    expect((await folder.decode(chats, { fileName: 'mystery_chats.csv' })).dataset).toBe('mystery_chats');
    expect((await folder.decode(chats, { fileName: 'C:\\export\\mystery_chats.xlsx' })).dataset).toBe('mystery_chats');
  });

  it('is not the one the file is named after where only another has all it needs', async () => {
    const decoded = await folder.decode(table(...orders), { fileName: 'calls.csv' });
    expect(decoded.dataset).toBe('work_orders');
    expect(decoded.notes).toEqual([{ code: 'named_as_other', params: { named: 'calls', dataset: 'work_orders' } }]);
    const poor = await folder.refusal(table('来电时间,技能组', 'x,y'), { fileName: 'calls.csv' });
    expect(poor).toMatchObject({ code: 'required_columns_missing', params: { ids: ['call_id'] } });
  });

  it('is the one that was asked for, whatever the headers say', async () => {
    const refusal = await folder.refusal(table(...daily), { dataset: 'work_orders' });
    expect(refusal).toEqual({
      code: 'header_not_found',
      params: { dataset: '工单', dataset_en: 'Work orders', seen: ['date', 'offered', 'answered'], row: 1 },
    });
  });

  it('is recognised with the mapping saved for it', async () => {
    const file = table('留言编号,留言时间,网站', '1,2020-01-06 12:09:38,网站');
    expect(await folder.refusal(file)).toEqual({
      code: 'dataset_not_recognised',
      params: { seen: ['留言编号', '留言时间', '网站'], row: 1 },
    });
    const saved = mapping({
      order_id: { from: ['留言编号'] },
      created_at: { from: ['留言时间'] },
      channel: { from: ['网站'] },
    });
    expect(
      (await folder.decode(file, { layouts: [{ id: '1', dataset: 'work_orders', headers: null, mapping: saved }] }))
        .dataset,
    ).toBe('work_orders');
  });

  it('must exist', async () => {
    const refusal = await folder.refusal(table(...daily), { dataset: 'tickets' as 'calls' });
    expect(refusal).toMatchObject({ code: 'dataset_unknown', params: { dataset: 'tickets' } });
  });
});
