import { createHash } from 'node:crypto';
import { open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FilePrint } from '../tasks.js';

/** SHA-256 (hex) and size in bytes of a file, read a megabyte at a time. */
export async function fingerprint(file: string): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(1 << 20);
  let bytes = 0;
  const handle = await open(file, 'r');
  try {
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, bytes);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
      bytes += bytesRead;
    }
  } finally {
    await handle.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

export async function filePrints(files: readonly string[]): Promise<readonly FilePrint[]> {
  const prints: FilePrint[] = [];
  for (const file of files) prints.push({ file, ...(await fingerprint(file)) });
  return prints;
}

/** Names of the files that are missing or do not hold what they held when they were written. */
export async function changedFiles(files: readonly FilePrint[]): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const { file, sha256, bytes } of files) {
    const now = await fingerprint(file).catch(() => null);
    if (now?.sha256 !== sha256 || now.bytes !== bytes) changed.push(file);
  }
  return changed;
}

/** Whether two files hold the same bytes. */
export async function sameBytes(one: string, other: string): Promise<boolean> {
  if (one === other) return true;
  const [{ size }, { size: otherSize }] = await Promise.all([stat(one), stat(other)]);
  if (size !== otherSize) return false;
  const [print, otherPrint] = await Promise.all([fingerprint(one), fingerprint(other)]);
  return print.sha256 === otherPrint.sha256;
}

/** Gives a finished file its name in such a way that after a crash it is there whole or not at all. */
export async function publish(temporary: string, file: string): Promise<void> {
  const written = await open(temporary, 'r');
  try {
    await written.sync();
  } finally {
    await written.close();
  }
  await rename(temporary, file);
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
