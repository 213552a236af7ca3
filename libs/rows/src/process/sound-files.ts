import { stat } from 'node:fs/promises';
import type { FilePrint } from '../tasks.js';
import { StoredFileDamaged } from './row-errors.js';

const mostRemembered = 20_000;

/**
 * Stored files of which this process knows that they hold what was written. Looking whether a file is there and has its
 * size costs nothing and is done every time; it is read from end to end once, and again when it was touched.
 */
export class SoundFiles {
  private readonly stamps = new Map<string, string>();

  /**
   * @param verify reads files from end to end and names those that are not as they were written
   * @throws StoredFileDamaged
   */
  async require(
    files: readonly FilePrint[],
    verify: (files: readonly FilePrint[]) => Promise<readonly string[]>,
  ): Promise<void> {
    const unread: { readonly print: FilePrint; readonly stamp: string }[] = [];
    const stamps = await Promise.all(files.map(stampOf));
    for (const [index, print] of files.entries()) {
      const stamp = stamps[index] ?? null;
      if (stamp === null) throw new StoredFileDamaged(print.file);
      if (this.stamps.get(print.file) !== stamp) unread.push({ print, stamp });
    }
    if (unread.length === 0) return;
    const [changed] = await verify(unread.map(({ print }) => print));
    if (changed !== undefined) throw new StoredFileDamaged(changed);
    for (const { print, stamp } of unread) this.keep(print.file, stamp);
  }

  /** They were written just now. */
  async remember(files: readonly FilePrint[]): Promise<void> {
    for (const print of files) {
      const stamp = await stampOf(print);
      if (stamp !== null) this.keep(print.file, stamp);
    }
  }

  private keep(file: string, stamp: string): void {
    if (this.stamps.size >= mostRemembered) this.stamps.clear();
    this.stamps.set(file, stamp);
  }
}

/** null: the file is missing or has another size. */
async function stampOf({ file, sha256, bytes }: FilePrint): Promise<string | null> {
  const found = await stat(file, { bigint: true }).catch(() => null);
  if (!found?.isFile() || found.size !== BigInt(bytes)) return null;
  return `${found.ino} ${found.mtimeNs} ${found.ctimeNs} ${sha256}`;
}
