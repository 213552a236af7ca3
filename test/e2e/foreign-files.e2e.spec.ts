import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Cell } from '@hotline/rows';
import { workbookBytes } from '../../libs/rows/src/workbook/write-workbook.js';
import type { ApiClient, ImportView } from './api-client.js';
import { ApiServer } from './api-server.js';
import { assess, traceOf, type AssessmentView } from './assessment-view.js';

let server: ApiServer;
beforeAll(async () => {
  server = await ApiServer.start();
});
afterAll(() => server.close());

const two = (number: number): string => String(number).padStart(2, '0');

interface ColumnMappingInput {
  readonly column: string;
  readonly from: readonly string[];
  readonly constant?: string;
  readonly emptyMarkers?: readonly string[];
  readonly dateOrder?: 'mdy' | 'dmy';
  readonly values?: readonly {
    readonly value: string;
    readonly to: string | null;
    readonly when?: { readonly header: string; readonly is: 'empty' | 'filled' };
  }[];
}

async function updateMapping(
  client: ApiClient,
  dataset: string,
  columns: readonly ColumnMappingInput[],
  importId: string | null = null,
  keepOthers = false,
): Promise<void> {
  const answer = await client.ask<{ __typename: string }>(
    `mutation ($input: UpdateMappingInput!) { updateMapping(input: $input) {
       __typename ... on MappingSaved { dataset import { id state } } ... on Failure { code message } } }`,
    { input: { dataset, importId, keepOthers, columns } },
  );
  expect(answer).toMatchObject({ __typename: 'MappingSaved', dataset });
}

const reportOf = async (client: ApiClient, { id }: ImportView): Promise<string[]> =>
  (await client.send('GET', `/imports/${id}/report.csv?lang=en`)).text.trim().split('\r\n').slice(1);

const indicator = (assessment: AssessmentView, id: string) =>
  assessment.dimensions
    .flatMap(({ elements }) => elements.flatMap(({ indicators }) => indicators))
    .find((each) => each.id === id);

