import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../harness/test-cluster.js';
import { definerFunctions, findSchemaFaults, rules, sharedReading, tablesWithoutTenant } from './schema-faults.js';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client(database.superuserUrl);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const policy = `using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`;
const sound = `create table planted (tenant_id uuid references tenant (tenant_id), id uuid, primary key (tenant_id, id));
  alter table planted enable row level security; alter table planted force row level security;
  create policy planted_of_tenant on planted to hotline_app ${policy};`;

/** What a careless migration might do, and the rule that must notice. */
const planted: Record<string, { rule: string; sql: string }> = {
  'a table of no tenant': {
    rule: 'a table without tenant_id is on the list',
    sql: 'create table planted (id uuid primary key)',
  },
  'row-level security that is not enabled': {
    rule: 'row-level security is enabled and forced',
    sql: `${sound} alter table planted disable row level security`,
  },
  'row-level security that spares the owner': {
    rule: 'row-level security is enabled and forced',
    sql: `${sound} alter table planted no force row level security`,
  },
  'no policy at all': {
    rule: 'the application has one permissive policy per table, for every command',
    sql: `${sound} drop policy planted_of_tenant on planted`,
  },
  'a second permissive policy': {
    rule: 'the application has one permissive policy per table, for every command',
    sql: `${sound} create policy wider on planted to hotline_app ${policy}`,
  },
  'a second policy for everyone': {
    rule: 'the application has one permissive policy per table, for every command',
    sql: `${sound} create policy wider on planted for select using (true)`,
  },
  'a policy for reading only': {
    rule: 'the application has one permissive policy per table, for every command',
    sql: `${sound} drop policy planted_of_tenant on planted;
      create policy planted_of_tenant on planted for select to hotline_app using (true)`,
  },
  'a policy that lets all rows be written': {
    rule: 'its policy compares tenant_id with the tenant of the transaction, for reading and writing',
    sql: `${sound} alter policy planted_of_tenant on planted with check (true)`,
  },
  'a policy that lets all rows be read': {
    rule: 'its policy compares tenant_id with the tenant of the transaction, for reading and writing',
    sql: `${sound} alter policy planted_of_tenant on planted using (true) with check (true)`,
  },
  'a province that reads the cities it once had': {
    rule: 'what another tenant may read is on the list, word for word',
    sql: `alter policy submission_for_province on submission using (exists (select from province_city r
      where r.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid and r.city_id = submission.tenant_id))`,
  },
  'a province that changes what its cities submit': {
    rule: 'what another tenant may read is on the list, word for word',
    sql: `drop policy submission_for_province on submission;
      create policy submission_for_province on submission to hotline_app using (true) with check (true)`,
  },
  'a policy for some other role': {
    rule: 'only the application, the gate and the benchmark have policies',
    sql: `${sound} create policy other on planted to hotline_owner using (true)`,
  },
  'a benchmark that writes': {
    rule: 'the benchmark only reads',
    sql: `${sound} grant update (id) on planted to hotline_benchmark`,
  },
  'a key across tenants': {
    rule: 'every key begins with the tenant',
    sql: `${sound} alter table planted add column email text, add unique (email)`,
  },
  'no primary key': {
    rule: 'every tenant table has a primary key',
    sql: `${sound} alter table planted drop constraint planted_pkey`,
  },
  'a reference to another tenant’s row': {
    rule: 'a reference between tenants’ tables names the tenant on both sides',
    sql: `${sound} create table target (tenant_id uuid, id uuid unique, primary key (tenant_id, id));
      alter table planted add foreign key (id) references target (id)`,
  },
  'ids from a shared counter': {
    rule: 'ids come from no shared counter',
    sql: `${sound} alter table planted add column number bigserial`,
  },
  'a view with its owner’s eyes': {
    rule: 'a view sees what its reader may see',
    sql: 'create view planted as select * from member',
  },
  'a materialised view': {
    rule: 'there is no materialised view',
    sql: 'create materialized view planted as select * from member',
  },
  'a function with rights of its own': {
    rule: 'a function with rights of its own is on the list',
    sql: `create function planted() returns bigint language sql security definer as 'select count(*) from member'`,
  },
  'such a function of the owner': {
    rule: 'such a function belongs to the gate, and not everyone may call it',
    sql: 'alter function find_sign_in(text) owner to hotline_owner',
  },
  'such a function for everyone': {
    rule: 'such a function belongs to the gate, and not everyone may call it',
    sql: 'grant execute on function find_sign_in(text) to public',
  },
  'such a function with an open search path': {
    rule: 'such a function looks names up nowhere but where it says',
    sql: 'alter function find_sign_in(text) reset search_path',
  },
  'the right to empty a table': {
    rule: 'the application may select, insert, update and delete, and no more',
    sql: 'grant truncate on member to hotline_app',
  },
  'a part granted by itself': {
    rule: 'a part of a table is not granted by itself',
    sql: `create table planted (tenant_id uuid, day date, primary key (tenant_id, day)) partition by range (day);
      create table part partition of planted default; grant select on part to hotline_app`,
  },
  'reference data the application may change': {
    rule: 'tables without a tenant are read-only for the application',
    sql: 'grant update (name) on city to hotline_app',
  },
  'an application that bypasses the rules': {
    rule: 'the logins have no privilege that turns the rules off',
    sql: 'alter role hotline_app bypassrls',
  },
  'an application that is a member of the gate': {
    rule: 'the logins have no privilege that turns the rules off',
    sql: 'grant hotline_gate to hotline_app',
  },
  'a table of the application’s': {
    rule: 'the logins own nothing',
    sql: `${sound} alter table planted owner to hotline_app`,
  },
  'a table that is not audited': {
    rule: 'what is changed is audited, or the table is on the list',
    sql: sound,
  },
  'an audit that is switched off': {
    rule: 'what is changed is audited, or the table is on the list',
    sql: 'alter table member disable trigger audited',
  },
  'an audit the application may write': {
    rule: 'the audit is only read',
    sql: 'grant insert on audit_event to hotline_app',
  },
  'a table whose rows outlive their tenant': {
    rule: 'a tenant can be deleted: the gate may see and delete rows of it in every table',
    sql: sound,
  },
  'an application that makes tables': {
    rule: 'nobody but the owner makes tables',
    sql: 'grant create on schema public to hotline_app',
  },
};

