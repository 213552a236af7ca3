import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import type { ApiClient, HttpAnswer, ImportView } from './api-client.js';
import { ApiServer, type City } from './api-server.js';
import { stateInForce } from './stored-state.js';

let server: ApiServer;
let city: City;
let client: ApiClient;
let before: unknown;
beforeAll(async () => {
  server = await ApiServer.start();
  city = await server.city();
  client = city.client;
  const good = await client.upload('daily.csv', '统计日期,人工请求量,人工接通量\n2023-05-04,1000,900\n');
  expect(good.state).toBe('committed');
});
afterAll(() => server.close());
beforeEach(async () => {
  before = await stateInForce(server.database, city.tenant.tenantId);
});
afterEach(async () => {
  // Whatever was sent, what counts is what counted before.
  expect(await stateInForce(server.database, city.tenant.tenantId)).toEqual(before);
});

const calls = (...rows: string[]): string =>
  ['通话编号,来电时间,请求人工时间,人工接通时间,通话结束时间,呼叫结果', ...rows, ''].join('\n');
const goodCall = 'A1,2023-05-04 09:00:00,2023-05-04 09:00:10,2023-05-04 09:00:20,2023-05-04 09:03:00,接通';

/** The file is refused whole: with this code, and with sentences that name what helps. */
function expectRefusal(found: ImportView, code: string, zh: readonly string[], en: readonly string[]): void {
  expect([found.state, found.refusal?.code, found.counts]).toEqual(['refused', code, null]);
  for (const part of zh) expect(found.refusal?.message).toContain(part);
  for (const part of en) expect(found.refusal?.messageEn).toContain(part);
  expect(`${found.refusal?.message} ${found.refusal?.messageEn}`).not.toMatch(/\{\w+\}/);
}

/** The request is refused at the door. */
function expectError(answer: HttpAnswer, status: number, code: string, zh: string, en: string): void {
  expect([answer.status, answer.json]).toMatchObject([
    status,
    { error: { code, message: expect.stringContaining(zh), messageEn: expect.stringContaining(en) } },
  ]);
}

describe('a file that cannot be a table of calls', () => {
  it('is told apart by its content, whatever its name says', async () => {
    const png = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(64, 7)]);
    const xls = oldWorkbook();
    const pdf = Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n', 'latin1');
    expectRefusal(await client.upload('通话.csv', png), 'file_image', ['图片', '.xlsx'], ['image']);
    expectRefusal(await client.upload('通话.csv', xls), 'file_xls', ['.xls', '另存为'], ['.xls', 'xlsx']);
    expectRefusal(await client.upload('通话.csv', pdf), 'file_pdf', ['PDF'], ['PDF']);
  });

  it('may be empty, or have headers and nothing below', async () => {
    expectRefusal(await client.upload('a.csv', ''), 'file_empty', ['空'], ['empty']);
    expectRefusal(await client.upload('a.csv', calls()), 'file_without_rows', ['表头'], ['header']);
  });

  it('names the line of a byte that is no text', async () => {
    const bytes = Buffer.concat([
      Buffer.from(calls(goodCall)),
      Buffer.from([0x41, 0xff, 0xfe, 0xff]),
      Buffer.from(',x\n'),
    ]);
    expectRefusal(await client.upload('a.csv', bytes), 'undecodable', ['第 3 行', '编码'], ['Line 3', 'UTF-8']);
  });

  it('says which required columns it lacks, and which it has', async () => {
    const found = await client.upload('a.csv', '通话编号,来电时间\nA1,2023-05-04 09:00:00\n', { dataset: 'calls' });
    expectRefusal(found, 'required_columns_missing', ['呼叫结果', '通话编号', '来电时间'], ['Result', '通话编号']);
  });

  it('says which header stands twice, and where', async () => {
    const found = await client.upload('a.csv', `通话编号,来电时间,来电时间,呼叫结果\nA1,2023-05-04,2023-05-04,接通\n`);
    expectRefusal(found, 'header_repeated', ['来电时间'], ['来电时间']);
  });

  it('says what it read where the headers tell of no dataset', async () => {
    const found = await client.upload('a.csv', '甲,乙\n1,2\n3,4\n');
    expectRefusal(found, 'dataset_not_recognised', ['甲', '乙'], ['甲']);
  });
});

