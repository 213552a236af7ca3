import { afterAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { callSheet, UploadFolder, workbookParts } from '../sample-uploads.js';
import type { SampleCell, SampleWorkbook } from '../sample-uploads.js';

const folder = new UploadFolder();
afterAll(() => folder.remove());

const book = (workbook: SampleWorkbook): Promise<string> => folder.workbook(workbook);
const headers = ['通话编号', '来电时间', '技能组'];
const xml = (text: string): SampleCell => ({ xml: text });

describe('workbooks that would cost too much', () => {
  const cells = (data: string): Promise<string> => book({ sheets: [callSheet([], { data })] });
  const head = '<row r="1"><c t="str"><v>call_id</v></c><c t="str"><v>started_at</v></c></row>';

  it.each<[string, () => Promise<string>, string]>([
    ['60 MB of blanks', () => cells(`${head}${' '.repeat(60_000_000)}`), 'workbook_bomb'],
    [
      '60 MB of one shared text',
      () => book({ sheets: [callSheet([headers])], strings: [`<t>${'x'.repeat(60_000_000)}</t>`] }),
      'workbook_bomb',
    ],
    ['row 300 000 000', () => cells(`${head}<row r="300000000"><c><v>1</v></c></row>`), 'too_many_rows'],
    ['column ZZZ', () => cells(`${head}<row r="2"><c r="ZZZ2"><v>1</v></c></row>`), 'too_many_columns'],
    [
      '1.2 million rows',
      () => cells(head + Array.from({ length: 1_200_000 }, (_, i) => `<row>${i}</row>`).join('')),
      'too_many_rows',
    ],
    [
      'a cell of 32 768 characters',
      () => cells(`${head}<row><c t="str"><v>${'综'.repeat(32_768)}</v></c></row>`),
      'cell_too_long',
    ],
    [
      'a shared text of 32 768 characters',
      () =>
        book({
          strings: [`<t>${'x'.repeat(32_768)}</t>`],
          sheets: [callSheet([headers, ['A', xml('<c t="s"><v>0</v></c>')]])],
        }),
      'cell_too_long',
    ],
    ['a document type', () => cells(`<!DOCTYPE x [<!ENTITY a "b">]>${head}`), 'workbook_doctype'],
    ['an unknown entity', () => cells(`${head}<row><c t="str"><v>&a;</v></c></row>`), 'workbook_damaged'],
    ['a surrogate as entity', () => cells(`${head}<row><c t="str"><v>&#xD800;</v></c></row>`), 'workbook_damaged'],
    ['rows out of order', () => cells(`${head}<row r="5"/><row r="4"/>`), 'workbook_damaged'],
    [
      'cells out of order',
      () => cells(`${head}<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>`),
      'workbook_damaged',
    ],
    [
      'a tag that never ends',
      () => cells(`${head}<row ${Array.from({ length: 700_000 }, (_, i) => `a${i}=""`).join(' ')}/>`),
      'workbook_damaged',
    ],
  ])('%s: refused', async (_, make, code) => {
    expect((await folder.refusal(await make())).code).toBe(code);
  });

  it('refuses a document type in every other part too', async () => {
    const parts = workbookParts({
      sheets: [callSheet([headers, ['A', 'x', 'a']])],
      strings: ['<t>a</t>'],
      formats: [0],
    });
    for (const part of [
      '_rels/.rels',
      'xl/workbook.xml',
      'xl/_rels/workbook.xml.rels',
      'xl/styles.xml',
      'xl/sharedStrings.xml',
    ]) {
      const spoiled = { ...parts, [part]: `<!DOCTYPE x [<!ENTITY a "b">]>${parts[part] ?? ''}` };
      expect((await folder.refusal(await folder.zip('u', spoiled))).code).toBe('workbook_doctype');
    }
  });

  it('refuses a long row made of one shared text, and a long file made of it', async () => {
    const strings = [`<t>${'x'.repeat(30_000)}</t>`];
    const shared = '<c t="s"><v>0</v></c>';
    const wide = Array.from({ length: 40 }, (_, i) => `<c t="str"><v>h${i}</v></c>`).join('');
    const start = `<row><c t="str"><v>call_id</v></c><c t="str"><v>started_at</v></c>${wide}</row>`;
    const row = await book({ strings, sheets: [callSheet([], { data: `${start}<row>${shared.repeat(40)}</row>` })] });
    expect((await folder.refusal(row)).code).toBe('row_too_long');
    const file = await book({
      strings,
      sheets: [callSheet([], { data: start + `<row>${shared}</row>`.repeat(5000) })],
    });
    expect((await folder.refusal(file)).code).toBe('decoded_too_large');
  });

  it('refuses more parts, more inflated bytes, more texts and more merged ranges than allowed', async () => {
    const parts = workbookParts({
      sheets: [callSheet([headers, ['A', 'x', 'a']], { merges: ['A5:A6', 'B5:B6'] })],
      strings: ['<t>a</t>'],
    });
    const many = await folder.zip('many', {
      ...parts,
      ...Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`m${i}`, 'x'])),
    });
    expect(await folder.refusal(many)).toEqual({ code: 'workbook_too_many_parts', params: { count: 206, limit: 200 } });
    const file = await folder.zip('u', parts);
    expect((await folder.refusal(file, {}, { inflatedBytes: 1000 })).code).toBe('workbook_too_large');
    expect((await folder.refusal(file, {}, { sharedStringBytes: 4 })).code).toBe('workbook_strings_too_large');
    expect((await folder.refusal(file, {}, { mergedRanges: 1 })).code).toBe('workbook_too_many_merges');
    expect((await folder.refusal(file, {}, { smallPartBytes: 10 })).code).toBe('workbook_too_large');
  });

  it('refuses ranges that overlap so often that they would ask for more work than the sheet has', async () => {
    const merges = Array.from({ length: 3000 }, (_, i) => `A${i + 2}:C1048576`);
    const file = await book({ sheets: [callSheet([headers, ['A', 'x', 'a']], { merges })] });
    expect((await folder.refusal(file, {}, { mergedRanges: 400 })).code).toBe('workbook_too_many_merges');
    const decoded = await folder.decode(file);
    expect(decoded.rows).toEqual(['2,A,A,A']);
  });
});

