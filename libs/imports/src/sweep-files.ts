import { dirname } from 'node:path';
import { FileStore, HourlyWork, TenantDb } from '@hotline/platform';
import { Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { ImportEntity } from './import.entity.js';
import { storedFiles } from './import-files.js';
import { SegmentEntity } from './segment.entity.js';
import { SegmentRepair } from './segment-repair.js';
import { partFolder, sourceFolder, storedFolders } from './stored-folders.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Between the end of a file and the row that points to it lies one transaction; leases last half a minute. */
const orphanAgeMs = hourMs;

/**
 * Keeps the stored files and the rows that point to them in step. Removed are source files
 * that were not committed within a day (they hold personal data) and files that nothing points to: left by a process
 * that was killed, or replaced by a commit. A file that something points to and that is gone raises an alarm.
 */
@Injectable()
export class SweepFiles extends HourlyWork {
  constructor(
    private readonly db: TenantDb,
    private readonly files: FileStore,
    private readonly repair: SegmentRepair,
  ) {
    super();
  }

  protected round(): Promise<number> {
    return this.sweep();
  }

  /** Safe beside running jobs of any process. Returns how many files it removed. */
  async sweep(now = Date.now()): Promise<number> {
    let removed = await this.files.sweep(24 * hourMs);
    for (const folder of [sourceFolder, partFolder]) removed += await this.files.removeOlder(folder, 24 * hourMs);
    for (const tenantId of await this.files.tenants()) removed += await this.sweepTenant(tenantId, now);
    return removed;
  }

  private async sweepTenant(tenantId: string, now: number): Promise<number> {
    // Listed before the rows are read: what is written meanwhile is not on the list, what is pointed to meanwhile is seen.
    const inEach = async <T>(list: (folder: string) => Promise<readonly T[]>): Promise<T[]> =>
      (await Promise.all(storedFolders.map(list))).flat();
    const listed = await inEach((folder) => this.files.list(tenantId, folder));
    const empty = await inEach((folder) => this.files.emptyFolders(tenantId, folder));
    if (listed.length + empty.length === 0) return 0;
    const { pointedTo, runningSince } = await this.readRows(tenantId);
    // A job that runs may have written files long ago that it has yet to point to.
    const before = Math.min(now - orphanAgeMs, runningSince - minuteMs);
    const known = new Set(pointedTo.map(({ file }) => file));
    const orphans = listed.filter(({ name, writtenAt }) => !known.has(name) && writtenAt < before);
    for (const { name } of orphans) await this.files.remove(tenantId, name);
    // Empty ones are left where a process was killed before it wrote its first file.
    await this.files.removeEmpty(tenantId, [
      ...orphans.map(({ name }) => dirname(name)),
      ...empty.filter(({ writtenAt }) => writtenAt < before).map(({ name }) => name),
    ]);
    if (orphans.length > 0) this.log.log({ tenantId, orphans: orphans.length });

    const there = new Set(listed.map(({ name }) => name));
    for (const { file, required } of pointedTo) {
      if (!required || there.has(file) || (await this.files.has(tenantId, file))) continue;
      await this.repair.rebuild(tenantId, this.files.pathFor(tenantId, file));
    }
    return orphans.length;
  }

  private async readRows(tenantId: string): Promise<{
    pointedTo: readonly { readonly file: string; readonly required: boolean }[];
    runningSince: number;
  }> {
    return this.db.runReadOnly({ tenantId }, async (manager) => {
      const [running]: { since: Date | null }[] = await manager.query(
        `select min(started_at) as since from job where tenant_id = $1 and state = 'running'`,
        [tenantId],
      );
      const segments = await manager.findBy(SegmentEntity, { tenantId });
      const imports = await manager.find(ImportEntity, {
        where: [
          { tenantId, result: Not(IsNull()) },
          { tenantId, sourceFile: Not(IsNull()) },
        ],
        select: { tenantId: true, id: true, state: true, result: true, sourceFile: true },
      });
      const rows = storedFiles('', { imports, segments }).map(({ file }) => ({ file, required: true }));
      // A source file is gone a day after its upload, as it should be.
      const sources = imports.flatMap(({ sourceFile }) =>
        sourceFile === null ? [] : [{ file: sourceFile, required: false }],
      );
      return { pointedTo: [...rows, ...sources], runningSince: running?.since?.getTime() ?? Infinity };
    });
  }
}
