import { fork } from 'node:child_process';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CityPlan, Period, WrittenFile } from '@hotline/demo';
import type { DatasetId } from '@hotline/rows';

export interface FileOrder {
  readonly path: string;
  readonly dataset: DatasetId;
  readonly plan: CityPlan;
  readonly period: Period;
  /** `csv-windows` holds the same rows as `csv` in other bytes: a byte-order mark and `\r\n`. */
  readonly format: 'csv' | 'csv-windows' | 'gb18030' | 'xlsx';
  /** At most so many; default all of the period. */
  readonly rows?: number;
  readonly columns?: readonly string[];
}

export interface SampleFile extends WrittenFile {
  readonly dataset: DatasetId;
}

/** Files are read in pieces of so many bytes, for COPY as for imports: in those of Node reading alone takes 0.15 s. */
export const readBytes = 256 * 1024;

/** Files that are written at the same time. */
const atOnce = 2;

/** Writes the files, each in a process of its own. Nothing is timed meanwhile. */
export async function writeFiles(
  orders: readonly FileOrder[],
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<readonly SampleFile[]> {
  const files = new Map<FileOrder, SampleFile>();
  const waiting = [...orders];
  const writer = async (): Promise<void> => {
    for (let order = waiting.shift(); order; order = waiting.shift()) {
      const file = { dataset: order.dataset, ...(await writeFile(order, signal)) };
      files.set(order, file);
      say(`wrote ${basename(file.path)}: ${file.rows} rows, ${(file.bytes / 1e6).toFixed(1)} MB`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, writer));
  return orders.flatMap((order) => files.get(order) ?? []);
}

function writeFile(order: FileOrder, signal: AbortSignal): Promise<WrittenFile> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./write-file.js', import.meta.url)), [JSON.stringify(order)], {
      execArgv: [],
      signal,
    });
    child.once('message', (written) => resolve(written as WrittenFile));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`writing ${order.path} ended with ${code}`)));
  });
}
