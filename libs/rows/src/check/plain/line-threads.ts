import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { LineReader, type LineRange, type LineTask, type PlainGroup } from './line-reader.js';
import type { LineMessage } from './line-worker.js';

/** Reads ranges of the lines of one file. */
export interface LineReaders {
  /** Ranges that are worth waiting in line at a time. */
  readonly atOnce: number;
  /** A file is coming: whatever takes time may begin. */
  prepare(): void;
  open(task: LineTask): void;
  read(range: LineRange): Promise<readonly PlainGroup[]>;
  /** Nothing of the file is kept; it may be closed already. */
  close(): void;
}

/** Reads in the thread that asks. */
export class LinesHere implements LineReaders {
  readonly atOnce = 1;
  private reader: LineReader | null = null;

  prepare(): void {
    // There is nothing that takes time.
  }

  open(task: LineTask): void {
    this.reader = new LineReader(task);
  }

  async read(range: LineRange): Promise<readonly PlainGroup[]> {
    // Between ranges, events get their turn.
    await nextTurn();
    if (!this.reader) throw new Error('no file to read');
    return this.reader.read(range);
  }

  close(): void {
    this.reader?.close();
    this.reader = null;
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
    this.worker.on('message', (groups: readonly PlainGroup[]) => this.answer(groups));
    this.worker.on('error', (error) => this.fail(error instanceof Error ? error : new Error(String(error))));
    this.worker.on('exit', (code) => this.fail(new Error(`a thread that reads lines ended with ${code}`)));
    // The process ends without it, unless somebody waits for an answer; listening for one has it wait in any case.
    this.worker.unref();
  }

  get failed(): boolean {
    return this.failure !== null;
  }

  tell(message: LineMessage): void {
    this.worker.postMessage(message);
  }

  read(range: LineRange): Promise<readonly PlainGroup[]> {
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(this.failure);
      this.waiting.push({ resolve, reject });
      this.worker.ref();
      this.tell({ range });
    });
  }

  private answer(groups: readonly PlainGroup[]): void {
    this.waiting.shift()?.resolve(groups);
    if (this.waiting.length === 0) this.worker.unref();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.splice(0)) reject(this.failure);
  }
}

/** Ranges that wait for each thread, so that it is never without work. */
const rangesOfThread = 2;

/** Reads in threads, one file at a time. They begin with the first file; one that failed is replaced for the next. */
export class LineThreads implements LineReaders {
  readonly atOnce: number;
  private threads: readonly LineThread[] = [];

  constructor(private readonly count: number) {
    this.atOnce = count * rangesOfThread;
  }

  prepare(): void {
    const sound = this.threads.filter(({ failed }) => !failed);
    this.threads = [...sound, ...Array.from({ length: this.count - sound.length }, () => new LineThread())];
  }

  open(task: LineTask): void {
    this.prepare();
    for (const thread of this.threads) thread.tell({ task });
  }

  read(range: LineRange): Promise<readonly PlainGroup[]> {
    const [first, ...others] = this.threads;
    if (!first) throw new Error('no file to read');
    const free = others.reduce((best, thread) => (thread.waiting.length < best.waiting.length ? thread : best), first);
    return free.read(range);
  }

  close(): void {
    for (const thread of this.threads) thread.tell({ end: true });
  }
}
