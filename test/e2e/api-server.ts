import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config, Role } from '@hotline/platform';
import { ApiKeysService, TenantsService, type ApiKeyScope, type TenantEntity } from '@hotline/tenancy';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { ApiModule } from '../../apps/api/src/api.module.js';
import { httpAdapter } from '../../apps/api/src/http.js';
import { startApi } from '../../apps/api/src/start-api.js';
import { Cluster } from '../../scripts/cluster/cluster.js';
import { createTestDatabase, testConfig, testSecret, type TestDatabase } from '../harness/test-cluster.js';
import { ApiClient } from './api-client.js';

/** Address under which browsers reach the server of the tests. */
export const publicUrl = 'https://index.example';
const password = 'Yangtze-bridge-7';

/** A city of the server, with its first member signed in. */
export interface City {
  readonly tenant: TenantEntity;
  readonly client: ApiClient;
}

type Environment = Readonly<Record<string, string>>;
type Say = (line: string) => void;

/** What answers: this process alone, or several others. */
interface Serving {
  readonly url: string;
  /** The parts of the service, for what a spec prepares. */
  readonly app: NestFastifyApplication;
  readonly cluster: Cluster | null;
}

const settings = { HOTLINE_DEMO: '0', HOTLINE_PUBLIC_URL: publicUrl, HOTLINE_LOG_LEVEL: 'fatal' };

interface Start {
  readonly database: TestDatabase;
  readonly config: Config;
  readonly env: Environment;
  readonly say: Say;
}
type Serve = (start: Start) => Promise<Serving>;

async function serveHere({ config, say }: Start): Promise<Serving> {
  const app = await startApi(config, say);
  return { url: (await app.getUrl()).replace('[::1]', '127.0.0.1'), app, cluster: null };
}

/** The processes of docker-compose.yml; the parts in this process serve nobody and run no jobs. */
async function serveByCluster({ database, config, env, say }: Start): Promise<Serving> {
  const cluster = await Cluster.start({
    root: fileURLToPath(new URL('../../', import.meta.url)),
    dataDir: config.dataDir,
    secret: testSecret,
    host: '127.0.0.1',
    port: 0,
    ownerUrl: database.ownerUrl,
    env: { ...settings, ...env },
    say: (name, line) => (name === 'migrate' ? say(line) : undefined),
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    await ApiModule.forRoot({ ...config, apiJobs: false }),
    httpAdapter(0),
    { bodyParser: false, abortOnError: false, logger: false },
  );
  await app.init();
  return { url: cluster.url.replace('localhost', '127.0.0.1'), app, cluster };
}

/** The real server, with its own database, data folder and row processes, all gone after `close`. */
export class ApiServer {
  private members = 0;

  private constructor(
    private readonly serving: Serving,
    readonly database: TestDatabase,
    readonly dataDir: string,
  ) {}

  /** In this process, or with E2E_TARGET=cluster as several. */
  static start(env: Environment = {}, say: Say = () => undefined): Promise<ApiServer> {
    const serve = process.env['E2E_TARGET'] === 'cluster' ? serveByCluster : serveHere;
    return ApiServer.open(serve, env, say);
  }

  /** Always in this process: for a spec that takes hold of the parts that serve. */
  static startHere(env: Environment = {}): Promise<ApiServer> {
    return ApiServer.open(serveHere, env, () => undefined);
  }

  private static async open(serve: Serve, env: Environment, say: Say): Promise<ApiServer> {
    const database = await createTestDatabase();
    const dataDir = mkdtempSync(join(process.env['TEST_CLUSTER_DIR'] ?? tmpdir(), 'e2e-'));
    const config = testConfig(database, dataDir, { ...settings, ...env });
    return new ApiServer(await serve({ database, config, env, say }), database, dataDir);
  }

  get url(): string {
    return this.serving.url;
  }

  get app(): NestFastifyApplication {
    return this.serving.app;
  }

  /** @throws Error where one process serves */
  get cluster(): Cluster {
    if (!this.serving.cluster) throw new Error('this spec belongs into the project `cluster`');
    return this.serving.cluster;
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.serving.cluster?.stop();
    await this.database.drop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Changes what no application may. */
  async sql(statement: string): Promise<void> {
    await this.rows(statement);
  }

  /** Sees what no application may. */
  async rows<T extends pg.QueryResultRow>(statement: string): Promise<T[]> {
    const client = new pg.Client(this.database.superuserUrl);
    await client.connect();
    try {
      return (await client.query<T>(statement)).rows;
    } finally {
      await client.end();
    }
  }

  async city(cityCode = '420100', role: Role = 'analyst'): Promise<City> {
    const tenant = await this.app
      .get(TenantsService)
      .createTenant({ kind: 'city', name: `热线中心 ${cityCode}`, cityCode, isDemo: false });
    return { tenant, client: await this.member(tenant, role) };
  }

  /** A further member of a tenant, signed in. */
  async member(tenant: TenantEntity, role: Role): Promise<ApiClient> {
    this.members += 1;
    const email = `${role}-${this.members}@centre.example`;
    await this.app.get(TenantsService).addMember(tenant, { email, name: email, role, password });
    const client = this.anonymous();
    await client.signIn(email, password);
    return client;
  }

  async apiKey(tenant: TenantEntity, scopes: readonly ApiKeyScope[]): Promise<ApiClient> {
    const ctx = {
      tenantId: tenant.tenantId,
      tenantKind: tenant.kind,
      memberId: null,
      accountId: null,
      roles: ['administrator'] as const,
      apiKey: null,
      requestId: 'test',
    };
    const { key } = await this.app.get(ApiKeysService).createApiKey(ctx, { name: 'test', scopes, expiresAt: null });
    return new ApiClient(this.url, { authorization: `Bearer ${key}` });
  }

  anonymous(): ApiClient {
    return new ApiClient(this.url);
  }
}
