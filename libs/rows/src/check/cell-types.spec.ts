import { afterAll, describe, expect, it } from '@jest/globals';
import type { DatasetId } from '../tasks.js';
import { CheckFolder, checkColumn, type SampleOptions } from './sample-check.js';

const folder = new CheckFolder();
afterAll(() => folder.remove());

/** Each cell alone in a file, so that no cell changes how another is read. */
async function read(
  dataset: DatasetId,
  column: string,
  cell: string,
  options: SampleOptions & { header?: string } = {},
) {
  const [found] = await checkColumn(folder, dataset, column, [cell], options);
  return found;
}

async function readAll(dataset: DatasetId, column: string, cells: readonly string[], options: SampleOptions = {}) {
  return (await checkColumn(folder, dataset, column, cells, options)).map(({ stored, problem }) => problem ?? stored);
}

describe('instants', () => {
  it.each([
    ['2023-05-04T09:05:00+08:00', '2023-05-04 09:05:00'],
    ['2023-05-04 09:05:00', '2023-05-04 09:05:00'],
    ['2023-05-04T09:05:00', '2023-05-04 09:05:00'],
    ['2023-05-04 09:05', '2023-05-04 09:05:00'],
    ['2023/5/4 9:05', '2023-05-04 09:05:00'],
    ['2023/5/4 9:05:30', '2023-05-04 09:05:30'],
    ['2023.5.4 9:05', '2023-05-04 09:05:00'],
    ['2023年5月4日 9:05', '2023-05-04 09:05:00'],
    ['2023年5月4日9时5分30秒', '2023-05-04 09:05:30'],
    ['20230504090500', '2023-05-04 09:05:00'],
    ['20230504 0905', '2023-05-04 09:05:00'],
    ['04/12/2018 11:11:26 AM', '2018-04-12 11:11:26'],
    ['04/12/2018 12:45:48 PM', '2018-04-12 12:45:48'],
    ['04/12/2018 12:05:00 AM', '2018-04-12 00:05:00'],
    // 2023-05-04 is 45050 days after 1899-12-30; 9:05:00 is 32700 of 86400 seconds.
    ['45050.378472222219', '2023-05-04 09:05:00'],
    ['45050.3784722222', '2023-05-04 09:05:00'],
    ['２０２３－０５－０４　０９：０５：００', '2023-05-04 09:05:00'],
    ['  2023-05-04   09:05:00 ', '2023-05-04 09:05:00'],
    ["'2023-05-04 09:05:00", '2023-05-04 09:05:00'],
    // Converted: 01:05 in Greenwich and 20:05 the day before in New York are 09:05 in Shanghai.
    ['2023-05-04T01:05:00Z', '2023-05-04 09:05:00'],
    ['2023-05-03 20:05:00-05:00', '2023-05-04 09:05:00'],
    ['2023-05-04T09:05:00.999+0800', '2023-05-04 09:05:00'],
    ['2023-05-04 24:00', '2023-05-05 00:00:00'],
    ['2023-05-04 24:00:00', '2023-05-05 00:00:00'],
    ['2022/12/31 24:00', '2023-01-01 00:00:00'],
  ])('reads %s', async (cell, expected) => {
    expect(await read('calls', 'started_at', cell)).toEqual({ stored: expected, problem: undefined });
  });

  it.each([
    ['2023-05-04', 'time_missing'],
    ['20230504', 'time_missing'],
    ['45050', 'time_missing'],
    ['04/05/2023', 'ambiguous_date'],
    ['4/5/2023 9:05', 'ambiguous_date'],
    ['2023-02-30 09:05:00', 'bad_datetime'],
    ['2023-13-04 09:05:00', 'bad_datetime'],
    ['2023-05-04 25:00:00', 'bad_datetime'],
    ['2023-05-04 24:00:01', 'bad_datetime'],
    ['2023-05-04 09:60:00', 'bad_datetime'],
    ['13/04/2018 11:11:26 AM', 'bad_datetime'],
    ['04/12/2018 13:11:26 PM', 'bad_datetime'],
    ['1989-12-31 23:59:59', 'date_out_of_range'],
    ['2023-07-02 00:00:01', 'date_out_of_range'],
    ['19999.5', 'bad_datetime'],
    ['80001.5', 'bad_datetime'],
    ['infinity', 'bad_datetime'],
    ['epoch', 'bad_datetime'],
    ['昨天 9:05', 'bad_datetime'],
    ['-', 'required_empty'],
    ['0000-00-00 00:00:00', 'required_empty'],
  ])('refuses %s as %s', async (cell, problem) => {
    expect(await read('calls', 'started_at', cell)).toEqual({ stored: undefined, problem });
  });

  it('accepts the limits themselves: 1990 and one day after the upload', async () => {
    expect(await readAll('calls', 'started_at', ['1990-01-01 00:00:00', '2023-07-02 00:00:00'])).toEqual([
      '1990-01-01 00:00:00',
      '2023-07-02 00:00:00',
    ]);
  });

  it('lets deadlines lie up to three years after the upload', async () => {
    const beside = ['2026-07-01 00:00:00', '2026-07-01 00:00:01'];
    expect(await readAll('work_orders', 'deadline_at', beside)).toEqual(['2026-07-01 00:00:00', 'date_out_of_range']);
  });

  it('takes a date without a time as the end of the day where a promise ends, else as its beginning', async () => {
    for (const column of ['deadline_at', 'extended_deadline_at', 'closed_at', 'first_contact_at'])
      expect(await read('work_orders', column, '2023-05-05')).toEqual({
        stored: '2023-05-05 23:59:59',
        problem: undefined,
      });
    expect((await read('work_orders', 'created_at', '2023年5月4日'))?.stored).toBe('2023-05-04 00:00:00');
    expect((await read('survey_responses', 'collected_at', '2023/5/4'))?.stored).toBe('2023-05-04 00:00:00');
  });

  it('reads a whole serial number by what else the column holds', async () => {
    expect(await readAll('work_orders', 'closed_at', ['45051', '45052'])).toEqual([
      '2023-05-05 23:59:59',
      '2023-05-06 23:59:59',
    ]);
    expect(await readAll('work_orders', 'closed_at', ['45051', '45052.5'])).toEqual([
      '2023-05-05 00:00:00',
      '2023-05-06 12:00:00',
    ]);
  });

  it('finds the times of day of a column behind the first thousands of rows', async () => {
    const cells = [...Array.from({ length: 6000 }, () => '45051'), '45052.5'];
    const stored = await readAll('work_orders', 'closed_at', cells);
    expect(stored[0]).toBe('2023-05-05 00:00:00');
  });

  it('reads slash dates in the order that the mapping says', async () => {
    const columns = (dateOrder: 'mdy' | 'dmy') => ({
      columns: { started_at: { from: ['started_at'], dateOrder } },
    });
    expect((await read('calls', 'started_at', '4/5/2023 9:05', columns('dmy')))?.stored).toBe('2023-05-04 09:05:00');
    expect((await read('calls', 'started_at', '5/4/2023 9:05', columns('mdy')))?.stored).toBe('2023-05-04 09:05:00');
    expect((await read('calls', 'started_at', '31/5/2023 9:05', columns('mdy')))?.problem).toBe('bad_datetime');
  });
});

