import { afterAll, describe, expect, it } from '@jest/globals';
import type { Row } from '../check/sample-check.js';
import { datasetSpec } from '../datasets/dictionary.js';
import type { CheckTask, DatasetId } from '../tasks.js';
import { plainWorkbook } from '../workbook/sample-workbook.js';
import { serialOf, type Cell } from '../workbook/workbook.js';
import { ReportFolder, textsOf, type Upload } from './sample-report.js';

const folder = new ReportFolder();
afterAll(() => folder.remove());
const at = '2023-05-04 09:00:00';

/** The rows of a workbook report, put right by whoever reads it: cells by row of the original file and header. */
async function corrected(
  upload: Upload,
  cells: Readonly<Record<number, Readonly<Record<string, string>>>>,
): Promise<Buffer> {
  const [sheet] = await folder.xlsx(upload, { sheet: upload.result.sheet });
  const headers = textsOf(sheet)[0] ?? [];
  const rows = (sheet?.cells ?? []).map((row): Cell[] => {
    const fixes = cells[Number(row[0]?.text)] ?? {};
    return headers.map((header, index) => {
      const fixed = fixes[header];
      const cell = row[index];
      if (fixed !== undefined) return fixed;
      return cell === undefined ? null : cell.type === 'n' && cell.text !== '' ? Number(cell.text) : cell.text;
    });
  });
  return plainWorkbook(rows, sheet?.name);
}

