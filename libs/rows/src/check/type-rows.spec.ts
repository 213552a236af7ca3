import { afterAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DatasetId } from '../tasks.js';
import { CheckFolder, type Row } from './sample-check.js';

const folder = new CheckFolder();
afterAll(() => folder.remove());

interface Sample {
  readonly dataset: DatasetId;
  readonly key: string;
  /** Cells by header; the key is one of its own in each row. */
  readonly cells: Readonly<Record<string, readonly string[]>>;
  /** A row with nothing wrong, spelled as most files spell it. */
  readonly plain: Readonly<Record<string, string>>;
}

const at = '2023-05-04 09:00:00';
const samples: readonly Sample[] = [
  {
    dataset: 'calls',
    key: 'call_id',
    cells: {
      started_at: [at, at, '2023-05-04T09:00:00+08:00', '2023年5月4日 9时0分', '不知', '', '1980-01-01 00:00:00'],
      answered_at: ['', '', '2023-05-04 09:00:20', '2023-05-04 08:59:00', '2023/5/4 9:00', '-'],
      result: ['answered', 'ivr_only', '接通', '怪', ''],
      direction: ['', 'inbound', '呼出'],
      talk_seconds: ['', '35', '1分20秒', '1:20', '0:01:20', '75:20', '1:75:20', '1:75', '-4', '很久', '—'],
      satisfaction: ['', '满意', '非常满意', '很棒'],
      来电号码: ['13812345678', '+86 138-1234-5678', '010-12345678', '073188123456', '013812345678', '', '匿名', '无'],
      工号: ['A17', ' a17 ', 'a17', '王芳', '王 芳', ' 王芳', '-', '', '回拨13812345678'],
      skill_group: ['', '投诉', '回拨13812345678', '  咨询 '],
    },
    plain: { started_at: at, answered_at: '', result: 'ivr_only', 来电号码: '13712345678', 工号: 'B2' },
  },
  {
    dataset: 'work_orders',
    key: 'order_id',
    cells: {
      created_at: [at, '2023/5/4', '昨天', ''],
      closed_at: ['', '2023-05-05 10:00:00', '2023-05-03 10:00:00'],
      channel: ['phone', '电话', '不详', ''],
      status: ['open', 'closed', '处理完毕'],
      topic_l1: ['市容', '市容>占道', '', '电话13812345678'],
    },
    plain: { created_at: at, closed_at: '', channel: 'phone', status: 'open', topic_l1: '市容' },
  },
];

/** What became of the rows whose key is one of these, without their place in the file. */
function outcome(rows: readonly Row[], issues: readonly Row[], key: string, fileRow: (index: number) => number) {
  return {
    rows: rows.filter((row) => String(row[key]).startsWith('odd')),
    issues: (index: number) =>
      issues.filter((issue) => Number(issue['row']) === fileRow(index)).map(({ row: _, ...issue }) => issue),
  };
}

it.each(samples)(
  'rows of $dataset mean the same among thousands of plain rows as by themselves',
  async ({ dataset, key, cells, plain }) => {
    const headers = [key, ...Object.keys(cells)];
    const plainRow = (id: string) => [id, ...Object.keys(cells).map((header) => plain[header] ?? '')];
    // Mostly the first: many rows have one odd cell alone.
    const cell = (pool: readonly string[]) =>
      fc.oneof(
        { weight: 5, arbitrary: fc.constant(pool[0] ?? '') },
        { weight: 1, arbitrary: fc.constantFrom(...pool) },
      );
    const oddRow = fc.tuple(...Object.values(cells).map(cell));
    const gap = 30;
    await fc.assert(
      fc.asyncProperty(fc.array(oddRow, { minLength: 1, maxLength: 60 }), async (odd) => {
        const oddRows = odd.map((row, index) => [`odd${index}`, ...row]);
        // One plain row beside them: what only whole columns tell is the same in both files.
        const alone = await folder.check(dataset, headers, [...oddRows, plainRow('p')]);
        const spread = oddRows.flatMap((row, index) => [
          ...Array.from({ length: gap }, (_, other) => plainRow(`p${index}-${other}`)),
          row,
        ]);
        const among = await folder.check(dataset, headers, spread);
        const expected = outcome(alone.rows, alone.issues, key, (index) => index + 2);
        const found = outcome(among.rows, among.issues, key, (index) => (index + 1) * (gap + 1) + 1);
        expect(found.rows).toEqual(expected.rows);
        for (const index of odd.keys()) expect(found.issues(index)).toEqual(expected.issues(index));
        expect(among.issues).toHaveLength(alone.issues.length);
        const { refused, warned, read, accepted } = alone.result.counts;
        const more = gap * odd.length - 1;
        expect(among.result.counts).toMatchObject({ refused, warned, read: read + more, accepted: accepted + more });
      }),
      { numRuns: 12 },
    );
  },
  120_000,
);

it.each([
  ['counted', false],
  ['told by the file', true],
])('file rows of issues are right behind lines that cannot be read, with row numbers %s', async (_, rowNumbers) => {
  const lines = Array.from({ length: 400 }, (_, index) => {
    if (index === 50 || index === 51) return 'one,cell,too,many';
    if (index === 120) return ['odd', '不知', 'ivr_only'];
    if (index === 200) return [' ', ' ', ' '];
    if (index === 300) return ['odd', at, '怪'];
    return [`c${index}`, at, 'ivr_only'];
  });
  const text = lines.map((line, index) => `${rowNumbers ? `${index + 2},` : ''}${String(line)}\n`).join('');
  const { result, issues } = await folder.checkText('calls', ['call_id', 'started_at', 'result'], text, { rowNumbers });
  expect(issues.map(({ row, rule }) => [Number(row), rule])).toEqual([
    [52, 'ragged_row'],
    [53, 'ragged_row'],
    [122, 'bad_datetime'],
    [302, 'unknown_value'],
  ]);
  expect(result.counts).toMatchObject({ read: 399, accepted: 395, refused: 4, blankRows: 1 });
});

it('the last row with a key wins, be it plain or not', async () => {
  const rows = Array.from({ length: 400 }, (_, index) => [`c${index}`, at, 'ivr_only']);
  rows[10] = ['a', '2023年5月4日 8时0分', 'ivr_only'];
  rows[20] = ['a', '2023-05-04 08:30:00', 'blocked'];
  rows[30] = ['b', '2023-05-04 08:30:00', 'blocked'];
  rows[40] = ['b', '2023年5月4日 8时0分', 'ivr_only'];
  const checked = await folder.check('calls', ['call_id', 'started_at', 'result'], rows);
  const kept = checked.rows.filter((row) => row['call_id'] === 'a' || row['call_id'] === 'b');
  // Stored by time, whichever way a row was read.
  expect(kept.map((row) => [row['call_id'], row['started_at'], row['result']])).toEqual([
    ['b', '2023-05-04 08:00:00', 'ivr_only'],
    ['a', '2023-05-04 08:30:00', 'blocked'],
  ]);
  expect(checked.issues.map(({ row, rule }) => [Number(row), rule])).toEqual([
    [12, 'duplicate_key'],
    [32, 'duplicate_key'],
  ]);
});
