import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { plainWorkbook, readSampleWorkbook, zipParts } from './sample-workbook.js';
import { serialOf, type SheetRow } from './workbook.js';
import { workbookBytes, writeWorkbook } from './write-workbook.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workbooks-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const textsOf = async (bytes: Buffer) =>
  (await readSampleWorkbook(bytes)).map(({ cells }) => cells.map((row) => row.map((cell) => cell?.text)));

describe('a written workbook', () => {
  it.each(['=HYPERLINK("http://x","y")', '+cmd', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '＝1', '"=1', '=1+1'])(
    'holds %j as text, never as a formula',
    async (text) => {
      const bytes = await plainWorkbook([[text]]);
      const [sheet] = await readSampleWorkbook(bytes);
      expect(sheet?.cells[0]?.[0]).toMatchObject({ text, type: 'inlineStr' });
      expect(sheet?.xml).not.toContain('<f');
    },
  );

  it('keeps Chinese, rare characters, blanks, line breaks and what looks like markup or an escape', async () => {
    const row = ['接通率', '𠮷野家', '  两边  ', '第一行\n第二行', '<b>&amp;"', '_x0041_', '\u0000\u0001\ud800', ''];
    expect(await textsOf(await plainWorkbook([row]))).toEqual([[row.slice(0, -1)]]);
  });

  it('keeps negative numbers as numbers and long digits as text', async () => {
    const [sheet] = await readSampleWorkbook(await plainWorkbook([[-12.5, '20250504100012345678', null, 0]]));
    expect(sheet?.cells[0]).toMatchObject([
      { text: '-12.5', type: 'n' },
      { text: '20250504100012345678', type: 'inlineStr' },
      ,
      { text: '0', type: 'n' },
    ]);
  });

  it('counts days as spreadsheets do', () => {
    expect(serialOf('2025-01-01 12:00:00')).toBe(45658.5);
    expect(serialOf('1990-01-01')).toBe(32874);
  });

  it('names its sheets as the format allows, each by another name', async () => {
    const names = ['通话[1]', '通话[1]', 'x'.repeat(40), 'X'.repeat(31), '/', "'a'"];
    const bytes = await workbookBytes({ styles: [{}], sheets: names.map((name) => ({ name, rows: [] })) });
    const found = (await readSampleWorkbook(bytes)).map(({ name }) => name);
    expect(found).toEqual(['通话 1', '通话 1 2', 'x'.repeat(31), `${'X'.repeat(29)} 2`, 'Sheet', 'a']);
  });

  it('offers lists that fit, and none that does not', async () => {
    const list = (words: string[]) => ({ range: 'A2:A9', words, title: '', hint: '' });
    const write = (words: string[]) =>
      workbookBytes({ styles: [{}], sheets: [{ name: 'a', rows: [], lists: [list(words)] }] });
    const parts = await zipParts(await write(['是', '否 & "不"']));
    expect(parts.get('xl/worksheets/sheet1.xml')).toContain('<formula1>"是,否 &amp; ""不"""</formula1>');
    await expect(write(['a,b'])).rejects.toThrow(/do not fit a list/);
    await expect(write(['x'.repeat(200), 'y'.repeat(55)])).rejects.toThrow(/do not fit a list/);
  });

  it('tells a fault in the rows to whoever writes it', async () => {
    async function* broken(): AsyncGenerator<SheetRow> {
      yield ['a'];
      throw new Error('no more rows');
    }
    const path = join(folder, 'broken.xlsx');
    await expect(writeWorkbook(path, { styles: [{}], sheets: [{ name: 'a', rows: broken() }] })).rejects.toThrow(
      'no more rows',
    );
    await expect(plainWorkbook([[Number.NaN]])).rejects.toThrow('a cell holds no NaN');
  });
});
