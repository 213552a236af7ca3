import { spawnSync } from 'node:child_process';
import { createCipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LocalFileStore } from './local-file-store.js';
import { SealBroken } from './sealed-file.js';
import { TenantKeys } from './tenant-keys.js';

const wuhan = '4f0c2f9e-7c1d-4c1b-9a51-0a8d4f3f2b11';
const hangzhou = 'b7a4d3c2-1e5f-4a6b-8c9d-2e3f4a5b6c7d';
const secret = 'kT9v!xQ2mZr7wLp4Yc8Bn3Hd6Fg1Js5A';

let folder: string;
let store: LocalFileStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hotline-files-'));
  store = await new LocalFileStore(folder, new TenantKeys(secret)).open();
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const keep = (bytes: Buffer | Buffer[], name = 'sources/one', tenant = wuhan) =>
  store.writeStream(tenant, name, Readable.from(Array.isArray(bytes) ? bytes : [bytes]));
const target = () => join(folder, 'decrypted');
const read = async (name = 'sources/one', tenant = wuhan): Promise<Buffer> => {
  await store.decryptTo(tenant, name, target());
  return readFileSync(target());
};
const entries = () =>
  readdirSync(join(folder, 'files'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

/** Plaintext of a piece, in bytes. */
const piece = 256 * 1024;

describe('a stored file', () => {
  it('comes back as it was, with the SHA-256 and the size of what came in', async () => {
    // FIPS 180-2, appendix B.1.
    expect(await keep(Buffer.from('abc'))).toEqual({
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      bytes: 3,
    });
    expect((await read()).toString()).toBe('abc');
  });

  it('comes back whatever its length and however it arrives', async () => {
    const lengths = fc.oneof(
      fc.constantFrom(0, 1, piece - 1, piece, piece + 1, 2 * piece, 2 * piece + 16, 3 * piece + 17),
      fc.nat(4 * piece),
    );
    await fc.assert(
      fc.asyncProperty(lengths, fc.integer({ min: 1, max: 100_000 }), async (length, chunk) => {
        const bytes = Buffer.alloc(length, 'hotline 热线 ');
        const chunks = Array.from({ length: Math.ceil(length / chunk) }, (_, index) =>
          bytes.subarray(index * chunk, (index + 1) * chunk),
        );
        const kept = await keep(chunks);
        expect(kept).toEqual({ sha256: createHash('sha256').update(bytes).digest('hex'), bytes: length });
        expect((await read()).equals(bytes)).toBe(true);
      }),
      { seed: 12345, numRuns: 40 },
    );
  });

  it('is unreadable on disk, and different each time', async () => {
    await keep(Buffer.from('来电号码 13800138000'));
    const path = store.pathFor(wuhan, 'sources/one');
    const first = readFileSync(path);
    expect(first.includes('13800138000')).toBe(false);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await keep(Buffer.from('来电号码 13800138000'));
    expect(readFileSync(path).equals(first)).toBe(false);
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    [
      'one bit is changed',
      (bytes) =>
        Buffer.concat([bytes.subarray(0, 70_000), Buffer.from([(bytes[70_000] ?? 0) ^ 1]), bytes.subarray(70_001)]),
    ],
    ['its end is missing', (bytes) => bytes.subarray(0, bytes.length - 1)],
    ['its last piece is missing', (bytes) => bytes.subarray(0, 20 + 2 * (piece + 16))],
    [
      'two pieces are swapped',
      (bytes) => {
        const [head, length] = [20, piece + 16];
        const part = (index: number) => bytes.subarray(head + index * length, head + (index + 1) * length);
        return Buffer.concat([bytes.subarray(0, head), part(1), part(0), bytes.subarray(head + 2 * length)]);
      },
    ],
    ['something follows it', (bytes) => Buffer.concat([bytes, Buffer.from('more')])],
    ['it is no such file', () => Buffer.from('just text, and some more of it')],
    ['it is empty', () => Buffer.alloc(0)],
  ])('is refused when %s, and nothing of it is left', async (_, damage) => {
    await keep(Buffer.alloc(2 * piece + 20_000, 'rows'));
    const path = store.pathFor(wuhan, 'sources/one');
    writeFileSync(path, damage(readFileSync(path)));
    await expect(read()).rejects.toBeInstanceOf(SealBroken);
    expect(existsSync(target())).toBe(false);
  });

  it('is read in the pieces of 64 KiB in which files were written at first', async () => {
    const text = Buffer.alloc(150_000, 'rows');
    const salt = randomBytes(16);
    const key = Buffer.from(
      hkdfSync('sha256', new TenantKeys(secret).tenantKey(wuhan, 'files'), salt, 'hotline:file', 32),
    );
    const pieces = [0, 1, 2].flatMap((number) => {
      const cipher = createCipheriv(
        'aes-256-gcm',
        key,
        Buffer.from([...Array<number>(10).fill(0), number, number === 2 ? 1 : 0]),
      );
      return [
        cipher.update(text.subarray(number * 65_536, (number + 1) * 65_536)),
        cipher.final(),
        cipher.getAuthTag(),
      ];
    });
    await keep(Buffer.from('replaced'));
    writeFileSync(store.pathFor(wuhan, 'sources/one'), Buffer.concat([Buffer.from('HLS1'), salt, ...pieces]));
    expect((await read()).equals(text)).toBe(true);
  });

  it('is refused to another tenant and to another installation', async () => {
    await keep(Buffer.from('rows'));
    const bytes = readFileSync(store.pathFor(wuhan, 'sources/one'));
    await keep(Buffer.from('rows'), 'sources/one', hangzhou);
    writeFileSync(store.pathFor(hangzhou, 'sources/one'), bytes);
    await expect(read('sources/one', hangzhou)).rejects.toBeInstanceOf(SealBroken);
    const other = await new LocalFileStore(folder, new TenantKeys(`${secret}!`)).open();
    await expect(other.decryptTo(wuhan, 'sources/one', target())).rejects.toBeInstanceOf(SealBroken);
  });

  it('is not there at all when its upload breaks off', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.alloc(100_000);
        await Promise.resolve();
        throw new Error('connection lost');
      })(),
    );
    await expect(store.writeStream(wuhan, 'sources/one', broken)).rejects.toThrow('connection lost');
    expect(entries()).toEqual([]);
  });

  it('is replaced as a whole, and kept when the replacement breaks off', async () => {
    await keep(Buffer.from('first'));
    const broken = new Readable({
      read() {
        this.destroy(new Error('connection lost'));
      },
    });
    await expect(store.writeStream(wuhan, 'sources/one', broken)).rejects.toThrow('connection lost');
    expect((await read()).toString()).toBe('first');
    await keep(Buffer.from('second'));
    expect((await read()).toString()).toBe('second');
  });

  it('can be removed, even twice', async () => {
    await keep(Buffer.from('rows'));
    await store.remove(wuhan, 'sources/one');
    await store.remove(wuhan, 'sources/one');
    expect(entries()).toEqual([]);
    await expect(read()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is no longer decrypted once nobody wants it', async () => {
    await keep(Buffer.alloc(1_000_000));
    await expect(store.decryptTo(wuhan, 'sources/one', target(), AbortSignal.abort())).rejects.toThrow('abort');
    expect(existsSync(target())).toBe(false);
  });
});