/** Head and directory of an .xls: an OLE2 container whose stream is called Workbook. */
function oldWorkbook(): Buffer {
  const file = Buffer.alloc(1024);
  file.write('d0cf11e0a1b11ae1', 0, 'hex');
  file.writeUInt16LE(9, 30);
  file.write('Workbook', 512, 'utf16le');
  file.writeUInt16LE(2 * ('Workbook'.length + 1), 512 + 64);
  return file;
}

describe('a row that cannot be', () => {
  const report = async (rows: string, lang = 'zh-CN'): Promise<{ found: ImportView; lines: string[] }> => {
    const found = await client.upload(`${rows.length}.csv`, rows);
    const { text, headers } = await client.send('GET', `/imports/${found.id}/report.csv?lang=${lang}`);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    return {
      found,
      lines: text
        .replace(/^\ufeff/, '')
        .trim()
        .split('\r\n'),
    };
  };

  it('is refused with its row, column, value, reason and remedy: a date to come', async () => {
    const { found, lines } = await report(calls('A1,2099-01-01 09:00:00,,,,放弃'));
    expect(found).toMatchObject({ state: 'checked', counts: { read: 1, accepted: 0, refused: 1, duplicates: 0 } });
    expect(found.issues).toMatchObject([{ rule: 'date_out_of_range', level: 'error', count: 1 }]);
    expect(lines[0]).toBe(
      '行号,列,表头,值,级别,规则,说明,怎么办,通话编号,来电时间,请求人工时间,人工接通时间,通话结束时间,呼叫结果',
    );
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('2,started_at,来电时间,2099-01-01 09:00:00,error,date_out_of_range,');
    expect(lines[1]).toContain('“来电时间”');
    const answer = await client.ask<{ code: string; message: string; messageEn: string }>(
      'mutation ($id: ID!) { commitImport(id: $id) { ... on Failure { code message messageEn } } }',
      { id: found.id },
    );
    expect(answer.code).toBe('nothing_to_commit');
    expect(answer.message).toContain('报告');
  });

  it('is refused with both languages: answered before a human was asked for', async () => {
    const rows = calls('B1,2023-05-04 09:00:00,2023-05-04 09:00:30,2023-05-04 09:00:20,2023-05-04 09:03:00,接通');
    const { found, lines } = await report(rows, 'en');
    expect(found).toMatchObject({ state: 'checked', counts: { read: 1, accepted: 0, refused: 1 } });
    expect(lines[1]).toContain('calls.answered_before_request,');
    expect(lines[0]).toMatch(/^Row,Column,Header,Value,Level,Rule,What is wrong,What to do,通话编号,/);
    expect(lines[1]).toContain('Check the two times');
    const [issue] = (
      await client.ask<{ issues: { message: string; messageEn: string }[] }>(
        'query ($id: ID!) { import(id: $id) { issues { message messageEn } } }',
        { id: found.id },
      )
    ).issues;
    expect(issue?.message).toContain('请核对这两个时间');
    expect(issue?.messageEn).toContain('Check the two times');
  });

  it('is worded in the summary without gaps, though many columns may be meant', async () => {
    const found = await client.upload('c.csv', calls('C1,昨天上午,,,,放弃', ',2023-05-04 09:00:00,,,,放弃'), {
      commit: false,
    });
    const { issues } = await client.ask<{ issues: { rule: string; message: string; messageEn: string }[] }>(
      'query ($id: ID!) { import(id: $id) { issues { rule message messageEn } } }',
      { id: found.id },
    );
    expect(issues.map(({ rule }) => rule).sort()).toEqual(['bad_datetime', 'required_empty']);
    for (const { message, messageEn } of issues) {
      expect(message).not.toMatch(/（空）|\{/);
      expect(messageEn).not.toMatch(/\(empty\)|\{/);
    }
  });

  it('cannot run as a formula in the program that opens the report', async () => {
    const { lines } = await report(calls('D1,"=HYPERLINK(""http://evil.example"")",,,,放弃'));
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
  });
});

describe('a request that is wrong', () => {
  const post = (query: string, headers: Record<string, string> = {}, body: string | Uint8Array = calls(goodCall)) =>
    client.send('POST', `/imports${query}`, {
      headers: { 'x-hotline-request': '1', 'content-type': 'text/csv', ...headers },
      body,
    });

  it('names the datasets there are', async () => {
    expectError(
      await post('?dataset=phone_calls&filename=a.csv'),
      400,
      'unknown_dataset',
      'work_orders',
      'phone_calls',
    );
    expectError(await post('?dataset=calls&dataset=calls&filename=a.csv'), 400, 'unknown_dataset', 'calls', 'calls');
  });

  it('asks for one file name, and uses nothing of a path', async () => {
    expectError(await post(''), 400, 'file_name_missing', 'filename=', 'filename=');
    expectError(await post('?filename='), 400, 'file_name_missing', 'filename=', 'filename=');
    expectError(await post('?filename=a.csv&filename=b.csv'), 400, 'file_name_missing', 'filename=', 'filename=');
    const named = await client.upload('../../etc/\u202ecsv.甲\u0000.csv', '甲,乙\n5,6\n');
    expect(named.fileName).toBe('csv.甲.csv');
  });

  it('is answered with the name as it may be shown: no folders, no control or direction marks, not endless', async () => {
    const names: Readonly<Record<string, string>> = {
      '..\\..\\x.csv': 'x.csv',
      'a\u0000b.csv': 'ab.csv',
      'a\r\nset-cookie: b.csv': 'aset-cookie: b.csv',
      'CON.csv': 'CON.csv',
      '热线.csv': '热线.csv',
      // What turns the direction around makes one ending look like another.
      'x\u202egpj.csv': 'xgpj.csv',
      'x\u2067gpj.csv': 'xgpj.csv',
      'x\u061cgpj.csv': 'xgpj.csv',
      'a\u2028b\u2029c.csv': 'abc.csv',
      'a\u2060b\u00adc.csv': 'abc.csv',
      [`${'a'.repeat(5000)}.csv`]: 'a'.repeat(200),
      // Outside the basic plane: never cut in the middle of a character.
      [`a${'𠮷'.repeat(250)}`]: `a${'𠮷'.repeat(199)}`,
      '../': '未命名',
      '\u200b': '未命名',
    };
    for (const [sent, shown] of Object.entries(names)) {
      const parameters = new URLSearchParams({ filename: sent, bytes: '9' });
      const { json } = await client.send('POST', `/uploads?${parameters.toString()}`, {
        headers: { 'x-hotline-request': '1' },
      });
      expect([sent, json]).toEqual([sent, expect.objectContaining({ fileName: shown })]);
    }
  });

  it('asks for a wait in seconds', async () => {
    for (const wait of ['-1', '61', 'soon', '1e9']) {
      expectError(await post(`?filename=a.csv&wait=${wait}`), 400, 'wait_out_of_range', '60', '60');
    }
  });

  it('asks for the file as the body', async () => {
    expectError(
      await post('?filename=a.csv', { 'content-type': 'application/json' }, '{}'),
      400,
      'file_missing',
      'application/octet-stream',
      'application/octet-stream',
    );
  });

  it('never unpacks what comes compressed', async () => {
    for (const encoding of ['gzip', 'br', 'deflate', 'GZIP', 'identity, gzip']) {
      for (const path of ['/imports?filename=a.csv', '/graphql']) {
        const answer = await client.send('POST', path, {
          headers: { 'x-hotline-request': '1', 'content-type': 'application/json', 'content-encoding': encoding },
          body: gzipSync(calls(goodCall)),
        });
        expectError(answer, 415, 'content_encoding_refused', 'Content-Encoding', 'Content-Encoding');
      }
    }
  });

  it('is no larger JSON than anyone needs', async () => {
    const answer = await client.send('POST', '/graphql', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ viewer { tenantId } } #${'x'.repeat(256 * 1024)}` }),
    });
    expectError(answer, 413, 'json_too_large', '256', '256');
  });

  it('is JSON', async () => {
    for (const body of ['{"query": ', 'query { viewer { tenantId } }', '']) {
      const answer = await client.send('POST', '/graphql', { headers: { 'content-type': 'application/json' }, body });
      expectError(answer, 400, 'bad_json', 'JSON', 'JSON');
    }
  });

  it('is to an address that exists', async () => {
    expectError(await client.send('GET', '/imports'), 404, 'not_found', '地址', 'address');
    expectError(
      await client.send('GET', '/imports/nonsense/report.csv'),
      404,
      'import_not_found',
      'nonsense',
      'nonsense',
    );
  });
});

