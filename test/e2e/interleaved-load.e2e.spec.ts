import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { testSecret } from '../harness/test-cluster.js';
import { ApiServer, publicUrl } from './api-server.js';
import { ServerProcess } from './server-process.js';

/*
 * Everything of one city is marked with its sign: files, rows, names of people and keys. Both use the service at once over
 * many connections, with requests of every kind: answered, refused, failing inside, waiting for locks and for connections
 * until their time is over, and given up half way. No answer and no line of the log may hold the other's sign.
 * Every request is one more chance for a slip; these take half a minute, and what shows at all shows in the first hundreds.
 */
const connections = 200;
const requests = 1_500;
/** They cost a hundred times as much as the others: one in so many. */
const heavy = ['assess', 'upload', 'auditFile'];
const oneInSoMany = 8;

interface Side {
  readonly sign: string;
  readonly tenantId: string;
  /** Headers of a member who is signed in. */
  readonly session: Readonly<Record<string, string>>;
  readonly embedKey: string;
  readonly checked: string;
  readonly committed: string;
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  /** As a portal asks: without a session. */
  readonly open?: boolean;
}

let server: ApiServer;
let service: ServerProcess;
let url: string;
const sides: Side[] = [];
beforeAll(async () => {
  server = await ApiServer.start();
  for (const sign of ['甲甲甲甲', '乙乙乙乙']) sides.push(await prepare(sign));
  service = ServerProcess.start({
    HOTLINE_DATABASE_URL: server.database.ownerUrl,
    HOTLINE_SECRET: testSecret,
    HOTLINE_DATA_DIR: server.dataDir,
    HOTLINE_PORT: '0',
    HOTLINE_DEMO: '0',
    HOTLINE_PUBLIC_URL: publicUrl,
    HOTLINE_LOG_LEVEL: 'debug',
    ...Object.fromEntries(['KEY', 'TENANT', 'ADDRESS', 'EMBED'].map((each) => [`HOTLINE_RATE_${each}`, '10000000'])),
  });
  url = await service.listening();
}, 120_000);
afterAll(async () => {
  await service.ended('SIGTERM');
  await server.close();
}, 60_000);

/** A city with a committed import, one that waits for its commit, and a published result. */
async function prepare(sign: string): Promise<Side> {
  const { tenant, client } = await server.city('420100', 'administrator');
  await server.sql(`update tenant set name = '${sign}热线' where tenant_id = '${tenant.tenantId}'`);
  await server.sql(`update member set name = '${sign}王' where tenant_id = '${tenant.tenantId}'`);
  await client.upload(`${sign}.csv`, '统计日期,人工请求量,人工接通量\n2023-05-04,1000,900\n');
  const orders = (rows: number, from: number): string =>
    `工单编号,受理时间,受理渠道,一级分类,承办单位\n${Array.from(
      { length: rows },
      (_, row) =>
        `${sign}${from + row},2023-05-04 09:00:00,${row % 5 === 4 ? `${sign}渠道` : '电话'},${sign}类,${sign}局`,
    ).join('\n')}\n`;
  const committed = await client.upload(`${sign}工单.csv`, orders(20, 1), { dataset: 'work_orders' });
  const checked = await client.upload(`${sign}待定.csv`, orders(20, 100), { dataset: 'work_orders', commit: false });
  const { id } = await client.ask<{ id: string }>(
    'mutation { assess(input: { start: "2023-05-01", end: "2023-06-01" }) { ... on Assessment { id } } }',
  );
  const { id: submission } = await client.ask<{ id: string }>(
    `mutation { submitAssessment(assessmentId: "${id}") { ... on Submission { id } } }`,
  );
  const approver = await server.member(tenant, 'approver');
  await approver.ask(`mutation { approvePublication(submissionId: "${submission}") { __typename } }`);
  const { key } = await client.ask<{ key: string }>(
    `mutation { createEmbedKey(input: { name: "${sign}门户", origins: ["https://portal.example"] }) { ... on EmbedKey { key } } }`,
  );
  return {
    sign,
    tenantId: tenant.tenantId,
    session: client.sent,
    embedKey: key,
    checked: checked.id,
    committed: committed.id,
  };
}

