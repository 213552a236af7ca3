import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appLogin, benchmarkLogin, Database, derivedLoginUrl, type RequestContext } from '@hotline/platform';
import pg from 'pg';
import { createTestDatabase, testConfig, testSecret, type TestDatabase } from '../harness/test-cluster.js';
import { TestImports } from '../harness/test-imports.js';
import { TestPooler } from '../harness/test-pooler.js';

/** Two connections to PostgreSQL for everybody: whoever asks next gets the one that another tenant has just used. */
const serverConnections = 2;

let database: TestDatabase;
let pooler: TestPooler;
let direct: { app: string; benchmark: string };
let throughPooler: Record<string, string>;
beforeAll(async () => {
  database = await createTestDatabase();
  direct = {
    app: derivedLoginUrl(database.ownerUrl, appLogin, testSecret),
    benchmark: derivedLoginUrl(database.ownerUrl, benchmarkLogin, testSecret),
  };
  pooler = await TestPooler.start([direct.app, direct.benchmark, database.ownerUrl], serverConnections);
  throughPooler = {
    HOTLINE_APP_DATABASE_URL: pooler.leadingTo(direct.app),
    HOTLINE_BENCHMARK_DATABASE_URL: pooler.leadingTo(direct.benchmark),
    HOTLINE_LISTEN_DATABASE_URL: direct.app,
  };
});
afterAll(async () => {
  await pooler.close();
  await database.drop();
});

describe('through a pooler of transactions', () => {
  let imports: TestImports;
  let cities: RequestContext[];
  beforeAll(async () => {
    imports = await TestImports.start({
      database,
      poolSize: 20,
      env: throughPooler,
      // Whoever does not hear of a job waits longer than the test.
      jobTiming: { retryDelayMs: 10, pollMs: 300_000 },
    });
    cities = [await imports.newCity(), await imports.newCity()];
  });
  afterAll(() => imports.close());

  it('a setting of a session would reach another client: the pooler is real, and the tests below would notice', async () => {
    const clients = [0, 1].map(() => new pg.Client(pooler.leadingTo(direct.app)));
    for (const client of clients) await client.connect();
    const [first, second] = clients;
    await first?.query(`select set_config('app.canary', 'of the first', false)`);
    const { rows } =
      (await second?.query<{ canary: string }>(`select current_setting('app.canary', true) as canary`)) ?? {};
    expect(rows).toEqual([{ canary: 'of the first' }]);
    await first?.query('reset app.canary');
    for (const client of clients) await client.end();
  });

  it('tenants whose transactions interleave never see each other', async () => {
    const answers = await Promise.all(
      Array.from({ length: 400 }, async (_, index) => {
        const { tenantId } = cities[index % 2] as RequestContext;
        const reading = index % 3 === 0 ? imports.platform.db.runReadOnly : imports.platform.db.run;
        const rows = await reading
          .call(imports.platform.db, { tenantId }, async (manager) => {
            const first = await manager.query<{ tenant_id: string }[]>('select tenant_id from tenant');
            // One in ten fails half way, as requests do.
            if (index % 10 === 0) await manager.query('select 1 / 0').catch(() => undefined);
            return [
              ...first,
              ...(await manager.query<{ tenant_id: string }[]>('select tenant_id from tenant').catch(() => [])),
            ];
          })
          .catch((error: Error) => error);
        return { tenantId, rows, fails: index % 10 === 0 };
      }),
    );
    for (const { tenantId, rows, fails } of answers) {
      if (fails) expect(rows).toMatchObject({ name: 'TransactionAborted' });
      else expect(rows).toEqual([{ tenant_id: tenantId }, { tenant_id: tenantId }]);
    }
  });

  it('no tenant is left behind for whoever comes next', async () => {
    for (const ctx of cities) {
      await imports.platform.db.run(ctx, (manager) => manager.query('select 1'));
      const seen = await Promise.all(
        Array.from({ length: 10 }, () => imports.platform.shared.query('select tenant_id from tenant')),
      );
      expect(seen.flat()).toEqual([]);
    }
  });

  it('limits of a login hold, and those of one transaction end with it', async () => {
    const [city] = cities as [RequestContext];
    const limit = () =>
      imports.platform.db.run(city, (manager) =>
        manager.query<{ statement_timeout: string }[]>('show statement_timeout'),
      );
    await expect(
      imports.platform.db.run(city, (manager) => manager.query('select pg_sleep(30)'), { statementTimeoutMs: 50 }),
    ).rejects.toMatchObject({ code: '57014' });
    expect(await Promise.all([limit(), limit(), limit()])).toEqual(
      Array.from({ length: 3 }, () => [{ statement_timeout: '15s' }]),
    );
    await expect(
      imports.platform.benchmark.run((manager) => manager.query(`update tenant set is_demo = true`)),
    ).rejects.toMatchObject({ code: expect.stringMatching(/42501|25006/) });
  });

  it('files are imported at once: jobs are heard of on the connection that goes past it', async () => {
    const file = (day: string) => ({
      dataset: 'call_metrics_daily' as const,
      text: `统计日期,人工请求量,人工接通量\n${day},100,90\n`,
    });
    const done = await Promise.all(cities.map((city, index) => imports.receive(city, file(`2026-10-0${index + 1}`))));
    expect(done.map(({ state }) => state)).toEqual(['committed', 'committed']);
  });
});

describe('the start is refused', () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'hotline-test-data-'));
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
  const open = (env: Record<string, string>) =>
    Database.open(testConfig(database, dataDir, env), { entities: [], migrations: [], seeds: [] });

  it('when the application would listen through a pooler, and is told which address is missing', async () => {
    const opening = open({ ...throughPooler, HOTLINE_LISTEN_DATABASE_URL: '' });
    await expect(opening).rejects.toMatchObject({ code: 'pooler_between' });
    await expect(opening).rejects.toThrow(
      /HOTLINE_APP_DATABASE_URL leads to a connection pooler.* in HOTLINE_LISTEN_DATABASE_URL/,
    );
    await expect(open({ HOTLINE_LISTEN_DATABASE_URL: pooler.leadingTo(direct.app) })).rejects.toMatchObject({
      code: 'pooler_between',
    });
  });

  it('when the owner of the tables comes through a pooler', async () => {
    await expect(open({ HOTLINE_DATABASE_URL: pooler.leadingTo(database.ownerUrl) })).rejects.toThrow(
      /HOTLINE_DATABASE_URL leads to a connection pooler/,
    );
  });

  it('when the login that listens is another than the application’s', async () => {
    await expect(open({ HOTLINE_LISTEN_DATABASE_URL: direct.benchmark })).rejects.toMatchObject({ code: 'role_name' });
    await expect(open({ HOTLINE_LISTEN_DATABASE_URL: database.superuserUrl })).rejects.toMatchObject({
      code: 'role_privileged',
    });
  });
});