describe('the log of a call centre that separates day and clock', () => {
  const header =
    ',vru+line,call_id,customer_id,priority,type,date,vru_entry,vru_exit,vru_time,q_start,q_exit,q_time,outcome,ser_start,ser_exit,ser_time,server';
  const none = '0:00:00';

  /** Calls of a month, one after another from 8:00 on; each line numbers its own. */
  function month(
    of: string,
    groups: readonly { count: number; call: (at: (s: number) => string) => string }[],
  ): string {
    const rows: string[] = [];
    for (const { count, call } of groups) {
      for (let made = 0; made < count; made += 1) {
        const day = 1 + (rows.length % 28);
        const start = 8 * 3600 + Math.floor(rows.length / 28) * 1200;
        const at = (seconds: number): string => {
          const now = start + seconds;
          return `${Math.floor(now / 3600)}:${two(Math.floor(now / 60) % 60)}:${two(now % 60)}`;
        };
        const id = `AA01${two(rows.length % 7)},${of.slice(5)}${100 + Math.floor(rows.length / 7)}`;
        rows.push(`,${id},0,0,PS,${of}-${two(day)},${at(0)},${at(10)},10,${call(at)}`);
      }
    }
    return [header, ...rows, ''].join('\n');
  }
  const queued = (at: (s: number) => string) => `${at(10)},${at(30)},20,AGENT,${at(30)},${at(90)},60,AVI`;
  const straight = (at: (s: number) => string) => `${none},${none},0,AGENT,${at(10)},${at(70)},60,BEN`;
  const gaveUp = (at: (s: number) => string) => `${at(10)},${at(50)},40,HANG,${none},${none},0,NO_SERVER`;
  const inMenu = () => `${none},${none},0,HANG,${none},${none},0,NO_SERVER`;
  const phantom = (at: (s: number) => string) => `${at(10)},${at(11)},1,PHANTOM,${at(11)},${at(12)},1,NO_SERVER`;

  const august =
    month('2010-08', [
      { count: 300, call: queued },
      { count: 60, call: straight },
      { count: 60, call: gaveUp },
      { count: 40, call: inMenu },
      { count: 5, call: phantom },
    ]) +
    // Across midnight the log keeps the day of the beginning: this call cannot be timed.
    ',AA0199,9999,0,0,PS,2010-08-28,23:59:40,23:59:50,10,23:59:50,0:00:20,30,AGENT,0:00:20,0:02:00,100,AVI\n';
  const september = month('2010-09', [{ count: 500, call: straight }]);

  const unanswered = { column: 'result', from: ['outcome'], emptyMarkers: [none] };
  const phantoms = { value: 'PHANTOM', to: 'phantom' };
  const columns = (hangUps: NonNullable<ColumnMappingInput['values']>): ColumnMappingInput[] => [
    { column: 'call_id', from: ['vru+line', 'call_id'] },
    { column: 'started_at', from: ['date', 'vru_entry'] },
    { column: 'agent_requested_at', from: ['date', 'q_start'], emptyMarkers: [none] },
    { column: 'answered_at', from: ['date', 'ser_start'], emptyMarkers: [none] },
    { column: 'ended_at', from: ['date', 'ser_exit'], emptyMarkers: [none] },
    { column: 'queue_seconds', from: ['q_time'] },
    { column: 'talk_seconds', from: ['ser_time'] },
    { ...unanswered, values: [{ value: 'AGENT', to: 'answered' }, ...hangUps, phantoms] },
    { column: 'agent_hash', from: ['server'], emptyMarkers: ['NO_SERVER'] },
  ];
  const allAbandoned = columns([{ value: 'HANG', to: 'abandoned_queue' }]);
  const selfService = columns([
    { value: 'HANG', to: 'ivr_only', when: { header: 'q_start', is: 'empty' } },
    { value: 'HANG', to: 'abandoned_queue' },
  ]);
  const period = { start: '2010-08-01', end: '2010-09-01' };

  it('stores no row by guessing, is read once with a mapping, and from then on by itself', async () => {
    const { client } = await server.city();
    const guessed = await client.upload('phone-log-08.csv', august, { dataset: 'calls' });
    // A clock without its day is no instant.
    expect(guessed).toMatchObject({ state: 'checked', counts: { read: 466, accepted: 0, refused: 466 } });
    expect((await reportOf(client, guessed))[0]).toMatch(/^2,started_at,vru_entry,8:00:00,error,bad_datetime,/);

    await updateMapping(client, 'calls', selfService, guessed.id);
    const checked = await client.settled(guessed.id);
    expect(checked).toMatchObject({
      state: 'checked',
      counts: { read: 466, accepted: 465, refused: 1, duplicates: 0 },
    });
    const refusals = (await reportOf(client, checked)).filter((line) => line.includes(',error,'));
    // One row, each rule that it breaks: it ends, too, before it begins.
    expect(refusals.every((line) => line.startsWith('467,'))).toBe(true);
    expect(refusals.join('\n')).toContain(
      '467,answered_at,date + ser_start,2010-08-28 0:00:20,error,calls.answered_before_start,',
    );
    expect((await client.commit(checked.id)).state).toBe('committed');

    // 300 + 60 answered; 60 gave up in the queue; 40 hung up in the menu and never asked for a human.
    const result = await assess(client, period);
    expect(indicator(result, 'hotline_connect_rate')).toMatchObject({
      state: 'observed',
      numerator: 360,
      denominator: 420,
    });
    expect(indicator(result, 'hotline_connect_rate')?.value).toBeCloseTo((360 / 420) * 100, 9);
    const { companions } = traceOf(result);
    // 20 s for each of 300, none for 60: an empty clock is no midnight.
    expect(companions['asa']).toBeCloseTo((300 * 20) / 360, 9);
    expect(companions['self_service_share']).toBeCloseTo((40 / 460) * 100, 9);

    const next = await client.upload('phone-log-09.csv', september);
    expect(next).toMatchObject({
      state: 'committed',
      dataset: 'calls',
      counts: { read: 500, accepted: 500, refused: 0 },
    });
    const both = await assess(client, { start: '2010-08-01', end: '2010-10-01' });
    expect(indicator(both, 'hotline_connect_rate')).toMatchObject({ numerator: 860, denominator: 920 });
  });

  it('gives a lower rate where every hang-up counts as abandoned', async () => {
    const { client } = await server.city('330100');
    await updateMapping(client, 'calls', allAbandoned);
    expect((await client.upload('phone-log-08.csv', august)).counts).toMatchObject({ accepted: 465, refused: 1 });
    const rate = indicator(await assess(client, period), 'hotline_connect_rate');
    expect(rate).toMatchObject({ numerator: 360, denominator: 460 });
    expect(rate?.value).toBeCloseTo((360 / 460) * 100, 9);
  });

  it('is refused with the header that a mapping looks for in vain, and asks for that one alone', async () => {
    const { client } = await server.city('510100');
    await updateMapping(client, 'calls', [...selfService, { column: 'skill_group', from: ['team'] }]);
    const found = await client.upload('phone-log-08.csv', august, { dataset: 'calls' });
    expect(found).toMatchObject({ state: 'refused', refusal: { code: 'mapping_header_missing' } });
    expect(found.refusal?.messageEn).toContain('“team”');
    await updateMapping(client, 'calls', [{ column: 'skill_group', from: ['type'] }], found.id, true);
    expect(await client.settled(found.id)).toMatchObject({
      state: 'checked',
      counts: { read: 466, accepted: 465, refused: 1 },
    });
  });
});

