import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Program {
  /** As it is called in what is printed: `api-1`. */
  readonly name: string;
  readonly command: string;
  readonly parameters: readonly string[];
  /** Its settings: those of the service that this process has do not reach it. */
  readonly env: Readonly<Record<string, string>>;
  /** What it says once it can be used; its first group is kept, if it has one. */
  readonly ready: RegExp;
  readonly say: (line: string) => void;
  /** What it says of where it tells its figures. */
  readonly metrics?: RegExp;
}

const restartMs = 1_000;
const graceMs = 30_000;
/** So many lines of what it said tell why it ended. */
const lastWords = 12;

/** A process of the cluster. One that ends on its own is started again, as a container would be. */
export class ServiceProcess {
  private child: ChildProcess | null = null;
  private stopping = false;
  private failed: Error | null = null;
  private metricsUrl: string | null = null;
  private said: string[] = [];
  private closed: Promise<void> = Promise.resolve();
  /** What `ready` found; null while it cannot be used. */
  found: string | null = null;

  constructor(private readonly program: Program) {}

  get name(): string {
    return this.program.name;
  }

  /** The value of one of its figures that has no labels. @throws Error when it tells none of that name */
  async figure(name: string): Promise<number> {
    if (this.metricsUrl === null) throw new Error(`${this.name} tells no figures`);
    const text = await (await fetch(this.metricsUrl)).text();
    const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
    if (value === undefined) throw new Error(`${this.name} has no figure ${name}`);
    return Number(value);
  }

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  /** Starts it and waits until it can be used. @throws Error when it ends first */
  async start(): Promise<void> {
    const child = this.launch();
    while (this.found === null) {
      if (this.failed) throw this.failed;
      if (hasEnded(child)) throw await this.end(child);
      await sleep(20);
    }
    child.once('exit', () => void this.restart());
  }

  /** Runs it to its end. @throws Error when it does not end well */
  async run(): Promise<void> {
    const child = this.launch();
    await once(child, 'close');
    if (child.exitCode !== 0) throw await this.end(child);
  }

  /** Asks for its end and waits; one that does not hear is killed. Its exit code, or the signal that ended it. */
  async stop(): Promise<number | NodeJS.Signals | null> {
    this.stopping = true;
    const { child } = this;
    if (!child || hasEnded(child)) return child?.exitCode ?? child?.signalCode ?? null;
    const ended = once(child, 'close');
    child.kill('SIGTERM');
    const impatience = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await ended;
    clearTimeout(impatience);
    return child.exitCode ?? child.signalCode;
  }

  /** At the end of this process, when there is no time to ask. */
  kill(): void {
    this.stopping = true;
    this.child?.kill('SIGKILL');
  }

  /** Why it is not there, in its own last words. */
  private async end(child: ChildProcess): Promise<Error> {
    // It may have ended before all that it said was read.
    await this.closed;
    const code = child.exitCode ?? child.signalCode ?? '?';
    return new Error([`${this.name} ended with ${code}`, ...this.said].join('\n'));
  }

  private launch(): ChildProcess {
    const { command, parameters, env } = this.program;
    // A session of its own: a Ctrl-C in the terminal reaches the cluster, which ends its processes in their order.
    const child = spawn(command, parameters, {
      env: { ...inherited(), ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.found = null;
    this.failed = null;
    this.said = [];
    this.closed = new Promise((done) => child.once('close', () => done()));
    // Such as a program that is not installed.
    child.once('error', (error) => (this.failed = error));
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) this.heard(line);
      });
    }
    return child;
  }

  private heard(line: string): void {
    const match = this.program.ready.exec(line);
    if (match) this.found ??= match[1] ?? match[0];
    this.metricsUrl = this.program.metrics?.exec(line)?.[1] ?? this.metricsUrl;
    this.said = [...this.said, line].slice(-lastWords);
    this.program.say(line);
  }

  private async restart(): Promise<void> {
    this.found = null;
    while (!this.stopping) {
      await sleep(restartMs);
      if (this.stopping) return;
      try {
        return await this.start();
      } catch (error) {
        this.program.say(String(error));
      }
    }
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function inherited(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('HOTLINE_') && name !== 'NODE_OPTIONS');
  return Object.fromEntries(kept);
}