describe('a mapping that cannot be', () => {
  const caller = { column: 'caller_hash', from: [] };
  it.each([
    ['of a column there is not', 'unknown_column', { column: 'no_such_column', from: ['x'] }],
    ['with one caller for every row', 'personal_in_mapping', { ...caller, constant: '13812345678' }],
    ['with a translation of callers', 'personal_in_mapping', { ...caller, values: [{ value: '1', to: 'x' }] }],
    [
      'with a phone number among its values',
      'personal_in_mapping',
      { column: 'skill_group', from: [], constant: '138-1234-5678' },
    ],
  ])('is one %s', async (_, code, column) => {
    const saved = () => server.rows('select mapping::text from file_layout');
    const kept = await saved();
    const answer = await client.ask<{ code: string; message: string; messageEn: string }>(
      `mutation ($columns: [ColumnMappingInput!]!) { updateMapping(input: { dataset: "calls", columns: $columns }) {
        ... on MappingSaved { dataset } ... on Failure { code message messageEn } } }`,
      { columns: [column] },
    );
    expect(answer.code).toBe(code);
    expect(answer.message).toContain(column.column);
    expect(`${answer.message} ${answer.messageEn}`).not.toMatch(/\{\w+\}|13812345678/);
    expect(await saved()).toEqual(kept);
  });
});

