import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream, type Dirent } from 'node:fs';
import {
  chmod,
  mkdir,
  mkdtemp,
  open,
  readdir,
  rename,
  rm,
  rmdir,
  stat,
  statfs,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FileStore, type ListedFile, type StoredFile } from './file-store.js';
import { seal, sealedHead, unseal } from './sealed-file.js';
import { ofLostProcess, processPrefix } from './process-folders.js';
import type { TenantKeys } from './tenant-keys.js';

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** What a write that never ended leaves; no name may end so. */
const unfinished = '.part';
/** So much of a file is read or kept for writing at a time. */
const partBytes = 1024 * 1024;
/** So much is written before the disk is asked to keep it. */
const syncBytes = 16 * 1024 * 1024;

/** Keeps files in a folder of this machine. */
export class LocalFileStore extends FileStore {
  readonly scratchRoot: string;
  private readonly root: string;

  constructor(
    dataDir: string,
    private readonly keys: TenantKeys,
  ) {
    super();
    this.root = join(dataDir, 'files');
    this.scratchRoot = join(dataDir, 'scratch');
  }

  /** Makes the folders. Others than the service's user have no business in them. */
  async open(): Promise<this> {
    for (const folder of [this.root, this.scratchRoot]) {
      await mkdir(folder, { recursive: true });
      await chmod(folder, 0o700);
    }
    return this;
  }

