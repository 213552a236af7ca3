import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@hotline/platform';
import pg from 'pg';

/** PgBouncer runs as nobody when the test runs as root: it refuses root itself. */
const nobody = { uid: 65_534, gid: 65_534 };

/** A real PgBouncer of a test's own, that lends each transaction whichever of few connections is free. */
export class TestPooler {
  private constructor(
    private readonly server: ChildProcess,
    private readonly port: number,
    private readonly folder: string,
  ) {}

  /** @param addresses of the logins it lets through, all on one server and database */
  static async start(addresses: readonly string[], serverConnections: number): Promise<TestPooler> {
    const [first = ''] = addresses;
    const folder = mkdtempSync(join(tmpdir(), 'hotline-pooler-'));
    const users = join(folder, 'users.txt');
    const settings = join(folder, 'pgbouncer.ini');
    const port = await freePort();
    const logins = addresses.map((address) => new URL(address));
    writeFileSync(
      users,
      logins.map(({ username, password }) => `"${username}" "${decodeURIComponent(password)}"\n`).join(''),
    );
    writeFileSync(
      settings,
      `[databases]
* = host=127.0.0.1 port=${new URL(first).port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
default_pool_size = ${serverConnections}
max_client_conn = 500
`,
    );
    const asRoot = process.getuid?.() === 0;
    if (asRoot) for (const path of [folder, users, settings]) chownSync(path, nobody.uid, nobody.gid);
    const server = spawn('pgbouncer', ['--quiet', settings], { stdio: 'ignore', ...(asRoot ? nobody : {}) });
    const pooler = new TestPooler(server, port, folder);
    while (!(await answers(pooler.leadingTo(first)))) {
      if (server.exitCode !== null) throw new Error(`pgbouncer ended with ${server.exitCode}`);
      await sleep(20);
    }
    return pooler;
  }

  /** The same login and database, through the pooler. */
  leadingTo(address: string): string {
    const url = new URL(address);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }

  async close(): Promise<void> {
    if (this.server.exitCode === null) {
      const ended = once(this.server, 'exit');
      this.server.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function answers(address: string): Promise<boolean> {
  const client = new pg.Client(address);
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
