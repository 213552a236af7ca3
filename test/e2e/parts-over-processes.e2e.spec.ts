import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ApiClient, type HttpAnswer, type ImportView } from './api-client.js';
import { CityServer } from './city-server.js';
import type { ServerProcess } from './server-process.js';

let server: CityServer;
let other: { readonly process: ServerProcess; readonly url: string };
beforeAll(async () => {
  server = await CityServer.start(1, { env: { HOTLINE_LOG_LEVEL: 'fatal' } });
  other = await server.beside();
});
afterAll(async () => {
  await other.process.ended('SIGTERM');
  await server.close();
});

const marked = { 'x-hotline-request': '1' };
const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');
const partLength = 400_000;
const rows = Array.from({ length: 24_000 }, (_, at) => {
  const day = String(1 + (at % 28)).padStart(2, '0');
  return `W${at},2023-02-${day} 09:00:00,电话,市容,2023-03-28 18:00:00,2023-02-${day} 17:00:00`;
});
const bytes = Buffer.from(['工单编号,受理时间,受理渠道,一级分类,办理期限,办结时间', ...rows, ''].join('\n'));
const parts = Array.from({ length: Math.ceil(bytes.length / partLength) }, (_, at) =>
  bytes.subarray(at * partLength, (at + 1) * partLength),
);

const put = (by: ApiClient, id: string, number: number): Promise<HttpAnswer> => {
  const part = parts[number - 1] ?? Buffer.alloc(0);
  return by.send('PUT', `/uploads/${id}/parts/${number}`, {
    headers: { ...marked, 'content-type': 'application/octet-stream', 'content-digest': `sha-256=:${digest(part)}:` },
    body: part,
  });
};
const arrived = async (by: ApiClient, id: string): Promise<number[]> =>
  ((await by.send('GET', `/uploads/${id}`)).json as { parts: { number: number }[] }).parts.map(({ number }) => number);

/** Files of parts, those that are still written included. */
const partFiles = (): string[] => {
  try {
    return readdirSync(join(server.dataDir, 'files', server.tenants[0]?.tenantId ?? '', 'parts'));
  } catch {
    return [];
  }
};

/** Sends the first half of a part and keeps the connection open. */
async function sendHalf(by: ApiClient, id: string, number: number): Promise<Socket> {
  const part = parts[number - 1] ?? Buffer.alloc(0);
  const { hostname, port } = new URL(by.url);
  const socket = connect(Number(port), hostname);
  // The process that is killed resets it.
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  const headers = Object.entries({ ...by.sent, ...marked }).map(([name, value]) => `${name}: ${value}`);
  const length = [`content-digest: sha-256=:${digest(part)}:`, `content-length: ${part.length}`];
  socket.write(
    [`PUT /uploads/${id}/parts/${number} HTTP/1.1`, `host: ${hostname}`, ...headers, ...length, '', ''].join('\r\n'),
  );
  socket.write(part.subarray(0, part.length / 2));
  return socket;
}

it('an upload by parts goes over two processes and outlives one that is killed in the middle of a part', async () => {
  expect(parts.length).toBeGreaterThan(3);
  const one = await server.client(0);
  let two = new ApiClient(other.url, { ...one.sent });
  const started = await one.send('POST', `/uploads?filename=orders.csv&bytes=${bytes.length}`, { headers: marked });
  const { id } = started.json as { id: string };
  expect((await put(one, id, 1)).status).toBe(200);
  expect((await put(two, id, 3)).status).toBe(200);
  expect([await arrived(one, id), await arrived(two, id)]).toEqual([
    [1, 3],
    [1, 3],
  ]);

  const whole = partFiles().length;
  const socket = await sendHalf(two, id, 2);
  for (let tries = 0; partFiles().length === whole && tries < 500; tries += 1) await sleep(10);
  expect(partFiles().length).toBe(whole + 1);
  expect(await other.process.ended('SIGKILL')).toBe('SIGKILL');
  socket.destroy();

  // Half a part is no part, and the other process goes on as if nothing had been.
  expect(await arrived(one, id)).toEqual([1, 3]);
  const early = await one.send('POST', `/uploads/${id}/finish?parts=${parts.length}`, { headers: marked });
  const missing = parts.map((_, at) => at + 1).filter((number) => number !== 1 && number !== 3);
  expect([early.status, early.json]).toMatchObject([409, { error: { code: 'parts_missing', missing } }]);

  other = await server.beside();
  two = new ApiClient(other.url, { ...one.sent });
  for (const number of missing) expect((await put(number % 2 === 0 ? two : one, id, number)).status).toBe(200);
  const finish = (by: ApiClient): Promise<HttpAnswer> =>
    by.send('POST', `/uploads/${id}/finish?parts=${parts.length}&commit=1&wait=60`, { headers: marked });
  const finished = (await Promise.all([finish(one), finish(two)])).map(({ json }) => json as ImportView);
  expect(new Set(finished.map((found) => found.id)).size).toBe(1);
  const found = await one.settled(finished[0]?.id ?? '');
  expect(found).toMatchObject({
    state: 'committed',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    counts: { accepted: rows.length, refused: 0 },
    changes: { inserted: rows.length },
  });
  // In one piece it is the same import.
  expect((await one.upload('orders.csv', bytes)).id).toBe(found.id);
  expect(partFiles().filter((name) => !name.endsWith('.part'))).toEqual([]);
}, 180_000);
