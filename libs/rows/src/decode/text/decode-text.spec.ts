import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { scanRecords } from '../../check/scan-records.js';
import type { Delimiter, Encoding } from '../../tasks.js';
import { UploadFolder } from '../sample-uploads.js';

const folder = new UploadFolder();
afterAll(() => folder.remove());

const header = '通话编号,来电时间,呼叫结果,技能组\n';
const body = 'A1,2023-05-04 09:05:00,人工接通,𠮷镕喆组\nA2,2023-05-04 09:06:00,排队放弃,综合组\n';
const mark = '\uFEFF';

describe('encoding of a text', () => {
  it.each<[string, Buffer, Encoding]>([
    ['UTF-8', Buffer.from(header + body), 'utf-8'],
    ['UTF-8 with mark', Buffer.from(mark + header + body), 'utf-8'],
    ['GB18030', iconv.encode(header + body, 'gb18030'), 'gb18030'],
    ['UTF-16LE with mark', iconv.encode(mark + header + body, 'utf-16le'), 'utf-16le'],
    ['UTF-16BE with mark', iconv.encode(mark + header + body, 'utf-16be'), 'utf-16be'],
  ])('%s becomes the same rows', async (_, bytes, encoding) => {
    const decoded = await folder.decode(folder.write('u', bytes));
    expect(decoded.text).toBe(body);
    expect(decoded.encoding).toBe(encoding);
    expect(decoded.headers).toEqual(['通话编号', '来电时间', '呼叫结果', '技能组']);
  });

  it('keeps characters whole where the file is read in pieces', async () => {
    // 3 MB: more than one piece; odd lengths of lines let every kind of cut occur.
    const rows = Array.from(
      { length: 40_000 },
      (_, i) => `A${i},2023-05-04 09:05:00,人工接通,${'𠮷镕喆组'.repeat(1 + (i % 3))}\n`,
    );
    const expected = rows.join('');
    for (const encoding of ['utf-8', 'gb18030', 'utf-16le'] as const) {
      const bytes = iconv.encode((encoding === 'utf-16le' ? mark : '') + header + expected, encoding);
      const decoded = await folder.decode(folder.write('u', bytes));
      expect(decoded.encoding).toBe(encoding);
      expect(decoded.text === expected).toBe(true);
    }
  });

  it('takes a GB18030 file whose first rows are plain ASCII', async () => {
    const ascii = 'call_id,started_at,result,skill_group\n' + 'A1,2023-05-04 09:05,answered,x\n'.repeat(100_000);
    const decoded = await folder.decode(
      folder.write('u', iconv.encode(`${ascii}A2,2023-05-04 09:05,answered,综合组\n`, 'gb18030')),
    );
    expect(decoded.encoding).toBe('gb18030');
    expect(decoded.rows).toHaveLength(100_001);
    expect(decoded.rows.at(-1)).toBe('A2,2023-05-04 09:05,answered,综合组');
  });

  it('reads UTF-16 without mark only when told so', async () => {
    const file = folder.write('u', iconv.encode(header + body, 'utf-16le'));
    expect((await folder.refusal(file)).code).toBe('undecodable');
    const told = await folder.decode(file, { mapping: { encoding: 'utf-16le', columns: {} } });
    expect(told.text).toBe(body);
    const saved = await folder.decode(file, {
      layouts: [{ id: '1', dataset: 'calls', headers: null, mapping: { encoding: 'utf-16le', columns: {} } }],
    });
    expect(saved.text).toBe(body);
  });

  it('refuses ASCII in UTF-16 without mark for its NUL bytes', async () => {
    const file = folder.write('u', Buffer.from('call_id,started_at\nA1,2023-05-04 09:05\n', 'utf16le'));
    expect(await folder.refusal(file)).toMatchObject({ code: 'nul_bytes', params: { line: 1 } });
  });

  it('refuses one invalid byte deep in a file with its place', async () => {
    const before = Buffer.from(header + 'A1,2023-05-04 09:05:00,人工接通,综合组\n'.repeat(90_000) + 'A2,');
    const file = folder.write('u', Buffer.concat([before, Buffer.of(0xff), Buffer.from(',接通,x\n')]));
    expect(await folder.refusal(file)).toEqual({
      code: 'undecodable',
      params: { encoding: 'utf-8', offset: before.length, line: 90_002 },
    });
  });

  it('names GB18030 where the file could be read furthest as that', async () => {
    const before = iconv.encode(header + 'A1,2023-05-04 09:05:00,人工接通,综合组\r\n'.repeat(5), 'gb18030');
    const file = folder.write('u', Buffer.concat([before, Buffer.of(0xff, 0x0a)]));
    expect(await folder.refusal(file)).toEqual({
      code: 'undecodable',
      params: { encoding: 'gb18030', offset: before.length, line: 7 },
    });
  });

  it('refuses a character that is cut off at the end of the file', async () => {
    const file = folder.write('u', Buffer.from(header + body + 'A3,2023-05-04 09:05:00,接通,组').subarray(0, -1));
    expect(await folder.refusal(file)).toMatchObject({ code: 'undecodable', params: { encoding: 'utf-8', line: 4 } });
  });

  it('finds no header in Big5, which reads as other characters in GB18030', async () => {
    const file = folder.write('u', iconv.encode('電話號碼,通話時間,呼叫結果\n1,2,3\n', 'big5'));
    expect((await folder.refusal(file, { dataset: 'calls' })).code).toBe('header_not_found');
  });
});

