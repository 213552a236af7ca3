import type { MigrationInterface, QueryRunner } from 'typeorm';

const currentTenant = `nullif(current_setting('app.tenant_id', true), '')::uuid`;
const ofTenant = `(tenant_id = ${currentTenant})`;
const tables = ['data_export', 'deletion_request'];

/** What the gate might do with tables of tenants before. */
const before = {
  select: [
    ...['tenant', 'member', 'session', 'api_key', 'job', 'invitation', 'embed_key', 'province_city', 'submission'],
    ...['audit_event', 'audit_head', 'webhook_endpoint'],
  ],
  delete: ['session', 'province_city'],
};

const asGate = async (queryRunner: QueryRunner, work: () => Promise<void>): Promise<void> => {
  await queryRunner.query(`grant create on schema public to hotline_gate`);
  await queryRunner.query(`set local role hotline_gate`);
  await work();
  await queryRunner.query(`reset role`);
  await queryRunner.query(`revoke create on schema public from hotline_gate`);
};

/** Events of a tenant that is no more would be events of nobody. */
const appendAuditEvent = (guard: string): string => `
  create or replace function append_audit_event(of_tenant uuid, what text, about text, about_id text, was jsonb,
    is_now jsonb)
  returns void language plpgsql security definer set search_path = '' as $$
  declare
    head public.audit_head;
    event public.audit_event;
  begin
    ${guard}
    insert into public.audit_head (tenant_id, seq, hash) values (of_tenant, 0, sha256(''::bytea))
      on conflict (tenant_id) do nothing;
    select * into head from public.audit_head where tenant_id = of_tenant for update;
    event.tenant_id := of_tenant;
    event.seq := head.seq + 1;
    event.at := clock_timestamp();
    event.actor := nullif(nullif(current_setting('app.actor', true), ''), '{}')::jsonb;
    event.action := what;
    event.subject := about;
    event.subject_id := about_id;
    event.before := was;
    event.after := is_now;
    event.previous := head.hash;
    event.hash := public.audit_hash(event);
    insert into public.audit_event select event.*;
    update public.audit_head set seq = event.seq, hash = event.hash where tenant_id = of_tenant;
  end $$`;
const tenantIsThere = `
    if not exists (select from public.tenant t where t.tenant_id = of_tenant) then
      return;
    end if;`;

