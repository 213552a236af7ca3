import { afterAll, describe, expect, it } from '@jest/globals';
import { CheckFolder, checkColumn, checkRow } from './sample-check.js';

const folder = new CheckFolder();
afterAll(() => folder.remove());
const at = '2023-05-04 09:00:00';

const stored = async (...given: Parameters<typeof checkColumn>) =>
  (await checkColumn(...given)).map((cell) => cell.problem ?? cell.stored);

describe('the result of a call', () => {
  it('is derived from answer and request where the file has none, and the report says so', async () => {
    const { rows, result } = await folder.check(
      'calls',
      ['call_id', 'started_at', 'agent_requested_at', 'answered_at'],
      [
        ['1', at, '2023-05-04 09:00:10', '2023-05-04 09:00:20'],
        ['2', at, '2023-05-04 09:00:10', ''],
        ['3', at, '', ''],
      ],
    );
    expect(rows.map((row) => row['result'])).toEqual(['answered', 'abandoned_queue', 'ivr_only']);
    expect(result.notes).toEqual([{ code: 'result_derived', params: {} }]);
  });

  it('cannot be derived without an answer time', async () => {
    const refusal = await folder.refusal(folder.check('calls', ['call_id', 'started_at'], [['1', at]]));
    expect(refusal.code).toBe('required_columns_missing');
    expect(refusal.params['ids']).toEqual(['result']);
  });

  it('of 否 under 是否接通 is a call given up in the queue only where a human was asked for', async () => {
    const { rows } = await folder.check(
      'calls',
      ['call_id', 'started_at', '请求人工时间', '人工接通时间', '是否接通'],
      [
        ['1', at, '2023-05-04 09:00:10', '2023-05-04 09:00:20', '是'],
        ['2', at, '2023-05-04 09:00:10', '', '否'],
        ['3', at, '', '', '否'],
      ],
    );
    expect(rows.map((row) => row['result'])).toEqual(['answered', 'abandoned_queue', 'ivr_only']);
  });

  it('of 否 under 是否接通 is a call given up where the file does not tell requests', async () => {
    const { rows } = await folder.check('calls', ['call_id', 'started_at', '是否接通'], [['1', at, '否']]);
    expect(rows[0]?.['result']).toBe('abandoned_queue');
  });
});

describe('satisfaction', () => {
  const headers = ['call_id', 'started_at', 'result', '满意度按键'];
  const rows = ['1', '2', '1', '9', ''].map((digit, index) => [`c${index}`, at, 'answered', digit]);

  it('told by bare digits is asked about, with the digits found', async () => {
    const refusal = await folder.refusal(folder.check('calls', headers, rows));
    expect(refusal).toEqual({
      code: 'ratings_need_mapping',
      params: { column: 'satisfaction', header: '满意度按键', values: ['1', '2', '9'] },
    });
  });

  it('is read once the digits are mapped; a digit left out is an unknown value', async () => {
    const columns = {
      satisfaction: {
        from: ['满意度按键'],
        values: [
          { value: '1', to: 'satisfied' },
          { value: '2', to: '不满意' },
        ],
      },
    };
    const checked = await folder.check('calls', headers, rows, { columns });
    expect(checked.rows.map((row) => row['satisfaction'])).toEqual(['satisfied', 'dissatisfied', 'satisfied', null]);
    expect(checked.result.unknownValues).toEqual([{ column: 'satisfaction', value: '9', count: 1 }]);
  });

  it('is not asked about where words stand among the digits', async () => {
    expect(await stored(folder, 'callbacks', 'satisfaction', ['满意', '3'])).toEqual(['satisfied', 'unknown_value']);
  });

  it('told by yes and no is satisfied and dissatisfied', async () => {
    expect(await stored(folder, 'callbacks', 'satisfaction', ['是', '否'])).toEqual(['satisfied', 'dissatisfied']);
  });
});

describe('daily means', () => {
  it.each(['平均等待时长', '平均等待', '平均排队时长', 'ASA', 'average speed of answer'])(
    'under %s are multiplied by the answered calls',
    async (header) => {
      const { rows, result } = await folder.check(
        'call_metrics_daily',
        ['日期', '人工请求量', '人工接通量', header],
        [['2023-05-04', '100', '80', '12.5']],
      );
      expect(rows[0]?.['wait_seconds_sum']).toBe(1000);
      expect(result.notes.map((note) => note.code)).toEqual(['mean_multiplied']);
    },
  );

  it.each(['平均通话时长', 'AHT', 'average talk time'])('of talk under %s likewise', async (header) => {
    const { rows } = await folder.check(
      'call_metrics_daily',
      ['日期', '人工请求量', '人工接通量', header],
      [['2023-05-04', '100', '80', '3:00']],
    );
    expect(rows[0]?.['talk_seconds_sum']).toBe(14_400);
  });

  it('leave totals as they are', async () => {
    const { rows } = await checkRow(folder, 'call_metrics_daily', { wait_seconds_sum: '999' });
    expect(rows[0]?.['wait_seconds_sum']).toBe(999);
  });
});

