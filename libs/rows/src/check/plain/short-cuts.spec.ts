import { afterAll, describe, expect, it } from '@jest/globals';
import type { ColumnMapping, DatasetId } from '../../tasks.js';
import { CheckFolder, type SampleOptions } from '../sample-check.js';
import { CountedLines } from './counted-lines.js';

const folder = new CheckFolder();
afterAll(() => folder.remove());

/** Nearly all rows are plain, so that the odd ones are read by short cuts as far as those go. */
const plainRows = 30;

describe('short cuts know', () => {
  const at = '2023-05-04 09:00:00';
  const others = async (
    dataset: DatasetId,
    headers: readonly string[],
    rows: readonly (readonly string[])[],
    options: SampleOptions & { readonly text?: string } = {},
  ) => {
    const readers = new CountedLines();
    const checked = await folder.check(dataset, headers, rows, { ...options, readers });
    return { ...checked, others: readers.others, read: readers.rows };
  };

  it('what calls mostly hold', async () => {
    const headers = [
      '通话编号',
      '来电时间',
      '人工接通时间',
      '通话时长',
      '呼叫结果',
      '满意度',
      '主叫号码',
      '工号',
      '技能组',
    ];
    const rows = [
      ['C1', at, '2023/5/4 9:00', '35', '人工接通', '', '13812345678', 'A17', '咨询'],
      ['20230504000123', '2023-05-04T09:00:00+08:00', '', '', 'ivr_only', '满意', '073188123456', 'a18', '2号 窗口'],
      ['C-3', at, at, '1:20', '人工接通', '-', '010-12345678', '王芳', '“夜班”'],
    ];
    const checked = await others('calls', headers, rows);
    expect(checked).toMatchObject({ others: 0, read: 3 });
    expect(checked.rows).toHaveLength(3);
  });

  it('cells in quotation marks, and a last line without an end', async () => {
    const readers = new CountedLines();
    const text = `"C1","${at}","ivr_only"\nC2,"${at}","ivr_only"\n"C,3",${at},"ivr_only"`;
    const { rows } = await folder.checkText('calls', ['call_id', 'started_at', 'result'], text, { readers });
    expect(readers).toMatchObject({ rows: 3, others: 0 });
    expect(rows.map((row) => row['call_id']).sort()).toEqual(['C,3', 'C1', 'C2']);
  });

  it('serial numbers of workbooks', async () => {
    const rows = [
      ['C1', '45050.375', 'ivr_only'],
      ['C2', '45050.4', 'ivr_only'],
    ];
    const checked = await others('calls', ['call_id', 'started_at', 'result'], rows, { type: 'xlsx' });
    expect(checked.others).toBe(0);
    // 45,050 days after 1899-12-30; three eighths of a day are nine hours, four tenths 9 hours and 36 minutes.
    expect(checked.rows.map((row) => row['started_at'])).toEqual(['2023-05-04 09:00:00', '2023-05-04 09:36:00']);
  });

  it('translations, empty markers, constants, and a date beside its time', async () => {
    const mapped: Readonly<Record<string, ColumnMapping>> = {
      status: { from: ['状态'], values: [{ value: '处理完毕', to: 'closed' }], emptyMarkers: ['待定'] },
      created_at: { from: ['日期', '时间'] },
      channel: { from: [], constant: 'phone' },
    };
    const headers = ['order_id', '日期', '时间', '状态', 'topic_l1', 'closed_at'];
    const rows = [
      ['W1', '2023-05-04', '09:00:00', '处理完毕', '市容', '2023-05-05 10:00:00'],
      ['W2', '2023/5/4', '9:30', '待定', '市容', ''],
    ];
    const checked = await others('work_orders', headers, rows, { columns: mapped });
    expect(checked.others).toBe(0);
    expect(checked.rows.map((row) => [row['created_at'], row['status'], row['channel']])).toEqual([
      ['2023-05-04 09:00:00', 'closed', 'phone'],
      ['2023-05-04 09:30:00', null, 'phone'],
    ]);
  });

  it('whether a call was answered, from which follows what became of it', async () => {
    const headers = ['call_id', 'started_at', '请求人工时间', '人工接通时间', '是否接通'];
    const rows = [
      ['C1', at, at, at, '是'],
      ['C2', at, at, '', '否'],
      ['C3', at, '', '', '否'],
    ];
    const checked = await others('calls', headers, rows);
    expect(checked.others).toBe(0);
    expect(checked.rows.map((row) => row['result'])).toEqual(['answered', 'abandoned_queue', 'ivr_only']);
  });
});

describe('among thousands of plain rows', () => {
  const at = '2023-05-04 09:00:00';
  const among = (odd: readonly (readonly string[])[]) =>
    odd.flatMap((row, index) => [
      ...Array.from({ length: plainRows }, (_, other) => ['x', `p${index}-${other}`, at, 'ivr_only', '咨询']),
      row,
    ]);
  const headers = ['other', 'call_id', 'started_at', 'result', 'skill_group'];

  it('rows of totals and blank ones are told by their first filled cell', async () => {
    const totals = ['合计', '总计', '小计', '汇总', '总 计：', 'Total', 'TOTAL:', ' 合计'];
    const odd = [
      ...totals.flatMap((word) => [
        [word, '', '', '', ''],
        ['', word, '', '', '12'],
      ]),
      ...['总台', 'Totals', '汇报', '小张'].map((word, index) => [word, `c${index}`, at, 'ivr_only', '']),
      ...['', '\u3000', ' ', '\u00a0'].map((blank) => [blank, '', '', '', '']),
    ];
    const { result } = await folder.check('calls', headers, among(odd));
    expect(result.counts).toMatchObject({ totalRows: 2 * totals.length, blankRows: 4, refused: 0 });
    expect(result.counts.accepted).toBe(odd.length * plainRows + 4);
  });

  it('numbers of persons in texts are masked', async () => {
    const numbers = ['电话13812345678', '138 1234 5678', '(010)1234-5678', '身份证110101199003078888', '0731-88123456'];
    const odd = numbers.map((text, index) => ['x', `c${index}`, at, 'ivr_only', text]);
    const { rows, issues, written } = await folder.check('calls', headers, among(odd));
    expect(issues.map(({ rule }) => rule)).toEqual(numbers.map(() => 'personal_number_masked'));
    const masked = rows
      .filter((row) => String(row['call_id']).startsWith('c'))
      .map((row) => String(row['skill_group']));
    for (const text of masked) expect(text).toMatch(/[0-9]{3}[*]{4}[0-9]{4}/u);
    for (const text of numbers) expect(written).not.toContain(text);
  });
});

it('a line longer than any piece is read the long way, and the lines behind it keep their rows', async () => {
  const at = '2023-05-04 09:00:00';
  const rows = Array.from({ length: 400 }, (_, index) => [`c${index}`, at, 'ivr_only', 'x']);
  // No column takes it.
  rows[100] = ['long', at, 'ivr_only', '好'.repeat(400_000)];
  rows[300] = ['odd', '不知', 'ivr_only', 'x'];
  const lines = new CountedLines();
  const { issues, result } = await folder.check('calls', ['call_id', 'started_at', 'result', 'other'], rows, {
    readers: lines,
  });
  expect(lines).toMatchObject({ rows: 400, others: 2 });
  expect(issues.map(({ row, rule }) => [Number(row), rule])).toEqual([[302, 'bad_datetime']]);
  expect(result.counts).toMatchObject({ read: 400, accepted: 399 });
});