/** What is in force after one import and then another: for each key the later row. */
function inForce(dataset: DatasetId, ...imports: readonly Upload[]): readonly Row[] {
  const byKey = new Map<string, Row>();
  const { key } = datasetSpec(dataset);
  for (const { rows } of imports)
    for (const row of rows) byKey.set(key.map((column) => String(row[column])).join(' '), row);
  return [...byKey.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

interface Round {
  readonly dataset: DatasetId;
  readonly headers: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** By row of the file: what is put right under which header. */
  readonly fixes: Readonly<Record<number, Readonly<Record<string, string>>>>;
  readonly options?: Partial<CheckTask>;
  readonly as?: 'csv' | 'xlsx';
}

/** The original file, then its corrected report; and the original file as it should have been. */
async function round({ dataset, headers, rows, fixes, options = {}, as = 'csv' }: Round) {
  const bytes = async (lines: readonly (readonly Cell[])[]) =>
    as === 'xlsx'
      ? plainWorkbook([headers, ...lines])
      : `${[headers, ...lines].map((line) => line.map((cell) => (cell === null ? '' : String(cell))).join(',')).join('\n')}\n`;
  const file = `original.${as}`;
  const original = await folder.upload(file, await bytes(rows), { dataset, ...options });
  const right = rows.map((row, index) => row.map((cell, at) => fixes[index + 2]?.[headers[at] ?? ''] ?? cell));
  const wished = await folder.upload(file, await bytes(right), { dataset, ...options });
  const again = await folder.upload('report.xlsx', await corrected(original, fixes), { dataset, ...options });
  return { original, wished, again };
}

async function expectOnlyCorrections(given: Round): Promise<void> {
  const { original, wished, again } = await round(given);
  expect(original.result.counts.refused).toBeGreaterThan(0);
  expect([wished.result.counts.refused, again.result.counts.refused]).toEqual([0, 0]);
  expect(inForce(given.dataset, original, again)).toEqual(inForce(given.dataset, wished));
}

describe('a workbook report that is corrected and uploaded', () => {
  it('changes only the corrected rows, personal tokens and masked ids included', async () => {
    await expectOnlyCorrections({
      dataset: 'calls',
      headers: ['通话编号', '来电时间', '呼叫结果', '排队时长', '主叫号码', '坐席工号', '技能组', '客户姓名'],
      rows: [
        ['a', at, '接通', '10', '13912341000', '张三', '一组', '欧阳锋'],
        ['13800138000', '昨天', '忙音', '12', '010-12345678', 'A007', '组 13912341001', '黄蓉'],
        ['c', at, '不明', '0:37', '匿名', '', '=1+1', ''],
        ['d', at, '忙音', '-5', '+86 139 1234 1002', 'A007', "'=1", ''],
        ['e', at, '忙音', '5', '13912341003', 'A008', '二组', ''],
      ],
      fixes: { 3: { 来电时间: at }, 4: { 呼叫结果: '忙音' }, 5: { 排队时长: '5' } },
    });
  });

  it('leaves the later of two equal keys in force', async () => {
    await expectOnlyCorrections({
      dataset: 'calls',
      headers: ['通话编号', '来电时间', '呼叫结果', '技能组'],
      rows: [
        ['a', at, '忙音', '旧'],
        ['b', '昨天', '忙音', '乙'],
        ['a', at, '忙音', '新'],
      ],
      fixes: { 3: { 来电时间: at } },
    });
    const upload = await folder.upload('a.csv', `通话编号,来电时间,呼叫结果\na,${at},忙音\na,${at},放弃\n`);
    expect(textsOf((await folder.xlsx(upload))[0]).map((row) => row.slice(0, 2))).toEqual([
      ['行号', '问题'],
      ['2', expect.stringMatching(/^提示：同一文件中后面还有一行的编号与本行相同/)],
      ['3', '前面有编号相同的行，以本行为准。 无需处理。'],
    ]);
  });

  it('means the same though the rest of its column is gone: yes and no, shares, fractions of seconds', async () => {
    await expectOnlyCorrections({
      dataset: 'channels',
      headers: ['渠道', '核验日期', '是否开通', '自助建单', '工单查询', '核验依据'],
      rows: [
        // Only 有 and 无 in one column: 无 is no. Other words in the next: 无 is empty.
        ['网站', '2023-05-04', '是', '有', '是', 'x'],
        ['APP', '2023年13月', '是', '无', '无', 'x'],
        ['微信', '2023-05-04', '是', '无', '有', 'x'],
      ],
      fixes: { 3: { 核验日期: '2023-05-04' } },
    });
    await expectOnlyCorrections({
      dataset: 'call_metrics_daily',
      headers: ['统计日期', '人工请求量', '人工接通量', '接通率', '等待总时长'],
      rows: [
        ['2023-05-04', '100', '90', '90', '12'],
        ['2023-05-05', '100', '一', '0.9', '0.5'],
      ],
      fixes: { 3: { 人工接通量: '1' } },
    });
    await expectOnlyCorrections({
      dataset: 'call_metrics_daily',
      headers: ['统计日期', '人工请求量', '人工接通量', '接通率'],
      rows: [
        ['2023-05-04', '100', '90', '0.9'],
        ['2023-05-05', '100', '一', '1'],
      ],
      fixes: { 3: { 人工接通量: '100' } },
    });
  });

  it('means the same where a workbook told dates and durations as numbers', async () => {
    const instant = { value: serialOf(at), style: 1 };
    const day = { value: serialOf('2023-05-04'), style: 1 };
    await expectOnlyCorrections({
      dataset: 'calls',
      headers: ['通话编号', '来电时间', '呼叫结果', '排队时长'],
      rows: [
        ['a', instant, '忙音', 0.0005],
        // Midnight, as the column has other times of day.
        ['b', day, '不明', 0.001],
      ],
      fixes: { 3: { 呼叫结果: '忙音' } },
      as: 'xlsx',
    });
    const orders = await round({
      dataset: 'work_orders',
      headers: ['工单编号', '受理时间', '受理渠道', '办理期限'],
      rows: [['a', instant, '飞鸽', { value: serialOf('2023-05-09'), style: 2 }]],
      fixes: { 2: { 受理渠道: '电话' } },
      as: 'xlsx',
    });
    // A deadline without a time is the end of its day.
    expect(orders.again.rows).toMatchObject([{ created_at: at, deadline_at: '2023-05-09 23:59:59', channel: 'phone' }]);
    expect(orders.again.rows).toEqual(orders.wished.rows);
  });

  it('is read by the saved mapping, joined columns, translations and conditions included', async () => {
    await expectOnlyCorrections({
      dataset: 'calls',
      headers: ['编号', '日期', '时刻', '状态', '转接', '来电号'],
      rows: [
        ['a', '2023-05-04', '09:00:00', 'OK', '', '13912341000'],
        ['b', '2023-05-04', '09:00', '??', '八组', '无号'],
        ['c', '2023-05-04', '25:00', 'NG', '八组', '13912341001'],
        ['d', '2023-05-04', '09:00', 'NG', '', '13912341001'],
      ],
      fixes: { 3: { 状态: 'NG' }, 4: { 时刻: '09:00' } },
      options: {
        mapping: {
          columns: {
            call_id: { from: ['编号'] },
            started_at: { from: ['日期', '时刻'] },
            caller_hash: { from: ['来电号'], emptyMarkers: ['无号'] },
            result: {
              from: ['状态'],
              values: [
                { value: 'OK', to: 'phantom' },
                { value: 'NG', to: 'overflow', when: { header: '转接', is: 'filled' } },
                { value: 'NG', to: 'ivr_only' },
              ],
            },
          },
        },
      },
    });
  });

  it('is read at the sheet and header row that a saved mapping names', async () => {
    const mapping = { sheet: '明细', headerRow: 3, columns: {} };
    const rows: Cell[][] = [['通话明细'], [], ['通话编号', '来电时间', '呼叫结果'], ['a', at, '不明']];
    const first = await folder.upload('a.xlsx', await plainWorkbook(rows, '明细'), { dataset: 'calls', mapping });
    const report = await folder.reportBytes(first, { format: 'xlsx', sheet: '明细', headerRow: 3 });
    const again = await folder.upload('b.xlsx', report, { dataset: 'calls', mapping });
    expect(again.result.counts).toMatchObject({ read: 1, refused: 1 });
    expect(again.result.headerRow).toBe(3);
    expect(again.result.columns.filter(({ column }) => column !== null).map(({ header }) => header)).toEqual([
      '通话编号',
      '来电时间',
      '呼叫结果',
    ]);
  });

  it('reports again without the columns of the first report', async () => {
    const upload = await folder.upload('a.csv', `通话编号,来电时间,呼叫结果,备注\na,${at},不明,x\n`);
    const again = await folder.upload('b.xlsx', await folder.reportBytes(upload, { format: 'xlsx' }));
    expect(again.result.notes).toEqual([]);
    expect(textsOf((await folder.xlsx(again, { language: 'en' }))[0])[0]).toEqual([
      'Row',
      'Problem',
      '通话编号',
      '来电时间',
      '呼叫结果',
      '备注',
    ]);
  });
});