describe('delimiter and header row', () => {
  it.each<Delimiter>([',', ';', '\t', '|'])('finds the delimiter %j', async (delimiter) => {
    const text = `通话编号${delimiter}来电时间${delimiter}技能组\nA1${delimiter}2023-05-04 09:05${delimiter}a.b-c d\n`;
    const decoded = await folder.decode(folder.write('u', text));
    expect([decoded.delimiter, decoded.sourceDelimiter]).toEqual([delimiter, delimiter]);
    expect(decoded.rows).toEqual([`A1${delimiter}2023-05-04 09:05${delimiter}a.b-c d`]);
  });

  it('skips title rows, also such with quoted line breaks, and counts rows as a person does', async () => {
    const title = '"12345热线\r\n通话记录",,,\r\n\r\n"统计员：""张三""",,,\r\n';
    const decoded = await folder.decode(folder.write('u', title + '"通话\n编号",来电时间,呼叫结果,技能组\r\n' + body));
    expect([decoded.headerRow, decoded.firstDataRow]).toEqual([4, 5]);
    expect(decoded.headers[0]).toBe('通话\n编号');
    expect(decoded.columns[0]).toEqual({ header: '通话\n编号', position: 0, column: 'call_id', by: 'zh' });
    expect(decoded.text).toBe(body);
  });

  it('takes the row with the most headers, the first among equals, of the first twenty', async () => {
    const weak = '来电时间,技能组,说明,\n';
    const twice = await folder.decode(folder.write('u', weak + header + header + body));
    expect(twice.headerRow).toBe(2);
    const deep = '说明\n'.repeat(19) + header + body;
    expect((await folder.decode(folder.write('u', deep))).headerRow).toBe(20);
    expect((await folder.refusal(folder.write('u', `说明\n${deep}`))).code).toBe('dataset_not_recognised');
  });

  it('obeys the row and the delimiter of the mapping', async () => {
    const file = folder.write('u', '说明\n'.repeat(24) + header + body);
    const told = await folder.decode(file, { dataset: 'calls', mapping: { headerRow: 25, columns: {} } });
    expect([told.headerRow, told.text]).toEqual([25, body]);
    const wrong = { headerRow: 40, columns: {} };
    expect(await folder.refusal(file, { dataset: 'calls', mapping: wrong })).toEqual({
      code: 'header_row_absent',
      params: { row: 40, rows: 27 },
    });
    const semicolon = { dataset: 'calls' as const, mapping: { delimiter: ';' as const, columns: {} } };
    expect((await folder.refusal(folder.write('u', header + body), semicolon)).code).toBe('header_not_found');
  });

  it('takes a file for the data set that has the columns of its mapping', async () => {
    const file = folder.write('u', '留言编号,留言时间,答复时间\nM1,2019-04-25 09:32:09,2019-05-10 14:56:53\n');
    const columns = {
      order_id: { from: ['留言编号'] },
      created_at: { from: ['留言时间'] },
      closed_at: { from: ['答复时间'] },
      channel: { from: [], constant: 'web' },
    };
    expect((await folder.decode(file, { mapping: { columns } })).dataset).toBe('work_orders');
  });

  it('hides long numbers, and names beside them, where a file without headers is shown', async () => {
    const { params } = await folder.refusal(folder.write('u', 'A1,13800138000,张三\nA2,138 0013 8001,李四\n'));
    expect(params).toEqual({ row: 1, seen: ['A1', '***', '张***'] });
  });
});