/** Taking along everything a tenant has, and deleting it. */
export class DataRights1767225600840 implements MigrationInterface {
  name = 'DataRights1767225600840';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table data_export (
        tenant_id uuid not null references tenant (tenant_id),
        id uuid not null,
        state text not null default 'waiting' check (state in ('waiting', 'ready', 'failed', 'expired')),
        job_id uuid not null,
        requested_by uuid references account (id),
        requested_at timestamptz not null default now(),
        expires_at timestamptz,
        bytes bigint,
        sha256 text,
        downloads integer not null default 0,
        primary key (tenant_id, id)
      )`);
    await queryRunner.query(
      `create unique index data_export_waiting on data_export (tenant_id) where state = 'waiting'`,
    );
    await queryRunner.query(`
      create table deletion_request (
        tenant_id uuid not null references tenant (tenant_id),
        id uuid not null,
        state text not null default 'requested' check (state in ('requested', 'confirmed', 'withdrawn')),
        requested_by uuid not null references account (id),
        requested_at timestamptz not null default now(),
        alone_from timestamptz not null,
        confirmed_by uuid references account (id),
        confirmed_at timestamptz,
        files integer not null default 0,
        bytes bigint not null default 0,
        primary key (tenant_id, id),
        check ((state = 'confirmed') = (confirmed_by is not null)),
        check ((confirmed_by is null) = (confirmed_at is null)),
        -- Two people, or one who has waited.
        constraint deletion_by_two_or_later check (confirmed_by <> requested_by or confirmed_at >= alone_from)
      )`);
    await queryRunner.query(
      `create unique index deletion_request_open on deletion_request (tenant_id) where state <> 'withdrawn'`,
    );
    for (const table of tables) {
      await queryRunner.query(`alter table ${table} enable row level security`);
      await queryRunner.query(`alter table ${table} force row level security`);
      await queryRunner.query(
        `create policy ${table}_of_tenant on ${table} to hotline_app using ${ofTenant} with check ${ofTenant}`,
      );
      await queryRunner.query(`grant select, insert, update on ${table} to hotline_app`);
    }
    await auditTable(queryRunner, 'data_export', 'id,state,requested_by,bytes,sha256,downloads');
    await auditTable(queryRunner, 'deletion_request', 'id,state,requested_by,confirmed_by');
    // Of tenants that are no more: it belongs to none, and names no person.
    await queryRunner.query(`
      create table deletion_certificate (
        id uuid primary key,
        of_tenant uuid not null,
        kind text not null,
        code text,
        requested_at timestamptz not null,
        confirmed_at timestamptz not null,
        by_two boolean not null,
        deleted_at timestamptz not null default clock_timestamp(),
        row_counts jsonb not null,
        accounts integer not null,
        files integer not null,
        bytes bigint not null,
        audit_events integer not null,
        audit_head text
      )`);
    await queryRunner.query(`grant select on deletion_certificate to hotline_app`);
    await queryRunner.query(`grant insert on deletion_certificate to hotline_gate`);
    await this.letGateDelete(queryRunner);
    await asGate(queryRunner, async () => {
      await queryRunner.query(appendAuditEvent(tenantIsThere));
      await this.createDeletion(queryRunner);
    });
  }

  /** Rows of the tenant of the transaction, in whatever table they are; a table that is added later has to do the same. */
  private async letGateDelete(queryRunner: QueryRunner): Promise<void> {
    for (const table of await tenantTables(queryRunner)) {
      await queryRunner.query(`grant select, delete on "${table}" to hotline_gate`);
      for (const command of ['select', 'delete'] as const) {
        await queryRunner.query(`
          create policy ${table}_gate_may_${command} on "${table}" for ${command} to hotline_gate using ${ofTenant}`);
      }
    }
    await queryRunner.query(`
      create policy province_city_without_city on province_city for delete to hotline_gate
        using (city_id = ${currentTenant})`);
    await queryRunner.query(`grant delete on account to hotline_gate`);
    await queryRunner.query(`grant update (email, disabled_at) on account to hotline_gate`);
  }

  private async createDeletion(queryRunner: QueryRunner): Promise<void> {
    // Only what was confirmed, of the tenant of the transaction. One statement for all tables: what refers to what no
    // longer matters at its end.
    await queryRunner.query(`
      create function delete_tenant(confirmed_request uuid) returns void
      language plpgsql security definer set search_path = '' as $$
      declare
        gone uuid := ${currentTenant};
        request public.deletion_request;
        gone_tenant public.tenant;
        last_event public.audit_head;
        people uuid[];
        deletions text;
        counts text;
        counted jsonb;
        person uuid;
        operator uuid;
      begin
        select * into request from public.deletion_request r
          where r.tenant_id = gone and r.id = confirmed_request and r.state = 'confirmed';
        if not found then
          raise exception 'no confirmed request';
        end if;
        select * into gone_tenant from public.tenant t where t.tenant_id = gone;
        select * into last_event from public.audit_head h where h.tenant_id = gone for update;
        select coalesce(array_agg(m.account_id), '{}') into people from public.member m where m.tenant_id = gone;
        select string_agg(format('d%s as (delete from public.%I where tenant_id = $1 returning 1)', n, name), ', '),
            string_agg(format('%L, (select count(*) from d%s)', name, n), ', ')
          into deletions, counts
          from (select c.relname as name, row_number() over (order by c.relname) as n from pg_catalog.pg_class c
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
              and exists (select from pg_catalog.pg_attribute a
                where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)) t;
        delete from public.province_city where city_id = gone;
        execute format('with %s select jsonb_build_object(%s)', deletions, counts) into counted using gone;
        foreach person in array people loop
          continue when exists (select from public.member m where m.account_id = person);
          begin
            delete from public.account where id = person;
          exception when foreign_key_violation then
            -- They wrote to another tenant: what they wrote stays, who they were does not.
            update public.account set email = person || '@deleted.invalid', password_hash = '', disabled_at = now()
              where id = person;
          end;
        end loop;
        insert into public.deletion_certificate (id, of_tenant, kind, code, requested_at, confirmed_at, by_two,
            row_counts, accounts, files, bytes, audit_events, audit_head)
          values (request.id, gone, gone_tenant.kind, coalesce(gone_tenant.city_code, gone_tenant.province_code),
            request.requested_at, request.confirmed_at, request.confirmed_by <> request.requested_by, counted,
            cardinality(people), request.files, request.bytes, coalesce(last_event.seq, 0),
            encode(last_event.hash, 'hex'));
        for operator in select t.tenant_id from public.tenant t where t.kind = 'operator' order by 1 loop
          perform public.append_audit_event(operator, 'delete', 'tenant', gone::text, jsonb_build_object(
            'kind', gone_tenant.kind, 'city_code', gone_tenant.city_code, 'province_code', gone_tenant.province_code),
            null);
        end loop;
      end $$`);
    await queryRunner.query(`revoke all on function delete_tenant(uuid) from public`);
    await queryRunner.query(`grant execute on function delete_tenant(uuid) to hotline_app`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await asGate(queryRunner, async () => {
      await queryRunner.query(`drop function delete_tenant(uuid)`);
      await queryRunner.query(appendAuditEvent(''));
    });
    await queryRunner.query(`drop policy province_city_without_city on province_city`);
    for (const table of ['deletion_certificate', 'deletion_request', 'data_export']) {
      await queryRunner.query(`drop table ${table}`);
    }
    for (const table of await tenantTables(queryRunner)) {
      for (const command of ['select', 'delete'] as const) {
        await queryRunner.query(`drop policy ${table}_gate_may_${command} on "${table}"`);
        if (!before[command].includes(table)) {
          await queryRunner.query(`revoke ${command} on "${table}" from hotline_gate`);
        }
      }
    }
    await queryRunner.query(`revoke delete on account from hotline_gate`);
    await queryRunner.query(`revoke update (email, disabled_at) on account from hotline_gate`);
  }
}

/** Names of the tables with a column `tenant_id`. */
async function tenantTables(queryRunner: QueryRunner): Promise<string[]> {
  const rows = (await queryRunner.query(`
    select c.relname as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and exists (select from pg_attribute a
        where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) order by 1`)) as {
    name: string;
  }[];
  return rows.map(({ name }) => name);
}

/** Has the database tell of every change of a table; of a row these columns are kept. See the migration Audit. */
async function auditTable(queryRunner: QueryRunner, table: string, columns: string): Promise<void> {
  const asGate = async (statement: string): Promise<void> => {
    await queryRunner.query('set local role hotline_gate');
    await queryRunner.query(statement);
    await queryRunner.query('reset role');
  };
  // Whoever makes a trigger must be allowed to call its function; nobody is, but for this moment.
  await asGate('grant execute on function audit_change() to session_user');
  await queryRunner.query(`
    create constraint trigger audited after insert or update or delete on ${table}
    deferrable initially deferred for each row execute function audit_change('${columns}')`);
  await asGate('revoke execute on function audit_change() from session_user');
}
