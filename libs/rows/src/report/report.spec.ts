import { afterAll, describe, expect, it } from '@jest/globals';
import { datasetIds } from '../tasks.js';
import { headerSpellings, normaliseHeader } from '../decode/header/header-spellings.js';
import { hashKey } from '../check/sample-check.js';
import { keyedToken } from '../check/keyed-hash.js';
import { csvCell } from './csv-cell.js';
import { reportHeaders } from './report-texts.js';
import { ReportFolder, textsOf } from './sample-report.js';

const folder = new ReportFolder();
afterAll(() => folder.remove());
const at = '2023-05-04 09:00:00';
const red = 'FFC7CE';
const yellow = 'FFEB9C';
const lines = (...rows: string[]) => `${rows.join('\n')}\n`;

describe('a CSV report', () => {
  it('tells each problem with its rule, remedy and the cells of its row, in the order of the file', async () => {
    const upload = await folder.upload(
      'calls.csv',
      lines(
        '通话编号,来电时间,呼叫结果,排队时长,技能组',
        `a,${at},接通,10,"市容, 一组"`,
        'b,昨天,接听了,-5,二组',
        `c,${at},ivr_only,5,三组`,
        ',,,,',
        'd,2023-05-04,ivr_only,,',
      ),
    );
    expect(await folder.csv(upload)).toEqual([
      '行号,列,表头,值,级别,规则,说明,怎么办,通话编号,来电时间,呼叫结果,排队时长,技能组',
      `2,result,呼叫结果,接通,warning,calls.result_conflict,呼叫结果与接通时间矛盾，以呼叫结果为准。,请核对呼叫结果与接通时间的导出口径。,a,${at},接通,10,"市容, 一组"`,
      '3,started_at,来电时间,昨天,error,bad_datetime,“来电时间”的“昨天”不是可识别的时间。,请写成 2023-05-04 09:05:00 这样的格式。,b,昨天,接听了,-5,二组',
      '3,queue_seconds,排队时长,-5,error,negative_duration,“排队时长”的时长“-5”是负数。,请核对这个值；时长从 0 开始。,b,昨天,接听了,-5,二组',
      '3,result,呼叫结果,接听了,error,unknown_value,“呼叫结果”没有“接听了”这个选项。可用：人工接通、排队放弃、振铃放弃、自助服务、溢出留言、忙音未接入、无效呼叫。,请把这个写法对应到其中一项（一次即可，之后的文件沿用）。,b,昨天,接听了,-5,二组',
      '6,started_at,来电时间,2023-05-04,error,time_missing,“来电时间”只有日期“2023-05-04”，缺少时刻。,请导出带时刻的时间，例如 2023-05-04 09:05:00；日期和时刻分两列时，请把两列都指定给“来电时间”。,d,2023-05-04,ivr_only,,',
    ]);
    const english = await folder.csv(upload, { language: 'en' });
    expect(english[0]).toMatch(/^Row,Column,Header,Value,Level,Rule,What is wrong,What to do,通话编号,/);
    expect(english[3]).toContain(',The duration “-5” under “Time in queue” is negative.,');
  });

  it('lists a line that could not be read without its cells', async () => {
    const upload = await folder.upload('calls.csv', lines('通话编号,来电时间,呼叫结果', `a,${at}`, `b,x,ivr_only`));
    const report = await folder.csv(upload);
    expect(report[1]).toMatch(/^2,,,2,error,ragged_row,.*,,,$/);
    expect(report[2]).toMatch(/^3,started_at,来电时间,x,error,bad_datetime,.*,b,x,ivr_only$/);
  });

  it('of a file without problems has its headers only', async () => {
    const upload = await folder.upload('calls.csv', lines('通话编号,来电时间,呼叫结果', `a,${at},ivr_only`));
    expect(upload.result.issueRowsFile).toBeNull();
    expect(await folder.csv(upload)).toEqual(['行号,列,表头,值,级别,规则,说明,怎么办,通话编号,来电时间,呼叫结果']);
    expect(textsOf((await folder.xlsx(upload))[0])).toEqual([['行号', '问题', '通话编号', '来电时间', '呼叫结果']]);
  });

  it.each([
    ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
    ['+cmd', `'+cmd`],
    ['-2+3', `'-2+3`],
    ['@SUM(A1)', `'@SUM(A1)`],
    ['\t=1', `"'\t=1"`],
    ['\r=1', `"'\r=1"`],
    ['\n=1', `"'\n=1"`],
    ['＝1', `'＝1`],
    ['＋1', `'＋1`],
    ['－1+1', `'－1+1`],
    ['＠SUM', `'＠SUM`],
    ['"=1', `"'""=1"`],
    [' =1', `' =1`],
    ['+8613800138000', `'+8613800138000`],
    ['-12', '-12'],
    ['-12.5', '-12.5'],
    ['-1,200.50', '"-1,200.50"'],
    ['-3%', '-3%'],
    ['12', '12'],
    ['接通率', '接通率'],
    ['a=b', 'a=b'],
    ['说 "好"', '"说 ""好"""'],
  ])('writes %j as %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });
});

describe('a workbook report', () => {
  it('holds every row with a problem under the original headers, the offending cells filled', async () => {
    const upload = await folder.upload(
      'calls.csv',
      lines(
        '通话编号,来电时间,呼叫结果,排队时长,技能组,流水备注',
        `a,${at},接通,10,=1+1,`,
        'b,昨天,接听了,-5,二组,备注',
        `c,${at},ivr_only,5,三组,`,
        `00123456789012345678,${at},忙音,-7,一组,`,
      ),
    );
    const [sheet, notes] = await folder.xlsx(upload);
    expect(sheet?.name).toBe('问题行');
    const [header, ...rows] = textsOf(sheet);
    expect(header).toEqual(['行号', '问题', '通话编号', '来电时间', '呼叫结果', '排队时长', '技能组', '流水备注']);
    expect(rows.map(([row]) => row)).toEqual(['2', '3', '5']);
    expect(rows[0]?.slice(2)).toEqual(['a', at, '接通', '10', '=1+1', '']);
    expect(rows[1]?.slice(2)).toEqual(['b', '昨天', '接听了', '-5', '二组', '***']);
    expect(rows[0]?.[1]).toBe('提示：呼叫结果与接通时间矛盾，以呼叫结果为准。 请核对呼叫结果与接通时间的导出口径。');
    expect(rows[1]?.[1]?.split('\n').map((line) => line.slice(0, 9))).toEqual([
      '错误：“来电时间”',
      '错误：“排队时长”',
      '错误：“呼叫结果”',
    ]);
    const fills = sheet?.cells.slice(1).map((row) => row.slice(2, 7).map((cell) => cell?.fill ?? null));
    expect(fills).toEqual([
      [null, null, yellow, null, null],
      [null, red, red, red, null],
      [null, null, null, red, null],
    ]);
    expect(sheet?.cells[2]?.[5]).toMatchObject({ text: '-5', type: 'n' });
    // Long digits stay text that no spreadsheet shortens; what looks like a formula stays text too.
    expect(sheet?.cells[3]?.[2]).toMatchObject({ text: '00123456789012345678', type: 'inlineStr', format: 49 });
    expect(sheet?.cells[1]?.[6]).toMatchObject({ text: '=1+1', type: 'inlineStr' });
    expect(sheet?.xml).not.toContain('<f>');
    expect(notes?.name).toBe('怎么用');

    const [english] = await folder.xlsx(upload, { language: 'en' });
    expect(textsOf(english)[0]?.slice(0, 3)).toEqual(['Row', 'Problem', '通话编号']);
    expect(textsOf(english)[1]?.[1]).toMatch(/^Warning: Result and answer time contradict each other/);
  });

  it('has headers of its own that no dataset takes for one of its columns', () => {
    for (const dataset of datasetIds)
      for (const header of reportHeaders())
        expect([dataset, headerSpellings(dataset).get(normaliseHeader(header))]).toEqual([dataset, undefined]);
  });

  it('counts the rows of a large file with broken lines between them', async () => {
    // Every 1000th row has a problem, every 1500th is a cell short.
    const rows = Array.from({ length: 30_000 }, (_, index) => {
      if (index % 1500 === 7) return `r${index},${at}`;
      return index % 1000 === 0 ? `r${index},${at},不明,10` : `r${index},${at},ivr_only,10`;
    });
    const upload = await folder.upload('calls.csv', lines('通话编号,来电时间,呼叫结果,排队时长', ...rows));
    const [sheet] = await folder.xlsx(upload);
    const [, ...found] = textsOf(sheet);
    const expected = rows.flatMap((row, index) =>
      index % 1500 === 7
        ? [[String(index + 2), '']]
        : index % 1000 === 0
          ? [[String(index + 2), row.split(',')[0]]]
          : [],
    );
    expect(expected).toHaveLength(50);
    expect(found.map(([row = '', , id = '']) => [row, id])).toEqual(expected);
  });
});

describe('a report', () => {
  const phones = Array.from({ length: 40 }, (_, index) => `1391234${String(1000 + index * 7)}`);
  const identity = (phone: string) => `11010119900307${phone.slice(-4)}`;

  it('holds no phone or identity number and no name in clear, whatever cell it stands in', async () => {
    const headers = '通话编号,来电时间,呼叫结果,排队时长,主叫号码,坐席工号,技能组,身份证号码,家庭住址,联系电话';
    const rows = phones.map((phone, index) =>
      [
        index % 3 === 0 ? phone : `c${index}`,
        index % 2 === 0 ? `来电 ${phone}` : at,
        `已转${phone}`,
        index % 5 === 0 ? phone : '１３９' + phone.slice(3),
        index % 4 === 0 ? ` +86 ${phone.slice(0, 3)}-${phone.slice(3, 7)}-${phone.slice(7)}` : phone,
        `欧阳锋${phone}`,
        `组 ${phone} 及 ${identity(phone)}，${phone}@163.com`,
        identity(phone),
        `黄龙洞 ${phone}`,
        phone,
      ].join(','),
    );
    const upload = await folder.upload('calls.csv', lines(headers, ...rows));
    expect(upload.result.counts).toMatchObject({ read: 40, refused: 40 });
    const kept = await folder.read(upload.result.issueRowsFile ?? '');
    expect(kept).toHaveLength(40);
    const told = [
      JSON.stringify(kept),
      JSON.stringify(upload.issues),
      (await folder.csv(upload)).join('\n'),
      (await folder.xlsx(upload)).map(({ xml }) => xml).join('\n'),
    ];
    for (const text of told) {
      expect(text.length).toBeGreaterThan(1000);
      for (const phone of phones) {
        const plain = text.normalize('NFKC').replaceAll(/(?<=\d)[ -](?=\d)/g, '');
        expect([phone, plain.includes(phone), plain.includes(identity(phone))]).toEqual([phone, false, false]);
      }
      expect(text).not.toMatch(/欧阳锋|黄龙洞/);
    }
    // What is masked can still be told apart.
    expect(told[2]).toContain('139****');
  });

  it('gives a masked number and name back as the tokens they stand for', async () => {
    const upload = await folder.upload(
      'calls.csv',
      lines('通话编号,来电时间,呼叫结果,主叫号码,坐席工号', `a,${at},不明,13912341000,张三`, `b,${at},不明,匿名,-`),
    );
    const [, , ...lineA] = textsOf((await folder.xlsx(upload))[0])[1] ?? [];
    const [, , ...lineB] = textsOf((await folder.xlsx(upload))[0])[2] ?? [];
    expect(lineA[3]).toMatch(/^139\*\*\*\*1000#[0-9a-f]{40}$/);
    expect(lineA[4]).toMatch(/^张\*\*\*#[0-9a-f]{40}$/);
    expect(lineB.slice(3)).toEqual(['匿***', '-']);
    const token = keyedToken(hashKey);
    const asUuid = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    const kept = (text: string) => asUuid(token(text));
    const again = (key: string) =>
      folder.upload(
        'calls.csv',
        lines(
          '通话编号,来电时间,呼叫结果,主叫号码,坐席工号',
          [lineA[0], lineA[1], 'ivr_only', lineA[3], lineA[4]].join(','),
        ),
        { hashKey: key },
      );
    expect((await again(hashKey)).rows).toMatchObject([
      { caller_hash: kept('+8613912341000'), agent_hash: kept('张三') },
    ]);
    // Under another tenant's key it is no token: a masked number tells nothing.
    const foreign = (await again('ff'.repeat(32))).rows[0];
    expect(foreign?.['caller_hash']).toBeNull();
    expect(foreign?.['agent_hash']).not.toBe(kept('张三'));
  });
});
