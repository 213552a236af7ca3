import { afterAll, describe, expect, it } from '@jest/globals';
import { callSheet, UploadFolder } from '../sample-uploads.js';
import type { SampleCell, SampleSheet, SampleWorkbook } from '../sample-uploads.js';

const folder = new UploadFolder();
afterAll(() => folder.remove());

const book = (workbook: SampleWorkbook): Promise<string> => folder.workbook(workbook);
const headers = ['通话编号', '来电时间', '技能组'];
const xml = (text: string): SampleCell => ({ xml: text });

/** Text that a cell becomes, in the third column of a one-row workbook. */
async function cellText(cell: SampleCell, options: Partial<SampleWorkbook> = {}): Promise<string> {
  const file = await book({ ...options, sheets: [callSheet([headers, ['A1', 'x', cell]])] });
  return (await folder.decode(file)).text.slice('2,A1,x,'.length, -1);
}

describe('cells of a workbook', () => {
  it.each<[string, SampleCell, string]>([
    ['a text', '综合组', '综合组'],
    ['a text with comma, quote and line break', 'a,"b"\nc', '"a,""b""\nc"'],
    ['entities', xml('<c t="inlineStr"><is><t>&lt;a&gt; &amp;&#32;&#x7EFC;</t></is></c>'), '<a> & 综'],
    ['a character that XML cannot hold', xml('<c t="str"><v>a_x000D__x005F_x_</v></c>'), '"a\r_x_"'],
    [
      'rich text without its reading aid',
      xml(
        '<c t="inlineStr"><is><r><rPr><b/></rPr><t>综</t></r><rPh sb="0" eb="1"><t>zong</t></rPh><r><t xml:space="preserve"> 合</t></r></is></c>',
      ),
      '综 合',
    ],
    ['CDATA', xml('<c t="str"><v>a<![CDATA[<&]]>b</v></c>'), 'a<&b'],
    ['a formula and its text', xml('<c t="str"><f>A1&amp;"v"</f><v>ok</v></c>'), 'ok'],
    ['a formula and its number', xml('<c><f t="shared" si="0"/><v>7</v></c>'), '7'],
    ['true', xml('<c t="b"><v>1</v></c>'), 'true'],
    ['false', xml('<c t="b"><v>0</v></c>'), 'false'],
    ['an error', xml('<c t="e"><v>#N/A</v></c>'), '#N/A'],
    ['an ISO date', xml('<c t="d"><v>2023-05-04T09:05:00.000</v></c>'), '2023-05-04 09:05:00'],
    ['a whole number', 12, '12'],
    ['a whole number with a point', xml('<c><v>12.0</v></c>'), '12'],
    ['a negative number', -3.5, '-3.5'],
    ['a sum with a binary tail', xml('<c><v>0.30000000000000004</v></c>'), '0.3'],
    ['a number of 15 digits', xml('<c><v>202305040905123</v></c>'), '202305040905123'],
    [
      'a number of 16 digits, which are not all kept',
      xml('<c><v>2.02305040905123E+15</v></c>'),
      '2.02305040905123E+15',
    ],
    ['a number of 16 digits written out', xml('<c><v>2023050409051234</v></c>'), '2.023050409051234e+15'],
    ['a small power of ten', xml('<c><v>1.2E+3</v></c>'), '1200'],
    ['a tiny number', xml('<c><v>1E-7</v></c>'), '0.0000001'],
    ['minus zero', xml('<c><v>-0</v></c>'), '0'],
    ['a formatted cell without value', xml('<c s="0"/>'), ''],
    ['a prefixed name', xml('<c><x:v xmlns:x="y">5</x:v></c>'), '5'],
    ['an attribute in single quotes', xml("<c  t = 'str' ><v >a</v ></c >"), 'a'],
    ['a comment in between', xml('<c><!-- > --><v>5</v><?x ?></c>'), '5'],
  ])('%s', async (_, cell, text) => {
    expect(await cellText(cell)).toBe(text);
  });

  it('takes shared texts, plain, rich, blank and repeated', async () => {
    const strings = [
      '<t>综合组</t>',
      '<r><t>a,</t></r><r><t>b</t></r><rPh><t>x</t></rPh>',
      '<t xml:space="preserve">  </t>',
      '',
    ];
    const shared = (index: number): SampleCell => xml(`<c t="s"><v>${index}</v></c>`);
    const rows = [
      headers,
      ['A1', 'x', shared(0)],
      ['A2', 'x', shared(1)],
      ['A3', shared(3), shared(0)],
      [shared(2), shared(3), null],
    ];
    const decoded = await folder.decode(await book({ strings, sheets: [callSheet(rows)] }));
    expect(decoded.rows).toEqual(['2,A1,x,综合组', '3,A2,x,"a,b"', '4,A3,,综合组']);
    const absent = await book({ strings, sheets: [callSheet([headers, ['A1', 'x', shared(4)]])] });
    expect((await folder.refusal(absent)).code).toBe('workbook_damaged');
  });

  it('writes dates as day numbers and times of day as h:mm:ss', async () => {
    const formats = [
      0,
      14,
      22,
      20,
      31,
      33,
      46,
      'yyyy"年"m"月"d"日"',
      '[$-804]上午/下午h"时"mm"分"',
      '0.00" d"',
      '[Red]#,##0',
      'mm:ss',
    ];
    const styled = async (style: number, value: string, from1904 = false): Promise<string> =>
      cellText(xml(`<c s="${style}"><v>${value}</v></c>`), { formats, from1904 });
    // 45050 is 2023-05-04; .378472222 of a day is 09:05:00. 43588 is the same day counted from 1904.
    expect(await styled(1, '45050')).toBe('45050');
    expect(await styled(2, '45050.378472222219')).toBe('45050.378472222219');
    expect(await styled(2, '4.505025E4')).toBe('45050.25');
    expect(await styled(2, '43588.25', true)).toBe('45050.25');
    expect(await styled(4, '43588', true)).toBe('45050');
    expect(await styled(7, '43588', true)).toBe('45050');
    expect(await styled(0, '43588', true)).toBe('43588');
    expect(await styled(9, '43588', true)).toBe('43588');
    expect(await styled(10, '43588', true)).toBe('43588');
    // 37 s = 37 / 86 400 of a day.
    expect(await styled(3, '0.378472222222222')).toBe('9:05:00');
    expect(await styled(5, '0.000428240740740741')).toBe('0:00:37');
    expect(await styled(8, '0.5')).toBe('12:00:00');
    expect(await styled(11, '0.000428240740740741', true)).toBe('0:00:37');
    expect(await styled(6, '1.5')).toBe('36:00:00');
    expect(await styled(3, '45050.25')).toBe('45050.25');
  });
});