describe('an assessment that cannot be', () => {
  const assess = (start: string, end: string, methodology?: string) =>
    client.ask<{ code: string; message: string; messageEn: string }>(
      `mutation ($input: AssessInput!) { assess(input: $input) { __typename ... on Failure { code message messageEn } } }`,
      { input: { start, end, methodology } },
    );

  it.each([
    ['2020-01-01', '2021-01-01', 'period_without_data', '2020-01-01', 'Upload and commit'],
    ['2023-05-04', '2023-05-04', 'period_empty', '2023-05-04', 'The end is not included'],
    ['2023-02-30', '2023-05-04', 'invalid_day', '2023-02-30', '2023-02-30'],
    ['2023-01-01', '31.12.2023', 'invalid_day', '31.12.2023', 'Write it like'],
    ['2023-01-01', '2099-01-01', 'period_in_future', '2099-01-01', 'future'],
  ])('says why: %s to %s', async (start, end, code, zh, en) => {
    const failure = await assess(start, end);
    expect(failure).toMatchObject({ __typename: 'Failure', code });
    expect(failure.message).toContain(zh);
    expect(failure.messageEn).toContain(en);
  });

  it('names the methods there are', async () => {
    const failure = await assess('2023-01-01', '2024-01-01', 'national-1999');
    expect(failure).toMatchObject({ code: 'unknown_methodology' });
    expect(failure.message).toContain('national-2023');
  });
});
