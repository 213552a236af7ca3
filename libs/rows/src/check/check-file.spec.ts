import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import { datasetSpec } from '../datasets/dictionary.js';
import { sqlText } from '../sql.js';
import { CheckFolder } from './sample-check.js';

const folder = new CheckFolder();
afterAll(() => folder.remove());
const at = '2023-05-04 09:00:00';
const headers = ['call_id', 'started_at', 'result'];

describe('counts', () => {
  it('add up: every row is stored or explained', async () => {
    const { result, rows, issues } = await folder.check('calls', headers, [
      ['a', at, '接通'],
      ['', '', ''],
      ['b', at, 'ivr_only'],
      ['a', '2023-05-04 10:00:00', 'ivr_only'],
      ['c', '不知', 'ivr_only'],
      ['合计', '', '4'],
      [' ', '　', ''],
      ['a', '2023-05-04 11:00:00', 'blocked'],
      ['b', at, 'ivr_only'],
    ]);
    expect(result.counts).toEqual({
      read: 6,
      accepted: 2,
      refused: 1,
      duplicates: 3,
      warned: 0,
      blankRows: 2,
      totalRows: 1,
    });
    // The last row with a key wins.
    expect(rows.map((row) => [row['call_id'], row['started_at'], row['result']])).toEqual([
      ['b', at, 'ivr_only'],
      ['a', '2023-05-04 11:00:00', 'blocked'],
    ]);
    expect(issues.map((issue) => [issue['row'], issue['rule'], issue['level']])).toEqual([
      ['2', 'calls.result_conflict', 'warning'],
      ['2', 'duplicate_key', 'warning'],
      ['4', 'duplicate_key', 'warning'],
      ['5', 'duplicate_key', 'warning'],
      ['6', 'bad_datetime', 'error'],
    ]);
    expect(result.issueCounts).toEqual([
      { rule: 'duplicate_key', level: 'warning', column: 'call_id', header: 'call_id', count: 3, example: null },
      { rule: 'bad_datetime', level: 'error', column: 'started_at', header: 'started_at', count: 1, example: '不知' },
      {
        rule: 'calls.result_conflict',
        level: 'warning',
        column: 'result',
        header: 'result',
        count: 1,
        example: '接通',
      },
    ]);
    expect(result.notes).toEqual([
      { code: 'totals_skipped', params: { count: 1 } },
      { code: 'duplicates_replaced', params: { count: 3, conflicting: 2 } },
    ]);
  });

  it('are those of the last rows where thousands of keys come again', async () => {
    const keys = Array.from({ length: 2500 }, (_, index) => `c${index}`);
    const { result, rows, issues } = await folder.check('calls', headers, [
      ...keys.map((key) => [key, at, 'blocked']),
      ...keys.map((key) => [key, at, 'ivr_only']),
      ['once', at, 'blocked'],
    ]);
    expect(result.counts).toMatchObject({ read: 5001, accepted: 2501, refused: 0, duplicates: 2500 });
    expect(result.notes).toEqual([{ code: 'duplicates_replaced', params: { count: 2500, conflicting: 2500 } }]);
    expect(new Set(rows.map((row) => row['call_id'])).size).toBe(2501);
    expect(rows.flatMap((row) => (row['result'] === 'ivr_only' ? [] : [row['call_id']]))).toEqual(['once']);
    expect(issues.map((issue) => [Number(issue['row']), issue['rule']])).toEqual(
      keys.map((_, index) => [index + 2, 'duplicate_key']),
    );
  });

  it.each(['合计', '总计', '小计', '汇总', 'total', 'TOTAL', ' 合 计 ', '合计：'])(
    'leave out a row whose first filled cell is %s',
    async (word) => {
      const { result } = await folder.check(
        'calls',
        ['备注', ...headers],
        [
          ['', word, at, '接通'],
          [word, 'a', at, 'ivr_only'],
          ['', 'a', at, 'ivr_only'],
        ],
      );
      expect(result.counts).toMatchObject({ read: 1, accepted: 1, totalRows: 2 });
    },
  );

  it('keep a row that only begins like one of totals', async () => {
    const { result } = await folder.check('calls', headers, [['合计站', at, 'ivr_only']]);
    expect(result.counts).toMatchObject({ read: 1, accepted: 1, totalRows: 0 });
  });

  it('tell the same key under a refused row from a duplicate', async () => {
    const { result, rows } = await folder.check('calls', headers, [
      ['a', at, 'ivr_only'],
      ['a', at, '怪'],
    ]);
    expect(result.counts).toMatchObject({ read: 2, accepted: 1, refused: 1, duplicates: 0 });
    expect(rows).toHaveLength(1);
  });

  it('compare keys by all of their columns, defaults included', async () => {
    const { result } = await folder.check(
      'mystery_calls',
      ['mystery_id', 'rater_no', 'placed_at', 'connected'],
      [
        ['m', '1', at, '是'],
        ['m', '2', at, '是'],
        ['m', '', at, '是'],
      ],
    );
    expect(result.counts).toMatchObject({ accepted: 2, duplicates: 1 });
  });

  it('of a file without a good row are told with no month', async () => {
    const { result, rows } = await folder.check('calls', headers, [['a', '', '怪']]);
    expect(rows).toEqual([]);
    expect(result).toMatchObject({ months: [], firstDay: null, lastDay: null });
    expect(result.counts).toMatchObject({ read: 1, accepted: 0, refused: 1 });
  });
});

