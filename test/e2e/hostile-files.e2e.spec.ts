import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { workbookParts } from '../../libs/rows/src/decode/sample-uploads.js';
import type { ApiClient, ImportView } from './api-client.js';
import { residentMb } from '../harness/processes.js';
import { CityServer } from './city-server.js';
import { hostileZip, type HostilePart } from './hostile-zip.js';

/** The service, its row processes and whatever they read, all told. What they may hold when idle is part of it. */
const mostMemoryMb = 1200;

let server: CityServer;
let client: ApiClient;
let peak = 0;
let watch: NodeJS.Timeout;
beforeAll(async () => {
  server = await CityServer.start(1, { env: { HOTLINE_LOG_LEVEL: 'error' } });
  client = await server.client(0);
  watch = setInterval(() => (peak = Math.max(peak, residentMb(server.pid))), 50);
});
afterAll(async () => {
  clearInterval(watch);
  await server.close();
});

let day = 0;
/** An honest file, another each time. */
const honest = (): string => {
  day += 1;
  return `统计日期,人工请求量,人工接通量\n2023-${String(1 + Math.floor(day / 28)).padStart(2, '0')}-${String(1 + (day % 28)).padStart(2, '0')},1000,900\n`;
};
afterEach(async () => {
  const tenant = join(server.dataDir, 'files', server.tenants[0]?.tenantId ?? '');
  const kept = await server.sql<{ id: string }>(`select id from "import" where result is not null`);
  const folders = existsSync(join(tenant, 'imports')) ? readdirSync(join(tenant, 'imports')) : [];
  // Of a refused file there is nothing but its sealed source, for a second look with another mapping.
  const left = folders.filter(
    (id) => !kept.some((row) => row.id === id) && readdirSync(join(tenant, 'imports', id)).length > 0,
  );
  const scratch = readdirSync(join(server.dataDir, 'scratch')).filter((name) => !name.startsWith('row-process-'));
  expect([left, scratch]).toEqual([[], []]);
  expect(
    await server.sql(`select id from "import" where state in ('received', 'checking', 'committing', 'reverting')`),
  ).toEqual([]);
  expect(peak).toBeGreaterThan(50);
  expect(peak).toBeLessThan(mostMemoryMb);
});

/** After all of that an honest file goes in as ever. */
const thenHonest = (): void =>
  afterAll(async () => {
    expect((await client.upload('daily.csv', honest())).state).toBe('committed');
  });

function expectRefusal(found: ImportView, codes: string): void {
  expect([found.state, found.counts]).toEqual(['refused', null]);
  expect(codes.split(' ')).toContain(found.refusal?.code);
  expect(found.refusal?.message).toMatch(/[一-鿿]{4}/u);
  expect(found.refusal?.messageEn).toMatch(/[a-z]{3,} [a-z]{2,}/u);
  expect(`${found.refusal?.message} ${found.refusal?.messageEn}`).not.toMatch(/\{\w+\}|undefined|null/);
}

const header = '通话编号,来电时间,请求人工时间,人工接通时间,通话结束时间,呼叫结果';
const row = (id: string) =>
  `${id},2023-05-04 09:00:00,2023-05-04 09:00:10,2023-05-04 09:00:20,2023-05-04 09:03:00,接通`;
const names = ['call_id', 'started_at', 'result'];
const cells = ['A1', '2023-05-04 09:05:00', 'ivr_only'];
const bookParts = (data?: string): Record<string, string> =>
  workbookParts({
    sheets: [{ name: 'S', rows: [names, cells], ...(data === undefined ? {} : { data }) }],
    strings: ['<t>a</t>'],
  });
const zip = (parts: Readonly<Record<string, string | Buffer>>, more: readonly HostilePart[] = []): Buffer =>
  hostileZip([...Object.entries(parts).map(([name, data]) => ({ name, data })), ...more]);
const sheet = 'xl/worksheets/sheet1.xml';
const blanks = (bytes: number): Buffer => Buffer.alloc(bytes, ' ');
const headRow = '<row r="1"><c t="str"><v>call_id</v></c><c t="str"><v>started_at</v></c></row>';
const ole = (stream: string): Buffer => {
  const file = Buffer.alloc(1024);
  file.write('d0cf11e0a1b11ae1', 0, 'hex');
  file.writeUInt16LE(9, 30);
  file.write(stream, 512, 'utf16le');
  file.writeUInt16LE(2 * (stream.length + 1), 512 + 64);
  return file;
};

describe('a file that is not what its name says', () => {
  thenHonest();
  it.each<[string, () => Buffer | string, string]>([
    ['a PNG', () => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(64, 7)]), 'file_image'],
    ['a PDF', () => '%PDF-1.7\n1 0 obj', 'file_pdf'],
    ['a web page', () => '<html><table><tr><td>1</td></tr></table></html>', 'file_html'],
    ['an old workbook', () => ole('Workbook'), 'file_xls'],
    ['a workbook with a password', () => ole('EncryptedPackage'), 'file_encrypted'],
    ['a workbook with macros', () => zip({ ...bookParts(), 'xl/vbaProject.bin': 'x' }), 'file_macros'],
    [
      'an OpenDocument table',
      () => zip({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': '<x/>' }),
      'file_ods',
    ],
    [
      'a zip of files',
      () => zip({ 'a.csv': header, '../../../etc/passwd': 'x', '/root/.x': 'y' }),
      'file_zip workbook_damaged',
    ],
    ['a zip in a zip', () => zip({ 'b.zip': zip({ 'c.zip': zip({ 'd.csv': blanks(30_000_000) }) }) }), 'file_zip'],
    ['the beginning of a zip', () => zip(bookParts()).subarray(0, 400), 'workbook_damaged'],
  ])('%s is refused as such, under either name', async (_what, make, code) => {
    const bytes = make();
    for (const name of ['calls.csv', 'calls.xlsx']) expectRefusal(await client.upload(name, bytes), code);
  });
});