describe('days', () => {
  it('keeps the Shanghai day and drops the time', async () => {
    const cells = ['2023-05-04', '2023/5/4', '2023年5月4日', '20230504', '2023-05-04 23:30:00', '2023-05-03T20:00:00Z'];
    for (const cell of [...cells, '45050', '45050.9'])
      expect(await read('channels', 'checked_at', cell)).toEqual({ stored: '2023-05-04', problem: undefined });
  });

  it('refuses what is no day or out of range', async () => {
    expect((await read('channels', 'checked_at', '2023-02-30'))?.problem).toBe('bad_datetime');
    expect((await read('channels', 'checked_at', '5/4/2023'))?.problem).toBe('ambiguous_date');
    expect((await read('channels', 'checked_at', '1989-12-31'))?.problem).toBe('date_out_of_range');
    expect((await read('channels', 'checked_at', '2023-07-03'))?.problem).toBe('date_out_of_range');
  });
});

describe('whole numbers', () => {
  it.each([
    ['12', '12'],
    ['+12', '12'],
    ['12.0', '12'],
    ['1,234,567', '1234567'],
    ['1 234 567', '1234567'],
    ['１２', '12'],
    ['198.63万', '1986300'],
    ['0.3万', '3000'],
    ['1.5亿', '150000000'],
    ["'007", '7'],
    ['0', '0'],
  ])('reads %s', async (cell, expected) => {
    expect(await read('work_orders', 'back_count', cell)).toEqual({ stored: expected, problem: undefined });
  });

  it.each([
    ['12.5', 'bad_integer'],
    ['1e3', 'bad_integer'],
    ['0x1F', 'bad_integer'],
    ['12a', 'bad_integer'],
    ['12秒', 'bad_integer'],
    ['1.00005万', 'bad_integer'],
    ['99999999999999999999', 'bad_integer'],
    ['-1', 'below_min'],
  ])('refuses %s', async (cell, problem) => {
    expect(await read('work_orders', 'back_count', cell)).toEqual({ stored: undefined, problem });
  });

  it('holds the limits of a column', async () => {
    expect(await readAll('mystery_calls', 'ivr_layers_to_agent', ['20', '21', '0'])).toEqual(['20', 'above_max', '0']);
  });
});

