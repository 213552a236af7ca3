import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { ApiClient, ImportView } from '../e2e/api-client.js';
import { assess } from '../e2e/assessment-view.js';
import { CityServer } from '../e2e/city-server.js';
import { ServerProcess, type ProcessOptions } from '../e2e/server-process.js';
import { childrenOf, gone } from '../harness/processes.js';
import { privateDatabase, type PrivateDatabase } from '../harness/test-cluster.js';
import { TestRedis } from '../harness/test-redis.js';
import { CityData, orders } from './city-data.js';

/** City 0 is never disturbed: what its rows come to, the others' have to come to. */
const cities = [0, 1, 2] as const;
export const disturbed = cities.slice(1);

const base = orders(0, 3_000, '市容');
/** Half of it replaces rows of the base. */
const more = orders(1_500, 12_000, '噪声');

/** What the undisturbed city came to. */
interface Undisturbed {
  readonly base: string;
  readonly both: string;
  readonly contentHash: string;
  /** From the first byte to committed. */
  readonly importMs: number;
  readonly assessMs: number;
}

/** An api that serves and two workers, with a Redis and a PostgreSQL of their own: each of them can be made to fail. */
export class Installation {
  readonly data: CityData;
  private workers: ServerProcess[] = [];
  private found: Undisturbed | null = null;

  private constructor(
    readonly api: CityServer,
    readonly redis: TestRedis,
    readonly database: PrivateDatabase,
  ) {
    this.data = new CityData(api);
  }

  /** With the base imported into every city, and more into the one that is never disturbed. */
  static async start(): Promise<Installation> {
    const [redis, database] = await Promise.all([TestRedis.start(), privateDatabase()]);
    const api = await CityServer.start(cities.length, {
      database,
      env: { HOTLINE_REDIS_URL: redis.url, HOTLINE_LOG_LEVEL: 'warn' },
    });
    const here = new Installation(api, redis, database);
    await here.startWorkers();
    await here.prepare();
    return here;
  }

  get undisturbed(): Undisturbed {
    if (!this.found) throw new Error('nothing was prepared');
    return this.found;
  }

  get workerPids(): number[] {
    return this.workers.flatMap((worker) => (worker.hasEnded ? [] : [worker.pid ?? 0]));
  }

  get rowProcesses(): number[] {
    return this.workerPids.flatMap(childrenOf);
  }

  /** The service's own processes that were started and have not ended. */
  get pids(): number[] {
    return [this.api.pid, ...this.workerPids];
  }

  /** As a supervisor does it: what has ended is started again. Its leases end at once, so that nobody has to wait. */
  async supervise(): Promise<void> {
    await this.api.resumeIfEnded();
    await this.startWorkers();
    await this.api.reachable();
    await this.api.expireLeases();
  }

  async startWorkers(options: ProcessOptions = {}): Promise<void> {
    this.workers = this.workers.filter((worker) => !worker.hasEnded);
    while (this.workers.length < 2) {
      this.workers.push(ServerProcess.start(this.api.settings, { ...options, program: 'worker' }));
    }
    await Promise.all(this.workers.map((worker) => worker.working()));
  }

  /** Others in their place, as on another disk. Exit codes of those that were there. */
  async replaceWorkers(options: ProcessOptions = {}): Promise<(number | NodeJS.Signals | null)[]> {
    const codes = await Promise.all(this.workers.map((worker) => worker.ended('SIGTERM')));
    await this.startWorkers(options);
    return codes;
  }

  /** A third one, of the caller's own. */
  async oneMoreWorker(): Promise<ServerProcess> {
    const worker = ServerProcess.start(this.api.settings, { program: 'worker' });
    await worker.working();
    return worker;
  }

  /** Kills a process; its row processes have to end by themselves. */
  async kill(pid: number): Promise<void> {
    const rowProcesses = childrenOf(pid);
    if (pid === this.api.pid) await this.api.end('SIGKILL');
    else await this.workers.find((worker) => worker.pid === pid)?.ended('SIGKILL');
    await gone(rowProcesses);
  }

  /** Exit codes of the api and the workers, once all of them have ended. */
  async terminate(): Promise<(number | NodeJS.Signals | null)[]> {
    const workers = this.workers;
    this.workers = [];
    return Promise.all([this.api.end('SIGTERM'), ...workers.map((worker) => worker.ended('SIGTERM'))]);
  }

  /** Sends the further rows of a city, to be committed. Null when nobody answered. */
  async sendMore(city: number): Promise<ImportView | null> {
    const client = await this.client(city);
    const answer = await client
      .send('POST', '/imports?filename=more.csv&commit=1', {
        headers: { 'x-hotline-request': '1' },
        body: more,
      })
      .catch(() => null);
    return answer?.status === 201 ? (answer.json as ImportView) : null;
  }

  /** The further rows of a city are in force: by themselves, or sent again where the import says that it failed or never came. */
  async committed(city: number): Promise<ImportView> {
    const sent = await this.sendMore(city);
    if (!sent) throw new Error(`nobody takes the import of city ${city}`);
    const client = await this.client(city);
    const found = await client.settled(sent.id);
    return found.state === 'checked' ? client.commit(found.id) : found;
  }

  async assessed(city: number): Promise<string> {
    return (await assess(await this.client(city))).contentHash;
  }

  /** Back to the base. */
  async reverted(city: number, id: string): Promise<string> {
    const client = await this.client(city);
    const found = await client.revert(id);
    if (found.state !== 'reverted') throw new Error(`the import of city ${city} is ${found.state}`);
    return this.data.inForce(city);
  }

  client(city: number): Promise<ApiClient> {
    return this.api.client(city);
  }

  /** Keeps everybody else from reading or changing a table, until the returned function is called. */
  async holdTable(table: string): Promise<() => Promise<void>> {
    const client = new pg.Client(this.database.superuserUrl);
    await client.connect();
    await client.query('begin');
    await client.query(`lock table ${table} in access exclusive mode`);
    return () => client.end();
  }

  /** Resolves once no job waits or runs. */
  async settled(): Promise<void> {
    await until(async () => (await this.data.openJobs()) === 0);
  }

  async close(): Promise<void> {
    await this.terminate();
    await this.api.close();
    await this.redis.close();
  }

  private async prepare(): Promise<void> {
    for (const city of cities) {
      const { state } = await (await this.client(city)).upload('base.csv', base);
      if (state !== 'committed') throw new Error(`the base is ${state}`);
    }
    const atFirst = await this.data.inForce(0);
    const started = performance.now();
    await this.committed(0);
    const committedAt = performance.now();
    const contentHash = await this.assessed(0);
    this.found = {
      base: atFirst,
      both: await this.data.inForce(0),
      contentHash,
      importMs: committedAt - started,
      assessMs: performance.now() - committedAt,
    };
  }
}

/** How long anything of this suite may take before it counts as stuck. */
export const patienceMs = 120_000;

/** @throws Error after `patienceMs` */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${condition.toString()}`);
    await sleep(100);
  }
}
