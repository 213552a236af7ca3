import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JobLedger, JobQueue, JobRunner, TenantDb } from '@hotline/platform';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { JobChanges } from '../../apps/api/src/jobs/job-changes.js';
import type { ApiClient } from './api-client.js';
import { ApiServer, publicUrl, type City } from './api-server.js';

const daily = (rows: string): string => `统计日期,人工请求量,人工接通量\n${rows}\n`;
const watch = `subscription ($id: ID!) { jobProgress(id: $id) {
  id state attempt cancelRequested progress { step done total share secondsLeft } } }`;

interface Watched {
  readonly state: string;
  readonly attempt: number;
  readonly cancelRequested: boolean;
  readonly progress: { step: string; done: number; total: number; share: number; secondsLeft: number | null } | null;
}

/** It only enqueues: the test itself is the worker, as another process would be. */
let server: ApiServer;
let mine: City;
let theirs: City;
const sockets: Client[] = [];
beforeAll(async () => {
  JobChanges.recheckMs = 200;
  server = await ApiServer.startHere({ HOTLINE_API_JOBS: '0' });
  mine = await server.city('420100');
  theirs = await server.city('330100');
});
afterAll(async () => {
  for (const socket of sockets) await socket.dispose();
  await server.close();
});

function socketOf(client: ApiClient, headers: Record<string, string> = {}): Client {
  const socket = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    lazy: true,
    retryAttempts: 0,
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocols: string[]) {
        super(address, protocols, { headers: { ...client.sent, ...headers } });
      }
    },
  });
  sockets.push(socket);
  return socket;
}

/** What comes, as it comes; and the code it ended with, if it did not end well. */
class Watcher {
  readonly events: Watched[] = [];
  code: unknown = null;
  ended = false;

  constructor(socket: Client, query: string, id: string) {
    void this.read(socket, query, id);
  }

  private async read(socket: Client, query: string, id: string): Promise<void> {
    try {
      for await (const { data, errors } of socket.iterate<{ jobProgress: Watched }>({ query, variables: { id } })) {
        if (errors) this.code = errors[0]?.extensions?.['code'];
        if (data) this.events.push(data.jobProgress);
      }
    } catch (error) {
      const [first] = Array.isArray(error) ? (error as { extensions?: { code?: string } }[]) : [];
      this.code = first?.extensions?.code ?? String((error as { reason?: string }).reason ?? error);
    }
    this.ended = true;
  }
}

/** A job that waits: the check of a file that nobody has checked yet. */
async function waitingJob({ client }: City, name: string): Promise<{ importId: string; id: string }> {
  const answer = await client.send('POST', `/imports?filename=${name}.csv`, {
    headers: { 'x-hotline-request': '1', 'content-type': 'text/csv' },
    body: daily(`2023-05-0${1 + (name.length % 9)},${name.length}00,90`),
  });
  const importId = (answer.json as { id: string }).id;
  const { edges } = await client.ask<{ edges: { node: { id: string; subject: string } }[] }>(
    '{ jobs(first: 50, states: [QUEUED]) { edges { node { id subject } } } }',
  );
  const found = edges.find(({ node }) => node.subject === importId);
  if (!found) throw new Error('the job is not on the list');
  return { importId, id: found.node.id };
}

const ledger = (): JobLedger => server.app.get(JobLedger, { strict: false });
async function claim(id: string) {
  const held = await ledger().claim(['check-import'], 60_000, id);
  if (!held) throw new Error('nothing to claim');
  return held;
}
const progress = (done: number, share: number, secondsLeft: number) =>
  ({ step: 'check', done, total: 10, share, perSecond: 1, secondsLeft }) as const;