describe('a workbook that would cost too much', () => {
  thenHonest();
  const bomb = `${bookParts()[sheet] ?? ''}`;
  it.each<[string, () => Buffer, string]>([
    [
      'inflates to a thousand times its size',
      () => zip({ ...bookParts(), [sheet]: blanks(80_000_000) }),
      'workbook_bomb',
    ],
    [
      'hides what it inflates to',
      () =>
        hostileZip([
          ...Object.entries(bookParts()).map(([name, data]) => ({
            name,
            data,
            ...(name === sheet ? { data: Buffer.concat([Buffer.from(bomb), blanks(30_000_000)]), claims: 1000 } : {}),
          })),
        ]),
      'workbook_damaged',
    ],
    [
      'uses the same bytes many times',
      () => {
        const { [sheet]: _, ...rest } = bookParts();
        const large: HostilePart = {
          name: sheet,
          data: Buffer.concat([Buffer.from(`<worksheet>${headRow}`), blanks(9_000_000)]),
        };
        return zip(rest, [
          large,
          ...Array.from({ length: 150 }, (_each, i) => ({
            name: `xl/worksheets/sheet${i + 2}.xml`,
            data: '',
            bytesOf: sheet,
          })),
        ]);
      },
      'workbook_damaged workbook_bomb',
    ],
    [
      'has ten thousand parts',
      () =>
        zip(
          bookParts(),
          Array.from({ length: 10_000 }, (_, i) => ({ name: `p${i}`, data: '', ...(i > 0 ? { bytesOf: 'p0' } : {}) })),
        ),
      'workbook_too_many_parts',
    ],
    [
      'defines entities',
      () =>
        zip({
          ...bookParts(),
          [sheet]: `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>${headRow}`,
        }),
      'workbook_doctype',
    ],
    [
      'reads a file of the server',
      () =>
        zip({
          ...bookParts(),
          'xl/sharedStrings.xml':
            '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst><si><t>&a;</t></si></sst>',
        }),
      'workbook_doctype',
    ],
    [
      'has one shared text of 60 MB',
      () =>
        zip(
          workbookParts({
            sheets: [{ name: 'S', rows: [names, cells] }],
            strings: [`<t>${'x'.repeat(60_000_000)}</t>`],
          }),
        ),
      'workbook_bomb cell_too_long',
    ],
    [
      'claims row 300 000 000',
      () => zip(bookParts(`${headRow}<row r="300000000"><c><v>1</v></c></row>`)),
      'too_many_rows',
    ],
    ['has column ZZZ', () => zip(bookParts(`${headRow}<row r="2"><c r="ZZZ2"><v>1</v></c></row>`)), 'too_many_columns'],
  ])('%s', async (_what, make, code) => {
    expectRefusal(await client.upload('calls.xlsx', make()), code);
  });
});

describe('a text file that would cost too much', () => {
  thenHonest();
  const lines = `${row('B')}\n`.repeat(400_000);
  it.each<[string, () => Buffer | string, string]>([
    [
      'has a quote that is never closed, and 45 MB after it',
      () => `${header}\n"${row('A')}\n${lines}`,
      'open_quote open_quote_at_row record_too_long',
    ],
    [
      'has 100 000 columns',
      () => `${Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(',')}\n`,
      'too_many_columns',
    ],
    ['has a field of 50 MB', () => `${header}\nA1,${'x'.repeat(50 << 20)},,,,\n`, 'record_too_long'],
    [
      'has a quoted field of 50 MB',
      () => `${header}\nA1,"${'x'.repeat(50 << 20)}",,,,\n`,
      'record_too_long open_quote',
    ],
    ['is NUL bytes', () => Buffer.alloc(1 << 20), 'nul_bytes file_empty'],
    [
      'is Big5',
      () => iconv.encode('電話號碼,通話時間,呼叫結果\n1,2,3\n', 'big5'),
      'dataset_not_recognised header_not_found',
    ],
  ])('%s', async (_what, make, codes) => {
    const found = await client.upload('calls.csv', make());
    expectRefusal(found, codes);
    if (/open_quote/.test(found.refusal?.code ?? '')) expect(found.refusal?.message).toContain('第 2 行');
  });
});

describe('a text file that is only odd', () => {
  thenHonest();
  const table = (end: string, id: string) => [header, row(id), row(`${id}x`), ''].join(end);
  it.each<[string, Buffer | string]>([
    ['CR alone', table('\r', 'C1')],
    ['several line ends', table('\r\n', 'C2').replace('\r\n', '\n')],
    ['a mark of UTF-8', `\ufeff${table('\n', 'C3')}`],
    ['UTF-16, little end first', Buffer.from(`\ufeff${table('\n', 'C4')}`, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\ufeff${table('\n', 'C5')}`, 'utf16le').swap16()],
    ['GB18030', iconv.encode(table('\r\n', 'C6'), 'gb18030')],
    [
      'headers that are names of a program',
      table('\n', 'C7').replaceAll(/(接通|呼叫结果)$/gm, '$1,__proto__,constructor'),
    ],
  ])('is read: %s', async (_what, bytes) => {
    const found = await client.upload('../..\\calls\u202e.csv', bytes, { dataset: 'calls' });
    expect([found.state, found.refusal, found.counts?.accepted, found.fileName]).toEqual([
      'committed',
      null,
      2,
      'calls.csv',
    ]);
  });
});
