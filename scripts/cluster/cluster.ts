import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { appLogin, benchmarkLogin, derivedLoginUrl, EmbeddedCluster, freePort } from '@hotline/platform';
import { RoundRobinProxy } from './round-robin-proxy.js';
import { ServiceProcess } from './service-process.js';

export interface ClusterOptions {
  /** Folder of the repository; its `dist` holds the compiled programs. */
  readonly root: string;
  /** Of all processes; the database and the queue keep theirs in it, too. */
  readonly dataDir: string;
  readonly secret: string;
  readonly host: string;
  /** Of the proxy; 0: any free one. */
  readonly port: number;
  /** Login that owns a database that is there already; without it one is started. */
  readonly ownerUrl?: string;
  /** Further settings of every process. */
  readonly env?: Readonly<Record<string, string>>;
  /** What a process says. */
  readonly say: (name: string, line: string) => void;
}

const everyOne = ['1', '2'];

/**
 * The processes of docker-compose.yml on this machine alone: PostgreSQL, Redis, migrations as a one-shot, two api
 * processes behind a proxy, two workers. Only the migrations get the login that owns the database.
 */
export class Cluster {
  private readonly started: { stop(): Promise<void> }[] = [];
  private readonly processes: ServiceProcess[] = [];
  private readonly killAll = (): void => this.processes.forEach((each) => each.kill());
  readonly apis: ServiceProcess[] = [];
  readonly workers: ServiceProcess[] = [];
  /** Address of the proxy. */
  url = '';

  private constructor(private readonly options: ClusterOptions) {}

  /** @throws Error when a process does not start; then none is left */
  static async start(options: ClusterOptions): Promise<Cluster> {
    const cluster = new Cluster(options);
    process.once('exit', cluster.killAll);
    try {
      await cluster.startAll();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Ends every process, those that others need last. */
  async stop(): Promise<void> {
    for (const part of this.started.splice(0).reverse()) await part.stop();
    process.removeListener('exit', this.killAll);
  }

  private async startAll(): Promise<void> {
    const { secret, port, host } = this.options;
    mkdirSync(this.options.dataDir, { recursive: true });
    const [ownerUrl, redisUrl] = [this.options.ownerUrl ?? (await this.startDatabase()), await this.startRedis()];
    const proxy = new RoundRobinProxy(() => this.apis.flatMap(({ found }) => found ?? []));
    const address = `http://${host === '127.0.0.1' ? 'localhost' : host}:${await proxy.listen(port, host)}`;
    this.started.push({ stop: () => proxy.close() });
    const env = {
      HOTLINE_HOST: '127.0.0.1',
      HOTLINE_PORT: '0',
      HOTLINE_PUBLIC_URL: address,
      HOTLINE_TRUST_PROXY: '1',
      HOTLINE_DATA_DIR: this.options.dataDir,
      HOTLINE_APP_DATABASE_URL: derivedLoginUrl(ownerUrl, appLogin, secret),
      HOTLINE_BENCHMARK_DATABASE_URL: derivedLoginUrl(ownerUrl, benchmarkLogin, secret),
      HOTLINE_REDIS_URL: redisUrl,
      HOTLINE_SECRET: secret,
      ...this.options.env,
    };
    await this.program('migrate', 'migrate', { ...env, HOTLINE_DATABASE_URL: ownerUrl }, /ready/).run();
    for (const number of everyOne) {
      this.apis.push(this.program(`api-${number}`, 'api', env, /Hotline Index {2}(http\S+)/));
      this.workers.push(this.program(`worker-${number}`, 'worker', env, /worker ready/));
    }
    // Together they end faster, and none takes over what another has to leave.
    const all = [...this.apis, ...this.workers];
    this.started.push({ stop: async () => void (await Promise.all(all.map((each) => each.stop()))) });
    await Promise.all(all.map((each) => each.start()));
    this.url = address;
  }

  private async startDatabase(): Promise<string> {
    const { dataDir, secret } = this.options;
    const database = await EmbeddedCluster.start({ dataDir, secret });
    this.started.push(database);
    return database.ownerUrl();
  }

  /** With the settings that deploy/redis.conf holds for the container. */
  private async startRedis(): Promise<string> {
    const folder = join(this.options.dataDir, 'redis');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const password = randomBytes(24).toString('base64url');
    const passwordFile = join(folder, 'password.conf');
    writeFileSync(passwordFile, `requirepass ${password}\n`, { mode: 0o600 });
    const port = await freePort();
    const parameters = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--include', passwordFile];
    const redis = this.process('redis', 'redis-server', [join(this.options.root, 'deploy/redis.conf'), ...parameters], {
      env: {},
      ready: /Ready to accept connections/,
    });
    this.started.push(redis);
    await redis.start();
    return `redis://:${password}@127.0.0.1:${port}/0`;
  }

  private program(name: string, app: string, env: Record<string, string>, ready: RegExp): ServiceProcess {
    const main = join(this.options.root, 'dist', 'apps', app, 'src', 'main.js');
    return this.process(name, process.execPath, ['--enable-source-maps', main], { env, ready });
  }

  private process(
    name: string,
    command: string,
    parameters: readonly string[],
    { env, ready }: { env: Readonly<Record<string, string>>; ready: RegExp },
  ): ServiceProcess {
    const { say } = this.options;
    const made = new ServiceProcess({
      name,
      command,
      parameters,
      env: { ...inherited(), ...env },
      ready,
      say: (line) => say(name, line),
    });
    this.processes.push(made);
    return made;
  }
}

/** Settings of the service reach its processes only by what is given here. */
function inherited(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('HOTLINE_') && name !== 'NODE_OPTIONS');
  return Object.fromEntries(kept);
}