const graphql = (query: string): Call => ({ method: 'POST', path: '/graphql', body: JSON.stringify({ query }) });

/** One of each kind; `number` tells the calls of one kind apart. */
const kinds: Readonly<Record<string, (side: Side, other: Side, number: number) => Call>> = {
  imports: () =>
    graphql('{ imports(first: 20) { edges { node { id fileName unknownValues { value } issues { example } } } } }'),
  preview: ({ checked }) =>
    graphql(
      `{ importPreview(id: "${checked}") { ... on ImportPreview { firstRows { value } } ... on Failure { code message } } }`,
    ),
  file: ({ checked }) =>
    graphql(
      `{ importFile(id: "${checked}") { ... on ImportFile { rows { cells } } ... on Failure { code message } } }`,
    ),
  members: () => graphql('{ members(first: 20) { edges { node { name email } } } }'),
  keys: () => graphql('{ embedKeys(first: 20) { edges { node { name } } } }'),
  changes: () => graphql('{ auditEvents(first: 20) { edges { node { subject before after } } } }'),
  assess: () =>
    graphql(`
      mutation {
        assess(input: { start: "2023-05-01", end: "2023-06-01" }) {
          ... on Assessment {
            id
            imports {
              file
            }
          }
          ... on Failure {
            code
            message
          }
        }
      }
    `),
  report: ({ committed }) => ({ method: 'GET', path: `/imports/${committed}/report.csv` }),
  auditFile: () => ({ method: 'GET', path: '/audit.csv' }),
  portal: ({ embedKey }) => ({ method: 'GET', path: `/embed/v1/${embedKey}/tree.json`, open: true }),
  upload: ({ sign }, _, number) => ({
    method: 'POST',
    path: `/imports?filename=${encodeURIComponent(`${sign}${number}.csv`)}&dataset=work_orders`,
    body: `工单编号,受理时间,受理渠道\n${sign}${1000 + number},2023-05-04 09:00:00,${sign}渠道\n`,
  }),
  // A key of this name fails inside the database, with its name in the error.
  failing: ({ sign }) =>
    graphql(
      `mutation { createEmbedKey(input: { name: "${sign}坏", origins: ["https://portal.example"] }) { ... on EmbedKey { id } } }`,
    ),
  refused: ({ sign }) =>
    graphql(`mutation { createEmbedKey(input: { name: "${sign}", origins: ["${sign}"] }) {
    ... on EmbedKey { id } ... on Failure { code message } } }`),
  malformed: ({ sign }) => graphql(`{ imports(first: "${sign}") { edges { ${sign} } } }`),
  foreign: (_, { committed }) => graphql(`{ import(id: "${committed}") { id fileName unknownValues { value } } }`),
  foreignFile: (_, { committed }) => ({ method: 'GET', path: `/imports/${committed}/report.csv` }),
};

interface Answer {
  readonly kind: string;
  readonly side: Side;
  /** 0: there was none. */
  readonly status: number;
  /** Headers and body, as far as they came. */
  readonly text: string;
  readonly end: 'whole' | 'given up' | 'cut off';
}

async function call(kind: string, side: Side, number: number): Promise<Answer> {
  const other = sides.find((each) => each !== side) ?? side;
  const { method, path, body, open } = (kinds[kind] as (typeof kinds)[string])(side, other, number);
  const abort = new AbortController();
  // One in eight is given up within the time that an answer takes.
  const timer = number % 8 === 7 ? setTimeout(() => abort.abort(), number % 40) : undefined;
  let status = 0;
  let text = '';
  try {
    const response = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', 'x-hotline-request': '1', ...(open === true ? {} : side.session) },
      ...(body === undefined ? {} : { body }),
      signal: abort.signal,
    });
    status = response.status;
    text = `${JSON.stringify([...response.headers])}\n`;
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
    return { kind, side, status, text, end: 'whole' };
  } catch {
    // A file whose rows cannot be read any further ends early: no half of it may pass for the whole.
    return { kind, side, status, text, end: abort.signal.aborted ? 'given up' : 'cut off' };
  } finally {
    clearTimeout(timer);
  }
}

