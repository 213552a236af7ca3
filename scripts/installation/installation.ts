import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedCluster, parseConfig, PlatformModule, type RequestContext } from '@hotline/platform';
import { RegistryModule, seedRegistry } from '@hotline/registry';
import { apiKeyScopes, ApiKeysService, tenancyEntities, TenancyModule, TenantsService } from '@hotline/tenancy';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadMigrations } from '../../migrations/data-source.js';
import { freePort } from './free-port.js';
import { databaseName, makeDatabase } from './own-database.js';
import { OwnProcess } from './own-process.js';
import { OwnRedis } from './own-redis.js';

/** A city and the key of a program that acts for it. */
export interface InstalledCity {
  readonly tenantId: string;
  readonly key: string;
}

@Module({})
class Tenants {}

/** The service as it runs in production, on this machine: PostgreSQL, Redis, an api and workers, each a process of its own. */
export class Installation {
  private constructor(
    readonly url: string,
    readonly superuserUrl: string,
    readonly dataDir: string,
    readonly cities: readonly InstalledCity[],
    /** The api first. */
    readonly processes: readonly OwnProcess[],
    private readonly redis: OwnRedis,
    private readonly cluster: EmbeddedCluster,
  ) {}

  static async start(options: { readonly cities: number; readonly workers: number }): Promise<Installation> {
    const dataDir = await mkdtemp(join(tmpdir(), 'hotline-installation-'));
    const secret = randomBytes(32).toString('hex');
    const cluster = await EmbeddedCluster.start({ dataDir, secret });
    const redis = await OwnRedis.start();
    const port = await freePort();
    const settings = {
      HOTLINE_DATABASE_URL: await makeDatabase(cluster),
      HOTLINE_REDIS_URL: redis.url,
      HOTLINE_SECRET: secret,
      HOTLINE_DATA_DIR: dataDir,
      HOTLINE_PORT: String(port),
      HOTLINE_DEMO: '0',
      HOTLINE_LOG_LEVEL: 'fatal',
    };
    const cities = await makeCities(settings, options.cities);
    const api = await OwnProcess.start('api', 'api', settings);
    const workers = await Promise.all(
      Array.from({ length: options.workers }, (_, index) =>
        OwnProcess.start(`worker ${index + 1}`, 'worker', settings),
      ),
    );
    return new Installation(
      `http://127.0.0.1:${port}`,
      cluster.url(databaseName),
      dataDir,
      cities,
      [api, ...workers],
      redis,
      cluster,
    );
  }

  /** How each process ended. */
  async stopProcesses(): Promise<readonly (number | NodeJS.Signals | null)[]> {
    return Promise.all(this.processes.map((each) => each.stop()));
  }

  async close(): Promise<void> {
    await this.stopProcesses();
    await this.redis.stop();
    await this.cluster.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** Through the services that an operator's program would use; they run here and only for this. */
async function makeCities(settings: Readonly<Record<string, string>>, count: number): Promise<InstalledCity[]> {
  const app = await NestFactory.createApplicationContext(
    {
      module: Tenants,
      imports: [
        PlatformModule.forRoot(parseConfig(settings), {
          entities: tenancyEntities,
          migrations: await loadMigrations(),
          seeds: [seedRegistry],
          jobKinds: [],
          runJobs: false,
        }),
        RegistryModule,
        TenancyModule,
      ],
    },
    { logger: false, abortOnError: false },
  );
  try {
    const cities: InstalledCity[] = [];
    for (let index = 1; index <= count; index += 1) {
      const { tenantId } = await app
        .get(TenantsService)
        .createTenant({ kind: 'city', name: `热线中心 ${index}`, cityCode: '420100', isDemo: false });
      const nobody = { memberId: null, accountId: null, apiKey: null, requestId: 'installation' };
      const ctx: RequestContext = { tenantId, tenantKind: 'city', roles: ['administrator'], ...nobody };
      const wanted = { name: 'load', scopes: apiKeyScopes, expiresAt: null };
      cities.push({ tenantId, key: (await app.get(ApiKeysService).createApiKey(ctx, wanted)).key });
    }
    return cities;
  } finally {
    await app.close();
  }
}
