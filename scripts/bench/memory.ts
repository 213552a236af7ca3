import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type MemoryRequest = 'begin' | 'end';

export interface MemoryReply {
  readonly nowMb: number;
  /** Since the watch began. */
  readonly peakMb: number;
}

/** Memory of this process and of every process it started, watched from outside so that watching does not slow it down. */
export class MemoryWatch {
  private constructor(private readonly child: ChildProcess) {}

  /** Null where the system does not tell (/proc). */
  static start(): MemoryWatch | null {
    if (!existsSync('/proc/self/statm')) return null;
    const entry = fileURLToPath(new URL('./memory-watch.js', import.meta.url));
    return new MemoryWatch(fork(entry, [String(process.pid)], { execArgv: [] }));
  }

  /** Begins to watch. What is held now, in MB, without what could be freed. */
  async begin(): Promise<number> {
    globalThis.gc?.();
    return (await this.ask('begin')).nowMb;
  }

  /** Ends watching. The most that was held since it began, in MB. */
  async end(): Promise<number> {
    return (await this.ask('end')).peakMb;
  }

  async stop(): Promise<void> {
    this.child.disconnect();
    await once(this.child, 'exit');
  }

  private async ask(request: MemoryRequest): Promise<MemoryReply> {
    this.child.send(request);
    const [reply] = (await once(this.child, 'message')) as [MemoryReply];
    return reply;
  }
}