describe('topics', () => {
  it.each([
    ['市容环卫->垃圾->清运', ['市容环卫', '垃圾', '清运']],
    ['市容环卫→垃圾→清运', ['市容环卫', '垃圾', '清运']],
    ['市容环卫 > 垃圾 > 清运', ['市容环卫', '垃圾', '清运']],
    ['市容环卫／垃圾', ['市容环卫', '垃圾', null]],
    ['市容环卫|垃圾|清运|夜间', ['市容环卫', '垃圾', '清运']],
    ['市容环卫', ['市容环卫', null, null]],
  ])('told as the path %s are split into levels', async (path, levels) => {
    const { rows } = await checkRow(folder, 'work_orders', { topic_l1: path });
    expect([rows[0]?.['topic_l1'], rows[0]?.['topic_l2'], rows[0]?.['topic_l3']]).toEqual(levels);
  });

  it('are kept whole where the file tells level 2', async () => {
    const { rows } = await checkRow(folder, 'work_orders', { topic_l1: '水/电', topic_l2: '水费' });
    expect([rows[0]?.['topic_l1'], rows[0]?.['topic_l2']]).toEqual(['水/电', '水费']);
  });
});

describe('orders', () => {
  it('count a yes of the re-handling column as 1 and keep counts', async () => {
    const cells = ['是', '否', '3', '0', '1'];
    expect(await stored(folder, 'work_orders', 'rehandle_count', cells)).toEqual(['1', '0', '3', '0', '1']);
  });

  it('read the kind of handling under 办理类型 only', async () => {
    const cells = ['直接办理', '直接答复', '直接办结', '在线解答', '即办', '转办', '派单', '交办', '承办'];
    const header = '办理类型';
    expect(await stored(folder, 'work_orders', 'is_resolved_on_call', cells, { header })).toEqual([
      ...Array.from({ length: 5 }, () => true),
      ...Array.from({ length: 4 }, () => false),
    ]);
    expect(await stored(folder, 'work_orders', 'is_resolved_on_call', ['转办'])).toEqual(['bad_boolean']);
  });
});

describe('call-backs', () => {
  it.each(['visitIsFailContact', '是否联系失败'])('are reached where %s says no', async (header) => {
    expect(await stored(folder, 'callbacks', 'connected', ['是', '否'], { header })).toEqual([false, true]);
  });

  it('are resolved, not resolved, or still open', async () => {
    const cells = ['已解决', '未解决', '部分解决', '正在解决', '是', '否'];
    expect(await stored(folder, 'callbacks', 'is_resolved', cells)).toEqual([true, false, false, null, true, false]);
  });
});

describe('awareness', () => {
  it('has words of its own', async () => {
    const cells = [
      '非常了解',
      '了解',
      '比较了解',
      '一般',
      '不了解',
      '不太了解',
      '非常不了解',
      '完全不了解',
      '没听说过',
      '4',
    ];
    expect(await stored(folder, 'survey_responses', 'q_awareness', cells)).toEqual([5, 4, 4, 3, 2, 2, 1, 1, 1, 4]);
    expect(await stored(folder, 'survey_responses', 'q_overall', ['不太了解'])).toEqual(['bad_rating']);
  });
});

describe('population', () => {
  const population = async (cell: string, options: Parameters<typeof checkColumn>[4] = {}) =>
    (await stored(folder, 'city_profile', 'resident_population', [cell], options))[0];

  it('is multiplied where the cell or the header carries 万, once', async () => {
    expect(await population('198.63万')).toBe('1986300');
    expect(await population('198.63万人')).toBe('1986300');
    expect(await population('198.63', { header: '常住人口（万人）' })).toBe('1986300');
    expect(await population('198.63万', { header: '常住人口(万)' })).toBe('1986300');
    expect(await population('1,986,300')).toBe('1986300');
  });

  it('below ten thousand without 万 is asked about, and read by the answer', async () => {
    const refusal = await folder.refusal(population('198.63'));
    expect(refusal.code).toBe('population_needs_unit');
    expect(refusal.params['values']).toEqual(['198.63']);
    const answer = (factor: number) => ({
      columns: { resident_population: { from: ['resident_population'], factor } },
    });
    expect(await population('198.63', answer(10_000))).toBe('1986300');
    expect(await population('9999', answer(1))).toBe('9999');
  });
});

describe('defaults', () => {
  it('fill what is empty or absent', async () => {
    const { rows } = await checkRow(folder, 'calls', {});
    expect(rows[0]?.['direction']).toBe('inbound');
    expect(await stored(folder, 'calls', 'direction', ['', '呼出', '-'])).toEqual(['inbound', 'outbound', 'inbound']);
    const mystery = await checkRow(folder, 'mystery_calls', {});
    expect([mystery.rows[0]?.['rater_no'], mystery.rows[0]?.['scenario_tag']]).toEqual(['1', 'general']);
    expect((await checkRow(folder, 'callbacks', {})).rows[0]?.['channel']).toBe('phone');
  });

  it('never replace what could not be read', async () => {
    expect(await stored(folder, 'calls', 'direction', ['斜'])).toEqual(['unknown_value']);
  });

  it('leave an empty yes/no empty, whatever a measure takes it for', async () => {
    const { rows } = await checkRow(folder, 'work_orders', { is_invalid: '', callback_required: '' });
    expect([rows[0]?.['is_invalid'], rows[0]?.['callback_required']]).toEqual([null, null]);
  });
});
