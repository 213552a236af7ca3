import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TenantsService, type TenantEntity } from '@hotline/tenancy';
import pg from 'pg';
import { createTestDatabase, testSecret, type TestDatabase } from '../harness/test-cluster.js';
import { testPlatform } from '../harness/test-platform.js';
import { ApiClient } from './api-client.js';
import { ServerProcess } from './server-process.js';

const password = 'Yangtze-bridge-7';

/**
 * The compiled service in a process of its own, on a database and a data folder that outlive it: it can be killed at any
 * moment and started again. Its cities have one analyst each.
 */
export class CityServer {
  private process: ServerProcess | null = null;
  private readonly emails: string[] = [];
  private allOutput = '';
  url = '';

  private constructor(
    readonly database: TestDatabase,
    readonly dataDir: string,
    readonly tenants: readonly TenantEntity[],
    private readonly env: Readonly<Record<string, string>>,
    private readonly ownsFolder: boolean,
  ) {
    this.emails = tenants.map((_, index) => `analyst-${index}@centre.example`);
  }

  /** Starts with so many cities of the same code: what is worked out for one can be compared with another. */
  static async start(
    cities: number,
    options: {
      readonly database?: TestDatabase;
      /** An empty folder; whoever made it removes it. */
      readonly dataDir?: string;
      readonly env?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<CityServer> {
    const database = options.database ?? (await createTestDatabase());
    const dataDir = options.dataDir ?? mkdtempSync(join(process.env['TEST_CLUSTER_DIR'] ?? tmpdir(), 'city-'));
    const platform = await testPlatform({ database, dataDir });
    const service = platform.app.get(TenantsService);
    const tenants: TenantEntity[] = [];
    for (let index = 0; index < cities; index += 1) {
      const tenant = await service.createTenant({ kind: 'city', name: '热线中心', cityCode: '420100', isDemo: false });
      const email = `analyst-${index}@centre.example`;
      await service.addMember(tenant, { email, name: email, role: 'analyst', password });
      tenants.push(tenant);
    }
    await platform.close();
    const server = new CityServer(database, dataDir, tenants, options.env ?? {}, options.dataDir === undefined);
    await server.resume();
    return server;
  }

  /** Starts the process (again); see ServerProcess for `largestFileKb`. */
  async resume(largestFileKb?: number): Promise<void> {
    this.process = ServerProcess.start(this.settings, largestFileKb === undefined ? {} : { largestFileKb });
    this.url = (await this.process.listening()).replace('localhost', '127.0.0.1');
  }

  /** A further process of the service on the same database and data folder, for the caller to end. */
  async beside(): Promise<{ readonly process: ServerProcess; readonly url: string }> {
    const process = ServerProcess.start(this.settings);
    return { process, url: (await process.listening()).replace('localhost', '127.0.0.1') };
  }

  /** What every process of this installation is started with. */
  get settings(): Readonly<Record<string, string>> {
    return {
      HOTLINE_DATABASE_URL: this.database.ownerUrl,
      HOTLINE_SECRET: testSecret,
      HOTLINE_DATA_DIR: this.dataDir,
      HOTLINE_PORT: '0',
      HOTLINE_DEMO: '0',
      ...this.env,
    };
  }

  /** Starts the process again when it was killed. */
  async resumeIfEnded(): Promise<void> {
    if (this.process && !this.process.hasEnded) return;
    if (this.process) await this.end();
    await this.resume();
  }

  /** Waits until it answers with its database again. */
  async reachable(): Promise<void> {
    const ready = async (): Promise<true | undefined> => {
      const answer = await new ApiClient(this.url).send('GET', '/health/ready').catch(() => null);
      return answer?.status === 200 || undefined;
    };
    await this.process?.until(ready);
  }

  /** A signal to the process, and the wait for its end: its exit code, or the signal that ended it. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | NodeJS.Signals | null> {
    const how = (await this.process?.ended(signal)) ?? null;
    this.allOutput += `${this.process?.out ?? ''}\n${this.process?.error ?? ''}\n`;
    this.process = null;
    return how;
  }

  /** Everything it said so far, over all its lives. */
  get output(): string {
    return `${this.allOutput}${this.process?.out ?? ''}\n${this.process?.error ?? ''}`;
  }

  get pid(): number {
    const pid = this.process?.pid;
    if (pid === undefined) throw new Error('the server does not run');
    return pid;
  }

  /** The analyst of a city, signed in. */
  async client(city: number): Promise<ApiClient> {
    const client = new ApiClient(this.url);
    const answer = await client.signIn(this.emails[city] ?? '', password);
    if (!answer.text.includes('viewer')) throw new Error(answer.text);
    return client;
  }

  /** What no application may. */
  async sql<T extends pg.QueryResultRow>(statement: string, values: readonly unknown[] = []): Promise<T[]> {
    const client = new pg.Client(this.database.superuserUrl);
    await client.connect();
    try {
      return (await client.query<T>(statement, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  /** As if the leases of a killed process had run out: nobody has to wait for them. */
  async expireLeases(): Promise<void> {
    await this.sql(`update job set lease_until = clock_timestamp() where state = 'running'`);
  }

  /** Names of everything below the data folder that is no folder. */
  files(): string[] {
    return readdirSync(this.dataDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  }

  async close(): Promise<void> {
    await this.end('SIGTERM');
    await this.database.drop();
    if (this.ownsFolder) rmSync(this.dataDir, { recursive: true, force: true });
  }
}
