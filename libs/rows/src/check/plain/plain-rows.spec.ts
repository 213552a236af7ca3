import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { datasetSpec, dictionary, type ColumnSpec } from '../../datasets/dictionary.js';
import { FileRefused } from '../../refused.js';
import type { DatasetId } from '../../tasks.js';
import { CheckFolder, filledRows, type Row, type SampleOptions } from '../sample-check.js';
import { CountedLines } from './counted-lines.js';

const folder = new CheckFolder();
afterAll(() => folder.remove());

const enumWords = (spec: ColumnSpec) =>
  (dictionary().enums[spec.enum ?? '']?.codes ?? []).flatMap(({ code, zh, en, accepts }) => [code, zh, en, ...accepts]);

/** Cells at and beyond the edges of what a short cut knows. */
function cellsOf(spec: ColumnSpec): readonly string[] {
  const { true: yes, false: no } = dictionary().boolean;
  switch (spec.type) {
    case 'enum':
      return [...enumWords(spec), '满意', '不详', ' phone ', 'PHONE'];
    case 'boolean':
      return [...yes, ...no, 'TRUE', '有', '无', '2'];
    case 'integer':
      return [
        '0',
        '007',
        '-1',
        '12',
        '999999999999999999',
        '1234567890123456789',
        '1,234',
        '1.0',
        '1e3',
        '３',
        '+5',
        '12 ',
      ];
    case 'decimal':
    case 'duration_seconds':
    case 'rating_1_5':
      return [
        ...[
          '0',
          '3',
          '3.0',
          '0.1',
          '17.3',
          '4.999999999',
          '123456789012345',
          '1234567.123456789',
          '.5',
          '5.',
          '-1',
          '1e2',
        ],
        ...[
          '0:59',
          '1:00',
          '75:59',
          '1:60',
          '9999:59',
          '10000:00',
          '1:02:03',
          '1:60:00',
          '1:2',
          '1:02:3',
          '90%',
          '1分20秒',
        ],
      ];
    case 'datetime':
    case 'date':
      return [
        ...[
          '2023-05-04 09:05:06',
          '2023-05-04 24:00:00',
          '2023-02-29 00:00:00',
          '2024-02-29 23:59:59',
          '2023-05-04 09:60:00',
        ],
        ...[
          '2023-05-04T09:05:06+08:00',
          '2023-05-04T09:05:06+09:00',
          '2023-05-04T09:05:06Z',
          '2023-05-04t09:05:06+08:00',
        ],
        ...[
          '2023/5/4 9:05',
          '2023/5/4 9:05:06',
          '2023-5/4 9:05',
          '2023/05/04',
          '2023-05-04',
          '2023-5-4 9:5',
          '2023-13-01 00:00:00',
        ],
        ...[
          '45050',
          '45050.5',
          '45050.000005787',
          '45050.123456789',
          '45050.0',
          '19999.5',
          '80000.5',
          '45050.99999999',
        ],
        ...[
          '1989-12-31 23:59:59',
          '1990-01-01 00:00:00',
          '2999-01-01 00:00:00',
          '0999-01-01 00:00:00',
          '20230504 090506',
          '今天',
        ],
      ];
    case 'phone_hash':
      return [
        ...['13812345678', '19912345678', '12812345678', '1381234567', '138123456789', '010-12345678', '01012345678'],
        ...[
          '0731-8812345',
          '0731-88123456',
          '07318812345',
          '0731-881234567',
          '00123456789',
          '0101234567',
          '010-1234567',
          '匿名',
          '110',
        ],
      ];
    case 'person_hash':
      return [
        'A17',
        'a17',
        '11263',
        '王芳',
        ' 王芳',
        '#A17',
        "'A17",
        'x'.repeat(55),
        'x'.repeat(56),
        'A 17',
        'Ä17',
        '13812345678',
      ];
    case 'text':
      return [
        ...[
          '市容',
          '市容>占道',
          '市容 占道',
          '市容  占道',
          '，',
          '“好”',
          '‘好’',
          '好’',
          '—',
          '2024年12月3日10时',
          '=1+1',
          'Ａ',
          'é',
        ],
        ...[
          '电话13812345678',
          '138 1234 5678',
          '138-1234-5678',
          '订单20230504000123',
          '110101199003078888',
          '12345678901234567890',
        ],
        ...[
          '(010)1234-5678',
          '+86 10 1234 5678',
          '2023-05-04 09:05',
          '1.2E+10',
          'a+b',
          "'12",
          'x·y',
          '×',
          '𠮷',
          '\u0001',
          'a\tb',
        ],
      ];
  }
}