/** The sign as it is, and as it stands in an address or a header. */
const holds = (text: string, { sign }: Side): boolean => text.includes(sign) || text.includes(encodeURIComponent(sign));

/** Keeps what both have to write and to read locked, longer than they may wait. */
async function holdUp(): Promise<void> {
  const holder = new pg.Client(server.database.superuserUrl);
  await holder.connect();
  await holder.query('begin');
  await holder.query('lock table "import", audit_head in access exclusive mode');
  await sleep(4_000);
  await holder.query('rollback');
  await holder.end();
}

it('no answer and no line of the log holds the sign of another city', async () => {
  await server.sql(`
    create function planted() returns trigger language plpgsql as $$ begin
      raise exception 'no such key %', new.name using detail = new.name; end $$;
    create trigger planted before insert on embed_key for each row when (new.name like '%坏') execute function planted()`);
  const light = Object.keys(kinds).filter((kind) => !heavy.includes(kind));
  const answers: Answer[] = [];
  let next = 0;
  const use = async (): Promise<void> => {
    for (;;) {
      const number = next;
      if (number >= requests) return;
      next += 1;
      // Neighbours are of different cities, and of different kinds in a different order each time round.
      const turn = Math.floor(number / 2);
      const kind =
        turn % oneInSoMany === 0
          ? heavy[(turn / oneInSoMany) % heavy.length]
          : light[(turn + Math.floor(turn / light.length)) % light.length];
      answers.push(await call(kind ?? '', sides[number % 2] as Side, number));
    }
  };
  const held = sleep(1_000).then(holdUp);
  await Promise.all(Array.from({ length: connections }, use));
  await held;

  const foreign = answers.filter(({ side, text }) => sides.some((each) => each !== side && holds(text, each)));
  expect(foreign).toEqual([]);
  const told = (kind: string): number =>
    answers.filter((answer) => answer.kind === kind && answer.status === 200 && holds(answer.text, answer.side)).length;
  for (const kind of ['imports', 'preview', 'file', 'members', 'keys', 'assess', 'auditFile', 'portal']) {
    expect([kind, told(kind) > 5]).toEqual([kind, true]);
  }
  const codes = new Set(answers.flatMap(({ text }) => [...text.matchAll(/"code":"(\w+)"/g)].map(([, code]) => code)));
  expect([...codes]).toEqual(expect.arrayContaining(['internal', 'database_unavailable']));
  expect(answers.filter(({ end }) => end === 'given up').length).toBeGreaterThan(50);
  // Nothing else than a file is cut off, and no connection without an answer.
  expect(answers.filter(({ end, kind }) => end === 'cut off' && kind !== 'auditFile')).toEqual([]);
  expect(answers).toHaveLength(requests);

  const lines = service.out.split('\n').filter((line) => line.startsWith('{'));
  const wrong = lines.filter((line) =>
    sides.some((side) => line.includes(side.tenantId) && sides.some((each) => each !== side && holds(line, each))),
  );
  expect(wrong).toEqual([]);
  for (const side of sides) {
    // Each fault inside left a line; how many others waited in vain depends on the machine.
    const faults = answers.filter(({ side: asked, text }) => asked === side && text.includes('"code":"internal"'));
    expect(faults.length).toBeGreaterThan(0);
    expect(lines.filter((line) => line.includes(side.tenantId)).length).toBeGreaterThanOrEqual(faults.length);
    // What was written went where it belongs.
    const { rows } = await rowsOf(side);
    expect(rows.filter(({ file_name: name }) => !name.startsWith(side.sign))).toEqual([]);
  }
}, 300_000);

async function rowsOf({ tenantId }: Side): Promise<{ rows: { file_name: string }[] }> {
  return { rows: await server.rows(`select file_name from "import" where tenant_id = '${tenantId}'`) };
}
