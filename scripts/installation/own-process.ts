import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.js';

const programs = {
  api: fileURLToPath(new URL('../../apps/api/src/main.js', import.meta.url)),
  worker: fileURLToPath(new URL('../../apps/worker/src/main.js', import.meta.url)),
} as const;

/** An api or a worker in a process of its own, with the port of its figures known. */
export class OwnProcess {
  private errors = '';

  private constructor(
    readonly name: string,
    readonly metricsUrl: string,
    private readonly child: ChildProcess,
  ) {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors = (this.errors + text).slice(-4000)));
  }

  /** Resolves once it says that work can be done. @throws Error with its last words when it ends first */
  static async start(
    name: string,
    program: keyof typeof programs,
    settings: Readonly<Record<string, string>>,
  ): Promise<OwnProcess> {
    const metricsPort = await freePort();
    const outer = Object.entries(process.env).filter(([variable]) => !variable.startsWith('HOTLINE_'));
    const child = spawn(process.execPath, [programs[program]], {
      env: { ...Object.fromEntries(outer), ...settings, HOTLINE_METRICS_PORT: String(metricsPort) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const started = new OwnProcess(name, `http://127.0.0.1:${metricsPort}`, child);
    while (!(await started.isReady())) {
      if (started.hasEnded) throw new Error(`${name} ended: ${started.errors}`);
      await sleep(50);
    }
    return started;
  }

  get pid(): number {
    const { pid } = this.child;
    if (pid === undefined) throw new Error(`${this.name} was never started`);
    return pid;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** The value of one of its figures that has no labels; null when it has none of that name. */
  async figure(name: string): Promise<number | null> {
    const text = await (await fetch(`${this.metricsUrl}/metrics`)).text();
    const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
    return value === undefined ? null : Number(value);
  }

  /** Exit code, or the signal that ended it. */
  async stop(): Promise<number | NodeJS.Signals | null> {
    if (!this.hasEnded) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await ended;
    }
    return this.child.exitCode ?? this.child.signalCode;
  }

  private async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.metricsUrl}/health/ready`)).status === 200;
    } catch {
      return false;
    }
  }
}
