import { createHash } from 'node:crypto';
import { readdirSync, utimesSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SweepFiles } from '@hotline/imports';
import type { ApiClient, HttpAnswer, ImportView } from './api-client.js';
import { ApiServer, type City } from './api-server.js';

interface Upload {
  readonly id: string;
  readonly bytes: number;
  readonly receivedBytes: number;
  readonly parts: readonly { readonly number: number; readonly bytes: number; readonly sha256: string }[];
  readonly importId: string | null;
}

let server: ApiServer;
let city: City;
let client: ApiClient;
beforeAll(async () => {
  server = await ApiServer.start();
  city = await server.city();
  client = city.client;
});
afterAll(() => server.close());

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
/** Days of totals, different for each seed. */
const file = (seed: number): Buffer =>
  Buffer.from(
    ['统计日期,人工请求量,人工接通量', ...days.map((day, index) => `${day},${1000 + seed + index},900`), ''].join('\n'),
  );
const days = Array.from({ length: 28 }, (_, index) => `2023-02-${String(index + 1).padStart(2, '0')}`);
const cut = (bytes: Buffer, length: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / length) }, (_, index) =>
    bytes.subarray(index * length, (index + 1) * length),
  );
const marked = { 'x-hotline-request': '1' };

async function start(bytes: Buffer, by = client): Promise<Upload> {
  const answer = await by.send('POST', `/uploads?filename=daily.csv&bytes=${bytes.length}`, { headers: marked });
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  return answer.json as Upload;
}

const put = (id: string, number: number, part: Buffer, by = client, digest = sha256(part)): Promise<HttpAnswer> =>
  by.send('PUT', `/uploads/${id}/parts/${number}`, {
    headers: {
      ...marked,
      'content-type': 'application/octet-stream',
      'content-digest': `sha-256=:${digest.toString('base64')}:`,
    },
    body: part,
  });

const finish = (id: string, query: string, by = client): Promise<HttpAnswer> =>
  by.send('POST', `/uploads/${id}/finish?wait=60&${query}`, { headers: marked });

const state = async (id: string): Promise<Upload> => (await client.send('GET', `/uploads/${id}`)).json as Upload;

const codeOf = (answer: HttpAnswer): [number, string | undefined] => [
  answer.status,
  (answer.json as { error?: { code: string } } | null)?.error?.code,
];