describe('issue counts', () => {
  it('are one for each rule and column, with the first value that broke it, masked where personal', async () => {
    const { result } = await folder.check(
      'calls',
      ['通话编号', '来电时间', '呼叫结果', '排队时长', '通话时长', '技能组'],
      [
        ['a', at, 'ivr_only', '', '长', ''],
        ['b', at, 'ivr_only', '很久', '', ''],
        ['c', at, 'ivr_only', '更久', '', ''],
        ['d', at, 'ivr_only', '', '', '请回 13800138000'],
        ['e', '', 'ivr_only', '', '', ''],
      ],
    );
    const counted = result.issueCounts.map(({ rule, column, count, example }) => [rule, column, count, example]);
    expect(counted.slice(0, 1)).toEqual([['bad_duration', 'queue_seconds', 2, '很久']]);
    expect(counted.slice(1).sort()).toEqual([
      ['bad_duration', 'talk_seconds', 1, '长'],
      ['personal_number_masked', 'skill_group', 1, '请回 138****8000'],
      ['required_empty', 'started_at', 1, null],
    ]);
  });
});

describe('stored rows', () => {
  it('have all columns of the dataset in order, typed, and nothing else', async () => {
    const { result } = await folder.check(
      'calls',
      ['呼叫结果', '陌生列', '来电时间', '通话编号', '排队时长', '是否邀评'],
      [['接通', 'x', at, 'a', '37', '是']],
    );
    const connection = await folder.connection();
    const described = await connection.runAndReadAll(
      `DESCRIBE FROM read_parquet(${sqlText(result.months[0]?.file ?? '')})`,
    );
    const types: Record<string, string> = {
      text: 'VARCHAR',
      enum: 'VARCHAR',
      phone_hash: 'UUID',
      person_hash: 'UUID',
      datetime: 'TIMESTAMP',
      duration_seconds: 'DOUBLE',
      boolean: 'BOOLEAN',
    };
    expect(described.getRowObjectsJson().map((row) => [row['column_name'], row['column_type']])).toEqual(
      datasetSpec('calls').columns.map((column) => [column.id, types[column.type]]),
    );
  });

  it('lie in files of one month each, sorted by period and key', async () => {
    const { result, rows } = await folder.check('calls', headers, [
      ['d', '2023-06-01 00:00:00', 'ivr_only'],
      ['c', '2023-05-31 23:59:59', 'ivr_only'],
      ['b', '2023-05-01 00:00:00', 'ivr_only'],
      ['a', '2023-05-31 23:59:59', 'ivr_only'],
      ['e', '2022-12-31 24:00:00', 'ivr_only'],
    ]);
    expect(result.months.map(({ month, rows: count }) => [month, count])).toEqual([
      ['2023-01', 1],
      ['2023-05', 3],
      ['2023-06', 1],
    ]);
    expect(rows.map((row) => row['call_id'])).toEqual(['e', 'b', 'a', 'c', 'd']);
    expect([result.firstDay, result.lastDay]).toEqual(['2023-01-01', '2023-06-01']);
  });

  it('are cut into many months alike', async () => {
    const cells = Array.from({ length: 60 }, (_, index) => {
      const month = 59 - index;
      return [
        `c${index}`,
        `${2018 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-15 09:00:00`,
        'ivr_only',
      ];
    });
    const { result, rows } = await folder.check('calls', headers, cells);
    expect(result.months).toHaveLength(60);
    expect(result.months[0]?.month).toBe('2018-01');
    expect(rows.map((row) => row['call_id'])).toEqual(cells.map(([id]) => id).toReversed());
  });

  it('of the yearly profile lie in one file', async () => {
    const { result } = await folder.check(
      'city_profile',
      ['年度', '常住人口'],
      [
        ['2023', '1000000'],
        ['2022', '990000'],
      ],
    );
    expect(result.months.map(({ month, rows }) => [month, rows])).toEqual([['all', 2]]);
    expect([result.firstDay, result.lastDay]).toEqual(['2022-01-01', '2023-12-31']);
  });

  it('are the same bytes for the same file, also in another order of lines', async () => {
    const cells = Array.from({ length: 3000 }, (_, index) => [
      `c${index}`,
      `2023-05-${String((index % 28) + 1).padStart(2, '0')} 09:00:00`,
      index % 100 === 0 ? '怪' : 'ivr_only',
    ]);
    const bytes = async (lines: typeof cells) => {
      const { result } = await folder.check('calls', headers, lines);
      return [...result.months.map(({ file }) => file), result.issuesFile].map((file) =>
        readFileSync(file).toString('base64'),
      );
    };
    const first = await bytes(cells);
    expect(await bytes(cells)).toEqual(first);
    expect((await bytes(cells.toReversed()))[0]).toBe(first[0]);
  });
});

