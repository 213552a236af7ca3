import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type MemoryRequest = 'read' | 'restart';

export interface MemoryReply {
  readonly nowMb: number;
  /** Since the watch began or was restarted. */
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

  /** What is held now, without what could be freed. */
  async idle(): Promise<number> {
    globalThis.gc?.();
    return (await this.ask('restart')).nowMb;
  }

  async peak(): Promise<number> {
    return (await this.ask('read')).peakMb;
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
