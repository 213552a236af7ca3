import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const programs = { api: 'apps/api/src/main.js', worker: 'apps/worker/src/main.js' } as const;

/** Folder of the compiled service. */
export const build = fileURLToPath(new URL('../../dist/', import.meta.url));

export interface ProcessOptions {
  /** The api unless told. */
  readonly program?: keyof typeof programs;
  /** Another folder of a compiled service. */
  readonly from?: string;
  /** The kernel refuses to let a file grow beyond this, as it refuses a write on a full disk. */
  readonly largestFileKb?: number;
}

/** The compiled service in a process of its own, with these variables of ours and none else. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly output: { out: string; error: string },
  ) {}

  static start(
    env: Readonly<Record<string, string>>,
    { program = 'api', from = build, largestFileKb }: ProcessOptions = {},
  ): ServerProcess {
    const kept = Object.entries(process.env).filter(
      ([name]) => !name.startsWith('HOTLINE_') && name !== 'NODE_OPTIONS',
    );
    const limit = largestFileKb === undefined ? '' : `ulimit -f ${largestFileKb * 2}; `;
    // `exec`: the process that is signalled is the service itself.
    const child = spawn('/bin/sh', ['-c', `${limit}exec "$0" "$1"`, process.execPath, join(from, programs[program])], {
      env: { ...Object.fromEntries(kept), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { out: '', error: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.error += text));
    return new ServerProcess(child, output);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get out(): string {
    return this.output.out;
  }

  get error(): string {
    return this.output.error;
  }

  /** Address it says it listens on. */
  async listening(): Promise<string> {
    return this.until(() => /Hotline Index {2}(http\S+)/.exec(this.out)?.[1]);
  }

  /** Resolves when a worker says that it takes jobs. */
  async working(): Promise<void> {
    await this.until(() => this.out.includes('Hotline Index worker ready') || undefined);
  }

  /** What `look` finds, tried until it finds something. @throws Error when the process ends first */
  async until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (this.hasEnded) {
        throw new Error(`the server ended: ${this.out}\n${this.error}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Exit code, or the signal that ended it; with a signal given, after sending it. */
  async ended(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    if (!this.hasEnded) {
      const exit = once(this.child, 'close');
      if (signal) this.child.kill(signal);
      await exit;
    }
    return this.child.exitCode ?? this.child.signalCode;
  }
}