describe('damaged workbooks', () => {
  const parts = workbookParts({ sheets: [callSheet([headers, ['A1', 'x', '综合组']])] });
  const part = 'xl/worksheets/sheet1.xml';

  it.each<[string, (text: string) => string | Buffer]>([
    ['a sheet that just stops', (text) => text.slice(0, -12)],
    ['a tag that is not closed', (text) => text.replace('</row>', '</row')],
    ['bytes that are not UTF-8', (text) => Buffer.from(text, 'latin1').fill(0xff, 300, 301)],
    ['a row inside a row', (text) => text.replace('<row r="2"', '<row r="2"><row r="3"')],
    ['no row number', (text) => text.replace('r="2"', 'r="x"')],
  ])('%s', async (_, spoil) => {
    const file = await folder.zip('u', { ...parts, [part]: spoil(parts[part] ?? '') });
    expect(await folder.refusal(file)).toMatchObject({ code: 'workbook_damaged', params: { part } });
  });

  it('a part that is missing', async () => {
    const { [part]: _, ...rest } = parts;
    expect((await folder.refusal(await folder.zip('u', rest))).code).toBe('workbook_without_sheet');
  });

  it('a checksum or a length that is not true', async () => {
    const file = await folder.zip('u', parts);
    const whole = readFileSync(file);
    const name = Buffer.from(part);
    const central = whole.lastIndexOf(name) - 46;
    for (const [offset, what] of [
      [16, 'checksum'],
      [24, 'length'],
    ] as const) {
      const bytes = Buffer.from(whole);
      bytes.writeUInt32LE(bytes.readUInt32LE(central + offset) - 1, central + offset);
      const refusal = await folder.refusal(folder.write(what, bytes));
      expect([what, refusal.code]).toEqual([what, 'workbook_damaged']);
    }
  });

  it('a part whose announced length hides what it inflates to', async () => {
    const file = await folder.zip('u', { ...parts, [part]: `${parts[part] ?? ''}${' '.repeat(30_000_000)}` });
    const bytes = readFileSync(file);
    const central = bytes.lastIndexOf(Buffer.from(part)) - 46;
    bytes.writeUInt32LE(1000, central + 24);
    expect((await folder.refusal(folder.write('v', bytes))).code).toBe('workbook_damaged');
  });

  it('two parts of one name, and data that is not deflated', async () => {
    const twice = await folder.zip('u', { ...parts, 'XL/worksheets/SHEET1.xml': 'x' });
    expect((await folder.refusal(twice)).code).toBe('workbook_damaged');
    const file = readFileSync(await folder.zip('u', parts));
    const packed = deflateRawSync(Buffer.from(parts[part] ?? ''), { level: 6 });
    const at = file.indexOf(packed.subarray(0, 20));
    expect(at).toBeGreaterThan(0);
    file.fill(0xff, at, at + 20);
    expect((await folder.refusal(folder.write('v', file))).code).toBe('workbook_damaged');
  });
});
