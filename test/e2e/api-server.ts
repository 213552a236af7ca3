import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '@hotline/platform';
import { ApiKeysService, TenantsService, type ApiKeyScope, type TenantEntity } from '@hotline/tenancy';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { startApi } from '../../apps/api/src/start-api.js';
import { createTestDatabase, testConfig, type TestDatabase } from '../harness/test-cluster.js';
import { ApiClient } from './api-client.js';

/** Address under which browsers reach the server of the tests. */
export const publicUrl = 'https://index.example';
const password = 'Yangtze-bridge-7';

/** A city of the server, with its first member signed in. */
export interface City {
  readonly tenant: TenantEntity;
  readonly client: ApiClient;
}

/** The real server in this process: its own database, data folder and row processes, all gone after `close`. */
export class ApiServer {
  private members = 0;

  private constructor(
    readonly url: string,
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase,
    readonly dataDir: string,
  ) {}

  static async start(
    env: Readonly<Record<string, string>> = {},
    say: (line: string) => void = () => undefined,
  ): Promise<ApiServer> {
    const database = await createTestDatabase();
    const dataDir = mkdtempSync(join(process.env['TEST_CLUSTER_DIR'] ?? tmpdir(), 'e2e-'));
    const config = testConfig(database, dataDir, { HOTLINE_DEMO: '0', HOTLINE_PUBLIC_URL: publicUrl, ...env });
    const app = await startApi(config, say);
    return new ApiServer((await app.getUrl()).replace('[::1]', '127.0.0.1'), app, database, dataDir);
  }

  async close(): Promise<void> {
    await this.app.close();
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
