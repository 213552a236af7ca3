import type { MigrationInterface, QueryRunner } from 'typeorm';

const ofTenant = `(tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`;

const functions = [
  'begin_sign_in(text, integer)',
  'forgive_sign_in(text, text)',
  'find_sign_in(text)',
  'memberships_of(uuid)',
  'keep_account(uuid, text, text)',
  'replace_password_hash(uuid, text, text)',
  'resolve_session(bytea)',
  'resolve_api_key(text)',
];

/**
 * Tenants, who acts for them, and how they sign in. Before anyone has signed in no tenant is known: the few questions
 * asked then go through functions of the role hotline_gate, which return no more than the answer.
 */
export class CreateTenancy1767225600010 implements MigrationInterface {
  name = 'CreateTenancy1767225600010';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table tenant (
        tenant_id uuid primary key,
        kind text not null check (kind in ('city', 'province', 'operator')),
        name text not null check (name <> ''),
        city_code text references city (code),
        province_code text references province (code),
        is_demo boolean not null,
        created_at timestamptz not null default now(),
        check ((city_code is not null) = (kind = 'city')),
        check ((province_code is not null) = (kind = 'province'))
      )`);
    // One person, whatever tenants they act for.
    await queryRunner.query(`
      create table account (
        id uuid primary key,
        email text not null unique check (email = lower(email)),
        password_hash text not null,
        created_at timestamptz not null default now(),
        disabled_at timestamptz
      )`);
    await queryRunner.query(`
      create table member (
        tenant_id uuid not null references tenant (tenant_id),
        id uuid not null,
        account_id uuid not null references account (id),
        role text not null check (role in ('viewer', 'analyst', 'manager', 'approver', 'administrator')),
        name text not null,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        unique (tenant_id, account_id)
      )`);
    await queryRunner.query(`create index member_by_account on member (account_id)`);
    await queryRunner.query(`
      create table session (
        tenant_id uuid not null references tenant (tenant_id),
        id uuid not null,
        token_hash bytea not null,
        account_id uuid not null references account (id),
        member_id uuid not null,
        created_at timestamptz not null default now(),
        used_at timestamptz not null default now(),
        expires_at timestamptz not null,
        primary key (tenant_id, id),
        foreign key (tenant_id, member_id) references member (tenant_id, id) on delete cascade
      )`);
    await queryRunner.query(`create index session_by_token on session (token_hash)`);
    await queryRunner.query(`
      create table api_key (
        tenant_id uuid not null references tenant (tenant_id),
        id uuid not null,
        name text not null,
        prefix text not null,
        hash text not null,
        scopes text[] not null,
        created_by uuid,
        created_at timestamptz not null default now(),
        expires_at timestamptz,
        last_used_at timestamptz,
        revoked_at timestamptz,
        primary key (tenant_id, id),
        foreign key (tenant_id, created_by) references member (tenant_id, id)
      )`);
    await queryRunner.query(`create index api_key_by_hash on api_key (hash)`);
    // Failed sign-ins by a keyed hash of the address or the network address: neither is readable here.
    await queryRunner.query(`
      create table sign_in_attempt (
        key text primary key,
        failures integer not null,
        last_at timestamptz not null,
        locked_until timestamptz
      )`);

    for (const table of ['tenant', 'member', 'session', 'api_key']) {
      await queryRunner.query(`alter table ${table} enable row level security`);
      await queryRunner.query(`alter table ${table} force row level security`);
      await queryRunner.query(
        `create policy ${table}_of_tenant on ${table} to hotline_app using ${ofTenant} with check ${ofTenant}`,
      );
    }
    await queryRunner.query(`grant select, insert on tenant to hotline_app`);
    await queryRunner.query(`grant select, insert, update, delete on member, session, api_key to hotline_app`);
    await queryRunner.query(
      `create policy tenant_for_benchmark on tenant for select to hotline_benchmark using (true)`,
    );
    await queryRunner.query(`grant select (tenant_id, kind, city_code, is_demo) on tenant to hotline_benchmark`);

    await this.createGate(queryRunner);
  }

  /** What the gate may touch, and the functions through which alone it is touched. */
  private async createGate(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['tenant', 'member']) {
      await queryRunner.query(`create policy ${table}_for_gate on ${table} for select to hotline_gate using (true)`);
    }
    for (const table of ['session', 'api_key']) {
      await queryRunner.query(
        `create policy ${table}_for_gate on ${table} to hotline_gate using (true) with check (true)`,
      );
    }
    await queryRunner.query(`grant select on tenant, member, session, api_key, account to hotline_gate`);
    await queryRunner.query(`grant insert, update (password_hash) on account to hotline_gate`);
    await queryRunner.query(`grant update (used_at) on session to hotline_gate`);
    await queryRunner.query(`grant update (last_used_at) on api_key to hotline_gate`);
    await queryRunner.query(`grant select, insert, update, delete on sign_in_attempt to hotline_gate`);

    // Counts an attempt before the password is looked at, so that many at once are counted too. Returns the seconds to
    // wait (0: go on). From the limit on each attempt doubles the wait, from 30 s to 15 min; an hour's quiet forgets.
    await queryRunner.query(`
      create function begin_sign_in(attempt_key text, attempt_limit integer) returns integer
      language plpgsql security definer set search_path = '' as $$
      declare
        found_attempt public.sign_in_attempt;
      begin
        insert into public.sign_in_attempt (key, failures, last_at) values (attempt_key, 0, clock_timestamp())
          on conflict (key) do nothing;
        select * into found_attempt from public.sign_in_attempt where key = attempt_key for update;
        if found_attempt.locked_until > clock_timestamp() then
          return ceil(extract(epoch from found_attempt.locked_until - clock_timestamp()));
        end if;
        if found_attempt.last_at < clock_timestamp() - interval '1 hour' then
          found_attempt.failures := 0;
        end if;
        update public.sign_in_attempt set
          failures = found_attempt.failures + 1,
          last_at = clock_timestamp(),
          locked_until = case when found_attempt.failures + 1 >= attempt_limit
            then clock_timestamp()
              + least(30 * power(2, least(found_attempt.failures + 1 - attempt_limit, 10)), 900) * interval '1 second'
            end
          where key = attempt_key;
        return 0;
      end $$`);
    // A sign-in that succeeded: the account starts afresh, the network address is as it was before.
    await queryRunner.query(`
      create function forgive_sign_in(account_key text, address_key text) returns void
      language sql security definer set search_path = '' as $$
        delete from public.sign_in_attempt where key = account_key;
        update public.sign_in_attempt set failures = greatest(failures - 1, 0), locked_until = null
          where key = address_key;
      $$`);
    await queryRunner.query(`
      create function find_sign_in(sign_in_email text) returns table (account_id uuid, password_hash text)
      language sql security definer stable set search_path = '' as $$
        select id, account.password_hash from public.account where email = sign_in_email and disabled_at is null
      $$`);
    await queryRunner.query(`
      create function memberships_of(of_account uuid)
      returns table (tenant_id uuid, tenant_kind text, tenant_name text, is_demo boolean, member_id uuid, role text)
      language sql security definer stable set search_path = '' as $$
        select t.tenant_id, t.kind, t.name, t.is_demo, m.id, m.role
        from public.member m join public.tenant t on t.tenant_id = m.tenant_id
        where m.account_id = of_account order by m.created_at, t.tenant_id
      $$`);
    await queryRunner.query(`
      create function keep_account(new_id uuid, new_email text, new_password_hash text) returns uuid
      language plpgsql security definer set search_path = '' as $$
      begin
        insert into public.account (id, email, password_hash) values (new_id, new_email, new_password_hash)
          on conflict (email) do nothing;
        return (select id from public.account where email = new_email);
      end $$`);
    await queryRunner.query(`
      create function replace_password_hash(of_account uuid, old_hash text, new_hash text) returns void
      language sql security definer set search_path = '' as $$
        update public.account set password_hash = new_hash where id = of_account and password_hash = old_hash
      $$`);
    // Ends by itself after 30 minutes without use; use is noted to the minute.
    await queryRunner.query(`
      create function resolve_session(of_token bytea)
      returns table (tenant_id uuid, tenant_kind text, account_id uuid, member_id uuid, role text, expires_at timestamptz)
      language plpgsql security definer set search_path = '' as $$
      declare
        found_session public.session;
      begin
        select s.* into found_session from public.session s
          join public.account a on a.id = s.account_id and a.disabled_at is null
          where s.token_hash = of_token and s.expires_at > now() and s.used_at > now() - interval '30 minutes';
        if not found then
          return;
        end if;
        if found_session.used_at < now() - interval '1 minute' then
          update public.session s set used_at = now()
            where s.tenant_id = found_session.tenant_id and s.id = found_session.id;
        end if;
        return query
          select t.tenant_id, t.kind, found_session.account_id, m.id, m.role, found_session.expires_at
          from public.member m join public.tenant t on t.tenant_id = m.tenant_id
          where m.tenant_id = found_session.tenant_id and m.id = found_session.member_id;
      end $$`);
    await queryRunner.query(`
      create function resolve_api_key(of_hash text)
      returns table (tenant_id uuid, tenant_kind text, api_key_id uuid, scopes text[])
      language plpgsql security definer set search_path = '' as $$
      declare
        found_key public.api_key;
      begin
        select k.* into found_key from public.api_key k
          where k.hash = of_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > now());
        if not found then
          return;
        end if;
        if found_key.last_used_at is null or found_key.last_used_at < now() - interval '1 minute' then
          update public.api_key k set last_used_at = now()
            where k.tenant_id = found_key.tenant_id and k.id = found_key.id;
        end if;
        return query
          select t.tenant_id, t.kind, found_key.id, found_key.scopes
          from public.tenant t where t.tenant_id = found_key.tenant_id;
      end $$`);

    await queryRunner.query(`grant create on schema public to hotline_gate`);
    for (const signature of functions) {
      await queryRunner.query(`revoke all on function ${signature} from public`);
      await queryRunner.query(`grant execute on function ${signature} to hotline_app`);
      await queryRunner.query(`alter function ${signature} owner to hotline_gate`);
    }
    await queryRunner.query(`revoke create on schema public from hotline_gate`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`set local role hotline_gate`);
    for (const signature of functions) await queryRunner.query(`drop function ${signature}`);
    await queryRunner.query(`reset role`);
    for (const table of ['sign_in_attempt', 'api_key', 'session', 'member', 'account', 'tenant']) {
      await queryRunner.query(`drop table ${table}`);
    }
  }
}
