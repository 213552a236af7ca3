import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.js';

/** A Redis for a measurement: keeps nothing. */
export class OwnRedis {
  private constructor(
    readonly url: string,
    private readonly server: ChildProcess,
    private readonly folder: string,
  ) {}

  /** @throws Error when there is no redis-server on this machine */
  static async start(): Promise<OwnRedis> {
    const folder = await mkdtemp(join(tmpdir(), 'hotline-redis-'));
    const port = await freePort();
    const server = spawn(
      'redis-server',
      [
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--save',
        '',
        '--maxmemory-policy',
        'noeviction',
        '--dir',
        folder,
      ],
      { stdio: 'ignore' },
    );
    let gone = false;
    const fault = new Promise<never>((_, reject) => {
      server.once('error', reject).once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    }).finally(() => (gone = true));
    fault.catch(() => undefined);
    const redis = new OwnRedis(`redis://127.0.0.1:${port}/0`, server, folder);
    try {
      await Promise.race([fault, answers(port, () => gone)]);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw new Error('redis-server could not be started: install it first', { cause: error });
    }
    return redis;
  }

  async stop(): Promise<void> {
    if (this.server.exitCode === null && this.server.signalCode === null) {
      const ended = once(this.server, 'exit');
      this.server.kill('SIGKILL');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function answers(port: number, gone: () => boolean): Promise<void> {
  while (!gone()) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await sleep(20);
  }
}