  async writeStream(tenantId: string, name: string, body: Readable): Promise<StoredFile> {
    const path = this.pathFor(tenantId, name);
    const aside = `${path}.${randomUUID()}${unfinished}`;
    const hash = createHash('sha256');
    let bytes = 0;
    const measured = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    };
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(aside, 'wx', 0o600);
      try {
        await writeAll(file, seal(this.keys.tenantKey(tenantId, 'files'), measured()));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(aside, path);
      await syncFolder(dirname(path));
    } catch (error) {
      // Where nothing could be written, nobody has read it to its end.
      body.destroy();
      await rm(aside, { force: true });
      throw error;
    }
    return { sha256: hash.digest('hex'), bytes };
  }

  async *read(tenantId: string, name: string): AsyncGenerator<Buffer> {
    const file = await open(this.pathFor(tenantId, name), 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(sealedHead));
      yield* unseal(this.keys.tenantKey(tenantId, 'files'), buffer.subarray(0, bytesRead), contentOf(file));
    } finally {
      await file.close();
    }
  }

  async decryptTo(tenantId: string, name: string, path: string, signal?: AbortSignal): Promise<void> {
    try {
      const file = createWriteStream(path, { mode: 0o600, highWaterMark: partBytes });
      await pipeline(this.read(tenantId, name), file, { signal });
    } catch (error) {
      // Half of a file must not be taken for the whole of it.
      await rm(path, { force: true });
      throw error;
    }
  }

  async remove(tenantId: string, name: string): Promise<void> {
    await rm(this.pathFor(tenantId, name), { force: true });
  }

  async has(tenantId: string, name: string): Promise<boolean> {
    return (await stat(this.pathFor(tenantId, name)).catch(() => null)) !== null;
  }

  async removeAll(tenantId: string): Promise<{ files: number; bytes: number }> {
    const folder = this.pathFor(tenantId);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    let files = 0;
    let bytes = 0;
    for (const entry of entries.filter((each) => each.isFile())) {
      const found = await stat(join(entry.parentPath, entry.name)).catch(() => null);
      files += 1;
      bytes += found?.size ?? 0;
    }
    await rm(folder, { recursive: true, force: true });
    return { files, bytes };
  }

  async removeOlder(folder: string, olderThanMs: number): Promise<number> {
    const before = Date.now() - olderThanMs;
    let removed = 0;
    for (const tenant of await this.tenants()) {
      const within = this.pathFor(tenant, folder);
      for (const name of await readdir(within).catch(() => [])) {
        const path = join(within, name);
        const found = await stat(path).catch(() => null);
        if (!found?.isFile() || found.mtimeMs >= before) continue;
        await rm(path, { force: true });
        removed += 1;
      }
    }
    return removed;
  }

  async tenants(): Promise<readonly string[]> {
    return (await readdir(this.root)).filter((name) => uuidPattern.test(name));
  }

  async list(tenantId: string, folder: string): Promise<readonly ListedFile[]> {
    // Unfinished ones have a sweep of their own.
    return this.entries(tenantId, folder, (entry) => entry.isFile() && !entry.name.endsWith(unfinished));
  }

  async emptyFolders(tenantId: string, folder: string): Promise<readonly ListedFile[]> {
    const folders = await this.entries(tenantId, folder, (entry) => entry.isDirectory());
    const held = await Promise.all(
      folders.map(({ name }) => readdir(this.pathFor(tenantId, name)).catch(() => ['gone'])),
    );
    return folders.filter((_, index) => held[index]?.length === 0);
  }

  private async entries(
    tenantId: string,
    folder: string,
    wanted: (entry: Dirent) => boolean,
  ): Promise<readonly ListedFile[]> {
    const own = this.pathFor(tenantId);
    const entries = await readdir(this.pathFor(tenantId, folder), { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    const listed: ListedFile[] = [];
    for (const entry of entries.filter(wanted)) {
      const path = join(entry.parentPath, entry.name);
      const found = await stat(path).catch(() => null);
      if (found) listed.push({ name: relative(own, path).split(sep).join('/'), writtenAt: found.mtimeMs });
    }
    return listed;
  }

  async removeEmpty(tenantId: string, folders: readonly string[]): Promise<void> {
    for (const folder of new Set(folders)) {
      for (let parts = folder.split('/'); parts.length > 1; parts = parts.slice(0, -1)) {
        const removed = await rmdir(this.pathFor(tenantId, ...parts)).then(
          () => true,
          () => false,
        );
        if (!removed) break;
      }
    }
  }

  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.root);
    return bavail * bsize;
  }

  pathFor(tenantId: string, ...segments: string[]): string {
    const tenant = tenantId.toLowerCase();
    if (!uuidPattern.test(tenant)) throw new Error(`${JSON.stringify(tenantId)} is no tenant id`);
    const parts = segments.flatMap((segment) => segment.split(/[\\/]/));
    for (const part of parts) {
      if (part === '' || part === '.' || part === '..' || part.includes('\0') || part.endsWith(unfinished)) {
        throw new Error(`${JSON.stringify(segments.join(sep))} is no path within a tenant's folder`);
      }
    }
    return join(this.root, tenant, ...parts);
  }

  async scratchDir(): Promise<string> {
    return mkdtemp(join(this.scratchRoot, `${processPrefix('work')}`));
  }

  async sweep(olderThanMs: number): Promise<number> {
    const before = Date.now() - olderThanMs;
    const stale = async (path: string): Promise<boolean> => {
      const found = await stat(path).catch(() => null);
      return found !== null && found.mtimeMs < before;
    };
    const scratch = await readdir(this.scratchRoot);
    const candidates = scratch.map((entry) => join(this.scratchRoot, entry));
    for (const tenant of await this.tenants()) {
      const own = join(this.root, tenant);
      // Another process may remove folders meanwhile; what is missed now is found by the next sweep.
      const entries = await readdir(own, { recursive: true }).catch(() => []);
      candidates.push(...entries.filter((entry) => entry.endsWith(unfinished)).map((entry) => join(own, entry)));
    }
    const lost = new Set(scratch.filter(ofLostProcess).map((entry) => join(this.scratchRoot, entry)));
    let removed = 0;
    for (const path of candidates) {
      if (!lost.has(path) && !(await stale(path))) continue;
      await rm(path, { recursive: true, force: true });
      removed += 1;
    }
    return removed;
  }
}

/** What is left of an open file, a megabyte at a time; each part is overwritten when the next is asked for. */
async function* contentOf(file: FileHandle): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(partBytes);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/**
 * Writes each part while the next is made, and has the disk begin with what is there long before the last one comes. A
 * part may be overwritten from when the next but one is asked for.
 */
async function writeAll(file: FileHandle, parts: AsyncIterable<Buffer>): Promise<void> {
  let writing = Promise.resolve();
  let syncing = Promise.resolve();
  let unsynced = 0;
  try {
    for await (const part of parts) {
      await writing;
      writing = awaitedLater(writeFile(file, part));
      unsynced += part.length;
      if (unsynced < syncBytes) continue;
      unsynced = 0;
      await syncing;
      syncing = awaitedLater(file.datasync());
    }
    await writing;
    await syncing;
  } finally {
    await Promise.allSettled([writing, syncing]);
  }
}

/** Its error comes out where it is awaited. */
function awaitedLater(work: Promise<void>): Promise<void> {
  work.catch(() => undefined);
  return work;
}

/** A renamed file survives a power cut only once its folder is on disk. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