describe('per cent', () => {
  const rates = async (cells: readonly string[], options: SampleOptions = {}) =>
    readAll('call_metrics_daily', 'connect_rate_reported', cells, options);

  it('takes the number before the sign as it is', async () => {
    expect(await rates(['80%', '0.8%', '79.95 %'])).toEqual([80, 0.8, 79.95]);
  });

  it('lets one value above 1 decide for the column', async () => {
    expect(await rates(['80', '0.5', '1'])).toEqual([80, 0.5, 1]);
  });

  it('reads a column of shares as shares', async () => {
    expect(await rates(['0.8', '0.25', '1'])).toEqual([80, 25, 100]);
  });

  it('asks about a column of nothing but 0 and 1, once', async () => {
    const refusal = await folder.refusal(rates(['0', '1', '1']));
    expect(refusal.code).toBe('percent_needs_unit');
    const answered = { columns: { connect_rate_reported: { from: ['connect_rate_reported'], factor: 100 } } };
    expect(await rates(['0', '1'], answered)).toEqual([0, 100]);
  });

  it('refuses what is no number or above 100', async () => {
    expect(await rates(['80', '百分之八十', '101'])).toEqual([80, 'bad_number', 'above_max']);
  });
});

describe('yes and no', () => {
  const yes = '是 有 1 Y yes true TRUE √ ✓ 对 已 能 可以 支持 开通 已开通 接通 已接通 已解决 通过'.split(' ');
  const no = '否 0 N no false FALSE × ✗ 错 未 不能 不可以 不支持 未开通 未接通 未解决 部分解决 没有'.split(' ');

  it('reads every accepted spelling', async () => {
    expect(await readAll('channels', 'can_create_order', yes)).toEqual(yes.map(() => true));
    expect(await readAll('channels', 'can_create_order', no)).toEqual(no.map(() => false));
  });

  it('takes 无 as no beside 有 alone, and as empty beside other words', async () => {
    expect(await readAll('channels', 'can_create_order', ['有', '无', ''])).toEqual([true, false, null]);
    expect(await readAll('channels', 'can_create_order', ['有', '无', '否'])).toEqual([true, null, false]);
    expect(await readAll('channels', 'can_create_order', ['无', '无'])).toEqual([null, null]);
  });

  it('asks the whole column about 无, not its first rows', async () => {
    const cells = [...Array.from({ length: 6000 }, (_, index) => (index % 2 === 0 ? '有' : '无')), '是'];
    expect((await readAll('work_orders', 'is_invalid', cells)).slice(0, 2)).toEqual([true, null]);
  });

  it('refuses other words', async () => {
    expect(await readAll('channels', 'can_create_order', ['大概', '2'])).toEqual(['bad_boolean', 'bad_boolean']);
  });
});

describe('options', () => {
  it('accepts code, names and spellings in any case, before the empty markers', async () => {
    const cells = [
      'very_satisfied',
      'Very Satisfied',
      '非常满意',
      '很满意',
      '是',
      '基本满意',
      ' 一般 ',
      'NONE',
      'none',
      '-',
    ];
    expect(await readAll('callbacks', 'satisfaction', cells)).toEqual([
      'very_satisfied',
      'very_satisfied',
      'very_satisfied',
      'very_satisfied',
      'satisfied',
      'basically_satisfied',
      'neutral',
      'no_opinion',
      'no_opinion',
      null,
    ]);
    expect(await readAll('mystery_calls', 'script_polite', ['N/A', '√', '0.5', '×'])).toEqual([
      'na',
      'yes',
      'partly',
      'no',
    ]);
  });

  it('lists unknown spellings with their counts and matches nothing in part', async () => {
    const headers = ['call_id', 'started_at', 'result'];
    const at = '2023-05-04 09:00:00';
    const { result, rows } = await folder.check('calls', headers, [
      ['a', at, '接通'],
      ['b', at, '接通了'],
      ['c', at, '接通了'],
      ['d', at, '怪'],
    ]);
    expect(rows).toHaveLength(1);
    expect(result.unknownValues).toEqual([
      { column: 'result', value: '接通了', count: 2 },
      { column: 'result', value: '怪', count: 1 },
    ]);
  });
});

