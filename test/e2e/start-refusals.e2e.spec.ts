import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { appendFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, testSecret, type TestDatabase } from '../harness/test-cluster.js';
import { build, ServerProcess } from './server-process.js';

let database: TestDatabase;
let dataDir: string;
beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'hotline-refused-'));
});
afterAll(async () => {
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Starts, expects the refusal, and returns what it says: nothing but sentences, one in each language. */
async function refusal(env: Readonly<Record<string, string>>): Promise<{ zh: string; en: string }> {
  const server = ServerProcess.start({ HOTLINE_DATA_DIR: dataDir, HOTLINE_PORT: '0', ...env });
  expect(await server.ended()).toBe(1);
  expect(server.out).toBe('');
  const lines = server.error.trim().split('\n');
  expect(lines).toHaveLength(2);
  expect(server.error).not.toMatch(/\bat .*:\d+:\d+|node_modules|Error:/);
  return { zh: lines[0] ?? '', en: lines[1] ?? '' };
}

const external = (): Record<string, string> => ({
  HOTLINE_DATABASE_URL: database.ownerUrl,
  HOTLINE_SECRET: testSecret,
  HOTLINE_DEMO: '0',
});

describe('a start that cannot go well', () => {
  it.each(['three thousand', '65536', '-1', '80.5'])('names the port that is none: %s', async (port) => {
    const { zh, en } = await refusal({ HOTLINE_PORT: port });
    for (const sentence of [zh, en]) {
      expect(sentence).toContain('HOTLINE_PORT');
      expect(sentence).toContain(port);
    }
    expect(en).toContain('65535');
  });

  it('names the port that another program holds', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      const { zh, en } = await refusal({ ...external(), HOTLINE_PORT: String(port) });
      for (const sentence of [zh, en]) expect(sentence).toContain(String(port));
      expect(en).toContain('HOTLINE_PORT');
    } finally {
      other.close();
    }
  });

  it('names a variable that nobody knows, and the one that may be meant', async () => {
    const { zh, en } = await refusal({ HOTLINE_PROT: '3000' });
    for (const sentence of [zh, en]) expect(sentence).toMatch(/HOTLINE_PROT.*HOTLINE_PORT/);
    expect((await refusal({ HOTLINE_COFFEE: 'black' })).en).toContain('HOTLINE_COFFEE');
  });

  it('asks for a secret that is long enough, and does not repeat the one it got', async () => {
    const { zh, en } = await refusal({ ...external(), HOTLINE_SECRET: 'hunter2' });
    for (const sentence of [zh, en]) {
      expect(sentence).toContain('HOTLINE_SECRET');
      expect(sentence).toContain('32');
      expect(sentence).not.toContain('hunter2');
    }
    const { HOTLINE_DATABASE_URL } = external();
    expect((await refusal({ HOTLINE_DATABASE_URL: HOTLINE_DATABASE_URL ?? '' })).en).toContain(
      'HOTLINE_SECRET is not set',
    );
  });

  it('refuses a login for the application that owns the tables', async () => {
    const { zh, en } = await refusal({ ...external(), HOTLINE_APP_DATABASE_URL: database.ownerUrl });
    for (const sentence of [zh, en]) {
      expect(sentence).toContain('HOTLINE_APP_DATABASE_URL');
      expect(sentence).toContain('hotline_app');
      expect(sentence).not.toContain(new URL(database.ownerUrl).password);
    }
    // For what it may do: for its name alone another would be refused, too.
    expect(en).toContain('may create roles');
  });

  it('names a database that does not answer, without its password', async () => {
    const { en } = await refusal({
      ...external(),
      HOTLINE_DATABASE_URL: 'postgres://owner:s3cret@127.0.0.1:1/hotline',
    });
    expect(en).toContain('HOTLINE_DATABASE_URL');
    expect(en).not.toContain('s3cret');
  });

  it.each(['api', 'worker'] as const)('of the %s names what is wrong in the files of a method', async (program) => {
    const folder = mkdtempSync(join(tmpdir(), 'hotline-build-'));
    try {
      const from = join(folder, 'dist');
      cpSync(build, from, { recursive: true });
      symlinkSync(join(build, '../node_modules'), join(folder, 'node_modules'));
      symlinkSync(join(build, '../package.json'), join(folder, 'package.json'));
      appendFileSync(join(from, 'libs/methodology/data/national-2023/aggregation.yaml'), '\nweather: fine\n');
      const server = ServerProcess.start(
        { HOTLINE_DATA_DIR: dataDir, HOTLINE_PORT: '0', ...external() },
        { program, from },
      );
      expect(await server.ended()).toBe(1);
      expect(server.error).toContain('the method national-2023 cannot be used:');
      expect(server.error).toMatch(/^aggregation\.yaml: .*weather/m);
      expect(server.error).not.toMatch(/\bat .*:\d+:\d+|node_modules|Error:/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
