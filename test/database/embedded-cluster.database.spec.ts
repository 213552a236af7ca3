import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigError, Database, EmbeddedCluster, parseConfig } from '@hotline/platform';
import { isAlive } from '../../libs/platform/src/database/postmaster.js';
import { seedRegistry } from '@hotline/registry';
import pg from 'pg';
import { loadMigrations } from '../../migrations/data-source.js';
import { testSecret } from '../harness/test-cluster.js';

let dataDir: string;
let started: EmbeddedCluster[];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'hotline-cluster-'));
  started = [];
});
afterEach(async () => {
  for (const cluster of started) await cluster.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(secret = testSecret, revives = true): Promise<EmbeddedCluster> {
  const cluster = await EmbeddedCluster.start({ dataDir, secret, settings: { fsync: 'off' }, revives });
  started.push(cluster);
  return cluster;
}

async function query(cluster: EmbeddedCluster, sql: string): Promise<unknown[]> {
  const client = new pg.Client(cluster.url('postgres'));
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

const pidFile = () => join(dataDir, 'postgres', 'postmaster.pid');
const postmaster = () => Number(readFileSync(pidFile(), 'utf8').split('\n')[0]);
/** The number of a process that has ended. */
const endedProcess = (): number => spawnSync(process.execPath, ['--version']).pid;

describe('the built-in database', () => {
  it('starts, keeps its data over a restart and leaves no process', async () => {
    const first = await start();
    await query(first, 'create table kept as select 42 as answer');
    const pid = postmaster();
    await first.stop();
    expect(isAlive(pid)).toBe(false);
    expect(await query(await start(), 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('can be reached from this machine only, and by nobody without a password', async () => {
    const cluster = await start();
    expect(await query(cluster, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect(await query(cluster, 'show unix_socket_directories')).toEqual([{ unix_socket_directories: '' }]);
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address?.family === 'IPv4' && !address.internal)?.address;
    if (outside !== undefined) {
      const refused = await new Promise<string>((done) => {
        const socket = createConnection({ host: outside, port: cluster.port });
        socket
          .once('connect', () => done('connected'))
          .once('error', (error: NodeJS.ErrnoException) => done(error.code ?? ''));
      });
      expect(refused).toBe('ECONNREFUSED');
    }
    expect(await query(cluster, 'select distinct auth_method from pg_hba_file_rules')).toEqual([
      { auth_method: 'scram-sha-256' },
    ]);
  });

  it('is taken over from a process that was killed', async () => {
    const orphan = await EmbeddedCluster.start({ dataDir, secret: testSecret, outlives: true });
    await query(orphan, 'create table kept as select 42 as answer');
    const pid = postmaster();
    writeFileSync(join(dataDir, 'postgres.owner'), String(endedProcess()));
    const cluster = await start();
    expect(isAlive(pid)).toBe(false);
    expect(await query(cluster, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('comes back by itself on the same port when it dies, with what was committed', async () => {
    const cluster = await start();
    await query(cluster, 'create table kept as select 42 as answer');
    for (let time = 0; time < 2; time += 1) {
      const killed = postmaster();
      process.kill(killed, 'SIGKILL');
      while (isAlive(killed) || (await query(cluster, 'select').catch(() => null)) === null) await sleep(50);
      expect(await query(cluster, 'select answer from kept')).toEqual([{ answer: 42 }]);
      expect(postmaster()).not.toBe(killed);
    }
    const last = postmaster();
    await cluster.stop();
    expect(isAlive(last)).toBe(false);
  });

  it('starts after it was killed itself', async () => {
    // One that comes back by itself would be in use again.
    await query(await start(testSecret, false), 'create table kept as select 42 as answer');
    const killed = postmaster();
    process.kill(killed, 'SIGKILL');
    while (isAlive(killed)) await sleep(50);
    expect(await query(await start(), 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('starts although the number in its pid file is another process’s by now', async () => {
    await (await start()).stop();
    writeFileSync(pidFile(), `${process.pid}\n${join(dataDir, 'postgres')}\n`);
    expect(await query(await start(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('starts after its first start was interrupted', async () => {
    mkdirSync(join(dataDir, 'postgres.new'));
    writeFileSync(join(dataDir, 'postgres.new', 'PG_VERSION'), '18');
    expect(await query(await start(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('is left to the process that uses it', async () => {
    await start();
    await expect(start()).rejects.toMatchObject({
      code: 'data_dir_in_use',
      message: expect.stringContaining(`in use by process ${process.pid}`),
    });
  });

  it('notices that the secret is not the one it was made with', async () => {
    await (await start()).stop();
    await expect(start('Another-kT9v!xQ2mZr7wLp4Yc8Bn3Hd6')).rejects.toMatchObject({ code: 'secret_changed' });
    expect(existsSync(pidFile())).toBe(false);
  });

  it('says which folder it cannot use', async () => {
    const closed = join(dataDir, 'closed');
    mkdirSync(closed);
    // Root enters every folder, but the database does not run as root.
    chmodSync(closed, process.getuid?.() === 0 ? 0o700 : 0o500);
    const starting = EmbeddedCluster.start({ dataDir: join(closed, 'data'), secret: testSecret });
    await expect(starting).rejects.toBeInstanceOf(ConfigError);
    await expect(starting).rejects.toMatchObject({ message: expect.stringContaining(closed) });
  });

  it('keeps its log to its owner, and no values in it', async () => {
    const cluster = await start();
    await query(cluster, 'create table person (phone text primary key)');
    await query(cluster, `insert into person values ('13800138000')`);
    await expect(query(cluster, `insert into person values ('13800138000')`)).rejects.toMatchObject({ code: '23505' });
    const log = join(dataDir, 'postgres.log');
    expect(readFileSync(log, 'utf8')).not.toContain('13800138000');
    expect(statSync(log).mode & 0o777).toBe(0o600);
  });

  it('is opened for three logins, the owner among them no superuser', async () => {
    const config = parseConfig({ HOTLINE_DATA_DIR: dataDir, HOTLINE_DATABASE_POOL: '1' });
    const parts = { entities: [], migrations: await loadMigrations(), seeds: [seedRegistry] };
    for (let time = 1; time <= 2; time += 1) {
      const database = await Database.open(config, parts);
      const roles = await database.app.query<{ name: string; privileged: boolean }[]>(
        `select rolname as name, rolsuper or rolbypassrls as privileged from pg_roles where rolname like 'hotline%' order by 1`,
      );
      expect(roles).toEqual([
        { name: 'hotline_app', privileged: false },
        { name: 'hotline_benchmark', privileged: false },
        { name: 'hotline_gate', privileged: false },
        { name: 'hotline_owner', privileged: false },
      ]);
      expect(await database.app.query('select current_user as login')).toEqual([{ login: 'hotline_app' }]);
      expect(await database.benchmark.query('select current_user as login')).toEqual([{ login: 'hotline_benchmark' }]);
      const pid = postmaster();
      await database.close();
      expect(isAlive(pid)).toBe(false);
    }
  });

  it('is refused when the owner may not make the roles it needs', async () => {
    const cluster = await start();
    await query(cluster, `create role poor login password 'poor'`);
    await query(cluster, 'create database poor owner poor');
    const ownerUrl = `postgres://poor:poor@127.0.0.1:${cluster.port}/poor`;
    const config = parseConfig({
      HOTLINE_DATABASE_URL: ownerUrl,
      HOTLINE_SECRET: testSecret,
      HOTLINE_DATA_DIR: dataDir,
    });
    await expect(Database.open(config, { entities: [], migrations: [], seeds: [] })).rejects.toMatchObject({
      code: 'role_missing',
      message: expect.stringContaining('no role hotline_app'),
    });
    // As libs/platform/README.md tells an administrator to.
    await query(cluster, `create role hotline_app login noinherit password 'app-of-the-administrator'`);
    await query(cluster, `create role hotline_benchmark login noinherit password 'benchmark-of-the-administrator'`);
    await query(cluster, 'create role hotline_gate nologin');
    await query(cluster, 'grant hotline_gate to poor');
    await expect(Database.open(config, { entities: [], migrations: [], seeds: [] })).rejects.toMatchObject({
      code: 'role_password',
      message: expect.stringContaining('HOTLINE_APP_DATABASE_URL'),
    });
    const given = parseConfig({
      HOTLINE_DATABASE_URL: ownerUrl,
      HOTLINE_APP_DATABASE_URL: `postgres://hotline_app:app-of-the-administrator@127.0.0.1:${cluster.port}/poor`,
      HOTLINE_BENCHMARK_DATABASE_URL: `postgres://hotline_benchmark:benchmark-of-the-administrator@127.0.0.1:${cluster.port}/poor`,
      HOTLINE_SECRET: testSecret,
      HOTLINE_DATA_DIR: dataDir,
    });
    const parts = { entities: [], migrations: await loadMigrations(), seeds: [seedRegistry] };
    const database = await Database.open(given, parts);
    expect(await database.app.query('select count(*)::int as cities from city')).toEqual([{ cities: 334 }]);
    await database.close();
  });
});
