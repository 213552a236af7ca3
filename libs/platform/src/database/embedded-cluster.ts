import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { ConfigError } from '../config-error.js';
import { loginPassword } from '../secret.js';
import { clusterPrograms, identity, requireReachable, type ClusterPrograms } from './cluster-programs.js';
import { freePort } from './free-port.js';
import { isAlive, removeStalePidFile, runningPostmaster, signal, stopPostmaster } from './postmaster.js';

export interface ClusterOptions {
  /** Absolute; the cluster lives in `postgres` below it. */
  readonly dataDir: string;
  readonly secret: string;
  /** Settings of the server beside or instead of ours. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Any free one unless named. */
  readonly port?: number;
  /** True: runs on when this process ends; then whoever started it stops it. */
  readonly outlives?: boolean;
  /** False: a server that died stays so. True unless told, but for one that outlives this process. */
  readonly revives?: boolean;
}

const superuser = 'postgres';
const ownerLogin = 'hotline_owner';
const databaseName = 'hotline';

const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  // Compiling expressions costs more than it saves on statements as short as ours.
  jit: 'off',
  timezone: 'UTC',
  // Statements and rows may hold what must not be in a log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

interface StartedServer {
  readonly postmaster: ChildProcess & { readonly pid: number };
  readonly endWithProcess: () => void;
}

/** A PostgreSQL server of this process's own, on this machine only, ended with the process and started again when it dies. */
export class EmbeddedCluster {
  private stopped = false;
  private reviving: Promise<void> | null = null;

  private constructor(
    readonly port: number,
    private readonly programs: ClusterPrograms,
    private readonly options: ClusterOptions,
    private server: StartedServer,
  ) {
    this.watch();
  }

  /**
   * Starts the server of a data folder, making it on first use. A server left by a process that was killed is stopped first.
   * @throws ConfigError when the folder is in use, cannot be used, or the server does not start
   */
  static async start(options: ClusterOptions): Promise<EmbeddedCluster> {
    const programs = await clusterPrograms();
    const directory = directoryOf(options);
    prepareFolder(programs, options.dataDir);
    await takeOver(directory, options.dataDir);
    await initialise(programs, directory, options);
    for (let attempt = 1; ; attempt += 1) {
      const port = options.port ?? (await freePort());
      const server = await launch(programs, port, options);
      if (server !== null) {
        writeFileSync(ownerFile(options.dataDir), String(process.pid));
        return new EmbeddedCluster(port, programs, options, server);
      }
      // The port may have been taken meanwhile, or the memory of a killed server may not be free yet.
      const log = logOf(options);
      if (attempt === 4) throw new ConfigError('database_not_started', { log, reason: lastLine(log) });
      await sleep(attempt * 500);
    }
  }

  /** Address for a login; the superuser's unless another is named. */
  url(database: string, login = superuser): string {
    return address(this.port, this.options.secret, database, login);
  }

  /**
   * Address of the login that owns the service's database, both made on first use. It is no superuser here either: what
   * works on a laptop works where nobody is given one.
   */
  async ownerUrl(): Promise<string> {
    const client = new pg.Client(this.url('postgres'));
    await client.connect();
    try {
      const roles = await client.query('select from pg_roles where rolname = $1', [ownerLogin]);
      if (roles.rowCount === 0) {
        const password = pg.escapeLiteral(loginPassword(this.options.secret, ownerLogin));
        await client.query(`create role ${ownerLogin} login createrole password ${password}`);
      }
      const databases = await client.query('select from pg_database where datname = $1', [databaseName]);
      if (databases.rowCount === 0) await client.query(`create database ${databaseName} owner ${ownerLogin}`);
    } finally {
      await client.end();
    }
    return this.url(databaseName, ownerLogin);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.reviving;
    process.removeListener('exit', this.server.endWithProcess);
    await stopPostmaster(this.server.postmaster.pid);
    rmSync(ownerFile(this.options.dataDir), { force: true });
  }

  private watch(): void {
    const { postmaster } = this.server;
    const onEnd = (): void => {
      const { outlives = false, revives = !outlives } = this.options;
      if (this.stopped || !revives) return;
      this.reviving ??= this.revive().finally(() => (this.reviving = null));
    };
    if (postmaster.exitCode !== null || postmaster.signalCode !== null) onEnd();
    else postmaster.once('exit', onEnd);
  }

  /** Nobody else would start it again; those who were connected find it on the same port. */
  private async revive(): Promise<void> {
    process.removeListener('exit', this.server.endWithProcess);
    for (let attempt = 1; !this.stopped; attempt += 1) {
      removeStalePidFile(directoryOf(this.options));
      const server = await launch(this.programs, this.port, this.options).catch(() => null);
      if (server !== null) {
        this.server = server;
        this.watch();
        return;
      }
      await sleep(Math.min(attempt * 500, 5_000));
    }
  }
}

function directoryOf({ dataDir }: ClusterOptions): string {
  return resolve(dataDir, 'postgres');
}

