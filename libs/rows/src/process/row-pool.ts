import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FilePrint, RowTask, TaskResults } from '../tasks.js';
import { RowChild } from './row-child.js';
import type { RowChildLimits } from './row-child.js';
import { RowPoolUnavailable } from './row-errors.js';
import { SoundFiles } from './sound-files.js';
import { filesRead } from './task-folders.js';

export interface RowPoolOptions {
  /** Processes at most; each is started when first needed. */
  readonly size: number;
  /** Memory of the database in each process. */
  readonly memoryMb?: number;
  /** Existing folder on a local disk for what the processes spill; may be shared with other pools. */
  readonly scratchDir: string;
  /** Memory of JavaScript in each process. */
  readonly heapMb?: number;
  /** A process that holds more memory than this, all told, is ended. */
  readonly residentMb?: number;
  readonly threads?: number;
  /** Tasks after which a process is replaced. */
  readonly tasksPerProcess?: number;
  /** Tasks that may wait. */
  readonly maxWaiting?: number;
}

export interface RunOptions {
  /** Ends the process that works on the task; the promise rejects with the reason of the signal. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** What stored files held when they were written: those that the task reads must still hold it. */
  readonly stored?: readonly FilePrint[];
}

interface Waiting {
  readonly start: (child: RowChild) => void;
  readonly reject: (error: unknown) => void;
}

/** In a container every start may have the same process id. */
const thisStart = randomUUID().slice(0, 8);

const defaultTimeoutMs = 15 * 60_000;

/** Warm child processes that do row tasks, so that no upload can exhaust or crash the service itself. */
export class RowPool {
  private readonly idle: RowChild[] = [];
  private readonly alive = new Set<RowChild>();
  private readonly ending = new Set<Promise<void>>();
  private readonly waiting: Waiting[] = [];
  private readonly sound = new SoundFiles();
  private readonly entry: string;
  private readonly swept: Promise<void>;
  private closed = false;

  constructor(private readonly options: RowPoolOptions) {
    if (!Number.isInteger(options.size) || options.size < 1)
      throw new RangeError('a row pool needs at least one process');
    this.entry = processEntry();
    this.swept = sweep(options.scratchDir);
    // Told to the first caller that runs a task, not to the process as a whole.
    this.swept.catch(() => undefined);
  }

  /**
   * Throws FileRefused (the upload is refused whole), RowTaskFailed (a fault inside), RowProcessDied (timeout, memory,
   * crash), RowPoolUnavailable (closed or too many waiting), StoredFileDamaged, or the reason of the signal.
   */
  async run<T extends RowTask>(
    task: T,
    { signal, timeoutMs = defaultTimeoutMs, stored = [] }: RunOptions = {},
  ): Promise<TaskResults[T['kind']]> {
    await this.swept;
    if (stored.length > 0) {
      const read = new Set(filesRead(task));
      const files = stored.filter(({ file }) => read.has(file));
      const options = { timeoutMs, ...(signal ? { signal } : {}) };
      await this.sound.require(files, (unread) => this.run({ kind: 'verify', files: unread }, options));
    }
    const child = await this.take(signal);
    try {
      const result = (await child.run(task, timeoutMs, signal)) as TaskResults[T['kind']];
      await this.sound.remember(filesWritten(task, result));
      return result;
    } finally {
      this.giveBack(child);
    }
  }

  /** Ends every process and removes what they left. Tasks at work and tasks that wait are rejected. */
  async close(): Promise<void> {
    this.closed = true;
    for (const each of this.waiting.splice(0)) each.reject(new RowPoolUnavailable('closed'));
    await this.swept;
    for (const child of this.alive) this.retire(child);
    await Promise.all(this.ending);
  }

  private take(signal: AbortSignal | undefined): Promise<RowChild> {
    if (this.closed) return Promise.reject(new RowPoolUnavailable('closed'));
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const child = this.free();
    if (child) return Promise.resolve(child);
    if (this.waiting.length >= (this.options.maxWaiting ?? 1000)) return Promise.reject(new RowPoolUnavailable('full'));
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.waiting.splice(this.waiting.indexOf(entry), 1);
        reject(signal?.reason);
      };
      const entry: Waiting = {
        start: (free) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(free);
        },
        reject,
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.waiting.push(entry);
    });
  }

  private free(): RowChild | null {
    for (let child = this.idle.pop(); child; child = this.idle.pop()) {
      if (child.usable) return child;
      this.retire(child);
    }
    if (this.alive.size >= this.options.size) return null;
    const child = new RowChild(this.entry, this.childLimits());
    this.alive.add(child);
    return child;
  }

  private giveBack(child: RowChild): void {
    if (this.closed || !child.usable || child.served >= (this.options.tasksPerProcess ?? 50)) this.retire(child);
    else this.idle.push(child);
    const next = this.waiting[0];
    const free = next && !this.closed ? this.free() : null;
    if (next && free) {
      this.waiting.shift();
      next.start(free);
    }
  }

  private retire(child: RowChild): void {
    if (!this.alive.delete(child)) return;
    const ended = child.end().finally(() => this.ending.delete(ended));
    this.ending.add(ended);
  }

  private childLimits(): RowChildLimits {
    const { memoryMb = 256, heapMb = 256, threads = 2, scratchDir } = this.options;
    return {
      memoryMb,
      heapMb,
      threads,
      // Room for the program itself, for buffers outside both limits and for a short overrun.
      residentMb: this.options.residentMb ?? memoryMb + heapMb + 512,
      scratchDir: join(scratchDir, `${folderPrefix()}${process.pid}-${thisStart}-${randomUUID()}`),
    };
  }
}

function filesWritten(task: RowTask, result: unknown): readonly FilePrint[] {
  if (task.kind === 'check') return (result as TaskResults['check']).files;
  if (task.kind !== 'merge') return [];
  const { segment } = result as TaskResults['merge'];
  return segment ? [segment] : [];
}

function folderPrefix(): string {
  return `row-process-${hostname().replaceAll(/[^A-Za-z0-9.]/g, '_')}-`;
}

/** Removes folders of processes whose parent on this machine was killed before it could. */
async function sweep(scratchDir: string): Promise<void> {
  const prefix = folderPrefix();
  for (const name of await readdir(scratchDir)) {
    const own = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    const pid = Number.parseInt(own, 10);
    const lost = pid === process.pid ? !own.startsWith(`${pid}-${thisStart}-`) : !isAlive(pid);
    if (Number.isInteger(pid) && lost) await rm(join(scratchDir, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The child runs compiled code: beside this file, or in the build folder where this file runs as TypeScript (tests). */
function processEntry(): string {
  const here = import.meta.url;
  const entry = here.endsWith('.ts')
    ? fileURLToPath(new URL('../../../../dist/libs/rows/src/process/row-process.js', here))
    : fileURLToPath(new URL('./row-process.js', here));
  if (!existsSync(entry)) throw new Error(`the row process is not built: ${entry} is missing, run npm run build`);
  return entry;
}
