import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runInThisContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LocalFileStore } from './local-file-store.js';
import { TenantKeys } from './tenant-keys.js';

const tenant = '4f0c2f9e-7c1d-4c1b-9a51-0a8d4f3f2b11';
const megabyte = 1024 ** 2;

/** The process itself, of which tests see a copy. */
const ownProcess = runInThisContext('process') as NodeJS.Process;
/** A write beyond the limit is told by this signal too, which ends a process that does not listen for it. */
const ignore = (): void => undefined;

let folder: string;
let isMounted: boolean;
beforeEach(() => {
  ownProcess.on('SIGXFSZ', ignore);
  folder = mkdtempSync(join(tmpdir(), 'hotline-full-'));
  mkdirSync(join(folder, 'small'));
  // A disk of its own where this user may mount one, else a limit of the kernel on the size of files.
  isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', join(folder, 'small')]).status === 0;
});
afterEach(() => {
  if (isMounted) spawnSync('umount', [join(folder, 'small')]);
  else limitFiles('unlimited');
  ownProcess.off('SIGXFSZ', ignore);
  rmSync(folder, { recursive: true, force: true });
});

function limitFiles(bytes: string): void {
  const { status } = spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
  if (status !== 0) throw new Error('no way to make a small disk here');
}

describe('a disk that is full', () => {
  it('refuses the file, keeps nothing of it, and takes the next', async () => {
    const store = await new LocalFileStore(
      join(folder, 'small'),
      new TenantKeys('kT9v!xQ2mZr7wLp4Yc8Bn3Hd6Fg1Js5A'),
    ).open();
    const keep = (name: string, bytes: number) =>
      store.writeStream(tenant, name, Readable.from([Buffer.alloc(bytes, 'row')]));
    await keep('sources/before', megabyte);
    if (!isMounted) limitFiles(String(3 * megabyte));
    await expect(keep('sources/large', 8 * megabyte)).rejects.toMatchObject({ code: isMounted ? 'ENOSPC' : 'EFBIG' });
    expect(readdirSync(store.pathFor(tenant, 'sources'))).toEqual(['before']);
    await keep('sources/after', megabyte);
    expect(readdirSync(store.pathFor(tenant, 'sources')).sort()).toEqual(['after', 'before']);
    if (isMounted) expect(await store.freeBytes()).toBeLessThan(3 * megabyte);
  });
});
