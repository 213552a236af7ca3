import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appLogin, benchmarkLogin, Database, derivedLoginUrl } from '@hotline/platform';
import { seedRegistry } from '@hotline/registry';
import pg from 'pg';
import { loadMigrations } from '../../migrations/data-source.js';
import { SilentRelay } from '../harness/silent-relay.js';
import { createTestDatabase, testConfig, testSecret, type TestDatabase } from '../harness/test-cluster.js';

let database: TestDatabase;
let dataDir: string;
let superuser: pg.Client;
const roles = ['test_bypass', 'test_maker', 'test_member', 'test_plain'];
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'hotline-test-data-'));
  database = await createTestDatabase();
  superuser = new pg.Client(database.superuserUrl);
  await superuser.connect();
  for (const [role, attribute] of [
    ['test_bypass', 'bypassrls'],
    ['test_maker', 'createrole'],
    ['test_member', 'in role hotline_owner'],
    ['test_plain', ''],
  ]) {
    await superuser.query(`create role ${role} login password 'only-for-tests' ${attribute}`);
  }
});
afterAll(async () => {
  for (const role of roles) await superuser.query(`drop role ${role}`);
  await superuser.end();
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

const openAs = (appUrl: string, variable = 'HOTLINE_APP_DATABASE_URL') =>
  Database.open(testConfig(database, dataDir, { [variable]: appUrl }), { entities: [], migrations: [], seeds: [] });
const as = (role: string): string => {
  const url = new URL(database.ownerUrl);
  url.username = role;
  url.password = 'only-for-tests';
  return url.href;
};

describe('the start is refused', () => {
  it.each([
    ['the owner of the tables', () => database.ownerUrl, 'may create roles'],
    ['a superuser', () => database.superuserUrl, 'is a superuser'],
    ['a login that bypasses row-level security', () => as('test_bypass'), 'may bypass row-level security'],
    ['a login that may create roles', () => as('test_maker'), 'may create roles'],
    ['a member of the owner', () => as('test_member'), 'owns tables or functions, or is a member of their owner'],
  ])('when the application’s login is %s', async (_, url, reason) => {
    await expect(openAs(url())).rejects.toMatchObject({
      code: 'role_privileged',
      message: expect.stringContaining(reason),
    });
    await expect(openAs(url())).rejects.toThrow('Refusing to start');
  });

  it('when it is another than the rules are written for', async () => {
    await expect(openAs(as('test_plain'))).rejects.toMatchObject({
      code: 'role_name',
      message: expect.stringContaining('HOTLINE_APP_DATABASE_URL is test_plain, but must be hotline_app'),
    });
  });

  it('when the benchmark’s login is privileged', async () => {
    await expect(openAs(database.superuserUrl, 'HOTLINE_BENCHMARK_DATABASE_URL')).rejects.toMatchObject({
      code: 'role_privileged',
      message: expect.stringContaining('HOTLINE_BENCHMARK_DATABASE_URL'),
    });
  });

  it('when the database does not answer', async () => {
    const nowhere = testConfig({ ownerUrl: 'postgres://owner:secret@127.0.0.1:9/hotline' }, dataDir);
    const opening = Database.open(nowhere, { entities: [], migrations: [], seeds: [] });
    await expect(opening).rejects.toMatchObject({ code: 'database_unreachable' });
    await expect(opening).rejects.toThrow('HOTLINE_DATABASE_URL cannot be reached');
  });
});

describe('a process without the owner', () => {
  const parts = async () => ({ entities: [], migrations: await loadMigrations(), seeds: [seedRegistry] });
  const logins = (ownerUrl: string) => ({
    HOTLINE_DATABASE_URL: '',
    HOTLINE_APP_DATABASE_URL: derivedLoginUrl(ownerUrl, appLogin, testSecret),
    HOTLINE_BENCHMARK_DATABASE_URL: derivedLoginUrl(ownerUrl, benchmarkLogin, testSecret),
  });

  it('refuses a database that nobody has prepared for its version, names what is missing, and changes nothing', async () => {
    const empty = await createTestDatabase({ empty: true });
    try {
      const config = testConfig(empty, dataDir, logins(empty.ownerUrl));
      expect(config.database.kind).toBe('prepared');
      const [first] = (await parts()).migrations;
      await expect(Database.open(config, await parts())).rejects.toMatchObject({
        code: 'database_not_prepared',
        message: expect.stringContaining(first?.name ?? '?'),
      });
      const client = new pg.Client(empty.superuserUrl);
      await client.connect();
      const tables = await client.query(`select from pg_tables where schemaname = 'public'`);
      await client.end();
      expect(tables.rowCount).toBe(0);
    } finally {
      await empty.drop();
    }
  });

  it('works on one that is prepared, for its version or a later one', async () => {
    const config = testConfig(database, dataDir, logins(database.ownerUrl));
    for (const migrations of [(await parts()).migrations, (await parts()).migrations.slice(0, -1)]) {
      const opened = await Database.open(config, { ...(await parts()), migrations });
      expect(await opened.app.query('select count(*)::int as cities from city')).toEqual([{ cities: 334 }]);
      await opened.close();
    }
  });

  it('waits for a first connection of its pool that takes longer than people at work would wait', async () => {
    const relay = await SilentRelay.start(database.ownerUrl, 'hotline');
    const config = testConfig(database, dataDir, logins(relay.url));
    try {
      const opened = await Database.open(config, await parts());
      expect(await opened.app.query('select 1 as one')).toEqual([{ one: 1 }]);
      expect(relay.unanswered).toBe(1);
      await opened.close();
    } finally {
      await relay.close();
    }
  });

  it('refuses a login that is privileged', async () => {
    const privileged = { ...logins(database.ownerUrl), HOTLINE_BENCHMARK_DATABASE_URL: database.superuserUrl };
    const config = testConfig(database, dataDir, privileged);
    await expect(Database.open(config, await parts())).rejects.toMatchObject({ code: 'role_privileged' });
  });
});
