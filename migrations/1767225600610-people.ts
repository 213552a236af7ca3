import type { MigrationInterface, QueryRunner } from 'typeorm';

const currentTenant = `nullif(current_setting('app.tenant_id', true), '')::uuid`;
const ofTenant = `(tenant_id = ${currentTenant})`;

/**
 * How people come, prove who they are and go: invitations, password resets, second factors, identities of other
 * providers; and the public keys of embedded results.
 */
export class People1767225600610 implements MigrationInterface {
  name = 'People1767225600610';

  async up(queryRunner: QueryRunner): Promise<void> {
    // Whoever signs in through a provider has none.
    await queryRunner.query(`alter table account alter column password_hash drop not null`);
    // A key outlives the member who made it.
    await queryRunner.query(`alter table api_key drop constraint api_key_tenant_id_created_by_fkey`);
    await queryRunner.query(`
      alter table api_key add foreign key (tenant_id, created_by) references member (tenant_id, id)
        on delete set null (created_by)`);
    await queryRunner.query(`
      alter table session
        add column second_factor boolean not null default false,
        add column client text not null default ''`);
    await queryRunner.query(`
      create table invitation (
        tenant_id uuid not null references tenant (tenant_id),
        id uuid not null,
        -- null: whoever holds the link names one; only the first administrator of an installation.
        email text check (email = lower(email)),
        name text not null,
        role text not null check (role in ('viewer', 'analyst', 'manager', 'approver', 'administrator')),
        token_hash bytea not null,
        -- null: the installation itself.
        invited_by uuid references account (id),
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        accepted_at timestamptz,
        revoked_at timestamptz,
        primary key (tenant_id, id)
      )`);
    await queryRunner.query(`create index invitation_by_token on invitation (token_hash)`);
    await queryRunner.query(`
      create table embed_key (
        tenant_id uuid not null references tenant (tenant_id),
        id uuid not null,
        -- Stands in the pages of portals, for everyone to read.
        key text not null,
        name text not null,
        origins text[] not null check (cardinality(origins) > 0),
        created_by uuid references account (id),
        created_at timestamptz not null default now(),
        revoked_at timestamptz,
        primary key (tenant_id, id)
      )`);
    await queryRunner.query(`create index embed_key_by_key on embed_key (key)`);
    for (const table of ['invitation', 'embed_key']) {
      await queryRunner.query(`alter table ${table} enable row level security`);
      await queryRunner.query(`alter table ${table} force row level security`);
      await queryRunner.query(
        `create policy ${table}_of_tenant on ${table} to hotline_app using ${ofTenant} with check ${ofTenant}`,
      );
      await queryRunner.query(
        `create policy ${table}_for_gate on ${table} to hotline_gate using (true) with check (true)`,
      );
    }
    // The hash of a link is looked up by the gate only.
    await queryRunner.query(`
      grant select (tenant_id, id, email, name, role, invited_by, created_at, expires_at, accepted_at, revoked_at),
        insert, update (revoked_at) on invitation to hotline_app`);
    await queryRunner.query(`grant select, insert, update (revoked_at) on embed_key to hotline_app`);
    await queryRunner.query(`grant select, update (accepted_at) on invitation to hotline_gate`);
    await queryRunner.query(`grant select on embed_key to hotline_gate`);

    // Three tables that belong to the person, not to a tenant. No grant: the gate's functions are the only way.
    await queryRunner.query(`
      create table second_factor (
        account_id uuid primary key references account (id) on delete cascade,
        -- Sealed with a key that follows from the installation's secret.
        secret text not null,
        confirmed_at timestamptz,
        -- Number of the last time step whose code was taken: none is taken twice.
        last_step bigint not null default 0,
        recovery_hashes text[] not null default '{}'
      )`);
    await queryRunner.query(`
      create table account_identity (
        issuer text not null,
        subject text not null,
        account_id uuid not null references account (id) on delete cascade,
        linked_at timestamptz not null default now(),
        primary key (issuer, subject)
      )`);
    await queryRunner.query(`create index account_identity_by_account on account_identity (account_id)`);
    await queryRunner.query(`
      create table password_reset (
        token_hash bytea primary key,
        account_id uuid not null references account (id) on delete cascade,
        expires_at timestamptz not null
      )`);
    await queryRunner.query(`create index password_reset_by_account on password_reset (account_id)`);
    await queryRunner.query(`
      grant select, insert, update, delete on second_factor, account_identity, password_reset to hotline_gate`);
    await queryRunner.query(`grant delete on session to hotline_gate`);
    await queryRunner.query(`grant insert on member to hotline_gate`);
    await queryRunner.query(
      `create policy member_added_by_gate on member for insert to hotline_gate with check (true)`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop policy member_added_by_gate on member`);
    await queryRunner.query(`revoke insert on member from hotline_gate`);
    await queryRunner.query(`revoke delete on session from hotline_gate`);
    for (const table of ['password_reset', 'account_identity', 'second_factor', 'embed_key', 'invitation']) {
      await queryRunner.query(`drop table ${table}`);
    }
    await queryRunner.query(`alter table session drop column second_factor, drop column client`);
    await queryRunner.query(`alter table api_key drop constraint api_key_tenant_id_created_by_fkey`);
    await queryRunner.query(`
      alter table api_key add foreign key (tenant_id, created_by) references member (tenant_id, id)`);
    await queryRunner.query(`delete from account where password_hash is null`);
    await queryRunner.query(`alter table account alter column password_hash set not null`);
  }
}
