import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface HealthReply {
  /** Of each answer since it was last asked. */
  readonly milliseconds: readonly number[];
}

/** Asks the service for its health from a process of its own, as whatever watches over it does. */
export class HealthWatch {
  private constructor(private readonly child: ChildProcess) {}

  static async start(serverUrl: string): Promise<HealthWatch> {
    const entry = fileURLToPath(new URL('./health-watch.js', import.meta.url));
    const child = fork(entry, [`${serverUrl}/health/live`], { execArgv: [] });
    await Promise.race([once(child, 'message'), failed(child)]);
    return new HealthWatch(child);
  }

  /** The slowest answer since the watch began or was last asked. */
  async slowestMs(): Promise<number> {
    this.child.send('read');
    const [reply] = (await Promise.race([once(this.child, 'message'), failed(this.child)])) as [HealthReply];
    return Math.max(0, ...reply.milliseconds);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.disconnect();
    await once(this.child, 'exit');
  }
}

async function failed(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`the health of the service could not be watched: its watch ended with ${code ?? 'a signal'}`);
}
