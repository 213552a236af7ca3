import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import { plainWorkbook } from '../../libs/rows/src/workbook/sample-workbook.js';
import { workbookBytes } from '../../libs/rows/src/workbook/write-workbook.js';
import type { ApiClient, ImportView } from './api-client.js';
import { rowProcessesOf, send } from '../harness/processes.js';
import { ApiServer } from './api-server.js';

let server: ApiServer;
beforeAll(async () => {
  server = await ApiServer.start();
});
afterAll(() => server.close());

interface MappingView {
  readonly column: string;
  readonly from: readonly string[];
  readonly constant?: string | null;
  readonly emptyMarkers?: readonly string[];
  readonly dateOrder?: string | null;
  readonly values?: readonly unknown[];
}
interface LayoutView {
  readonly id: string;
  readonly dataset: string;
  readonly fileName: string | null;
  readonly headers: readonly string[] | null;
  readonly usedAt: string | null;
  readonly columns: readonly MappingView[];
}
interface FileView {
  readonly headers: readonly string[];
  readonly rows: readonly { readonly row: number; readonly cells: readonly string[] }[];
  readonly missing: readonly { readonly column: string }[];
  readonly proposals: readonly {
    readonly mapping: MappingView;
    readonly confidence: number;
    readonly reasons: readonly { readonly message: string; readonly messageEn: string }[];
  }[];
  readonly unknownValues: readonly { readonly value: string; readonly nearest: readonly { readonly code: string }[] }[];
  readonly [field: string]: unknown;
}

const mappingFields =
  'column from constant emptyMarkers dateOrder values { value to when { header is } } factor oneIsBest inverted';
const layoutFields = `id dataset fileName headers usedAt columns { ${mappingFields} }`;
async function layoutsOf(client: ApiClient, dataset?: string): Promise<LayoutView[]> {
  const found = await client.ask<{ edges: { node: LayoutView }[] }>(
    `query ($dataset: String) { fileLayouts(dataset: $dataset) { edges { node { ${layoutFields} } } } }`,
    { dataset },
  );
  return found.edges.map(({ node }) => node);
}

const remember = (client: ApiClient, input: object): Promise<{ code?: string; layout?: LayoutView }> =>
  client.ask(
    `mutation ($input: UpdateMappingInput!) { updateMapping(input: $input) {
       ... on MappingSaved { layout { ${layoutFields} } } ... on Failure { code } } }`,
    { input: { columns: [], ...input } },
  );

const look = (client: ApiClient, id: string, as?: object): Promise<FileView> =>
  client.ask(
    `query ($id: ID!, $as: FileReadingInput) { importFile(id: $id, as: $as) { ... on Failure { code messageEn }
       ... on ImportFile { type encoding delimiter sheet sheets { name rows columns complete } headerRow dataset headers
         rows { row cells } columns { header column } missing { column name nameEn }
         proposals { mapping { ${mappingFields} } confidence reasons { code message messageEn } alternatives }
         unknownValues { column value count nearest { code } } } } }`,
    { id, as },
  );

/** What was proposed, as it can be sent back: nothing that was left empty. */
const confirmed = ({ proposals }: FileView): MappingView[] => proposals.map(({ mapping }) => mapping);

const layoutIdOf = async (client: ApiClient, { id }: ImportView): Promise<string | null> =>
  (await client.ask<{ layoutId: string | null }>('query ($id: ID!) { import(id: $id) { layoutId } }', { id })).layoutId;

const two = (number: number): string => String(number).padStart(2, '0');
const table = (headers: string, month: number, count: number, line: (at: number, day: string) => string): string =>
  [headers, ...Array.from({ length: count }, (_, at) => line(at, `2023-${two(month)}-${two(1 + (at % 28))}`)), ''].join(
    '\n',
  );
/** Messages of a board on the web: no column says so. */
const board = (month: number, answered = '答复时间'): string =>
  table(`留言编号,留言用户,留言时间,答复意见,${answered}`, month, 40, (at, day) =>
    [`M${month}${at}`, `用户${at}`, `${day} 09:00:00`, '已处理', `${day} 17:00:00`].join(','),
  );
/** Orders of a telephone system. */
const desk = (month: number): string =>
  table('单据,登记,途径,办况', month, 40, (at, day) =>
    [`T${month}${at}`, `${day} 10:00:00`, '电话', ['已办结', '处理完毕', '办理中', '已办结'][at % 4]].join(','),
  );

