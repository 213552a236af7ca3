import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from './api-client.js';
import { ApiServer } from './api-server.js';
import { assess } from './assessment-view.js';

let server: ApiServer;
beforeAll(async () => {
  server = await ApiServer.start();
});
afterAll(() => server.close());

const january = { start: '2023-01-01', end: '2023-02-01' } as const;
const daily = (...rows: readonly string[]): string => ['日期,人工请求量,人工接通量,放弃量', ...rows, ''].join('\n');

/** 500 requests of one day: 400 answered, 20 given up after two seconds, 80 after a minute. */
const calls = [
  '通话编号,来电时间,请求人工时间,通话结束时间,呼叫结果',
  ...Array.from({ length: 500 }, (_, index) => {
    const [waited, result] = index < 400 ? [10, '人工接通'] : [index < 420 ? 2 : 60, '排队放弃'];
    const second = (seconds: number) => new Date(Date.UTC(2023, 0, 3, 9, 0, index * 30 + seconds)).toISOString();
    const [asked, ended] = [second(0), second(waited)].map((text) => text.slice(0, 19).replace('T', ' '));
    return `C${index},${asked},${asked},${ended},${result}`;
  }),
  '',
].join('\n');

interface Followed {
  readonly topic: string;
  readonly stated: boolean;
  readonly choices: readonly { readonly id: string }[];
}
interface Indicator {
  readonly id: string;
  readonly value: number | null;
  readonly n: number;
  readonly method: string | null;
  readonly definition: readonly Followed[];
  readonly alternatives: readonly {
    readonly method: string;
    readonly value: number;
    readonly n: number;
    readonly definition: readonly Followed[];
  }[];
  readonly files: readonly { readonly file: string; readonly definition: readonly Followed[] }[];
}
const followed = 'definition { topic stated choices { id } }';

async function connectRate(client: ApiClient): Promise<Indicator & { readonly contentHash: string }> {
  const { id, contentHash } = await assess(client, january);
  const { dimensions } = await client.ask<{
    dimensions: readonly { elements: readonly { indicators: readonly Indicator[] }[] }[];
  }>(
    `query ($id: ID!) { assessment(id: $id) { dimensions { elements { indicators {
       id value n method ${followed} alternatives { method value n ${followed} } files { file ${followed} } } } } } }`,
    { id },
  );
  const found = dimensions
    .flatMap(({ elements }) => elements)
    .flatMap(({ indicators }) => indicators)
    .find((indicator) => indicator.id === 'hotline_connect_rate');
  if (!found) throw new Error('no connect rate');
  return { ...found, contentHash };
}

/** `topic: choices`, with a question mark where it is an assumption. */
const short = (definition: readonly Followed[]): string[] =>
  definition.map(
    ({ topic, stated, choices }) => `${topic}: ${choices.map(({ id }) => id).join('+')}${stated ? '' : '?'}`,
  );

async function commit(client: ApiClient, id: string, definition: readonly object[]): Promise<unknown> {
  const answer = await client.ask<object>(
    `mutation ($id: ID!, $definition: [DefinitionInput!]) { commitImport(id: $id, definition: $definition) {
       ... on Import { id } ... on Failure { code message messageEn } } }`,
    { id, definition },
  );
  await client.settled(id);
  return answer;
}

const definitionOf = async (client: ApiClient, id: string): Promise<string[]> =>
  short(
    (await client.ask<{ definition: Followed[] }>(`query ($id: ID!) { import(id: $id) { ${followed} } }`, { id }))
      .definition,
  );

const excluded = [{ topic: 'short_abandons', choice: 'excluded' }];