const letters = [...'0123456789', ...'-:/. +()', ...'aTx#\'"%', ...'一市，。\u3000\u00a0', ',', ';'];
const cell = (spec: ColumnSpec) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant('') },
    { weight: 4, arbitrary: fc.constantFrom(...cellsOf(spec), ...dictionary().emptyMarkers) },
    { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...letters), maxLength: 20 }) },
    { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...'0123456789-: .'), maxLength: 24 }) },
  );

const datasets: readonly DatasetId[] = [
  ...(['calls', 'call_metrics_daily', 'work_orders', 'callbacks', 'online_sessions'] as const),
  ...(['mystery_calls', 'mystery_chats', 'survey_responses', 'channels'] as const),
];

/** The column that is another in each row. */
function keyOf(dataset: DatasetId): ColumnSpec {
  const spec = datasetSpec(dataset);
  const found = spec.columns.find(({ id, type }) => spec.key.includes(id) && (type === 'text' || type === 'date'));
  if (!found) throw new Error(`no key of ${dataset}`);
  return found;
}

function keyCell({ type }: ColumnSpec, index: number): string {
  if (type === 'text') return `key${index}`;
  return new Date(Date.UTC(2000, 0, 1 + index)).toISOString().slice(0, 10);
}

/** Nearly all rows are plain, so that the odd ones are read by short cuts as far as those go. */
const plainRows = 30;
/** So many rows that no short cut reads have all of a file read the long way. */
const slowRows = 60;

/** What became of the rows behind `skipped` others. */
function outcome(rows: readonly Row[], issues: readonly Row[], key: ColumnSpec, skipped: number) {
  const bySlow = new Set(Array.from({ length: skipped }, (_, index) => keyCell(key, 5000 + index)));
  return {
    rows: rows
      .filter((row) => !bySlow.has(String(row[key.id])))
      .map((row) => JSON.stringify(row))
      .sort(),
    issues: issues
      .filter(({ row }) => Number(row) >= 2 + skipped)
      .map((issue) => ({ ...issue, row: Number(issue['row']) - skipped })),
  };
}

async function checked(...args: Parameters<CheckFolder['check']>) {
  try {
    return await folder.check(...args);
  } catch (error) {
    if (error instanceof FileRefused) return { refusal: error.refusal };
    throw error;
  }
}

describe('rows mean the same read by short cuts as the long way', () => {
  it.each(datasets)(
    '%s',
    async (dataset) => {
      const key = keyOf(dataset);
      const base: Readonly<Record<string, string>> = filledRows[dataset];
      const columns = datasetSpec(dataset).columns;
      const moment = datasetSpec(dataset).period.column;
      const plain = (index: number) =>
        columns.map(({ id }) => (id === key.id ? keyCell(key, index) : (base[id] ?? '')));
      const slow = (index: number) =>
        columns.map(({ id, type }) => {
          if (id === key.id && type === 'text') return keyCell(key, 5000 + index);
          if (id === key.id) return keyCell(key, 5000 + index).replace(/(\d+)-(\d+)-(\d+)/u, '$1年$2月$3日');
          return id === moment ? '2023年5月4日 9时0分' : (base[id] ?? '');
        });
      const odd = fc.tuple(
        fc.constantFrom(...columns.keys()),
        fc.tuple(...columns.map(cell)),
        fc.array(fc.nat(columns.length - 1), { maxLength: 4 }),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(odd, { minLength: 1, maxLength: 30 }),
          fc.constantFrom<SampleOptions>({}, { delimiter: '\t' }, { type: 'xlsx' }),
          async (odds, options) => {
            const rows = odds.flatMap(([first, cells, others], index) => {
              const row = plain(index * 100 + 99);
              // A few cells of the row are odd, so that one does not hide the others.
              for (const place of [first, ...others])
                if (columns[place]?.id !== key.id) row[place] = cells[place] ?? '';
              return [...Array.from({ length: plainRows }, (_, other) => plain(index * 100 + other)), row];
            });
            const headers = columns.map(({ id }) => id);
            const lines = new CountedLines();
            const short = await checked(dataset, headers, rows, { ...options, readers: lines });
            const heading = Array.from({ length: slowRows + rows.length / 10 }, (_, index) => slow(index));
            const long = await checked(dataset, headers, [...heading, ...rows], options);
            // What only whole columns tell may refuse a file before its rows are read.
            if ('refusal' in short || 'refusal' in long) return expect(short).toEqual(long);
            expect(lines.rows).toBe(rows.length);
            expect(outcome(short.rows, short.issues, key, 0)).toEqual(
              outcome(long.rows, long.issues, key, heading.length),
            );
          },
        ),
        { numRuns: 8 },
      );
    },
    120_000,
  );
});