describe('rows of a workbook', () => {
  it('carry their number, and empty ones are dropped and counted', async () => {
    const blanks = Array.from({ length: 3 }, () => [xml('<c s="0"/>'), ' ', null]);
    const rows = [['通话记录'], [], headers, ['A1', 'x', 'a'], ...blanks, ['A2', null, 'b', 'beyond'], ...blanks];
    const decoded = await folder.decode(await book({ sheets: [callSheet(rows)] }));
    expect(decoded).toMatchObject({ rowNumbers: true, headerRow: 3, firstDataRow: 4, sheet: '通话', delimiter: ',' });
    expect(decoded.rows).toEqual(['4,A1,x,a', '8,A2,,b']);
    expect(decoded.notes).toEqual([{ code: 'blank_rows', params: { count: 6 } }]);
  });

  it('may leave out the places of rows and cells', async () => {
    const data =
      '<row><c t="str"><v>call_id</v></c><c t="str"><v>started_at</v></c></row><row/><row r="5"><c><v>1</v></c><c r="B5"><v>2</v></c></row>';
    const decoded = await folder.decode(await book({ sheets: [callSheet([], { data })] }));
    expect(decoded.rows).toEqual(['5,1,2']);
    expect(decoded.notes).toEqual([{ code: 'blank_rows', params: { count: 3 } }]);
  });

  it('are the same however the XML is cut into pieces', async () => {
    const strings = Array.from({ length: 40_000 }, (_, i) => `<t>综合&amp;${i}</t>`);
    const rows = Array.from({ length: 40_000 }, (_, i) => [`A${i}`, 45_050 + i, xml(`<c t="s"><v>${i}</v></c>`)]);
    const decoded = await folder.decode(await book({ strings, sheets: [callSheet([headers, ...rows])] }));
    expect(decoded.rows).toHaveLength(40_000);
    expect(decoded.rows.every((row, i) => row === `${i + 2},A${i},${45_050 + i},综合&${i}`)).toBe(true);
  });

  it('are refused where there are none, or no header', async () => {
    expect((await folder.refusal(await book({ sheets: [callSheet([headers])] }))).code).toBe('file_without_rows');
    expect((await folder.refusal(await book({ sheets: [callSheet([])] }))).code).toBe('file_empty');
    const prose = await book({ sheets: [callSheet([['说明'], ['甲', '乙']])] });
    expect(await folder.refusal(prose)).toEqual({
      code: 'dataset_not_recognised',
      params: { seen: ['甲', '乙'], row: 2 },
    });
  });
});

