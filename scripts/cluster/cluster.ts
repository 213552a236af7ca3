import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { appLogin, benchmarkLogin, derivedLoginUrl, EmbeddedCluster } from '@hotline/platform';
import { startRedis } from './redis.js';
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
  private readonly started: { stop(): Promise<unknown> }[] = [];
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
      HOTLINE_METRICS_PORT: '0',
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

  private async startRedis(): Promise<string> {
    const { root, dataDir, say } = this.options;
    const { url, process } = await startRedis(root, join(dataDir, 'redis'), (line) => say('redis', line));
    this.started.push(process);
    this.processes.push(process);
    return url;
  }

  private program(name: string, app: string, env: Readonly<Record<string, string>>, ready: RegExp): ServiceProcess {
    const main = join(this.options.root, 'dist', 'apps', app, 'src', 'main.js');
    const made = new ServiceProcess({
      ...{ name, env, ready, command: process.execPath, parameters: ['--enable-source-maps', main] },
      metrics: /Metrics {2}(http\S+)/,
      say: (line) => this.options.say(name, line),
    });
    this.processes.push(made);
    return made;
  }
}
