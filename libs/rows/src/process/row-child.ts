import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { mkdirSync } from 'node:fs';
import { maskTypedText } from '../check/mask-personal.js';
import { FileRefused } from '../refused.js';
import type { RowTask } from '../tasks.js';
import { RowProcessDied, RowTaskFailed } from './row-errors.js';
import type { DeathReason } from './row-errors.js';
import type { RowProcessOptions, RowReply } from './row-message.js';

export interface RowChildLimits extends RowProcessOptions {
  /** Memory of JavaScript in the process. */
  readonly heapMb: number;
  /** The process is ended when it holds more than this, all memory counted (only where /proc tells). */
  readonly residentMb: number;
}

interface Pending {
  readonly task: RowTask;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const watchEveryMs = 250;
const pageBytes = 4096;

/** One child process with its folder. Lives for several tasks, dies at the first sign of trouble. */
export class RowChild {
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  private pending: Pending | null = null;
  private lastWords = '';
  private reason: DeathReason | null = null;
  private abortedBy: unknown = null;
  private watch: NodeJS.Timeout | null = null;
  /** Tasks answered so far. */
  served = 0;
  /** False once it failed or ended: never to be used again. */
  usable = true;

  constructor(
    entry: string,
    private readonly limits: RowChildLimits,
  ) {
    mkdirSync(limits.scratchDir, { recursive: true });
    const { memoryMb, threads, scratchDir } = limits;
    const options: RowProcessOptions = { memoryMb, threads, scratchDir };
    this.child = fork(entry, [JSON.stringify(options)], {
      // Keeps Float64Array and NaN, which JSON does not.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [`--max-old-space-size=${limits.heapMb}`],
      // Uploads are read here: no secret of the service is in reach.
      env: { NODE_ENV: process.env['NODE_ENV'] ?? 'production', TZ: 'UTC', TMPDIR: scratchDir },
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-2000);
    });
    this.child.on('message', (reply: RowReply) => this.settle(reply));
    this.child.on('error', (error) => {
      this.lastWords = error.message;
    });
    this.exited = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        this.ended(code, signal);
        resolve();
      });
    });
    this.hold(false);
  }

  run(task: RowTask, timeoutMs: number, signal: AbortSignal | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.hold(true);
      const onAbort = () => {
        this.abortedBy = signal?.reason;
        this.kill(null);
      };
      const timer = setTimeout(() => this.kill('timeout'), timeoutMs);
      this.watchMemory();
      const settled = () => {
        clearTimeout(timer);
        if (this.watch) clearInterval(this.watch);
        signal?.removeEventListener('abort', onAbort);
        this.pending = null;
        this.hold(false);
      };
      this.pending = {
        task,
        resolve: (result) => {
          settled();
          resolve(result);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.child.send(task, (error) => {
        if (error) this.kill(null);
      });
    });
  }

  /** Ends the process and removes its folder. */
  async end(): Promise<void> {
    this.hold(true);
    this.kill(null);
    await this.exited;
    await rm(this.limits.scratchDir, { recursive: true, force: true });
  }

  private kill(reason: DeathReason | null): void {
    this.usable = false;
    this.reason ??= reason;
    this.child.kill('SIGKILL');
  }

  private settle(reply: RowReply): void {
    const { pending } = this;
    if (!pending) return;
    this.served += 1;
    if (reply.kind === 'done') pending.resolve(reply.result);
    else if (reply.kind === 'refused') pending.reject(new FileRefused(reply.refusal, reply.reading));
    else {
      this.usable = false;
      pending.reject(new RowTaskFailed(pending.task.kind, reply.message, reply.detail, reply.code));
    }
  }

  private ended(code: number | null, signal: NodeJS.Signals | null): void {
    this.usable = false;
    const { pending } = this;
    if (!pending) return;
    void this.discard(pending.task).finally(() => {
      if (this.abortedBy !== null) {
        pending.reject(this.abortedBy);
        return;
      }
      const heap = this.lastWords.includes('heap out of memory');
      const how = signal ? `signal ${signal}` : `exit code ${code}`;
      pending.reject(
        new RowProcessDied(
          this.reason ?? (heap ? 'memory' : 'crash'),
          pending.task.kind,
          [how, maskTypedText(this.lastWords)].filter(Boolean).join(': '),
        ),
      );
    });
  }

  /** A merge writes beside its target; a killed one must not leave that behind. */
  private async discard(task: RowTask): Promise<void> {
    if (task.kind === 'merge') await rm(`${task.out}.tmp`, { force: true });
  }

  private watchMemory(): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    this.watch = setInterval(() => {
      readFile(`/proc/${pid}/statm`, 'utf8').then(
        (text) => {
          const resident = (Number(text.split(' ')[1]) * pageBytes) / (1 << 20);
          if (resident > this.limits.residentMb) this.kill('memory');
        },
        () => undefined,
      );
    }, watchEveryMs);
    this.watch.unref();
  }

  /** An idle process must not keep its parent alive. */
  private hold(busy: boolean): void {
    if (busy) {
      this.child.ref();
      this.child.channel?.ref();
    } else {
      this.child.unref();
      this.child.channel?.unref();
    }
  }
}
