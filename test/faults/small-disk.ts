import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CityServer } from '../e2e/city-server.js';

/**
 * A disk of its own for a data folder, where this user may mount one: it can be filled up. Elsewhere the kernel refuses
 * the service files beyond a size, which looks the same to it but for the code of the error.
 */
export class SmallDisk {
  private constructor(
    private readonly folder: string,
    private readonly isMounted: boolean,
  ) {}

  static make(): SmallDisk {
    const folder = mkdtempSync(join(tmpdir(), 'hotline-disk-'));
    const data = join(folder, 'data');
    mkdirSync(data);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', data]);
    return new SmallDisk(folder, mounted.status === 0);
  }

  get dataDir(): string {
    return join(this.folder, 'data');
  }

  /** Starts the service that was stopped, with no room for more than so many kilobytes. */
  async resumeFull(server: CityServer, leftKb: number): Promise<void> {
    if (!this.isMounted) return server.resume(leftKb);
    const { bavail, bsize } = statfsSync(this.dataDir);
    writeFileSync(join(this.dataDir, 'filler'), Buffer.alloc(bavail * bsize - leftKb * 1024));
    await server.resume();
  }

  /** Makes room again. */
  clear(): void {
    rmSync(join(this.dataDir, 'filler'), { force: true });
  }

  remove(): void {
    if (this.isMounted) spawnSync('umount', [this.dataDir]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
