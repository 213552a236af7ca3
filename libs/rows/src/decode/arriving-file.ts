import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const lookEveryMs = 2;

/**
 * An upload that may be read while it is still written: `file` exists, and grows to `arriving` bytes. Who writes it ends
 * the work when that fails. undefined: it is all there.
 */
export interface ArrivingFile {
  readonly file: string;
  readonly arriving?: number;
}

/** Whether the file, while it is written, will have more bytes than so many. */
export function hasMoreThan({ arriving }: ArrivingFile, bytes: number): boolean {
  return arriving !== undefined && arriving > bytes;
}

/** Waits until the first bytes of the file are there, or all where it has fewer. */
export async function whenArrived({ file, arriving }: ArrivingFile, bytes = Infinity): Promise<void> {
  if (arriving === undefined) return;
  while ((await stat(file)).size < Math.min(bytes, arriving)) await sleep(lookEveryMs);
}

/** Bytes of the file when it is whole. */
export async function bytesOf({ file, arriving }: ArrivingFile): Promise<number> {
  return arriving ?? (await stat(file)).size;
}
