import { afterAll, describe, expect, it } from '@jest/globals';
import { datasetSpec, dictionary } from '../datasets/dictionary.js';
import { ReportFolder, textsOf } from '../report/sample-report.js';
import { datasetIds, type DatasetId, type Segment } from '../tasks.js';
import { readSampleWorkbook } from '../workbook/sample-workbook.js';
import { tableSchema } from './table-schema.js';
import { templateCsv } from './template-csv.js';
import { templateXlsx } from './template-xlsx.js';

const folder = new ReportFolder();
afterAll(() => folder.remove());
const uploadedAt = '2024-12-01T00:00:00+08:00';

/** Call-backs are looked up among the work orders of their own template. */
async function segmentsFor(dataset: DatasetId, bytes: () => Promise<Buffer | string>): Promise<readonly Segment[]> {
  if (dataset !== 'callbacks') return [];
  const { result } = await folder.upload('工单', await bytes(), { uploadedAt });
  return result.months.map((month) => ({ ...month, dataset: 'work_orders' }));
}

const languages = ['zh-CN', 'en'] as const;
const cases = datasetIds.flatMap((dataset) => languages.map((language) => [dataset, language] as const));

describe.each(cases)('the templates of %s in %s', (dataset, language) => {
  const files = {
    csv: async (id: DatasetId) => templateCsv(id, language),
    xlsx: (id: DatasetId) => templateXlsx(id, language),
  };

  it.each(['csv', 'xlsx'] as const)('are taken as they are: %s', async (format) => {
    const segments = await segmentsFor(dataset, () => files[format]('work_orders'));
    // Nothing in the name tells the dataset.
    const upload = await folder.upload(`模板.${format}`, await files[format](dataset), { uploadedAt, segments });
    const { result, issues, rows } = upload;
    expect(result.dataset).toBe(dataset);
    expect(issues).toEqual([]);
    expect(result.counts).toMatchObject({ read: 2, accepted: 2, refused: 0, duplicates: 0, warned: 0 });
    expect(result.notes).toEqual([]);
    const { columns } = datasetSpec(dataset);
    // Every column of the dataset has its header, and every example says something.
    expect(result.columns.map(({ column }) => column)).toEqual(columns.map(({ id }) => id));
    for (const { id } of columns) {
      const filled = rows.some((row) => row[id] !== null);
      expect([id, filled]).toEqual([
        id,
        !['extended_deadline_at', 'parent_order_id', 'promise_callback_told'].includes(id),
      ]);
    }
  });

  it('mark required columns and hold the same rows', async () => {
    const csv = templateCsv(dataset, language);
    expect(csv.startsWith('\ufeff')).toBe(true);
    const [header = '', ...lines] = csv.slice(1).trimEnd().split('\r\n');
    const [data, guide] = await readSampleWorkbook(await templateXlsx(dataset, language));
    expect(textsOf(data)[0]).toEqual(header.split(','));
    expect([lines.length, data?.cells.length]).toEqual([2, 3]);
    const { columns, rules } = datasetSpec(dataset);
    for (const [index, column] of columns.entries())
      expect([column.id, header.split(',')[index]?.startsWith('*')]).toEqual([column.id, column.required]);
    // The dictionary sheet explains each column and each rule.
    const ids = textsOf(guide).flatMap((row) => row[7] ?? []);
    expect(ids).toEqual(expect.arrayContaining([...columns, ...rules].map(({ id }) => id)));
    for (const row of textsOf(guide)) expect(row.join(' ')).not.toMatch(/\{\w+\}|undefined/);
  });
});

describe('the workbook template of calls', () => {
  it('offers the options of a column, formats its dates and keeps numbers of callers as text', async () => {
    const [data] = await readSampleWorkbook(await templateXlsx('calls', 'zh-CN'));
    const lists = [...(data?.xml ?? '').matchAll(/sqref="([A-Z]+)2:\1(\d+)"><formula1>"([^<]*)"<\/formula1>/g)];
    expect(lists.map(([, column, last, words]) => [column, last, words])).toEqual([
      ['C', '1048576', '呼入,呼出'],
      ['J', '1048576', '人工接通,排队放弃,振铃放弃,自助服务,溢出留言,忙音未接入,无效呼叫'],
      ['K', '1048576', '是,否'],
      ['L', '1048576', '非常满意,满意,基本满意,一般,不满意,非常不满意,未评价'],
    ]);
    // 4 March 2024 is day 45355 of a spreadsheet; 09:05 is 545 of 1440 minutes.
    expect(data?.cells[1]?.[1]).toMatchObject({ type: 'n', format: 164 });
    expect(Number(data?.cells[1]?.[1]?.text)).toBeCloseTo(45355 + 545 / 1440, 9);
    expect(data?.cells[1]?.[12]).toMatchObject({ text: '13800138000', type: 'inlineStr', format: 49 });
    expect(data?.xml).toContain('state="frozen"');
  });
});

describe('the Table Schema', () => {
  it('names every column in order, with its key and limits', () => {
    for (const { id, columns, key } of dictionary().datasets) {
      const schema = tableSchema(id);
      expect(schema.fields.map(({ name }) => name)).toEqual(columns.map((column) => column.id));
      expect(schema.primaryKey).toEqual(key);
      expect(schema.missingValues).toContain('');
    }
  });

  it('of the mystery calls says what the dictionary says', () => {
    const { fields } = tableSchema('mystery_calls');
    const field = (name: string) => fields.find((each) => each.name === name);
    expect(field('mystery_id')).toMatchObject({ type: 'string', constraints: { required: true } });
    // Left empty, the rater is the first.
    expect(field('rater_no')?.constraints).toEqual({ minimum: 1, maximum: 9 });
    expect(field('placed_at')).toMatchObject({ type: 'datetime', constraints: { required: true } });
    expect(field('seconds_to_human')).toMatchObject({ type: 'number', constraints: { minimum: 0, maximum: 3600 } });
    expect(field('audio_score')).toMatchObject({ type: 'number', constraints: { minimum: 1, maximum: 5 } });
    expect(field('connected')).toMatchObject({ type: 'boolean', constraints: { required: true } });
    expect(field('connected')?.trueValues).toEqual(expect.arrayContaining(['true', '是', '1']));
    expect(field('connected')?.falseValues).toEqual(expect.arrayContaining(['false', '否', '0']));
    expect(field('scenario_tag')?.constraints?.enum).toEqual(
      expect.arrayContaining(['social_security', '社保', 'Social insurance', '医保']),
    );
  });
});
