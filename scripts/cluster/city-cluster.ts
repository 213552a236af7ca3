import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedCluster, type RequestContext } from '@hotline/platform';
import { apiKeyScopes, ApiKeysService, TenantsService } from '@hotline/tenancy';
import { Cluster } from './cluster.js';
import type { ServiceProcess } from './service-process.js';
import { openTenancy } from './tenancy-context.js';

/** A city and the key of a program that acts for it. */
export interface ProgramOfCity {
  readonly tenantId: string;
  readonly key: string;
}

/** Folder of the repository, seen from `dist/scripts/cluster`. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A cluster for measurements, in a folder of its own, with cities whose programs send and ask. */
export class CityCluster {
  private constructor(
    private readonly cluster: Cluster,
    private readonly database: EmbeddedCluster,
    readonly dataDir: string,
    /** As the superuser, who sees the rows of every tenant. */
    readonly superuserUrl: string,
    readonly cities: readonly ProgramOfCity[],
  ) {}

  static async start(count: number): Promise<CityCluster> {
    const dataDir = await mkdtemp(join(tmpdir(), 'hotline-cluster-'));
    const secret = randomBytes(32).toString('hex');
    const parts: { stop(): Promise<unknown> }[] = [];
    try {
      const database = await EmbeddedCluster.start({ dataDir, secret });
      parts.push(database);
      const ownerUrl = await database.ownerUrl();
      const env = { HOTLINE_LOG_LEVEL: 'fatal' };
      const cluster = await Cluster.start({
        ...{ root, dataDir, secret, ownerUrl, env, host: '127.0.0.1', port: 0 },
        say: () => undefined,
      });
      parts.push(cluster);
      const cities = await makeCities(
        {
          ...env,
          HOTLINE_DATABASE_URL: ownerUrl,
          HOTLINE_SECRET: secret,
          HOTLINE_DATA_DIR: dataDir,
          HOTLINE_DEMO: '0',
        },
        count,
      );
      const name = new URL(ownerUrl).pathname.slice(1);
      return new CityCluster(cluster, database, dataDir, database.url(name), cities);
    } catch (error) {
      for (const part of parts.reverse()) await part.stop();
      await rm(dataDir, { recursive: true, force: true });
      throw error;
    }
  }

  /** Of the proxy. */
  get url(): string {
    return this.cluster.url.replace('localhost', '127.0.0.1');
  }

  get apis(): readonly ServiceProcess[] {
    return this.cluster.apis;
  }

  get workers(): readonly ServiceProcess[] {
    return this.cluster.workers;
  }

  /** How each api and worker ended. */
  async stopProcesses(): Promise<readonly (number | NodeJS.Signals | null)[]> {
    return Promise.all([...this.apis, ...this.workers].map((each) => each.stop()));
  }

  async close(): Promise<void> {
    await this.cluster.stop();
    await this.database.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** Through the services that an operator's program would use; they run here and only for this. */
async function makeCities(settings: Readonly<Record<string, string>>, count: number): Promise<ProgramOfCity[]> {
  const app = await openTenancy(settings);
  try {
    const cities: ProgramOfCity[] = [];
    for (let index = 1; index <= count; index += 1) {
      const { tenantId } = await app
        .get(TenantsService)
        .createTenant({ kind: 'city', name: `热线中心 ${index}`, cityCode: '420100', isDemo: false });
      const nobody = { memberId: null, accountId: null, apiKey: null, requestId: 'measurement' };
      const ctx: RequestContext = { tenantId, tenantKind: 'city', roles: ['administrator'], ...nobody };
      const wanted = { name: 'measurement', scopes: apiKeyScopes, expiresAt: null };
      cities.push({ tenantId, key: (await app.get(ApiKeysService).createApiKey(ctx, wanted)).key });
    }
    return cities;
  } finally {
    await app.close();
  }
}