describe('files of two systems of one city', () => {
  let client: ApiClient;
  let boardLayout = '';
  let deskLayout = '';
  beforeAll(async () => {
    ({ client } = await server.city());
  });

  it('are refused with proposals, which count once they are confirmed', async () => {
    const refused = await client.upload('留言四月.csv', board(4), { dataset: 'work_orders' });
    expect(refused).toMatchObject({ state: 'refused', refusal: { code: 'header_not_found' } });
    const file = await look(client, refused.id);
    expect(file.missing.map(({ column }) => column)).toEqual(['order_id', 'created_at', 'channel']);
    expect(Object.fromEntries(file.proposals.map(({ mapping }) => [mapping.column, mapping.from]))).toMatchObject({
      order_id: ['留言编号'],
      created_at: ['留言时间'],
    });
    expect(file.rows[0]?.cells).toEqual([
      'M40',
      '用***',
      '2023-04-01 09:00:00',
      expect.any(String),
      '2023-04-01 17:00:00',
    ]);
    // Looking and being shown a proposal has changed nothing.
    expect((await client.settled(refused.id)).state).toBe('refused');
    expect(await layoutsOf(client)).toEqual([]);

    const channel = { column: 'channel', from: [], constant: 'web' };
    const columns = confirmed(file).filter(({ column }) => ['order_id', 'created_at'].includes(column));
    const closed = { column: 'closed_at', from: ['答复时间'] };
    const { layout } = await remember(client, {
      ...{ dataset: 'work_orders', importId: refused.id, columns: [...columns, closed, channel] },
    });
    boardLayout = layout?.id ?? '';
    expect(await client.settled(refused.id)).toMatchObject({ state: 'checked', counts: { accepted: 40, refused: 0 } });
    expect((await client.commit(refused.id)).state).toBe('committed');
    expect(await layoutsOf(client)).toMatchObject([
      {
        id: boardLayout,
        fileName: '留言四月.csv',
        headers: ['留言编号', '留言用户', '留言时间', '答复意见', '答复时间'],
        usedAt: expect.any(String),
      },
    ]);
  });

  it('have a layout each: the second does not take the place of the first', async () => {
    const refused = await client.upload('工单四月.csv', desk(4), { dataset: 'work_orders' });
    expect(refused.state).toBe('refused');
    const file = await look(client, refused.id);
    const columns = confirmed(file);
    expect(columns.map(({ column }) => column)).toEqual(
      expect.arrayContaining(['order_id', 'created_at', 'channel', 'status']),
    );
    expect(file.unknownValues).toEqual([
      { column: 'status', value: '处理完毕', count: 10, nearest: expect.arrayContaining([{ code: 'closed' }]) },
    ]);
    const status = { column: 'status', from: ['办况'], values: [{ value: '处理完毕', to: 'closed' }] };
    const given = [...columns.filter(({ column }) => column !== 'status'), status];
    const { layout } = await remember(client, { dataset: 'work_orders', importId: refused.id, columns: given });
    deskLayout = layout?.id ?? '';
    expect(await client.settled(refused.id)).toMatchObject({ state: 'checked', counts: { accepted: 40, refused: 0 } });
    await client.commit(refused.id);
    const layouts = await layoutsOf(client, 'work_orders');
    expect(layouts.map(({ id }) => id)).toEqual([deskLayout, boardLayout]);
  });

  it('go in silently the next month, each by its own', async () => {
    const [messages, orders] = [
      await client.upload('留言五月.csv', board(5)),
      await client.upload('工单五月.csv', desk(5)),
    ];
    expect([messages, orders]).toMatchObject([
      { state: 'committed', dataset: 'work_orders', counts: { accepted: 40, refused: 0 } },
      { state: 'committed', dataset: 'work_orders', counts: { accepted: 40, refused: 0 } },
    ]);
    expect([await layoutIdOf(client, messages), await layoutIdOf(client, orders)]).toEqual([boardLayout, deskLayout]);
  });

  it('are asked about again only for what changed, and the files of old still go in', async () => {
    const renamed = await client.upload('留言六月.csv', board(6, '回复日期'));
    expect(renamed).toMatchObject({ state: 'refused', refusal: { code: 'mapping_header_missing' } });
    expect(renamed.refusal?.messageEn).toContain('“答复时间”');
    const columns = [{ column: 'closed_at', from: ['回复日期'] }];
    await remember(client, { dataset: 'work_orders', importId: renamed.id, keepOthers: true, columns });
    expect(await client.settled(renamed.id)).toMatchObject({ state: 'checked', counts: { accepted: 40 } });
    expect(await layoutsOf(client)).toHaveLength(3);
    expect((await client.upload('留言七月.csv', board(7, '回复日期'))).state).toBe('committed');
    const old = await client.upload('留言三月.csv', board(3));
    expect([old.state, await layoutIdOf(client, old)]).toEqual(['committed', boardLayout]);
  });

  it('are forgotten when somebody says so, and only then', async () => {
    const remove = (id: string) =>
      client.ask(
        `mutation ($id: ID!) { removeFileLayout(id: $id) { ... on FileLayoutRemoved { id } ... on Failure { code } } }`,
        { id },
      );
    expect(await remove(deskLayout)).toEqual({ id: deskLayout });
    expect(await remove(deskLayout)).toEqual({ code: 'layout_not_found' });
    expect(await layoutsOf(client)).toHaveLength(2);
    expect((await client.upload('工单八月.csv', desk(8), { dataset: 'work_orders' })).state).toBe('refused');
    expect((await client.upload('留言八月.csv', board(8))).state).toBe('committed');
  });

  it('are nobody else’s', async () => {
    const { client: other } = await server.city('330100');
    expect(await layoutsOf(other)).toEqual([]);
    expect((await other.upload('留言五月.csv', board(5), { dataset: 'work_orders' })).state).toBe('refused');
  });
});