describe('a watched job', () => {
  it('is told of at every change, whoever made it, and never goes back', async () => {
    const { id } = await waitingJob(mine, 'a');
    const watcher = new Watcher(socketOf(mine.client), watch, id);
    await until(() => watcher.events.length === 1);
    const held = await claim(id);
    await until(() => watcher.events.at(-1)?.state === 'RUNNING');
    await ledger().progress(held, progress(4, 0.4, 6));
    await until(() => watcher.events.at(-1)?.progress?.done === 4);
    // Late, slower, and then really further.
    await ledger().progress(held, progress(2, 0.2, 9));
    await ledger().progress(held, progress(5, 0.5, 60));
    await until(() => watcher.events.at(-1)?.progress?.done === 5);
    await ledger().end(held, 'done', null);
    await until(() => watcher.ended);
    expect(watcher.code).toBeNull();
    expect(watcher.events.map(({ state }) => state)).toEqual(['QUEUED', 'RUNNING', 'RUNNING', 'RUNNING', 'DONE']);
    expect(watcher.events.slice(2, 4).map((event) => event.progress)).toEqual([
      { step: 'check', done: 4, total: 10, share: 0.4, secondsLeft: 6 },
      { step: 'check', done: 5, total: 10, share: 0.5, secondsLeft: 6 },
    ]);
  });

  it('is told of once where it has ended already', async () => {
    const { id } = await waitingJob(mine, 'bb');
    await ledger().end(await claim(id), 'done', null);
    const watcher = new Watcher(socketOf(mine.client), watch, id);
    await until(() => watcher.ended);
    expect(watcher.events).toMatchObject([{ state: 'DONE', attempt: 1 }]);
  });
});

describe('nobody watches', () => {
  it('without signing in, or the job of another tenant', async () => {
    const { id } = await waitingJob(mine, 'ccc');
    const stranger = new Watcher(socketOf(server.anonymous()), watch, id);
    const other = new Watcher(socketOf(theirs.client), watch, id);
    await until(() => stranger.ended && other.ended);
    expect([stranger.code, other.code]).toEqual(['unauthenticated', 'job_not_found']);
    expect([...stranger.events, ...other.events]).toEqual([]);
    await ledger().end(await claim(id), 'done', null);
  });

  it('from a foreign page that carries the cookie', async () => {
    const statuses: (number | undefined)[] = [];
    for (const origin of ['https://evil.example', 'null', publicUrl]) {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
        headers: { ...mine.client.sent, origin },
      });
      statuses.push(
        await new Promise((resolve) => {
          socket.on('open', () => resolve(101));
          socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
          socket.on('error', () => undefined);
        }),
      );
      socket.terminate();
    }
    expect(statuses).toEqual([403, 403, 101]);
  });

  it('once their session has ended, event or not', async () => {
    const { id } = await waitingJob(mine, 'dddd');
    const leaving = await server.member(mine.tenant, 'viewer');
    const watcher = new Watcher(socketOf(leaving), watch, id);
    await until(() => watcher.events.length === 1);
    await leaving.ask('mutation { signOut }');
    await until(() => watcher.ended);
    expect(watcher.code).toBe('unauthenticated');
    expect(watcher.events).toHaveLength(1);
    await ledger().end(await claim(id), 'done', null);
  });
});

it('queries and changes do not pass by the limits of HTTP', async () => {
  for (const query of ['{ viewer { tenantId } }', 'mutation { signOut }']) {
    const watcher = new Watcher(socketOf(mine.client), query, '');
    await until(() => watcher.ended);
    expect(watcher.code).toBe('subscriptions_only');
  }
});

describe('a cancelled job', () => {
  const cancel = `mutation ($id: ID!) { cancelJob(id: $id) { ... on Job { id state cancelRequested } ... on Failure { code } } }`;

  it('is not found by another tenant, and not cancelled by a viewer', async () => {
    const { id } = await waitingJob(mine, 'eeeee');
    expect(await theirs.client.ask(cancel, { id })).toEqual({ code: 'job_not_found' });
    const viewer = await server.member(mine.tenant, 'viewer');
    const { errors } = await viewer.graphql(cancel, { id });
    expect(errors[0]?.extensions?.['code']).toBe('forbidden');
    expect((await server.app.get(JobQueue).find(mine.tenant, id))?.cancelRequested).toBe(false);
    await ledger().end(await claim(id), 'done', null);
    expect(await mine.client.ask(cancel, { id })).toEqual({ code: 'job_ended' });
  });

  it('never starts where it waits; of its upload nothing is left', async () => {
    const { id, importId } = await waitingJob(theirs, 'ffffff');
    expect(await theirs.client.ask(cancel, { id })).toMatchObject({ id, cancelRequested: true });
    await server.app.get(JobRunner).start();
    expect((await theirs.client.settled(importId)).state).toBe('discarded');
    expect((await server.app.get(JobQueue).waitFor(theirs.tenant, id, 20_000)).state).toBe('cancelled');
    const [row] = await server.app
      .get(TenantDb)
      .run(theirs.tenant, (manager) =>
        manager.query<{ source_file: string | null }[]>('select source_file from "import" where id = $1', [importId]),
      );
    expect(row?.source_file).toBeNull();
  });
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
