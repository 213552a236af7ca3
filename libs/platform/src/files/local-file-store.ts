import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, type Dirent } from 'node:fs';
import { chmod, mkdir, mkdtemp, open, readdir, rename, rm, rmdir, stat, statfs } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FileStore, type ListedFile, type StoredFile } from './file-store.js';
import { Seal, streamBytes, Unseal } from './sealed-stream.js';
import { ofLostProcess, processPrefix } from './process-folders.js';
import type { TenantKeys } from './tenant-keys.js';

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** What a write that never ended leaves; no name may end so. */
const unfinished = '.part';

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
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const aside = `${path}.${randomUUID()}${unfinished}`;
    const hash = createHash('sha256');
    let bytes = 0;
    const measure = new Transform({
      highWaterMark: streamBytes,
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        bytes += chunk.length;
        done(null, chunk);
      },
    });
    const file = createWriteStream(aside, { mode: 0o600, flags: 'wx', flush: true, highWaterMark: streamBytes });
    try {
      await pipeline(body, measure, new Seal(this.keys.tenantKey(tenantId, 'files')), file);
      await rename(aside, path);
      await syncFolder(dirname(path));
    } catch (error) {
      // Removed before it is opened, it would be there afterwards.
      file.destroy();
      if (!file.closed) await new Promise<void>((resolve) => file.once('close', () => resolve()));
      await rm(aside, { force: true });
      throw error;
    }
    return { sha256: hash.digest('hex'), bytes };
  }

  async *read(tenantId: string, name: string): AsyncGenerator<Buffer> {
    const unsealed = new Unseal(this.keys.tenantKey(tenantId, 'files'));
    // Its error comes out of the loop, too.
    const done = pipeline(
      createReadStream(this.pathFor(tenantId, name), { highWaterMark: streamBytes }),
      unsealed,
    ).catch(() => undefined);
    yield* unsealed;
    await done;
  }

  async decryptTo(tenantId: string, name: string, path: string, signal?: AbortSignal): Promise<void> {
    try {
      await pipeline(
        createReadStream(this.pathFor(tenantId, name), { highWaterMark: streamBytes }),
        new Unseal(this.keys.tenantKey(tenantId, 'files')),
        createWriteStream(path, { mode: 0o600, highWaterMark: streamBytes }),
        { signal },
      );
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
    const candidates = [
      ...scratch.map((entry) => join(this.scratchRoot, entry)),
      ...(await readdir(this.root, { recursive: true }))
        .filter((entry) => entry.endsWith(unfinished))
        .map((entry) => join(this.root, entry)),
    ];
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

/** A renamed file survives a power cut only once its folder is on disk. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
