import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DuckDBInstance } from '@duckdb/node-api';
import iconv from 'iconv-lite';
import { UploadFolder, workbookParts } from '../../libs/rows/src/decode/sample-uploads.js';
import type { ApiClient, ImportView } from './api-client.js';
import { assess } from './assessment-view.js';
import { CityServer } from './city-server.js';

/** Numbers that occur nowhere else, by what they are. */
const count = 40;
const serial = (index: number, digits: number): string =>
  String(7_346_291 + index * 9_173)
    .slice(-digits)
    .padStart(digits, '3');
const mobiles = Array.from({ length: count }, (_, index) => `1397${serial(index, 7)}`);
const identities = Array.from(
  { length: count },
  (_, index) => `42010119${String(50 + index)}0307${serial(index, 3)}${index % 2 ? 'X' : '4'}`,
);
const oldIdentities = Array.from({ length: count }, (_, index) => `420101${String(40 + index)}0307${serial(index, 3)}`);
const landLines = Array.from({ length: count }, (_, index) => `0278${serial(index, 7)}`);
const canaries = [...mobiles, ...identities, ...oldIdentities, ...landLines];
const needles = [...canaries, ...landLines.map((number) => number.slice(1))];
const streets = ['黄龙洞巷九十九号'];

const wide = (text: string): string =>
  text.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
const grouped = (number: string): string => `${number.slice(0, 3)}-${number.slice(3, 7)}-${number.slice(7)}`;
const at = (array: readonly string[], index: number): string => array[index % count] ?? '';

const headers = [
  '工单编号',
  '受理时间',
  '受理渠道',
  '来电人电话',
  '一级分类',
  '承办单位',
  '受理坐席',
  '身份证号',
  '家庭住址',
  `备用${mobiles[0]}`,
];
/** Good rows, rows with a warning and rows that are refused, with numbers in every kind of column and spelling. */
const rows = (from: number): string[][] =>
  Array.from({ length: count }, (_, index) => {
    const mobile = at(mobiles, index);
    const spelled =
      [mobile, `+86 ${mobile}`, grouped(mobile), wide(mobile), `0${mobile}`, `0086${mobile}`][index % 6] ?? mobile;
    return [
      index % 9 === 0 ? mobile : `${from}W${index}`,
      index % 7 === 0 ? `来电${mobile}` : '2023-05-04 09:00:00',
      index % 11 === 0 ? `转${spelled}` : '电话',
      index % 5 === 0 ? at(landLines, index) : spelled,
      `催办${spelled}请回复`,
      `王某${at(identities, index)}及${at(oldIdentities, index)}，${at(landLines, index).replace('027', '027-')}`,
      `张${mobile}`,
      index % 2 ? at(identities, index) : at(oldIdentities, index),
      `${streets[0]} ${mobile}@example.com`,
      spelled,
    ];
  });
const csv = (cells: readonly (readonly string[])[]): string => cells.map((line) => `${line.join(',')}\r\n`).join('');

let server: CityServer;
let client: ApiClient;
const folder = new UploadFolder();
const answers: string[] = [];
const downloads: Buffer[] = [];
beforeAll(async () => {
  server = await CityServer.start(2, { env: { HOTLINE_LOG_LEVEL: 'debug' } });
  client = await server.client(0);
  const text = csv([headers, ...rows(1)]);
  const uploads = [
    await client.upload(`工单${mobiles[1]}.csv`, iconv.encode(text, 'gb18030'), {
      dataset: 'work_orders',
      commit: false,
    }),
    await client.upload(
      `order ${wide(mobiles[2] ?? '')}.xlsx`,
      readFileSync(
        await folder.zip('book', workbookParts({ sheets: [{ name: `表${mobiles[3]}`, rows: [headers, ...rows(2)] }] })),
      ),
      { dataset: 'work_orders', commit: false },
    ),
  ];
  // Without headers the first row of data is taken for them.
  const refused = await client.upload(`${identities[4]}.csv`, csv(rows(3)), { commit: false });
  expect(refused.state).toBe('refused');
  for (const found of [...uploads, refused]) await look(found);
  for (const found of uploads) {
    const committed = await client.commit(found.id);
    expect(committed.state).toBe('committed');
    answers.push(JSON.stringify(committed));
  }
  // A further one is left checked: its rows are stored, its source is still there, sealed.
  await look(await client.upload('later.csv', csv([headers, ...rows(4)]), { dataset: 'work_orders', commit: false }));
  answers.push(JSON.stringify(await assess(client)));
  const other = await server.client(1);
  expect((await other.upload('b.csv', text, { dataset: 'work_orders' })).state).toBe('committed');
}, 300_000);
afterAll(async () => {
  folder.remove();
  await server.close();
});

