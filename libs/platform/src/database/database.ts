import { setTimeout as sleep } from 'node:timers/promises';
import type { OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Config, ExternalDatabase } from '../config.js';
import { isDatabaseUnavailable } from './database-error.js';
import { EmbeddedCluster } from './embedded-cluster.js';
import {
  appLogin,
  benchmarkLogin,
  connectDirect,
  ensureRoles,
  listenUrl,
  loginUrl,
  requirePrepared,
} from './logins.js';
import type { Entity, Migration, Seed } from './schema.js';

/** So long a start waits for its first connections. */
const startPatienceMs = 10_000;

export interface DatabaseParts {
  readonly entities: readonly Entity[];
  readonly migrations: readonly Migration[];
  readonly seeds: readonly Seed[];
}

/** Told how long each statement took that succeeded. */
export type ObserveStatement = (login: 'app' | 'benchmark', seconds: number) => void;

/** Addresses of the logins that the service works with. */
interface LoginUrls {
  readonly app: string;
  readonly benchmark: string;
  /** Of the application's login, on PostgreSQL itself. */
  readonly listen: string;
}

/** The database of a process: started if it is the built-in one, migrated by whoever holds its owner, and open for each login. */
export class Database implements OnApplicationShutdown {
  private constructor(
    readonly app: DataSource,
    readonly benchmark: DataSource,
    /** Address of the application's login on PostgreSQL itself, for a connection that listens. */
    readonly listenUrl: string,
    private readonly cluster: EmbeddedCluster | null,
  ) {}

  /** @throws ConfigError when the database cannot be reached or would not keep tenants apart */
  static async open(
    config: Config,
    parts: DatabaseParts,
    observe: ObserveStatement = () => undefined,
  ): Promise<Database> {
    const cluster =
      config.database.kind === 'embedded'
        ? await EmbeddedCluster.start({ dataDir: config.dataDir, secret: config.secret })
        : null;
    try {
      const urls = await readyLogins(config, cluster, parts);
      const app = await open({
        url: urls.app,
        applicationName: 'hotline',
        entities: [...parts.entities],
        poolSize: config.database.poolSize,
      });
      const benchmark = await open({
        url: urls.benchmark,
        applicationName: 'hotline benchmark',
        entities: [...parts.entities],
        poolSize: 2,
      });
      observeStatements(app, (seconds) => observe('app', seconds));
      observeStatements(benchmark, (seconds) => observe('benchmark', seconds));
      return new Database(app, benchmark, urls.listen, cluster);
    } catch (error) {
      await cluster?.stop();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.app.destroy();
    await this.benchmark.destroy();
    await this.cluster?.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }
}

/** @throws ConfigError */
async function readyLogins(config: Config, cluster: EmbeddedCluster | null, parts: DatabaseParts): Promise<LoginUrls> {
  const { database, secret } = config;
  switch (database.kind) {
    case 'embedded':
      if (!cluster) throw new Error('the built-in database was not started');
      return prepare(
        {
          ...{ kind: 'external', poolSize: database.poolSize, ownerUrl: await cluster.ownerUrl() },
          ...{ appUrl: null, benchmarkUrl: null, listenUrl: null },
        },
        secret,
        parts,
      );
    case 'external':
      return prepare(database, secret, parts);
    case 'prepared':
      await requirePrepared(
        database,
        parts.migrations.map(({ name }) => name),
      );
      return {
        app: database.appUrl,
        benchmark: database.benchmarkUrl,
        listen: await listenUrl(database, database.appUrl),
      };
  }
}

/** Roles, migrations and reference data, by one process at a time; those that wait find everything done. */
async function prepare(database: ExternalDatabase, secret: string, parts: DatabaseParts): Promise<LoginUrls> {
  const owner = await connectDirect(database.ownerUrl, 'HOTLINE_DATABASE_URL');
  try {
    await owner.query(`select pg_advisory_lock(hashtext('hotline schema'))`);
    await ensureRoles(owner, database, secret);
    await migrate(database.ownerUrl, parts.migrations);
    for (const seed of parts.seeds) {
      await owner.query('begin');
      await seed(async (sql, parameters) => (await owner.query(sql, parameters)).rows as unknown[]);
      await owner.query('commit');
    }
    const app = await loginUrl(owner, database, appLogin, secret);
    return {
      app,
      benchmark: await loginUrl(owner, database, benchmarkLogin, secret),
      listen: await listenUrl(database, app),
    };
  } finally {
    // The lock goes with the connection.
    await owner.end();
  }
}

async function migrate(url: string, migrations: readonly Migration[]): Promise<void> {
  const source = await open({ url, applicationName: 'hotline migrations', migrations: [...migrations], poolSize: 1 });
  try {
    // A migration that waits for a table must not make everyone else wait behind it.
    await source.query(`set lock_timeout = '5s'`);
    await source.runMigrations({ transaction: 'each' });
  } finally {
    await source.destroy();
  }
}

async function open(options: Partial<Extract<DataSourceOptions, { type: 'postgres' }>>): Promise<DataSource> {
  const source = new DataSource({
    ...options,
    type: 'postgres',
    synchronize: false,
    installExtensions: false,
    // Its log would hold the values of statements.
    logging: false,
    extra: { connectionTimeoutMillis: 2_000, idleTimeoutMillis: 30_000 },
  });
  // Later work gives up soon, as people wait for it; a start on a busy machine may take its time.
  for (const deadline = Date.now() + startPatienceMs; ;) {
    try {
      return await source.initialize();
    } catch (error) {
      if (!isDatabaseUnavailable(error) || Date.now() > deadline) throw error;
      await sleep(200);
    }
  }
}

function observeStatements(source: DataSource, observe: (seconds: number) => void): void {
  source.subscribers.push({
    afterQuery: ({ success, executionTime }) => {
      if (success && executionTime !== undefined) observe(executionTime / 1000);
    },
  });
}