describe('a file that is to be read otherwise', () => {
  let client: ApiClient;
  beforeAll(async () => {
    ({ client } = await server.city('510100'));
  });
  const calls = ['通话编号,来电时间,呼叫结果,主叫号码', 'C1,2023-05-04 09:00:00,接通,13812345678'];

  it('shows its encoding and five rows while it is checked, and no longer once it is committed', async () => {
    const found = await client.upload('c.csv', iconv.encode(`${calls.join('\n')}\n`, 'gb18030'), { commit: false });
    const file = await look(client, found.id);
    expect(file).toMatchObject({ encoding: 'gb18030', delimiter: ',', headerRow: 1, dataset: 'calls' });
    expect(file.rows).toEqual([{ row: 2, cells: ['C1', '2023-05-04 09:00:00', '接通', '138****5678'] }]);
    await client.commit(found.id);
    expect(await look(client, found.id)).toMatchObject({ code: 'source_gone' });
  });

  it('is as it was when the look at it was cut off, and that is said', async () => {
    const { id } = await client.upload('cut.csv', `${calls.join('\n')}\nC9,2023-05-04 09:02:00,接通,\n`, {
      commit: false,
    });
    let answer: FileView | null = null;
    const looking = look(client, id).then((found) => (answer = found));
    // Whatever process takes the look up, it ends.
    while (answer === null) {
      for (const pid of rowProcessesOf(process.pid)) send(pid, 'SIGKILL');
      await setImmediate();
    }
    expect(await looking).toMatchObject({
      code: 'look_cut_off',
      messageEn: expect.stringContaining('save the sheet as CSV'),
    });
    expect((await look(client, id)).rows).toHaveLength(2);
    expect(await client.settled(id)).toMatchObject({ state: 'checked', counts: { accepted: 2 } });
  });

  it('is told its encoding and checked again without another upload', async () => {
    const bytes = iconv.encode(`${calls.join('\n')}\nC2,2023-05-04 09:01:00,接通,\n`, 'utf-16le');
    const refused = await client.upload('u.csv', bytes, { dataset: 'calls', commit: false });
    expect(refused.state).toBe('refused');
    expect(await look(client, refused.id, { encoding: 'utf-16le' })).toMatchObject({
      encoding: 'utf-16le',
      headers: ['通话编号', '来电时间', '呼叫结果', '主叫号码'],
    });
    await remember(client, { dataset: 'calls', importId: refused.id, encoding: 'utf-16le' });
    expect(await client.settled(refused.id)).toMatchObject({ state: 'checked', counts: { accepted: 2 } });
  });

  it('is told its sheet and header row and checked again without another upload', async () => {
    const cells = (day: string) => [
      ['通话明细'],
      [],
      ['通话编号', '来电时间', '呼叫结果'],
      ['C9', `${day} 09:00:00`, '接通'],
    ];
    const further = [
      ['通话编号', '来电时间', '呼叫结果'],
      ['C8', '2023-02-05 09:00:00', '接通'],
    ];
    const bytes = await workbookBytes({
      sheets: [
        { name: '一月', rows: cells('2023-01-04') },
        { name: '二月', rows: [...cells('2023-02-04'), ...further] },
      ],
      styles: [{}],
    });
    const found = await client.upload('两月.xlsx', bytes, { commit: false });
    // Sheets with the same headers are read as one.
    expect(found.state).toBe('checked');
    const file = await look(client, found.id);
    expect(file).toMatchObject({
      sheet: '一月',
      headerRow: 3,
      sheets: [
        { name: '一月', rows: 3 },
        { name: '二月', rows: 5 },
      ],
    });
    expect(await look(client, found.id, { sheet: '二月', headerRow: 5 })).toMatchObject({
      sheet: '二月',
      rows: [{ row: 6, cells: ['C8', '2023-02-05 09:00:00', '接通'] }],
    });
    await remember(client, { dataset: 'calls', importId: found.id, sheet: '二月', headerRow: 5 });
    const again = await client.settled(found.id);
    expect(again).toMatchObject({ state: 'checked', counts: { accepted: 1 } });
    const place = 'query ($id: ID!) { import(id: $id) { sheet headerRow firstDay } }';
    expect(await client.ask(place, { id: found.id })).toEqual({ sheet: '二月', headerRow: 5, firstDay: '2023-02-05' });
  });

  it('says why it cannot be shown at all', async () => {
    const refused = await client.upload('p.csv', Buffer.from('%PDF-1.7 nothing'), { commit: false });
    expect(await look(client, refused.id)).toMatchObject({ code: 'file_pdf' });
    const empty = await plainWorkbook([[null]]);
    const none = await client.upload('e.xlsx', empty, { commit: false });
    expect(await look(client, none.id)).toMatchObject({ code: 'file_empty' });
  });
});
