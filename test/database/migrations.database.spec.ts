import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '@hotline/platform';
import { seedRegistry } from '@hotline/registry';
import pg from 'pg';
import { loadMigrations, migrationSource } from '../../migrations/data-source.js';
import { createTestDatabase, testConfig, type TestDatabase } from '../harness/test-cluster.js';
import { describeSchema } from './describe-schema.js';

let database: TestDatabase;
let client: pg.Client;
let dataDir: string;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'hotline-test-data-'));
  database = await createTestDatabase({ empty: true });
  client = new pg.Client(database.ownerUrl);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the migrations', () => {
  it('run once when three processes start together', async () => {
    const parts = { entities: [], migrations: await loadMigrations(), seeds: [seedRegistry] };
    const config = testConfig(database, dataDir, { HOTLINE_DATABASE_POOL: '1' });
    const started = await Promise.all([1, 2, 3].map(() => Database.open(config, parts)));
    for (const one of started) await one.close();
    const { rows } = await client.query<{ name: string; times: number }>(
      'select name, count(*)::int as times from migrations group by name order by name',
    );
    expect(rows).toHaveLength(parts.migrations.length);
    expect(rows.every(({ times }) => times === 1)).toBe(true);
    // 334 places are rated in the 2023 report.
    expect((await client.query('select from city')).rowCount).toBe(334);
  });

  it('go back one by one to nothing, and forward again to the same schema', async () => {
    const source = await migrationSource(database.ownerUrl);
    try {
      const forward = await describeSchema(client);
      const count = source.migrations.length;
      for (let undone = 0; undone < count; undone += 1) await source.undoLastMigration({ transaction: 'each' });
      const { rows } = await client.query<{ relname: string }>(
        `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'S', 'm')
           and relname not like 'migrations%' order by relname`,
      );
      expect(rows).toEqual([]);
      expect((await client.query(`select from pg_proc where pronamespace = 'public'::regnamespace`)).rowCount).toBe(0);
      await source.runMigrations({ transaction: 'each' });
      expect(await describeSchema(client)).toEqual(forward);
    } finally {
      await source.destroy();
    }
  });

  it('have a time stamp, a name and a file that agree', async () => {
    const migrations = await loadMigrations();
    const stamps = migrations.map(({ name }) => Number(name.slice(-13)));
    expect(stamps.every((stamp) => Number.isInteger(stamp))).toBe(true);
    expect([...stamps].sort((a, b) => a - b)).toEqual(stamps);
    expect(new Set(stamps).size).toBe(stamps.length);
  });
});