describe('paths', () => {
  it('stay within the folder of the tenant', () => {
    const own = join(folder, 'files', wuhan);
    expect(store.pathFor(wuhan)).toBe(own);
    expect(store.pathFor(wuhan.toUpperCase(), 'segments', 'calls/2026-10.parquet')).toBe(
      join(own, 'segments', 'calls', '2026-10.parquet'),
    );
  });

  it.each([['..'], ['a/../../b'], ['a\\..\\b'], ['/etc/passwd'], ['a//b'], ['.'], ['a\0b'], [''], ['x.part']])(
    'are refused when they are %j',
    (name) => {
      expect(() => store.pathFor(wuhan, name)).toThrow('no path');
    },
  );

  it.each(['', '..', 'not-a-tenant', `${wuhan}/..`])('are refused for the tenant %j', (tenant) => {
    expect(() => store.pathFor(tenant, 'a')).toThrow('no tenant id');
  });
});

describe('sweeping', () => {
  it('removes old scratch folders and unfinished files, and nothing else', async () => {
    await keep(Buffer.from('rows'));
    const [old, fresh] = [await store.scratchDir(), await store.scratchDir()];
    const unfinished = `${store.pathFor(wuhan, 'sources/two')}.0f.part`;
    writeFileSync(unfinished, '');
    writeFileSync(join(old, 'left'), '');
    const yesterday = Date.now() / 1000 - 86_400;
    for (const path of [old, unfinished, store.pathFor(wuhan, 'sources/one')]) utimesSync(path, yesterday, yesterday);
    expect(await store.sweep(3_600_000)).toBe(2);
    expect([old, unfinished].some((path) => existsSync(path))).toBe(false);
    expect(existsSync(fresh)).toBe(true);
    expect((await read()).toString()).toBe('rows');
  });

  it('removes at once what belongs to a process of this machine that is no more', async () => {
    const [fresh, theirs] = [await store.scratchDir(), await store.scratchDir()];
    const gone = String(spawnSync('true').pid);
    // In a container every start may have the same process id.
    const [, host, pid, start] = basename(theirs).split('@');
    const lost = [`work@${host}@${gone}@${start}@a`, `work@${host}@${pid}@00000000@b`].map((name) =>
      join(store.scratchRoot, name),
    );
    const elsewhere = join(store.scratchRoot, `work@another@${gone}@00000000@c`);
    for (const path of [...lost, elsewhere]) mkdirSync(path);
    expect(await store.sweep(3_600_000)).toBe(2);
    expect([...lost, fresh, theirs, elsewhere].map((path) => existsSync(path))).toEqual([
      ...[false, false],
      ...[true, true, true],
    ]);
  });

  it('removes what lies too long in one folder of every tenant, and nothing else', async () => {
    for (const tenant of [wuhan, hangzhou]) {
      for (const name of ['sources/old', 'sources/fresh', 'imports/old']) {
        await store.writeStream(tenant, name, Readable.from([Buffer.from('rows')]));
      }
      const yesterday = Date.now() / 1000 - 86_400;
      for (const name of ['sources/old', 'imports/old']) utimesSync(store.pathFor(tenant, name), yesterday, yesterday);
    }
    expect(await store.removeOlder('sources', 3_600_000)).toBe(2);
    for (const tenant of [wuhan, hangzhou]) {
      expect(await store.has(tenant, 'sources/old')).toBe(false);
      expect(await store.has(tenant, 'sources/fresh')).toBe(true);
      expect(await store.has(tenant, 'imports/old')).toBe(true);
    }
  });

  it('finds folders that only the service may enter', () => {
    for (const path of [join(folder, 'files'), store.scratchRoot]) expect(statSync(path).mode & 0o777).toBe(0o700);
  });
});

describe('keys', () => {
  it('differ by tenant and by purpose, and are the same tomorrow', () => {
    const keys = new TenantKeys(secret);
    const all = [
      keys.tenantKey(wuhan, 'files'),
      keys.tenantKey(wuhan, 'personal-data'),
      keys.tenantKey(hangzhou, 'files'),
      keys.installationKey('files'),
    ].map((key) => key.toString('hex'));
    expect(new Set(all).size).toBe(4);
    expect(all.every((key) => key.length === 64)).toBe(true);
    expect(new TenantKeys(secret).tenantKey(wuhan.toUpperCase(), 'files').toString('hex')).toBe(all[0]);
  });
});