const partFiles = (): string[] => {
  const folder = join(server.dataDir, 'files', city.tenant.tenantId, 'parts');
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

describe('an upload by parts', () => {
  it('becomes the import that its bytes become in one piece, in whatever order its parts come', async () => {
    const bytes = file(1);
    const parts = cut(bytes, 200);
    const { id } = await start(bytes);
    for (const number of [3, 1, 2, ...parts.keys()].filter((n) => n > 0 && n <= parts.length)) {
      expect((await put(id, number, parts[number - 1] as Buffer)).status).toBe(200);
    }
    expect((await put(id, parts.length, parts.at(-1) as Buffer)).status).toBe(200);
    expect(await state(id)).toMatchObject({
      bytes: bytes.length,
      receivedBytes: bytes.length,
      parts: parts.map((part, index) => ({ number: index + 1, sha256: sha256(part).toString('hex') })),
      importId: null,
    });
    const answer = await finish(id, `parts=${parts.length}&commit=1&sha256=${sha256(bytes).toString('hex')}`);
    expect(answer.status).toBe(201);
    const whole = await client.upload('daily.csv', bytes);
    expect(answer.json).toEqual(whole);
    expect(whole).toMatchObject({
      state: 'committed',
      counts: { accepted: 28 },
      sha256: sha256(bytes).toString('hex'),
    });
    expect((await state(id)).importId).toBe(whole.id);
    expect(partFiles()).toEqual([]);
    expect(codeOf(await put(id, 1, parts[0] as Buffer))).toEqual([409, 'upload_finished']);
  });

  it('is one import, finished by ten requests at once beside ten uploads of the same bytes', async () => {
    const bytes = file(2);
    const [one, two] = [await start(bytes), await start(bytes)];
    for (const { id } of [one, two]) await put(id, 1, bytes);
    // Some are told to come back: no process handles more than so many at a time.
    const patiently = async (send: () => Promise<HttpAnswer>): Promise<ImportView> => {
      for (;;) {
        const answer = await send();
        if (answer.status === 201) return answer.json as ImportView;
        expect(codeOf(answer)).toEqual([503, 'uploads_busy']);
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const whole = { headers: { ...marked, 'content-type': 'text/csv' }, body: bytes };
    const imports = await Promise.all(
      Array.from({ length: 10 }, (_, index) => [
        patiently(() => finish((index % 2 === 0 ? one : two).id, 'parts=1&commit=1')),
        patiently(() => client.send('POST', '/imports?filename=daily.csv&commit=1&wait=60', whole)),
      ]).flat(),
    );
    expect(new Set(imports.map(({ id }) => id)).size).toBe(1);
    expect(new Set(imports.map((found) => found.state))).toEqual(new Set(['committed']));
    expect(partFiles()).toEqual([]);
  });

  it('takes the same part again and refuses another in its place, also when both come together', async () => {
    const bytes = file(3);
    const { id } = await start(bytes);
    const [first, other] = [bytes.subarray(0, 100), Buffer.alloc(100, 'x')];
    const together = await Promise.all([put(id, 1, first), put(id, 1, other)]);
    expect(together.map(({ status }) => status).sort()).toEqual([200, 409]);
    const kept = together[0]?.status === 200 ? first : other;
    expect((await put(id, 1, kept)).status).toBe(200);
    expect(codeOf(await put(id, 1, kept === first ? other : first))).toEqual([409, 'part_differs']);
    expect(partFiles()).toHaveLength(1);
  });

  it('names the parts that are missing', async () => {
    const bytes = file(4);
    const parts = cut(bytes, 200);
    const { id } = await start(bytes);
    await put(id, 2, parts[1] as Buffer);
    const answer = await finish(id, 'parts=4');
    expect(answer.status).toBe(409);
    expect(answer.json).toMatchObject({ error: { code: 'parts_missing', missing: [1, 3, 4] } });
    expect((answer.json as { error: { message: string } }).error.message).toContain('1、3、4');
  });

  it('keeps no part that came damaged, too large, or beyond what was announced', async () => {
    const bytes = file(5);
    const { id } = await start(bytes);
    const before = partFiles();
    expect(codeOf(await put(id, 1, bytes, client, sha256(Buffer.from('other'))))).toEqual([400, 'digest_mismatch']);
    expect(codeOf(await put(id, 1, Buffer.alloc(bytes.length + 1)))).toEqual([409, 'more_than_announced']);
    expect(codeOf(await put(id, 1, Buffer.alloc(16 * 1024 ** 2 + 1)))).toEqual([413, 'part_too_large']);
    const plain = { headers: { ...marked, 'content-type': 'text/csv' }, body: bytes };
    expect(codeOf(await client.send('PUT', `/uploads/${id}/parts/1`, plain))).toEqual([400, 'digest_missing']);
    expect(codeOf(await client.send('PUT', `/uploads/${id}/parts/0`, plain))).toEqual([400, 'part_number_wrong']);
    expect(partFiles()).toEqual(before);
    await put(id, 1, bytes);
    const wrong = sha256(Buffer.from('other')).toString('hex');
    expect(codeOf(await finish(id, `parts=1&sha256=${wrong}`))).toEqual([400, 'digest_mismatch']);
    expect((await finish(id, 'parts=1')).status).toBe(201);
  });

  it('goes on after a connection that broke in the middle of a part', async () => {
    const bytes = file(6);
    const { id } = await start(bytes);
    const before = partFiles();
    const key = await server.apiKey(city.tenant, ['imports:write']);
    await breakOff(id, key);
    expect((await state(id)).parts).toEqual([]);
    expect(partFiles()).toEqual(before);
    expect((await put(id, 1, bytes, key)).status).toBe(200);
    expect((await finish(id, 'parts=1&commit=1', key)).json).toMatchObject({ state: 'committed' });
  });

  it('can be given up', async () => {
    const bytes = file(7);
    const { id } = await start(bytes);
    const before = partFiles();
    await put(id, 1, bytes);
    expect(partFiles()).toHaveLength(before.length + 1);
    expect((await client.send('DELETE', `/uploads/${id}`, { headers: marked })).status).toBe(204);
    expect(partFiles()).toEqual(before);
    expect(codeOf(await client.send('GET', `/uploads/${id}`))).toEqual([404, 'upload_not_found']);
  });

  it('is gone a day after it was begun, its parts with it', async () => {
    const bytes = file(8);
    const { id } = await start(bytes);
    await put(id, 1, bytes);
    await server.sql(`update upload set started_at = started_at - interval '25 hours' where id = '${id}'`);
    expect(codeOf(await client.send('GET', `/uploads/${id}`))).toEqual([404, 'upload_not_found']);
    expect(codeOf(await finish(id, 'parts=1'))).toEqual([404, 'upload_not_found']);
    const yesterday = Date.now() / 1000 - 90_000;
    const folder = join(server.dataDir, 'files', city.tenant.tenantId, 'parts');
    for (const name of partFiles()) utimesSync(join(folder, name), yesterday, yesterday);
    await server.app.get(SweepFiles).sweep();
    expect(partFiles()).toEqual([]);
  });

  it('is nobody else’s: not another city’s, not a viewer’s, not a foreign page’s, not a reading key’s', async () => {
    const bytes = file(9);
    const { id } = await start(bytes);
    const { client: stranger } = await server.city('330100');
    for (const answer of [
      await stranger.send('GET', `/uploads/${id}`),
      await put(id, 1, bytes, stranger),
      await finish(id, 'parts=1', stranger),
      await stranger.send('DELETE', `/uploads/${id}`, { headers: marked }),
    ]) {
      expect(codeOf(answer)).toEqual([404, 'upload_not_found']);
    }
    const viewer = await server.member(city.tenant, 'viewer');
    expect(codeOf(await put(id, 1, bytes, viewer))).toEqual([403, 'forbidden']);
    const reader = await server.apiKey(city.tenant, ['imports:read']);
    expect(codeOf(await put(id, 1, bytes, reader))).toEqual([403, 'forbidden']);
    expect(codeOf(await client.send('DELETE', `/uploads/${id}`))).toEqual([403, 'cross_site_refused']);
    expect((await state(id)).parts).toEqual([]);
  });
});

/** Sends half of a part, then hangs up. */
async function breakOff(id: string, key: ApiClient): Promise<void> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  await new Promise((resolve) => socket.once('connect', resolve));
  const headers = Object.entries(key.sent).map(([name, value]) => `${name}: ${value}`);
  socket.write(
    [
      `PUT /uploads/${id}/parts/1 HTTP/1.1`,
      `host: ${hostname}`,
      ...headers,
      `content-digest: sha-256=:${sha256(Buffer.from('')).toString('base64')}:`,
      'content-length: 1000',
      '',
      'half of it',
    ].join('\r\n'),
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 300));
}
