import { readdirSync, readlinkSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient, HttpAnswer } from './api-client.js';
import { ApiServer, type City } from './api-server.js';

let server: ApiServer;
let city: City;
let key: ApiClient;
beforeAll(async () => {
  // Places and open files are those of one process.
  server = await ApiServer.startHere({
    HOTLINE_UPLOAD_MEGABYTES: '2',
    HOTLINE_UPLOAD_QUOTA: '3',
    HOTLINE_UPLOAD_WINDOW: '1',
    HOTLINE_UPLOADS: '4',
  });
  city = await server.city();
  key = await server.apiKey(city.tenant, ['imports:write']);
});
afterAll(() => server.close());

const megabyte = 1024 ** 2;
const small = (seed: number) => `统计日期,人工请求量,人工接通量\n2023-05-04,${1000 + seed},900\n`;

const files = (): string[] =>
  readdirSync(join(server.dataDir, 'files'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /sources|parts/.test(entry.parentPath))
    .map(({ name }) => name);
/** Of this process into the stored files. */
const openFiles = (): string[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(join(server.dataDir, 'files')) ? [target] : [];
    } catch {
      return [];
    }
  });

/** A request of which the caller sends the body, piece by piece. */
async function open(length: number | null): Promise<{ socket: Socket; answer: Promise<string> }> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  await new Promise((resolve) => socket.once('connect', resolve));
  let text = '';
  socket
    .on('error', () => undefined)
    .setEncoding('utf8')
    .on('data', (piece: string) => (text += piece));
  const answer = new Promise<string>((resolve) => socket.once('close', () => resolve(text)));
  const headers = Object.entries(key.sent).map(([name, value]) => `${name}: ${value}`);
  const framing = length === null ? 'transfer-encoding: chunked' : `content-length: ${length}`;
  socket.write(['POST /imports?filename=a.csv HTTP/1.1', 'host: x', ...headers, framing, '', ''].join('\r\n'));
  return { socket, answer };
}

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
};

function expectError(answer: HttpAnswer, status: number, code: string, zh: string): void {
  expect([answer.status, answer.json]).toMatchObject([
    status,
    { error: { code, message: expect.stringContaining(zh) } },
  ]);
}

const send = (body: string): Promise<HttpAnswer> =>
  key.send('POST', '/imports?filename=a.csv&commit=1&wait=30', { body });
const announce = (bytes: number): Promise<HttpAnswer> =>
  key.send('POST', `/uploads?filename=a.csv&bytes=${bytes}`, { headers: { 'x-hotline-request': '1' } });

describe('a sender', () => {
  it('that dribbles is cut off with a sentence, and nothing is left', async () => {
    const { socket, answer } = await open(1000);
    const dribble = setInterval(() => socket.write('x'), 100);
    try {
      const text = await answer;
      expect(text).toMatch(/^HTTP\/1\.1 408 /);
      expect(text).toContain('"sender_too_slow"');
    } finally {
      clearInterval(dribble);
    }
    expect([files(), openFiles()]).toEqual([[], []]);
  });

  it('that hangs up in the middle leaves no file and no descriptor, two hundred times', async () => {
    for (let round = 0; round < 50; round += 1) {
      const sockets = await Promise.all([1, 2, 3, 4].map(() => open(1000)));
      for (const { socket } of sockets) socket.write('half');
      await new Promise((resolve) => setTimeout(resolve, round % 5));
      for (const { socket } of sockets) socket.destroy();
    }
    // The last of them may still be on their way to the gate: asked to come again, this one does.
    let answer = await send(small(1));
    while (answer.status === 503) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      answer = await send(small(1));
    }
    expect([answer.status, answer.json]).toMatchObject([201, { state: 'committed' }]);
    await until(() => openFiles().length === 0 && files().every((name) => !name.endsWith('.part')));
  });
});

describe('a file', () => {
  it('that is too large is refused before its bytes come, and where its length is not told, at the byte too many', async () => {
    expectError(await announce(2 * megabyte + 1), 413, 'file_too_large', '2 MB');
    const before = files();
    const { socket, answer } = await open(null);
    const piece = Buffer.alloc(64 * 1024, 'x');
    for (let sent = 0; sent < 40 && !socket.destroyed; sent += 1) {
      socket.write(`${piece.length.toString(16)}\r\n`);
      socket.write(piece);
      socket.write('\r\n');
    }
    const text = await answer;
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(text).toContain('2 MB');
    expect(files()).toEqual(before);
  });

  it('waits its turn when too many come at once: half of the places are for one tenant', async () => {
    const held = [await open(1000), await open(1000)];
    for (const { socket } of held) socket.write('half');
    await until(() => files().filter((name) => name.endsWith('.part')).length === 2);
    const refused = await key.send('POST', '/imports?filename=a.csv', { body: small(2) });
    expectError(refused, 503, 'uploads_busy', '秒后再试');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const { client: neighbour } = await server.city('330100');
    expect((await neighbour.upload('a.csv', small(2))).state).toBe('committed');
    for (const { socket } of held) socket.destroy();
    await until(() => openFiles().length === 0);
    expect((await key.upload('a.csv', small(2))).state).toBe('committed');
  });

  it('is refused while those of its tenant that wait are too many; uploads by parts count as announced', async () => {
    const first = await announce(2 * megabyte);
    expect(first.status).toBe(201);
    expectError(await announce(2 * megabyte), 507, 'quota_full', '3 MB');
    const { id } = first.json as { id: string };
    await key.send('DELETE', `/uploads/${id}`);
    const again = await announce(2 * megabyte);
    expect(again.status).toBe(201);
    await key.send('DELETE', `/uploads/${(again.json as { id: string }).id}`);
  });
});
