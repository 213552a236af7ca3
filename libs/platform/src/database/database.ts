import type { OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Config, ExternalDatabase } from '../config.js';
import { loginPassword } from '../secret.js';
import { EmbeddedCluster } from './embedded-cluster.js';
import { appLogin, benchmarkLogin, connect, ensureRoles, loginUrl } from './logins.js';
import type { Entity, Migration, Seed } from './schema.js';

export interface DatabaseParts {
  readonly entities: readonly Entity[];
  readonly migrations: readonly Migration[];
  readonly seeds: readonly Seed[];
}

const ownerLogin = 'hotline_owner';
const databaseName = 'hotline';

/** The database of a process: started if it is the built-in one, migrated, and open for each login. */
export class Database implements OnApplicationShutdown {
  private constructor(
    readonly app: DataSource,
    readonly benchmark: DataSource,
    /** Address of the application's login, for connections that must stay open. */
    readonly appUrl: string,
    private readonly cluster: EmbeddedCluster | null,
  ) {}

  /** @throws ConfigError when the database cannot be reached or would not keep tenants apart */
  static async open(config: Config, parts: DatabaseParts): Promise<Database> {
    const cluster =
      config.database.kind === 'embedded'
        ? await EmbeddedCluster.start({ dataDir: config.dataDir, secret: config.secret })
        : null;
    try {
      const external = config.database.kind === 'external' ? config.database : await embeddedDatabase(config, cluster);
      const urls = await prepare(external, config.secret, parts);
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
      return new Database(app, benchmark, urls.app, cluster);
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

/** The owner is no superuser here either: what works on a laptop works where nobody is given one. */
async function embeddedDatabase(config: Config, cluster: EmbeddedCluster | null): Promise<ExternalDatabase> {
  if (!cluster) throw new Error('the built-in database was not started');
  const superuser = await connect(cluster.url('postgres'), 'HOTLINE_DATA_DIR');
  try {
    const roles = await superuser.query('select from pg_roles where rolname = $1', [ownerLogin]);
    if (roles.rowCount === 0) {
      const password = pg.escapeLiteral(loginPassword(config.secret, ownerLogin));
      await superuser.query(`create role ${ownerLogin} login createrole password ${password}`);
    }
    const databases = await superuser.query('select from pg_database where datname = $1', [databaseName]);
    if (databases.rowCount === 0) await superuser.query(`create database ${databaseName} owner ${ownerLogin}`);
  } finally {
    await superuser.end();
  }
  return {
    kind: 'external',
    poolSize: config.database.poolSize,
    ownerUrl: cluster.url(databaseName, ownerLogin),
    appUrl: null,
    benchmarkUrl: null,
  };
}

/** Roles, migrations and reference data, by one process at a time; those that wait find everything done. */
async function prepare(
  database: ExternalDatabase,
  secret: string,
  parts: DatabaseParts,
): Promise<{ app: string; benchmark: string }> {
  const owner = await connect(database.ownerUrl, 'HOTLINE_DATABASE_URL');
  try {
    await owner.query(`select pg_advisory_lock(hashtext('hotline schema'))`);
    await ensureRoles(owner, secret);
    await migrate(database.ownerUrl, parts.migrations);
    for (const seed of parts.seeds) {
      await owner.query('begin');
      await seed(async (sql, parameters) => (await owner.query(sql, parameters)).rows as unknown[]);
      await owner.query('commit');
    }
    return {
      app: await loginUrl(owner, database, appLogin, secret),
      benchmark: await loginUrl(owner, database, benchmarkLogin, secret),
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
  return source.initialize();
}
