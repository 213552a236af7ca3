import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@hotline/platform';
import Bull from 'bull';

/** A real Redis of a test's own, which it may flush, stop and start again on the same port. Keeps nothing over a restart. */
export class TestRedis {
  private server: ChildProcess | null = null;

  private constructor(
    readonly port: number,
    private readonly folder: string,
  ) {}

  /** With `running: false` only the port is found. */
  static async start(options: { running?: boolean } = {}): Promise<TestRedis> {
    const folder = mkdtempSync(join(process.env['TEST_CLUSTER_DIR'] ?? tmpdir(), 'redis-'));
    const redis = new TestRedis(await freePort(), folder);
    if (options.running ?? true) await redis.up();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/0`;
  }

  async up(...settings: string[]): Promise<void> {
    const server = spawn(
      'redis-server',
      ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--dir', this.folder, ...settings],
      { stdio: 'ignore' },
    );
    this.server = server;
    for (;;) {
      if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}`);
      const answer = await this.command('ping').catch(() => null);
      if (answer === 'PONG') return;
      await sleep(20);
    }
  }

  /** As a crash: nothing is written, no connection is closed in good order. */
  async down(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (!server || server.exitCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }

  /** Answer of a single command. */
  async command(...words: string[]): Promise<string> {
    const child = spawn('redis-cli', ['-p', String(this.port), ...words], { stdio: ['ignore', 'pipe', 'ignore'] });
    let answer = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (answer += text));
    await once(child, 'close');
    return answer.trim();
  }

  /** Bull's own view of a queue, without anything of ours. */
  queue(name: string, settings: Bull.AdvancedSettings = {}): Bull.Queue<Record<string, unknown>> {
    return new Bull(name, this.url, { settings });
  }

  async close(): Promise<void> {
    await this.down();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