describe('merged cells', () => {
  it('in a title and in two rows of headers read as their top-left cell', async () => {
    const rows = [
      ['12345热线通话记录', null, null, null],
      ['通话编号', '时间', null, '技能组'],
      [null, '来电时间', '人工接通时间', null],
      ['A1', 'x', 'y', 'a'],
    ];
    const file = await book({ sheets: [callSheet(rows, { merges: ['A1:D1', 'A2:A3', 'B2:C2', 'D2:D3'] })] });
    const decoded = await folder.decode(file);
    expect(decoded.headers).toEqual(['通话编号', '来电时间', '人工接通时间', '技能组']);
    expect(decoded.rows).toEqual(['4,A1,x,y,a']);
    expect(decoded.notes).toEqual([]);
  });

  it('are found behind the rows of a long sheet too', async () => {
    const rows: SampleCell[][] = [
      ['通话编号', '时间', null],
      [null, '来电时间', '人工接通时间'],
    ];
    for (let i = 0; i < 30_000; i += 1) rows.push([`A${i}`, 'x', 'y']);
    const decoded = await folder.decode(
      await book({ sheets: [callSheet(rows, { merges: ['A1:A2', 'B1:C1', 'B5:B7'] })] }),
    );
    expect(decoded.headers).toEqual(['通话编号', '来电时间', '人工接通时间']);
    expect(decoded.rows).toHaveLength(30_000);
    expect(decoded.notes).toEqual([{ code: 'merged_cells', params: { count: 1 } }]);
  });

  it('in data rows read as their top-left cell, and rows with nothing else are still empty', async () => {
    const rows = [
      headers,
      ['A1', '上午', 'a,b'],
      ['A2', null, 'hidden'],
      [null, null, null],
      ['A3', '下午', null],
      ['A4', null, 'd'],
    ];
    const decoded = await folder.decode(
      await book({ sheets: [callSheet(rows, { merges: ['B2:B4', 'C2:C4', 'B5:C5'] })] }),
    );
    expect(decoded.rows).toEqual(['2,A1,上午,"a,b"', '3,A2,上午,"a,b"', '5,A3,下午,下午', '6,A4,,d']);
    expect(decoded.notes).toEqual([
      { code: 'blank_rows', params: { count: 1 } },
      { code: 'merged_cells', params: { count: 3 } },
    ]);
  });

  it('over two columns name the first of them', async () => {
    const rows = [
      ['通话编号', '来电时间', null],
      ['A1', '2023-05-04', '9:05'],
    ];
    const decoded = await folder.decode(await book({ sheets: [callSheet(rows, { merges: ['B1:C1'] })] }));
    expect(decoded.columns.map(({ column }) => column)).toEqual(['call_id', 'started_at']);
    expect(decoded.notes).toEqual([{ code: 'header_merged', params: { header: '来电时间', first: 'B', last: 'C' } }]);
  });
});