/** Everything that the service tells of an import. */
async function look(found: ImportView): Promise<void> {
  answers.push(JSON.stringify(found));
  const told = await client.graphql(
    `query ($id: ID!) { importPreview(id: $id) { ... on ImportPreview {
       firstRows { column value } changedRows { key { column value } cells { column old new } } } ... on Failure { code message messageEn } }
       import(id: $id) { report(first: 100) { edges { node { row column header value rule message } } } } }`,
    { id: found.id },
  );
  answers.push(JSON.stringify(told));
  for (const file of ['report.csv', 'report.csv?lang=en', 'report.xlsx']) {
    const answer = await client.send('GET', `/imports/${found.id}/${file}`);
    answers.push(JSON.stringify([...answer.headers]));
    downloads.push(answer.bytes);
  }
}

function hits(text: string): string[] {
  const plain = text.normalize('NFKC').replaceAll(/(?<=[0-9])[-  ](?=[0-9])/g, '');
  return [...needles, ...streets].filter((needle) => plain.includes(needle) || text.includes(needle));
}
/** In bytes, whatever encoding they are of. */
function hitsInBytes(bytes: Buffer): string[] {
  return [
    ...hits(bytes.toString('latin1')),
    ...hits(bytes.toString('utf8')),
    ...needles.filter((needle) => bytes.includes(Buffer.from(needle, 'utf16le'))),
  ];
}

async function parquetText(file: string): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  try {
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll(
      `SELECT r::VARCHAR FROM read_parquet('${file.replaceAll("'", "''")}') r`,
    );
    return reader.getRows().map(String).join('\n');
  } finally {
    instance.closeSync();
  }
}
const stored = (): string[] => server.files().filter((file) => file.endsWith('.parquet'));
async function dump(): Promise<string> {
  const tables = await server.sql<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const found = await server.sql<{ line: string }>(`select t::text as line from ${name} t`);
    texts.push(...found.map(({ line }) => line));
  }
  return texts.join('\n');
}

describe('numbers of persons', () => {
  it('are in no table of the database, and in no payload of a job', async () => {
    const text = await dump();
    expect(text).toContain('工单139****');
    expect(hits(text)).toEqual([]);
  });

  it('are in no Parquet file, as bytes or as rows', async () => {
    const files = stored();
    expect(files.length).toBeGreaterThan(10);
    let rowsSeen = '';
    for (const file of files) {
      const text = await parquetText(file);
      rowsSeen += text;
      expect([file, hits(text), hitsInBytes(readFileSync(file))]).toEqual([file, [], []]);
    }
    expect(rowsSeen).toContain('139****');
  });

  it('are in no other file of the service, and nothing is left where files are worked on', () => {
    for (const file of server.files())
      expect([file, hits(file), hitsInBytes(readFileSync(file))]).toEqual([file, [], []]);
    expect(server.files().filter((file) => file.includes('/scratch/'))).toEqual([]);
  });

  it('are in no answer, preview, report or header', async () => {
    expect(answers.length).toBeGreaterThan(15);
    expect(hits(answers.join('\n'))).toEqual([]);
    for (const bytes of downloads) expect(hitsInBytes(bytes)).toEqual([]);
    for (const [index, bytes] of downloads.entries()) {
      if (bytes.subarray(0, 2).toString() !== 'PK') continue;
      const file = folder.write(`report-${index}.xlsx`, bytes);
      const { text } = await folder.decode(file, { dataset: 'work_orders' });
      expect(hits(text)).toEqual([]);
    }
  });

  it('are in no line of the log', () => {
    expect(server.output).toContain('"kind":"check-import"');
    expect(hits(server.output)).toEqual([]);
  });

  it('cannot be found by hashing guesses, and are other tokens in another city', async () => {
    // A token is the first 16 bytes of a keyed hash, shown as a UUID.
    const uuid = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/g;
    const tokens = new Map<string, Set<string>>();
    const [one = '', other = ''] = server.tenants.map(({ tenantId }) => tenantId);
    for (const tenant of [one, other]) {
      const found = new Set<string>();
      for (const file of stored().filter((name) => name.includes(tenant))) {
        for (const token of (await parquetText(file)).match(uuid) ?? []) found.add(token.replaceAll('-', ''));
      }
      expect(found.size).toBeGreaterThan(count / 2);
      tokens.set(tenant, found);
    }
    const all = new Set([...(tokens.get(one) ?? []), ...(tokens.get(other) ?? [])]);
    expect(all.size).toBe((tokens.get(one)?.size ?? 0) + (tokens.get(other)?.size ?? 0));
    const guesses = canaries.flatMap((number) => [
      number,
      `+86${number}`,
      `86${number}`,
      `+86${number.slice(1)}`,
      `张${number}`,
    ]);
    for (const guess of guesses) {
      for (const algorithm of ['sha256', 'md5', 'sha1']) {
        expect(all.has(createHash(algorithm).update(guess).digest('hex').slice(0, 32))).toBe(false);
      }
    }
  });
});