describe('the schema', () => {
  it('keeps tenants apart by every rule', async () => {
    expect(await findSchemaFaults(client)).toEqual({});
  });

  it.each(Object.entries(planted))('would be caught with %s', async (_, { rule, sql }) => {
    await client.query('begin');
    try {
      await client.query(sql);
      expect(Object.keys(await findSchemaFaults(client))).toContain(rule);
    } finally {
      await client.query('rollback');
    }
  });

  it('has a planted fault for every rule', () => {
    expect(new Set(Object.values(planted).map(({ rule }) => rule))).toEqual(new Set(rules));
  });

  it('has nothing on its lists that is not there', async () => {
    const { rows: tables } = await client.query<{ found: string }>(
      `select relname as found from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
    );
    expect(tables.map(({ found }) => found)).toEqual(expect.arrayContaining(Object.keys(tablesWithoutTenant)));
    const { rows: functions } = await client.query<{ found: string }>(
      'select proname as found from pg_proc where prosecdef',
    );
    expect(functions.map(({ found }) => found).sort()).toEqual([...definerFunctions]);
    const { rows: policies } = await client.query<{ found: string }>('select polname as found from pg_policy');
    expect(policies.map(({ found }) => found)).toEqual(expect.arrayContaining(Object.keys(sharedReading)));
  });

  it.each([
    ['hotline_app', 'statement_timeout', '15s'],
    ['hotline_app', 'lock_timeout', '3s'],
    ['hotline_app', 'idle_in_transaction_session_timeout', '30s'],
    ['hotline_app', 'client_connection_check_interval', '1s'],
    ['hotline_benchmark', 'default_transaction_read_only', 'on'],
    ['hotline_benchmark', 'statement_timeout', '60s'],
  ])('limits %s: %s = %s', async (role, name, value) => {
    const { rows } = await client.query<{ rolconfig: string[] }>('select rolconfig from pg_roles where rolname = $1', [
      role,
    ]);
    expect(rows[0]?.rolconfig).toContain(`${name}=${value}`);
  });
});