describe('the definition that figures follow', () => {
  it('is that of the method, marked as an assumption, where nobody says otherwise', async () => {
    const { client } = await server.city();
    const { id } = await client.upload('calls.csv', calls);
    const assumed = ['request: human_requested?', 'short_abandons: included?', 'answered: at_any_time?'];
    expect(await definitionOf(client, id)).toEqual([...assumed, 'wait: from_request?', 'unrated: left_out?']);
    const rate = await connectRate(client);
    expect([rate.value, rate.n, short(rate.definition)]).toEqual([80, 500, assumed]);
    expect(rate.files.map(({ file }) => file)).toEqual(['calls.csv']);
  });

  it('shows the same indicator under the others, counted again from the rows', async () => {
    const { client } = await server.city();
    await client.upload('calls.csv', calls);
    const { alternatives } = await connectRate(client);
    const told = alternatives.map(({ method, value, n, definition }) => ({
      method,
      value,
      n,
      definition: short(definition),
    }));
    // Without the 20 that hung up at once 400 of 480; every call asked for a human.
    expect(told).toContainEqual({
      method: 'connect_rate.calls',
      value: (400 / 480) * 100,
      n: 480,
      definition: ['request: human_requested?', 'short_abandons: excluded', 'answered: at_any_time?'],
    });
    expect(told).toContainEqual({
      method: 'connect_rate.calls',
      value: 80,
      n: 500,
      definition: ['request: all_inbound', 'short_abandons: included?', 'answered: at_any_time?'],
    });
  });

  it('is stated with a commit, remembered for later files, and kept with each import', async () => {
    const { client } = await server.city();
    const first = await client.upload('1.csv', daily('2023-01-01,500,450,50'), { commit: false });
    expect(await commit(client, first.id, excluded)).toEqual({ id: first.id });
    expect(await definitionOf(client, first.id)).toContain('short_abandons: excluded');
    const second = await client.upload('2.csv', daily('2023-01-02,500,450,50'));
    expect(await definitionOf(client, second.id)).toContain('short_abandons: excluded');
    // Said anew, it holds from then on; what came before keeps its own.
    await client.ask(
      `mutation ($input: UpdateMappingInput!) { updateMapping(input: $input) { ... on MappingSaved { dataset } ... on Failure { code } } }`,
      {
        input: {
          dataset: 'call_metrics_daily',
          columns: [],
          definition: [{ topic: 'short_abandons', choice: 'included' }],
        },
      },
    );
    const third = await client.upload('3.csv', daily('2023-01-03,500,450,50'));
    expect(await definitionOf(client, third.id)).toContain('short_abandons: included');
    expect(await definitionOf(client, first.id)).toContain('short_abandons: excluded');
    const rate = await connectRate(client);
    expect(short(rate.definition)).toContain('short_abandons: included+excluded');
  });

  it('keeps rows and totals apart that follow different ones: both values can be read', async () => {
    const { client } = await server.city();
    const log = await client.upload('calls.csv', calls, { commit: false });
    await commit(client, log.id, [{ topic: 'short_abandons', choice: 'included' }]);
    const totals = await client.upload('daily.csv', daily('2023-01-04,1000,950,50'), { commit: false });
    await commit(client, totals.id, excluded);
    const rate = await connectRate(client);
    expect([rate.value, rate.n, rate.method]).toEqual([80, 500, 'connect_rate.calls']);
    expect(rate.alternatives[0]).toMatchObject({ method: 'connect_rate.daily', value: 95, n: 1000 });
    expect(short(rate.alternatives[0]?.definition ?? [])).toContain('short_abandons: excluded');
  });

  it('is part of what the content hash stands for', async () => {
    const hashes: string[] = [];
    for (const definition of [[], [], excluded]) {
      const { client } = await server.city();
      const { id } = await client.upload('calls.csv', calls, { commit: false });
      await commit(client, id, definition);
      hashes.push((await connectRate(client)).contentHash);
    }
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });

  it('is refused where the dataset has no such question, or the question no such choice', async () => {
    const { client } = await server.city();
    const { id } = await client.upload('1.csv', daily('2023-01-01,500,450,50'), { commit: false });
    expect(await commit(client, id, [{ topic: 'several_callbacks', choice: 'first' }])).toEqual({
      code: 'definition_unknown',
      message:
        '数据集 call_metrics_daily 没有名为 several_callbacks 的口径问题；有：request、short_abandons、answered、wait、unrated。',
      messageEn:
        'The dataset call_metrics_daily has no question of definition several_callbacks; it has: request, short_abandons, answered, wait, unrated.',
    });
    expect(await commit(client, id, [{ topic: 'wait', choice: 'sometimes' }])).toMatchObject({
      code: 'definition_choice_unknown',
    });
    expect((await client.settled(id)).state).toBe('checked');
  });

  it('has its questions and choices in the data dictionary', async () => {
    const { client } = await server.city();
    const datasets = await client.ask<{ id: string; definitions: { id: string; choices: { id: string }[] }[] }[]>(
      '{ datasets { id definitions { id name nameEn choices { id name nameEn } } } }',
    );
    const topics = (id: string) => datasets.find((dataset) => dataset.id === id)?.definitions.map((topic) => topic.id);
    expect(topics('calls')).toEqual(['request', 'short_abandons', 'answered', 'wait', 'unrated']);
    expect(topics('callbacks')).toEqual(['several_callbacks']);
    expect(topics('channels')).toEqual([]);
  });
});