describe('rows of a text', () => {
  const start = 'call_id,started_at,skill_group\n';

  it.each([
    ['CRLF', 'A1,x,a\r\nA2,x,b\r\n', ['A1,x,a', 'A2,x,b']],
    ['CR', 'A1,x,a\rA2,x,b\r', ['A1,x,a', 'A2,x,b']],
    ['mixed', 'A1,x,a\r\nA2,x,b\nA3,x,c\rA4,x,d', ['A1,x,a', 'A2,x,b', 'A3,x,c', 'A4,x,d']],
    ['no end of the last line', 'A1,x,a', ['A1,x,a']],
    ['blank lines', 'A1,x,a\n\n\r\n\rA2,x,b\n\n', ['A1,x,a', ',,', ',,', ',,', 'A2,x,b', ',,']],
    ['a line break in quotes', 'A1,"x\r\ny",a\nA2,x,b\n', ['A1,"x\r', 'y",a', 'A2,x,b']],
    ['blank lines in quotes', 'A1,"x\n\n\ny",a\n', ['A1,"x', '', '', 'y",a']],
    ['a quote inside a cell', 'A1,5" x,a\r\nA2,x,b\r\n', ['A1,5" x,a', 'A2,x,b']],
    ['text behind a quoted cell', 'A1,"x"y,a\r\nA2,x,b\r\n', ['A1,"x"y,a', 'A2,x,b']],
    ['doubled quotes', 'A1,"""x"",",a\r\nA2,"",b\r\n', ['A1,"""x"",",a', 'A2,"",b']],
    ['formulas', 'A1,=1+1,@x\n', ['A1,=1+1,@x']],
    ['trailing commas', 'A1,x,a,,\n', ['A1,x,a,,']],
  ])('%s', async (_, text, rows) => {
    expect((await folder.decode(folder.write('u', start + text))).rows).toEqual(rows);
  });

  it('keeps rows where line ends meet the border of a piece', async () => {
    for (const end of ['\r\n', '\r', '\n', '\r\n\r\n']) {
      const line = 'A1,2023-05-04 09:05:00,abcdefg';
      const decoded = await folder.decode(folder.write('u', start + `${line}${end}`.repeat(100_003)));
      const blanks = end.length === 4 ? 100_003 : 0;
      expect(decoded.rows.filter((row) => row === line)).toHaveLength(100_003);
      expect(decoded.rows.filter((row) => row === ',,')).toHaveLength(blanks);
      expect(decoded.rows).toHaveLength(100_003 + blanks);
    }
  });

  it.each([
    ['header only', start],
    ['header without line end', start.trim()],
    ['blank rows below', `${start}\n,,\n" ",,\n`],
  ])('refuses a file with %s', async (_, text) => {
    expect((await folder.refusal(folder.write('u', text))).code).toBe('file_without_rows');
  });

  it('refuses NUL bytes with their line', async () => {
    const far = `${start}${'A1,x,a\n'.repeat(300_000)}A2,\0,b\n`;
    expect(await folder.refusal(folder.write('u', far))).toMatchObject({
      code: 'nul_bytes',
      params: { line: 300_002 },
    });
    const near = `${start}A1,x,a\nA2,\0,b\n`;
    expect(await folder.refusal(folder.write('u', near))).toMatchObject({ code: 'nul_bytes', params: { line: 3 } });
  });

  it.each([
    ['in a small file', `${start}A1,x,a\nA2,"x,b\nA3,x,c\n`, 3],
    ['in the second line of a large file', `${start}A1,"x,a\n${'A2,x,b\n'.repeat(1_000_000)}`, 2],
    ['far below', `${start}${'A1,x,a\n'.repeat(400_000)}A2,"x,b\n${'A3,x,c\n'.repeat(400_000)}`, 400_002],
  ])('refuses a quote that is never closed %s', async (_, text, line) => {
    expect(await folder.refusal(folder.write('u', text))).toMatchObject({ code: 'open_quote', params: { line } });
  });

  it('refuses a row of more than a mebibyte, quoted or not', async () => {
    const long = 'x'.repeat(1_200_000);
    const rows = 'A1,x,a\n'.repeat(200_000);
    const plain = folder.write('u', `${start}${rows}A2,${long},b\n${rows}`);
    expect(await folder.refusal(plain)).toMatchObject({ code: 'record_too_long', params: { line: 200_002 } });
    const quoted = folder.write('u', `${start}${rows}A2,"${long.repeat(3)}",b\n${rows}`);
    expect((await folder.refusal(quoted)).code).toBe('open_quote');
    // Not so long that it was taken for an open quotation before it is closed.
    for (const text of [long, 'x'.repeat(1_048_600)]) {
      const closed = folder.write('u', `${start}${rows}A2,"${text}",b\n${rows}`);
      expect(await folder.refusal(closed)).toMatchObject({ code: 'record_too_long', params: { line: 200_002 } });
    }
    const head = folder.write('u', `${start}A2,${long},b\n`);
    expect(await folder.refusal(head)).toMatchObject({ code: 'record_too_long', params: { line: 2 } });
    const unbroken = folder.write('u', iconv.encode(start + '综'.repeat(1_200_000), 'gb18030'));
    expect(await folder.refusal(unbroken)).toMatchObject({ code: 'record_too_long', params: { line: 2 } });
  });

  it('refuses more than 16 384 columns', async () => {
    const file = folder.write('u', `${start}${','.repeat(100_000)}\n`);
    expect(await folder.refusal(file)).toEqual({ code: 'too_many_columns', params: { row: 2 } });
  });

  it('refuses blank lines that would become a far larger file', async () => {
    const wide = `call_id,started_at${',x'.repeat(5000)}\n`;
    const file = folder.write('u', `${wide}A1,x\n${'\n'.repeat(100_000)}`);
    expect((await folder.refusal(file)).code).toBe('decoded_too_large');
  });

  it('gives back any table, however it is quoted, ended and encoded', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', '综', '𠮷', '"', ',', ';', '\n', '\r\n', ' ', '1'),
      maxLength: 6,
    });
    const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom<Encoding>('utf-8', 'gb18030', 'utf-16le', 'utf-16be'),
        fc.constantFrom('\n', '\r\n', '\r'),
        async (rows, encoding, end) => {
          const quoted = rows.map((cells) =>
            ['A1', ...cells].map((text) => `"${text.replaceAll('"', '""')}"`).join(','),
          );
          const text = mark + ['call_id,started_at,skill_group', ...quoted].join(end) + end;
          const bytes = iconv.encode(encoding.startsWith('utf') ? text : text.slice(1), encoding);
          const decoded = await folder.decode(folder.write('u', bytes));
          expect(decoded.text).toBe(`${quoted.join('\n')}\n`);
        },
      ),
      { seed: 12345, numRuns: 60 },
    );
  });

  it('are called regular only where each is one line with its quotation marks in order', async () => {
    const loose = fc.string({ unit: fc.constantFrom('a', '综', ',', ' ', '1', '"'), maxLength: 8 });
    const quoted = fc
      .array(fc.constantFrom('"a"', '""', '"a,b"', '"a""b"', '"""x"""', 'c', ''), { minLength: 1, maxLength: 4 })
      .map((cells) => cells.join(','));
    const line = fc.oneof({ weight: 1, arbitrary: loose }, { weight: 3, arbitrary: quoted });
    // Long lines in between, so that pieces of a file end anywhere: between CR and LF, before and after blank lines.
    const long = fc
      .tuple(fc.constantFrom(600_000, 1_048_550, 1_048_500), fc.nat(40), fc.boolean())
      .map(([length, more, quotes]) =>
        quotes ? `"${'b'.repeat(length + more - 60)}"` : 'b'.repeat(length + more - 60),
      );
    const lines = fc.array(
      fc.tuple(
        fc.oneof({ weight: 9, arbitrary: line }, { weight: 1, arbitrary: long }),
        fc.constantFrom('\n', '\r\n', '\r'),
      ),
      { minLength: 1, maxLength: 12 },
    );
    let [regular, withQuotes] = [0, 0];
    await fc.assert(
      fc.asyncProperty(lines, fc.boolean(), async (rows, quotes) => {
        const text = rows.map(([row, end]) => (quotes ? row : row.replaceAll('"', '')) + end).join('');
        const file = folder.write('u', Buffer.from(`call_id,started_at,skill_group\nA1,x,y\n${text}A2,x,y\n`));
        const decoded = await folder.decode(file).catch(() => null);
        if (!decoded?.regular) return;
        regular += 1;
        if (decoded.text.includes('"')) withQuotes += 1;
        // Lines of blanks alone are found when the rows are read.
        if (!/^ +$/mu.test(decoded.text))
          expect(await scanRecords(decoded.csvFile, ',')).toEqual({ regular: true, blankTail: 0 });
        expect(decoded.text === `A1,x,y\n${text.replaceAll(/\r\n?/gu, '\n')}A2,x,y\n`).toBe(true);
      }),
      { seed: 12345, numRuns: 150 },
    );
    expect([regular > 20, withQuotes > 20]).toEqual([true, true]);
  });
});