describe('the requests of an American 311 centre', () => {
  const header = 'SRRecordID,ServiceRequestNum,SRType,MethodReceived,CreatedDate,SRStatus,DueDate,CloseDate,Agency';

  /** 04/12/2018 11:11:26 AM: month first, twelve hours. */
  const american = (at: Date): string => {
    const hour = at.getUTCHours();
    const clock = [hour % 12 === 0 ? 12 : hour % 12, at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(':');
    return `${two(at.getUTCMonth() + 1)}/${two(at.getUTCDate())}/${at.getUTCFullYear()} ${clock} ${hour < 12 ? 'AM' : 'PM'}`;
  };
  const row = (number: number, method: string, lateHours: number | null): string => {
    // From half past midnight on, every seven hours: midnight, noon and days after the twelfth are all among them.
    const created = Date.UTC(2018, 3, 1, 0, 30) + number * 7 * 3_600_000;
    const due = created + 72 * 3_600_000;
    const closed = lateHours === null ? '' : american(new Date(due + lateHours * 3_600_000));
    const status = lateHours === null ? 'Open' : 'Closed';
    const cells = [
      `18-00${1000 + number}`,
      `18-00${1000 + number}`,
      'SW-Dirty Alley',
      method,
      american(new Date(created)),
    ];
    return [...cells, status, american(new Date(due)), closed, 'Solid Waste'].join(',');
  };
  /** 96 in time (one to the second), 24 late, 2 sent in a way that the mapping does not know. */
  const file = [
    header,
    ...Array.from({ length: 96 }, (_, number) =>
      row(number, number % 2 === 0 ? 'Phone' : 'API', number === 0 ? 0 : -5),
    ),
    ...Array.from({ length: 24 }, (_, number) => row(96 + number, 'Phone', 1)),
    row(120, 'Carrier pigeon', -5),
    row(121, 'Carrier pigeon', -5),
    '',
  ].join('\n');

  const columns: ColumnMappingInput[] = [
    { column: 'order_id', from: ['SRRecordID'] },
    { column: 'created_at', from: ['CreatedDate'], dateOrder: 'mdy' },
    {
      column: 'channel',
      from: ['MethodReceived'],
      values: [
        { value: 'Phone', to: 'phone' },
        { value: 'API', to: 'app' },
      ],
    },
    {
      column: 'status',
      from: ['SRStatus'],
      values: [
        { value: 'Closed', to: 'closed' },
        { value: 'Open', to: 'open' },
      ],
    },
    { column: 'deadline_at', from: ['DueDate'], dateOrder: 'mdy' },
    { column: 'closed_at', from: ['CloseDate'], dateOrder: 'mdy' },
    { column: 'topic_l1', from: ['SRType'] },
    { column: 'unit', from: ['Agency'] },
  ];

  it('go in with a mapping, every row stored or explained, and give their share closed in time', async () => {
    const { client } = await server.city();
    await updateMapping(client, 'work_orders', columns);
    const found = await client.upload('requests-2018.csv', file);
    expect(found).toMatchObject({
      state: 'committed',
      dataset: 'work_orders',
      counts: { read: 122, accepted: 120, refused: 2, duplicates: 0, warned: 0 },
      unknownValues: [{ column: 'channel', value: 'Carrier pigeon', count: 2 }],
    });
    const report = await reportOf(client, found);
    expect(report.map((line) => line.split(',').slice(0, 6).join(','))).toEqual([
      '122,channel,MethodReceived,Carrier pigeon,error,unknown_value',
      '123,channel,MethodReceived,Carrier pigeon,error,unknown_value',
    ]);
    const result = await assess(client, { start: '2018-04-01', end: '2018-07-01' });
    const [onTime] = indicator(result, 'result_commitment')?.components.filter(({ id }) => id === 'on_time_rate') ?? [];
    expect(onTime).toMatchObject({ state: 'observed', numerator: 96, denominator: 120, value: 80 });
    expect(traceOf(result).companions['orders_by_channel']).toEqual({ app: 48, phone: 72 });
  });

  it('are read the other way round only where the mapping says so', async () => {
    const { client } = await server.city('330100');
    const dayFirst = columns.map((column) => (column.dateOrder ? { ...column, dateOrder: 'dmy' as const } : column));
    await updateMapping(client, 'work_orders', dayFirst);
    const found = await client.upload('requests-2018.csv', [header, row(60, 'Phone', -5), ''].join('\n'), {
      commit: false,
    });
    // 04/18/2018 has no eighteenth month.
    expect(found.counts).toMatchObject({ read: 1, accepted: 0, refused: 1 });
    const rules = found.issues as readonly { rule: string }[];
    expect([...new Set(rules.map(({ rule }) => rule))]).toEqual(['bad_datetime']);
  });
});

describe('the workbooks of a board on the web', () => {
  /** Numbered by the system, dated with slashes, long texts with line breaks, and thousands of formatted blank rows below. */
  const message = (at: number): readonly Cell[] => [
    2549 + at,
    `UU0${8403 + at}`,
    `咨询第${at}件事`,
    `2023/${1 + (at % 3)}/${1 + (at % 28)} ${8 + (at % 10)}:0${at % 10}:18`,
    `\n\t\t您好！\n\t\t第${at}件事想问一下，谢谢。\n`,
  ];
  const blank: readonly Cell[] = Array.from({ length: 5 }, () => ({ value: null, style: 1 }));
  const answered = (at: number): readonly Cell[] => [
    `已转交主管部门。第${at}件`,
    `2023/${2 + (at % 3)}/${1 + (at % 28)} 10:36:19`,
  ];
  const headers = ['留言编号', '留言用户', '留言主题', '留言时间', '留言详情'];
  const book = (rows: readonly (readonly Cell[])[]): Promise<Buffer> =>
    workbookBytes({ sheets: [{ name: 'Sheet1', rows }], styles: [{}, { format: 'text', fill: 'FFFFFF' }] });
  const channel = { column: 'channel', from: [], constant: 'web' };
  const common = [
    { column: 'order_id', from: ['留言编号'] },
    { column: 'created_at', from: ['留言时间'] },
  ];
  const numbers = Array.from({ length: 60 }, (_, at) => at);

  it('go in with a constant channel: answered ones as closed, a blank tail as nothing', async () => {
    const { client } = await server.city('320100');
    const messages = await book([
      [...headers, '答复意见', '答复时间'],
      ...numbers.map((at) => [...message(at), ...answered(at)]),
    ]);
    const refused = await client.upload('messages.xlsx', messages, { dataset: 'work_orders', commit: false });
    expect(refused.state).toBe('refused');
    const closed = { column: 'closed_at', from: ['答复时间'] };
    await updateMapping(client, 'work_orders', [...common, closed, channel], refused.id);
    expect(await client.settled(refused.id)).toMatchObject({
      state: 'checked',
      counts: { read: 60, accepted: 60, refused: 0, duplicates: 0 },
    });
    expect((await client.commit(refused.id)).changes).toEqual({ inserted: 60, changed: 0, unchanged: 0 });

    // The same system, another export: no answers, a label, and 3,000 formatted rows that hold nothing.
    const labelled = await book([
      [...headers, '一级标签'],
      ...numbers.map((at) => [...message(500 + at), ['城乡建设', '交通运输'][at % 2] ?? '']),
      ...Array.from({ length: 3000 }, () => blank),
    ]);
    const tail = await client.upload('labels.xlsx', labelled, { dataset: 'work_orders', commit: false });
    // Most headers are those of the first file: of what was said for it only the time of the answer is asked about again.
    expect(tail).toMatchObject({ state: 'refused', refusal: { code: 'mapping_header_missing' } });
    const topic = { column: 'topic_l1', from: ['一级标签'] };
    await updateMapping(client, 'work_orders', [{ column: 'closed_at', from: [] }, topic], tail.id, true);
    expect(await client.settled(tail.id)).toMatchObject({
      state: 'checked',
      counts: { read: 60, accepted: 60, refused: 0, blankRows: 0 },
    });
    expect((await client.commit(tail.id)).state).toBe('committed');
    const result = await assess(client, { start: '2023-01-01', end: '2023-07-01' });
    expect(traceOf(result).companions['orders_by_channel']).toEqual({ web: 120 });
  }, 180_000);
});