describe('file rows', () => {
  it('are those of the file, past lines that could not be read', async () => {
    const text = ['a,2023-05-04 09:00:00,ivr_only', 'b', 'c,x,ivr_only', 'd,e,f,g', 'e,2023-05-04 09:00:00,怪', ''];
    const { issues, result } = await folder.checkText('calls', headers, text.join('\n'), { firstDataRow: 5 });
    expect(issues.map((issue) => [issue['row'], issue['rule'], issue['value'], issue['header']])).toEqual([
      ['6', 'ragged_row', '1', null],
      ['7', 'bad_datetime', 'x', 'started_at'],
      ['8', 'ragged_row', '4', null],
      ['9', 'unknown_value', '怪', 'result'],
    ]);
    expect(result.counts).toMatchObject({ read: 5, accepted: 1, refused: 4 });
  });

  it('are those that a workbook names', async () => {
    const { issues } = await folder.checkText('calls', headers, `7,a,x,ivr_only\n12,b,${at},怪\n`, {
      rowNumbers: true,
    });
    expect(issues.map((issue) => [issue['row'], issue['rule']])).toEqual([
      ['7', 'bad_datetime'],
      ['12', 'unknown_value'],
    ]);
  });

  const manyBlocks = (line: (index: number, instant: string) => string) =>
    Array.from({ length: 200_000 }, (_, index) =>
      index % 50_021 === 7 ? 'short' : line(index, index % 40_009 === 11 ? 'x' : '2023-05-04 09:00:00'),
    );
  const expectedRows = (lines: readonly string[], isWrong: (line: string) => boolean) =>
    lines.flatMap((line, index) => {
      if (line === 'short') return [[String(index + 2), 'ragged_row']];
      return isWrong(line) ? [[String(index + 2), 'bad_datetime']] : [];
    });

  it('stay right over many blocks of the file', async () => {
    const lines = manyBlocks((index, instant) => `c${index},${instant},ivr_only,${'填充'.repeat(20)}`);
    const { issues, result } = await folder.checkText('calls', [...headers, '备注'], `${lines.join('\n')}\n`);
    const expected = expectedRows(lines, (line) => line.includes(',x,'));
    expect(expected).toHaveLength(9);
    expect(issues.map((issue) => [issue['row'], issue['rule']])).toEqual(expected);
    expect(result.counts).toMatchObject({ read: 200_000, accepted: 199_991, refused: 9 });
  });

  it('stay right over many blocks where a column is put together and has empty markers of its own', async () => {
    const lines = manyBlocks(
      (index, instant) =>
        `c${index},${instant.replace(' ', ',')}${instant === 'x' ? ',y' : ''},ivr_only,${'填充'.repeat(20)}`,
    );
    const { issues, rows } = await folder.checkText(
      'calls',
      ['call_id', '日期列', '时间列', 'result', '备注'],
      `${lines.join('\n')}\n`,
      {
        columns: {
          started_at: { from: ['日期列', '时间列'] },
          answered_at: { from: ['日期列', '时间列'], emptyMarkers: ['09:00:00', 'a', 'b', 'c', 'd', 'e'] },
        },
      },
    );
    const expected = expectedRows(lines, (line) => line.includes(',x,'));
    expect(issues.map((issue) => [issue['row'], issue['rule']]).filter(([, rule]) => rule === 'ragged_row')).toEqual(
      expected.filter(([, rule]) => rule === 'ragged_row'),
    );
    expect(
      issues.filter((issue) => issue['column'] === 'started_at').map((issue) => [issue['row'], issue['rule']]),
    ).toEqual(expected.filter(([, rule]) => rule === 'bad_datetime'));
    expect(rows).toHaveLength(199_991);
  });
});
