import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { LineReader, type LineRange, type LineTask, type PlainGroup } from './line-reader.js';
import type { LineMessage } from './line-worker.js';

/** Reads ranges of the lines of one file. */
export interface LineReaders {
  /** Ranges that are worth waiting in line at a time. */
  readonly atOnce: number;
  open(task: LineTask): void;
  read(range: LineRange): Promise<readonly PlainGroup[]>;
  /** They may be closed already. */
  close(): Promise<void>;
}

/** Reads in the thread that asks. */
export class LinesHere implements LineReaders {
  readonly atOnce = 1;
  private reader: LineReader | null = null;

  open(task: LineTask): void {
    this.reader = new LineReader(task);
  }

  async read(range: LineRange): Promise<readonly PlainGroup[]> {
    // Between ranges, events get their turn.
    await nextTurn();
    if (!this.reader) throw new Error('no file to read');
    return this.reader.read(range);
  }

  close(): Promise<void> {
    this.reader?.close();
    this.reader = null;
    return Promise.resolve();
  }
}

interface Waiting {
  readonly resolve: (groups: readonly PlainGroup[]) => void;
  readonly reject: (error: Error) => void;
}

/** A thread with the ranges that it was given, in the order in which it answers. */
class LineThread {
  readonly waiting: Waiting[] = [];
  private readonly worker: Worker;
  private failure: Error | null = null;

  constructor() {
    this.worker = new Worker(new URL('./line-worker.js', import.meta.url), { env: {}, execArgv: [] });
    // Nobody waits for a thread but who asked it something.
    this.worker.unref();
    this.worker.on('message', (groups: readonly PlainGroup[]) => this.waiting.shift()?.resolve(groups));
    this.worker.on('error', (error) => this.fail(error instanceof Error ? error : new Error(String(error))));
    this.worker.on('exit', (code) => this.fail(new Error(`a thread that reads lines ended with ${code}`)));
  }

  open(task: LineTask): void {
    this.worker.postMessage({ task } satisfies LineMessage);
  }

  read(range: LineRange): Promise<readonly PlainGroup[]> {
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(this.failure);
      this.waiting.push({ resolve, reject });
      this.worker.postMessage({ range } satisfies LineMessage);
    });
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.splice(0)) reject(this.failure);
  }
}

/** Ranges that wait for each thread, so that it is never without work. */
const rangesOfThread = 2;

/** Reads in threads, which begin at once and last for one file: nothing of a tenant is left in them. */
export class LineThreads implements LineReaders {
  readonly atOnce: number;
  private readonly threads: readonly LineThread[];

  constructor(count: number) {
    this.threads = Array.from({ length: count }, () => new LineThread());
    this.atOnce = count * rangesOfThread;
  }

  open(task: LineTask): void {
    for (const thread of this.threads) thread.open(task);
  }

  read(range: LineRange): Promise<readonly PlainGroup[]> {
    const [least, ...others] = this.threads;
    if (!least) throw new Error('no thread to read lines');
    const free = others.reduce((best, thread) => (thread.waiting.length < best.waiting.length ? thread : best), least);
    return free.read(range);
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.end()));
  }
}