describe('sheets of a workbook', () => {
  const rows = (id: string): SampleCell[][] => [headers, [id, 'x', 'a']];

  it('are chosen by their headers, hidden ones last; those with the same headers go with them, others are reported', async () => {
    const sheets: SampleSheet[] = [
      { name: '隐藏', state: 'hidden', rows: rows('H') },
      { name: '封面', rows: [['说明']] },
      {
        name: '少',
        rows: [
          ['通话编号', '来电时间'],
          ['S', 'x'],
        ],
      },
      { name: '1月', rows: rows('J') },
      { name: '2月', rows: rows('F') },
    ];
    const decoded = await folder.decode(await book({ sheets }));
    expect([decoded.sheet, decoded.sheets]).toEqual(['1月', ['1月', '2月']]);
    // Row 2 of the second sheet, counted on from the end of a full first one.
    expect(decoded.rows).toEqual(['2,J,x,a', '1048578,F,x,a']);
    expect(decoded.notes).toEqual([
      { code: 'sheets_joined', params: { sheets: '1月、2月' } },
      { code: 'other_sheets', params: { sheet: '1月、2月', others: '少、隐藏' } },
    ]);
    const told = await folder.decode(await book({ sheets }), { mapping: { sheet: '2月', columns: {} } });
    expect([told.rows, told.sheets]).toEqual([['2,F,x,a'], ['2月']]);
    expect(told.notes).toEqual([{ code: 'other_sheets', params: { sheet: '2月', others: '少、1月、隐藏' } }]);
    const hidden = await folder.decode(await book({ sheets: sheets.slice(0, 2) }));
    expect(hidden.sheet).toBe('隐藏');
  });

  it('go on with each other below titles and merged cells of their own, not with other columns between', async () => {
    const file = await book({
      sheets: [
        { name: 'A', rows: [['话务明细'], headers, ['1', 'x', 'a'], ['2', 'x', null]], merges: ['C3:C4'] },
        {
          name: 'B',
          rows: [
            [...headers, '', ''],
            ['3', 'x', 'b'],
            [null, null, null],
            ['4', 'x', null],
          ],
          merges: ['C2:C4'],
        },
        {
          name: 'C',
          rows: [
            [...headers, '备注'],
            ['5', 'x', 'c', 'y'],
          ],
        },
        { name: 'D', rows: [[...headers].reverse(), ['d', 'x', '6']] },
      ],
    });
    const decoded = await folder.decode(file, { mapping: { sheet: 'A', columns: {} } });
    expect(decoded.rows).toEqual(['3,1,x,a', '4,2,x,a']);
    const all = await folder.decode(file);
    expect([all.sheets, all.headerRow]).toEqual([['A', 'B'], 2]);
    expect(all.rows).toEqual(['3,1,x,a', '4,2,x,a', '1048578,3,x,b', '1048580,4,x,b']);
  });

  it('are listed where the one that was asked for does not exist', async () => {
    const file = await book({
      sheets: [
        { name: 'A&B', rows: rows('A') },
        { name: '2月', rows: rows('F') },
      ],
    });
    expect(await folder.refusal(file, { mapping: { sheet: '3月', columns: {} } })).toEqual({
      code: 'sheet_unknown',
      params: { sheet: '3月', sheets: ['A&B', '2月'] },
    });
  });
});