describe('durations', () => {
  it.each([
    ['37', 37],
    ['37.5', 37.5],
    ['37秒', 37],
    ['0:37', 37],
    ['10:27', 627],
    ['0:10:27', 627],
    ['1:00:00', 3600],
    ['1分20秒', 80],
    ['1小时2分3秒', 3723],
    ['2分钟', 120],
    ['1,200', 1200],
    ['0', 0],
  ])('reads %s', async (cell, expected) => {
    expect(await read('calls', 'queue_seconds', cell)).toEqual({ stored: expected, problem: undefined });
  });

  it.each([
    ['-5', 'negative_duration'],
    ['-0:37', 'negative_duration'],
    ['1:60', 'bad_duration'],
    ['1:75:00', 'bad_duration'],
    ['很久', 'bad_duration'],
    ['86401', 'above_max'],
  ])('refuses %s', async (cell, problem) => {
    expect(await read('calls', 'queue_seconds', cell)).toEqual({ stored: undefined, problem });
  });

  it('multiplies plain numbers by 60 under a header in minutes', async () => {
    for (const header of ['等待时长(分钟)', '等待时长（min）'])
      expect(
        (await checkColumn(folder, 'calls', 'queue_seconds', ['1.5', '0:37', '37秒'], { header })).map((r) => r.stored),
      ).toEqual([90, 37, 37]);
  });

  it('takes a column of a workbook that stays below 1 for fractions of a day', async () => {
    // 37 of 86400 seconds, as a spreadsheet stores 0:00:37.
    const options = { type: 'xlsx' as const };
    expect(await readAll('calls', 'queue_seconds', ['0.000428240740740741', '0.5'], options)).toEqual([37, 43200]);
    expect(await readAll('calls', 'queue_seconds', ['0.5', '37'], options)).toEqual([0.5, 37]);
  });
});

describe('ratings', () => {
  const words =
    '非常满意 满意 一般 不满意 非常不满意 非常好 好 差 非常差 非常信任 信任 不信任 非常不信任 5分 1分 4.5 3'.split(' ');
  const values = [5, 4, 3, 2, 1, 5, 4, 2, 1, 5, 4, 2, 1, 5, 1, 4.5, 3];

  it('reads words and numbers, 5 best', async () => {
    expect(await readAll('survey_responses', 'q_overall', words)).toEqual(values);
  });

  it('inverts numbers, not words, where the mapping says that 1 is best', async () => {
    const options = { columns: { q_overall: { from: ['q_overall'], oneIsBest: true } } };
    expect(await readAll('survey_responses', 'q_overall', ['1', '5', '2.5', '非常满意'], options)).toEqual([
      5, 1, 3.5, 5,
    ]);
  });

  it('refuses what is outside 1 to 5', async () => {
    expect(await readAll('survey_responses', 'q_overall', ['0', '6', '还行', '3'])).toEqual([
      'below_min',
      'above_max',
      'bad_rating',
      3,
    ]);
  });
});

describe('texts', () => {
  it('keeps a text as cleaned', async () => {
    const cells = ['综合组', '  综合 \n 组 ', 'Ａ组（一）', "'007", '第１组', 'a\tb', '无'];
    expect(await readAll('calls', 'skill_group', cells)).toEqual([
      '综合组',
      '综合 组',
      'A组(一)',
      '007',
      '第1组',
      'a b',
      null,
    ]);
  });

  it('refuses an identifier whose digits are lost', async () => {
    expect(
      await readAll('work_orders', 'parent_order_id', ['2.02E+15', '2.0230415000012346E+17', '12E5', '202304150001']),
    ).toEqual(['digits_lost', 'digits_lost', '12E5', '202304150001']);
  });
});
