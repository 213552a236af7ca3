import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database, EmbeddedCluster, parseConfig, type Config } from '@hotline/platform';
import { seedRegistry } from '@hotline/registry';
import pg from 'pg';
import { loadMigrations } from '../../migrations/data-source.js';
import { childrenOf, gone, send } from './processes.js';

/** Secret of every test installation: passwords and keys follow from it. */
export const testSecret = 'n7Qw2Lk9Vb4Xz6Tj1Rf8Yd3Hg5Mc0PsQe';
const template = 'hotline_template';
const owner = 'hotline_owner';
const ownerPassword = 'only-for-tests';

export interface TestDatabase {
  readonly name: string;
  /** Login that owns the tables; no superuser. */
  readonly ownerUrl: string;
  readonly superuserUrl: string;
  drop(): Promise<void>;
}

interface ClusterAddress {
  readonly port: number;
  readonly superuserUrl: string;
}

/** A database of this test file's own, migrated, with the registry in it. */
export async function createTestDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const cluster = await testCluster();
  const name = `test_${Date.now().toString(36)}_${Math.random().toString(36).slice(2, 8)}`;
  await asSuperuser(cluster, (client) =>
    client.query(`create database ${name} owner ${owner}${options.empty === true ? '' : ` template ${template}`}`),
  );
  return {
    name,
    ownerUrl: ownerUrl(cluster, name),
    superuserUrl: within(cluster.superuserUrl, name),
    drop: async () => {
      await asSuperuser(cluster, (client) => client.query(`drop database ${name} with (force)`));
    },
  };
}

/** A database on a server of its own, which may be made to crash. `drop` ends that server. */
export interface PrivateDatabase extends TestDatabase {
  /** Kills the server with all its processes; resolves when none is left. */
  crash(): Promise<void>;
  /** Starts it again on the same folder and port. */
  restart(): Promise<void>;
}

export async function privateDatabase(): Promise<PrivateDatabase> {
  // Not below the run's own folder: that one is passable for the database's user only once its server has started.
  const folder = mkdtempSync(join(tmpdir(), 'hotline-own-'));
  let { cluster, address } = await launchCluster(folder, false);
  return {
    name: template,
    ownerUrl: ownerUrl(address, template),
    superuserUrl: within(address.superuserUrl, template),
    crash: async () => {
      const postmaster = Number(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
      const backends = childrenOf(postmaster);
      // First of all the one that would start the others again.
      for (const pid of [postmaster, ...backends]) send(pid, 'SIGKILL');
      await gone([postmaster, ...backends]);
      await cluster.stop();
    },
    restart: async () => {
      cluster = await startServer(folder, false, address.port);
    },
    drop: async () => {
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Settings of an installation on a test database. */
export function testConfig(
  database: Pick<TestDatabase, 'ownerUrl'>,
  dataDir: string,
  env: Record<string, string> = {},
): Config {
  return parseConfig({
    HOTLINE_DATABASE_URL: database.ownerUrl,
    HOTLINE_SECRET: testSecret,
    HOTLINE_DATA_DIR: dataDir,
    HOTLINE_PORT: '0',
    HOTLINE_METRICS_PORT: '0',
    HOTLINE_LOG_LEVEL: 'fatal',
    ...env,
  });
}

/** The run's one server: the first file that asks starts it, the others wait. */
async function testCluster(): Promise<ClusterAddress> {
  const folder = process.env['TEST_CLUSTER_DIR'];
  if (folder === undefined) throw new Error('this test belongs into the project `database` or `e2e`');
  const addressFile = join(folder, 'cluster.json');
  const lock = join(folder, 'starting');
  while (!existsSync(addressFile)) {
    try {
      mkdirSync(lock);
    } catch {
      await sleep(50);
      continue;
    }
    try {
      if (!existsSync(addressFile)) writeFileSync(addressFile, JSON.stringify(await startCluster(folder)));
    } finally {
      rmdirSync(lock);
    }
  }
  return JSON.parse(readFileSync(addressFile, 'utf8')) as ClusterAddress;
}

async function startCluster(folder: string): Promise<ClusterAddress> {
  return (await launchCluster(folder, true)).address;
}

function startServer(folder: string, outlives: boolean, port?: number): Promise<EmbeddedCluster> {
  return EmbeddedCluster.start({
    dataDir: folder,
    secret: testSecret,
    outlives,
    revives: false,
    ...(port === undefined ? {} : { port }),
    // Nothing here has to survive a power cut; what was committed survives the death of the server all the same.
    settings: { fsync: 'off', full_page_writes: 'off', shared_buffers: '64MB' },
  });
}

async function launchCluster(
  folder: string,
  outlives: boolean,
): Promise<{ cluster: EmbeddedCluster; address: ClusterAddress }> {
  const cluster = await startServer(folder, outlives);
  const address = { port: cluster.port, superuserUrl: cluster.url('postgres') };
  await asSuperuser(address, async (client) => {
    await client.query(`create role ${owner} login createrole password '${ownerPassword}'`);
    await client.query(`create database ${template} owner ${owner}`);
  });
  const database = await Database.open(testConfig({ ownerUrl: ownerUrl(address, template) }, folder), {
    entities: [],
    migrations: await loadMigrations(),
    seeds: [seedRegistry],
  });
  await database.close();
  return { cluster, address };
}

function ownerUrl(cluster: ClusterAddress, database: string): string {
  return `postgres://${owner}:${ownerPassword}@127.0.0.1:${cluster.port}/${database}`;
}

function within(address: string, database: string): string {
  const url = new URL(address);
  url.pathname = `/${database}`;
  return url.href;
}

async function asSuperuser<T>(cluster: ClusterAddress, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(cluster.superuserUrl);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
