import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient, ImportView } from './api-client.js';
import { ApiServer } from './api-server.js';

let server: ApiServer;
let client: ApiClient;
beforeAll(async () => {
  server = await ApiServer.start();
});
afterAll(() => server.close());

interface PreviewView {
  readonly version: number;
  readonly unusedColumns: readonly string[];
  readonly [field: string]: unknown;
}

const cell = 'column value hidden';
const previewFields = `version counts { read accepted refused } changes { inserted changed unchanged } unusedColumns
  firstDay lastDay days presentDays present { first last } firstRows { ${cell} }
  changedRows { key { ${cell} } cells { column old new hidden } } import { id state }`;
const previewOf = (id: string): Promise<PreviewView> =>
  client.ask<PreviewView>(
    `query ($id: ID!) { importPreview(id: $id) { ... on ImportPreview { ${previewFields} } ... on Failure { code } } }`,
    { id },
  );
const commitWith = (variables: object): Promise<unknown> =>
  client.ask(
    `mutation ($id: ID!, $mode: CommitMode, $onlyIf: Int) { commitImport(id: $id, mode: $mode, onlyIf: $onlyIf) {
       ... on Import { id } ... on Failure { code message messageEn } } }`,
    variables,
  );

const header = '通话编号,来电时间,呼叫结果,主叫号码,排队时长,备注';
const calls = (...rows: readonly string[]): string => `${[header, ...rows].join('\n')}\n`;
const first = calls('C1,2023-05-04 09:00:00,接通,13800000001,12,a', 'C2,2023-05-04 09:01:00,排队放弃,13800000002,40,b');
const second = calls(
  'C1,2023-05-04 09:00:00,接通,13800000009,15,a',
  'C2,2023-05-04 09:01:00,排队放弃,13800000002,40,changed where nothing is kept',
  'C3,2023-05-05 08:00:00,接通,13800000003,8,c',
  'C4,2023-05-05 08:05:00,接通,13800000003,很久,d',
);

describe('an upload that is looked at before it counts', () => {
  let waiting: ImportView;
  let preview: PreviewView;
  beforeAll(async () => {
    ({ client } = await server.city());
    const committed = await client.upload('calls.csv', first);
    expect(committed).toMatchObject({
      state: 'committed',
      counts: { accepted: 2 },
      changes: { inserted: 2, changed: 0, unchanged: 0 },
    });
    waiting = await client.upload('next.csv', second, { commit: false });
    preview = await previewOf(waiting.id);
  });

  it('shows counts, days, unused columns, and old and new values', () => {
    expect(waiting).toMatchObject({ state: 'checked', changes: null, notCommitted: null });
    const { firstRows, ...shown } = preview as PreviewView & {
      firstRows: { column: string; value: string | null }[][];
    };
    expect(shown).toEqual({
      version: 1,
      counts: { read: 4, accepted: 3, refused: 1 },
      changes: { inserted: 1, changed: 1, unchanged: 1 },
      unusedColumns: ['备注'],
      firstDay: '2023-05-04',
      lastDay: '2023-05-05',
      days: 2,
      presentDays: 1,
      present: [{ first: '2023-05-04', last: '2023-05-04' }],
      changedRows: [
        {
          key: [{ column: 'call_id', value: 'C1', hidden: false }],
          cells: [
            { column: 'queue_seconds', old: '12', new: '15', hidden: false },
            { column: 'caller_hash', old: null, new: null, hidden: true },
          ],
        },
      ],
      import: { id: waiting.id, state: 'checked' },
    });
    const cellOf = (column: string) => firstRows[0]?.find((each) => each.column === column);
    expect(firstRows.map(([key]) => key?.value)).toEqual(['C1', 'C2', 'C3']);
    expect(cellOf('started_at')?.value).toBe('2023-05-04T09:00:00+08:00');
    expect(cellOf('caller_hash')).toEqual({ column: 'caller_hash', value: null, hidden: true });
  });

  it('tells each problem with its column and an example', () => {
    const told = waiting.issues.map(({ rule, column, count, example }) => [rule, column, count, example]);
    expect(told).toEqual([
      ['calls.result_conflict', 'result', 2, '接通'],
      ['bad_duration', 'queue_seconds', 1, '很久'],
    ]);
    expect(waiting.issues[1]?.message).toMatch(/“排队时长”.*“很久”/);
  });

  it('is not committed whole, nor on a preview that no longer holds; then exactly as previewed', async () => {
    expect(await commitWith({ id: waiting.id, mode: 'ALL_OR_NOTHING' })).toMatchObject({
      code: 'rows_refused',
      message: expect.stringContaining('4 行中有 1 行') as unknown,
      messageEn: expect.stringContaining('1 of 4 rows') as unknown,
    });
    expect(await commitWith({ id: waiting.id, onlyIf: preview.version - 1 })).toMatchObject({ code: 'preview_stale' });
    expect(await client.settled(waiting.id)).toMatchObject({ state: 'checked', changes: null });
    await commitWith({ id: waiting.id, mode: 'GOOD_ROWS', onlyIf: preview.version });
    expect(await client.settled(waiting.id)).toMatchObject({ state: 'committed', changes: preview['changes'] });
    expect(await previewOf(waiting.id)).toEqual({ code: 'import_not_checked' });
  });
});

describe('an upload that is to be all or nothing', () => {
  beforeAll(async () => {
    ({ client } = await server.city('330100'));
  });
  const upload = (text: string, parameters: string) =>
    client.send('POST', `/imports?dataset=calls&filename=calls.csv&wait=60&${parameters}`, {
      headers: { 'x-hotline-request': '1', 'content-type': 'application/octet-stream' },
      body: text,
    });

  it('stays out with the reason when a row is refused', async () => {
    const answer = await upload(second, 'commit=1&mode=all');
    expect([answer.status, answer.json]).toEqual([
      201,
      expect.objectContaining({
        state: 'checked',
        changes: null,
        notCommitted: expect.objectContaining({ code: 'rows_refused' }) as unknown,
      }),
    ]);
    expect((await upload(second, 'commit=1&mode=good')).json).toMatchObject({
      state: 'committed',
      notCommitted: null,
      changes: { inserted: 3, changed: 0, unchanged: 0 },
    });
  });

  it('comes in when none is', async () => {
    expect((await upload(first, 'commit=1&mode=all')).json).toMatchObject({
      state: 'committed',
      changes: { inserted: 0, changed: 1, unchanged: 1 },
    });
  });

  it('is refused with any other word for it', async () => {
    const answer = await upload(first, 'commit=1&mode=most');
    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'mode_unknown' } } });
  });
});
