import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@hotline/platform';
import { absolute, median, type Figure } from './figures.js';

const patienceMs = 15 * 60_000;
const repeats = 3;

interface StartedServer {
  readonly process: ChildProcess;
  readonly address: string;
  readonly seconds: number;
}

/** `npm start` of an installed and built tree whose demo is there already, until it says that work can be done. */
export async function measureStart(signal: AbortSignal, say: (line: string) => void): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hotline-bench-start-'));
  let server: StartedServer | null = null;
  try {
    server = await start(dataDir, signal);
    say('seeding the demo');
    await seeded(server.address, signal);
    await stop(server);
    const times: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      server = await start(dataDir, signal);
      times.push(server.seconds);
      await stop(server);
    }
    server = null;
    say(`npm start: ${times.map((time) => time.toFixed(2)).join(', ')} s`);
    return [absolute('npm start to ready, demo seeded', median(times), 's', 10)];
  } finally {
    if (server) await stop(server);
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function start(dataDir: string, signal: AbortSignal): Promise<StartedServer> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const started = performance.now();
  const server = spawn('npm', ['start'], {
    // A group of its own, so that npm and what it started can be ended together.
    detached: true,
    stdio: 'ignore',
    env: {
      ...outerEnvironment(),
      HOTLINE_DATA_DIR: dataDir,
      HOTLINE_DEMO: '1',
      HOTLINE_PORT: String(port),
      HOTLINE_METRICS_PORT: '0',
    },
  });
  const startedServer = { process: server, address };
  try {
    while ((await status(`${address}/health/ready`)) !== 200) {
      signal.throwIfAborted();
      if (server.exitCode !== null) throw new Error(`npm start ended with ${server.exitCode}`);
      if (performance.now() - started > patienceMs) throw new Error('npm start did not become ready');
      await sleep(20);
    }
    return { ...startedServer, seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    await stop({ ...startedServer, seconds: 0 });
    throw error;
  }
}

/** Without settings of an installation that happens to be on this machine. */
function outerEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HOTLINE_')));
}

async function stop({ process: server }: StartedServer): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return;
  const ended = once(server, 'exit');
  process.kill(-server.pid, 'SIGTERM');
  await ended;
  // npm may be gone before the server that is still closing its database.
  while (groupIsAlive(server.pid)) await sleep(20);
}

function groupIsAlive(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function status(address: string): Promise<number | null> {
  try {
    const response = await fetch(address);
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}

async function seeded(address: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    signal.throwIfAborted();
    const response = await fetch(`${address}/demo/cities.json`);
    const { seeding } = (await response.json()) as { seeding: { done: number; total: number } | null };
    if (seeding === null) return;
    if (performance.now() > deadline) throw new Error(`only ${seeding.done} of ${seeding.total} demo cities are there`);
    await sleep(500);
  }
}
