import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import type { Row } from './city-plan.js';
import { readSheet, readSheetLines, readZip } from './testing/read-files.js';
import { writeXlsx } from './write-xlsx.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-xlsx-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const rows: Row[] = [
  {
    order_id: '20250504100012',
    created_at: '2025-01-01 12:00:00',
    channel: 'web',
    extension_count: 0,
    is_invalid: false,
    topic_l1: 'A & B <C>',
  },
  { order_id: '20250504100013', created_at: '2025年5月4日9时5分', channel: '飞信', extension_count: null },
];
const columns = ['order_id', 'created_at', 'channel', 'extension_count', 'is_invalid', 'topic_l1'];

describe('writeXlsx', () => {
  it('writes a title, Chinese headers, typed cells and a blank tail', async () => {
    const path = join(folder, 'orders.xlsx');
    const written = await writeXlsx(path, 'work_orders', rows, { titleRow: true, blankTail: 2, columns });
    expect(written.rows).toBe(2);
    expect(written.bytes).toBe((await readFile(path)).length);
    const [title, header, first, second, ...tail] = await readSheetLines(path);
    expect(title).toEqual(['工单明细表']);
    expect(header).toEqual(['工单编号', '受理时间', '受理渠道', '延期次数', '是否无效', '一级分类']);
    // Noon of 1 January 2025 is day 45658.5 of a spreadsheet.
    expect(first).toEqual(['20250504100012', '45658.5', '网站', '0', '否', 'A & B <C>']);
    expect(second).toEqual(['20250504100013', '2025年5月4日9时5分', '飞信']);
    expect(tail).toEqual([Array(6).fill(''), Array(6).fill('')]);
  });

  it('gives instants and days a date format and keeps identifiers as text', async () => {
    const path = join(folder, 'styles.xlsx');
    await writeXlsx(path, 'work_orders', rows, { headers: 'id', columns });
    const sheet = await readSheet(path);
    expect(sheet.get('A1')?.text).toBe('order_id');
    expect(sheet.get('B2')).toEqual({ text: '45658.5', style: '1' });
    const daily = join(folder, 'daily.xlsx');
    await writeXlsx(daily, 'call_metrics_daily', [{ date: '2023-01-01', offered: 3 }], { headers: 'id' });
    expect((await readSheet(daily)).get('A2')).toEqual({ text: '44927', style: '2' });
    const xml = (await readZip(path)).get('xl/worksheets/sheet1.xml')?.toString('utf8') ?? '';
    expect(xml).toContain('<c r="A2" t="inlineStr"><is><t>20250504100012</t></is></c>');
  });

  it('is a zip of well-formed parts that name each other', async () => {
    const path = join(folder, 'parts.xlsx');
    await writeXlsx(path, 'channels', [{ channel: 'web', checked_at: '2025-03-18' }]);
    const parts = await readZip(path);
    expect([...parts.keys()].sort()).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/_rels/workbook.xml.rels',
      'xl/styles.xml',
      'xl/workbook.xml',
      'xl/worksheets/sheet1.xml',
    ]);
    for (const part of parts.values())
      expect(() => new SaxesParser({ xmlns: true }).write(part.toString('utf8')).close()).not.toThrow();
    expect(parts.get('xl/workbook.xml')?.toString('utf8')).toContain('<sheet name="渠道清单"');
  });

  it('writes the same bytes each time, packed or not', async () => {
    for (const compressionLevel of [0, 6]) {
      const [one, two] = [join(folder, 'one.xlsx'), join(folder, 'two.xlsx')];
      await writeXlsx(one, 'work_orders', rows, { compressionLevel });
      await writeXlsx(two, 'work_orders', rows, { compressionLevel });
      expect((await readFile(one)).equals(await readFile(two))).toBe(true);
    }
  });
});