function logOf({ dataDir }: ClusterOptions): string {
  return join(dataDir, 'postgres.log');
}

function address(port: number, secret: string, database: string, login: string): string {
  return `postgres://${login}:${loginPassword(secret, login)}@127.0.0.1:${port}/${database}`;
}

function ownerFile(dataDir: string): string {
  return join(dataDir, 'postgres.owner');
}

function prepareFolder(programs: ClusterPrograms, dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
    // What is in it keeps itself to its owner; the database's user only has to pass through.
    if (programs.user) chmodSync(dataDir, statSync(dataDir).mode | 0o011);
  } catch (error) {
    throw new ConfigError('data_dir_unusable', { path: dataDir, reason: (error as NodeJS.ErrnoException).code ?? '?' });
  }
  requireReachable(programs, dataDir);
}

/** Stops a server nobody owns any more. Of a living process's server it keeps its hands. */
async function takeOver(directory: string, dataDir: string): Promise<void> {
  const running = runningPostmaster(directory);
  if (running !== null) {
    const owner = existsSync(ownerFile(dataDir)) ? Number(readFileSync(ownerFile(dataDir), 'utf8')) : Number.NaN;
    if (Number.isInteger(owner) && owner > 0 && isAlive(owner)) {
      throw new ConfigError('data_dir_in_use', { path: dataDir, pid: String(owner) });
    }
    await stopPostmaster(running);
  }
  removeStalePidFile(directory);
}

/** Made aside and renamed: an interrupted first start leaves nothing that looks like a cluster. */
async function initialise(programs: ClusterPrograms, directory: string, options: ClusterOptions): Promise<void> {
  if (existsSync(join(directory, 'PG_VERSION'))) return;
  const aside = `${directory}.new`;
  const passwordFile = `${directory}.password`;
  rmSync(aside, { recursive: true, force: true });
  rmSync(passwordFile, { force: true });
  mkdirSync(aside, { mode: 0o700 });
  writeFileSync(passwordFile, loginPassword(options.secret, superuser), { mode: 0o600 });
  if (programs.user) {
    chownSync(aside, programs.user.uid, programs.user.gid);
    chownSync(passwordFile, programs.user.uid, programs.user.gid);
  }
  const log = logOf(options);
  const child = runProgram(programs, programs.initdb, log, [
    `--pgdata=${aside}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same order of text on every machine.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
  ]);
  const code = await new Promise<number | null>((done) => {
    child.once('error', () => done(null));
    child.once('exit', done);
  });
  rmSync(passwordFile, { force: true });
  if (code !== 0) throw new ConfigError('database_not_started', { log, reason: lastLine(log) });
  renameSync(aside, directory);
}

/** Null when it ended before it answered. @throws ConfigError when it knows another password */
async function launch(programs: ClusterPrograms, port: number, options: ClusterOptions): Promise<StartedServer | null> {
  const parameters = Object.entries({ ...settings, ...options.settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const child = runProgram(programs, programs.postgres, logOf(options), [
    ...['-D', directoryOf(options), '-p', String(port)],
    ...parameters,
  ]);
  let ended = false;
  child.once('error', () => (ended = true));
  child.once('exit', () => (ended = true));
  child.unref();
  const { pid } = child;
  if (pid === undefined) return null;
  // A process that ends without stopping the cluster, as after an unhandled error, still ends it.
  const endWithProcess = (): void => signal(pid, 'SIGINT');
  if (options.outlives !== true) process.once('exit', endWithProcess);
  try {
    while (!ended) {
      if (await answers(port, options)) return { postmaster: Object.assign(child, { pid }), endWithProcess };
      await sleep(20);
    }
  } catch (error) {
    process.removeListener('exit', endWithProcess);
    await stopPostmaster(pid);
    throw error;
  }
  process.removeListener('exit', endWithProcess);
  return null;
}

/** @throws ConfigError when the server answers but knows another password */
async function answers(port: number, options: ClusterOptions): Promise<boolean> {
  const client = new pg.Client(address(port, options.secret, 'postgres', superuser));
  // A connection cut while it is being closed has nobody else to report to.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch (error) {
    await client.end().catch(() => undefined);
    if ((error as { code?: string }).code === '28P01') {
      throw new ConfigError('secret_changed', { path: options.dataDir });
    }
    return false;
  }
}

/** In a session of its own: Ctrl-C in the terminal reaches this process, which stops the server when it is done with it. */
function runProgram(programs: ClusterPrograms, program: string, log: string, parameters: string[]): ChildProcess {
  const output = openSync(log, 'a', 0o600);
  chmodSync(log, 0o600);
  try {
    return spawn(program, parameters, {
      ...identity(programs),
      cwd: '/',
      detached: true,
      stdio: ['ignore', output, output],
      env: { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin', TZ: 'UTC' },
    });
  } finally {
    closeSync(output);
  }
}

function lastLine(log: string): string {
  return existsSync(log) ? (readFileSync(log, 'utf8').trimEnd().split('\n').at(-1) ?? '') : '';
}
