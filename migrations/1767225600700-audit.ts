import type { MigrationInterface, QueryRunner } from 'typeorm';

const currentTenant = `nullif(current_setting('app.tenant_id', true), '')::uuid`;
const ofTenant = `(tenant_id = ${currentTenant})`;

/** What is audited of a table: the columns that are kept, before and after. Secrets, names and addresses are not. */
const audited: Readonly<Record<string, string>> = {
  tenant: 'kind,name,city_code,province_code,is_demo',
  member: 'id,account_id,role',
  session: 'id,account_id,member_id,second_factor,expires_at',
  api_key: 'id,prefix,scopes,created_by,expires_at,revoked_at',
  embed_key: 'id,key,origins,created_by,revoked_at',
  invitation: 'id,role,invited_by,expires_at,accepted_at,revoked_at',
  '"import"': 'id,state,sha256,bytes,dataset,commit_seq,reverted_at',
  file_mapping: 'dataset,mapping,updated_by',
  assessment: 'id,start_day,end_day,methodology,methodology_digest,content_hash,evidence_hash',
  submission: 'id,assessment_id,attempt,content_hash,submitted_by',
  submission_review: 'id,submission_id,kind',
  publication: 'id,submission_id,withdrawn_at',
  province_city: 'city_id,city_code,province_code,from_at,until_at',
  upload: 'id,requested_dataset,bytes,import_id',
  job: 'id,kind,cancel_requested',
};

/** Of one person, whatever tenants they act for: told to each of them. Secrets are kept as a sign that they changed. */
const auditedAccounts: Readonly<Record<string, { readonly id: string; readonly columns: string }>> = {
  account: { id: 'id', columns: 'password_hash,disabled_at' },
  second_factor: { id: 'account_id', columns: 'confirmed_at' },
  account_identity: { id: 'account_id', columns: 'issuer' },
};

/** Jobs are work in the background: of them only their being cancelled is an act of somebody. */
const events: Readonly<Record<string, string>> = { job: 'update of cancel_requested' };
const everyEvent = 'insert or update or delete';

const inside = ['append_audit_event(uuid, text, text, text, jsonb, jsonb)', 'audit_change()', 'audit_account_change()'];
const called = ['verify_audit()', 'note_failed_sign_in(text)'];

/**
 * Every change of what counts is told of by the database itself, at the end of its transaction: no part of the program
 * can forget to, and none can take back or alter what was told. Each event of a tenant names the hash of the one before.
 */
export class Audit1767225600700 implements MigrationInterface {
  name = 'Audit1767225600700';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table audit_event (
        tenant_id uuid not null references tenant (tenant_id),
        seq bigint not null,
        at timestamptz not null,
        -- Trail of the request or job; null where the installation itself acted.
        actor jsonb,
        action text not null,
        subject text not null,
        subject_id text,
        before jsonb,
        after jsonb,
        previous bytea not null,
        hash bytea not null,
        primary key (tenant_id, seq)
      )`);
    await queryRunner.query(`
      create table audit_head (
        tenant_id uuid primary key references tenant (tenant_id),
        seq bigint not null,
        hash bytea not null
      )`);
    for (const table of ['audit_event', 'audit_head']) {
      await queryRunner.query(`alter table ${table} enable row level security`);
      await queryRunner.query(`alter table ${table} force row level security`);
      await queryRunner.query(
        `create policy ${table}_of_tenant on ${table} to hotline_app using ${ofTenant} with check ${ofTenant}`,
      );
      await queryRunner.query(
        `create policy ${table}_for_gate on ${table} to hotline_gate using (true) with check (true)`,
      );
    }
    await queryRunner.query(`grant select on audit_event to hotline_app`);
    await queryRunner.query(`grant select, insert on audit_event to hotline_gate`);
    await queryRunner.query(`grant select, insert, update on audit_head to hotline_gate`);

    await this.createWriting(queryRunner);
    await this.createReading(queryRunner);
    // At the end of the transaction, so that the head of the chain is held for the shortest time, and last of all locks.
    for (const [table, columns] of Object.entries(audited)) {
      await queryRunner.query(`
        create constraint trigger audited after ${events[table] ?? everyEvent} on ${table}
        deferrable initially deferred for each row execute function audit_change('${columns}')`);
    }
    for (const [table, { id, columns }] of Object.entries(auditedAccounts)) {
      await queryRunner.query(`
        create constraint trigger audited after ${everyEvent} on ${table}
        deferrable initially deferred for each row execute function audit_account_change('${id}', '${columns}')`);
    }
    for (const signature of called) await queryRunner.query(`grant execute on function ${signature} to hotline_app`);
    await queryRunner.query(`grant create on schema public to hotline_gate`);
    for (const signature of [...inside, ...called, 'audit_hash(audit_event)']) {
      await queryRunner.query(`revoke all on function ${signature} from public`);
      await queryRunner.query(`alter function ${signature} owner to hotline_gate`);
    }
    await queryRunner.query(`revoke create on schema public from hotline_gate`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of [...Object.keys(audited), ...Object.keys(auditedAccounts)]) {
      await queryRunner.query(`drop trigger audited on ${table}`);
    }
    await queryRunner.query(`set local role hotline_gate`);
    for (const signature of [...called, ...inside, 'audit_hash(audit_event)']) {
      await queryRunner.query(`drop function ${signature}`);
    }
    await queryRunner.query(`reset role`);
    for (const table of ['audit_head', 'audit_event']) await queryRunner.query(`drop table ${table}`);
  }

  private async createWriting(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create function audit_hash(of_event audit_event) returns bytea
      language sql stable set search_path = '' as $$
        select sha256(convert_to(jsonb_build_object(
          'tenant', of_event.tenant_id, 'seq', of_event.seq, 'at', extract(epoch from of_event.at)::text,
          'actor', of_event.actor, 'action', of_event.action, 'subject', of_event.subject, 'id', of_event.subject_id,
          'before', of_event.before, 'after', of_event.after, 'previous', encode(of_event.previous, 'hex'))::text, 'UTF8'))
      $$`);
    await queryRunner.query(`
      create function append_audit_event(of_tenant uuid, what text, about text, about_id text, was jsonb, is_now jsonb)
      returns void language plpgsql security definer set search_path = '' as $$
      declare
        head public.audit_head;
        event public.audit_event;
      begin
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
      end $$`);
    // Of an update only what it changed; one that changed nothing of what is kept is no event.
    await queryRunner.query(`
      create function audit_change() returns trigger
      language plpgsql security definer set search_path = '' as $$
      declare
        keep text := format('select to_jsonb(k) from (select %s from (select ($1).*) r) k', tg_argv[0]);
        was jsonb;
        is_now jsonb;
        whole jsonb;
      begin
        if tg_op <> 'INSERT' then
          execute keep into was using old;
        end if;
        if tg_op <> 'DELETE' then
          execute keep into is_now using new;
        end if;
        whole := coalesce(is_now, was);
        if tg_op = 'UPDATE' then
          select jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, is_now -> o.key) into was, is_now
            from jsonb_each(was) o where o.value is distinct from is_now -> o.key;
          if was is null then
            return null;
          end if;
        end if;
        perform public.append_audit_event(
          case when tg_op = 'DELETE' then old.tenant_id else new.tenant_id end,
          lower(tg_op), tg_table_name, coalesce(whole ->> 'id', whole ->> 'dataset', whole ->> 'city_id'), was, is_now);
        return null;
      end $$`);
    await queryRunner.query(`
      create function audit_account_change() returns trigger
      language plpgsql security definer set search_path = '' as $$
      declare
        was jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
        is_now jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
        changed jsonb;
        of_account uuid := coalesce(is_now, was) ->> tg_argv[0];
        of_tenant uuid;
      begin
        select jsonb_agg(c order by c) into changed from unnest(string_to_array(tg_argv[1], ',')) c
          where was -> c is distinct from is_now -> c;
        if changed is null then
          return null;
        end if;
        for of_tenant in select m.tenant_id from public.member m where m.account_id = of_account order by 1 loop
          perform public.append_audit_event(of_tenant, lower(tg_op), tg_table_name, of_account::text, null,
            jsonb_build_object('changed', changed));
        end loop;
        return null;
      end $$`);
    // The same statements run whether there is such an account or not.
    await queryRunner.query(`
      create function note_failed_sign_in(of_email text) returns void
      language plpgsql security definer set search_path = '' as $$
      declare
        found_member record;
      begin
        for found_member in select m.tenant_id, m.account_id from public.member m
          join public.account a on a.id = m.account_id where a.email = of_email order by 1 loop
          perform public.append_audit_event(found_member.tenant_id, 'refuse', 'session', null, null,
            jsonb_build_object('account_id', found_member.account_id));
        end loop;
      end $$`);
  }

  private async createReading(queryRunner: QueryRunner): Promise<void> {
    // broken_at: the first event that is not as it was told, or that is missing; null when all are there.
    await queryRunner.query(`
      create function verify_audit() returns table (events bigint, broken_at bigint, head text)
      language sql security definer stable set search_path = '' as $$
        with chain as (
          select e.seq, e.hash, e.previous, public.audit_hash(e) as told,
            row_number() over (order by e.seq) as place,
            coalesce(lag(e.hash) over (order by e.seq), sha256(''::bytea)) as before
          from public.audit_event e where e.tenant_id = ${currentTenant}
        ), known as (
          select h.seq, h.hash from public.audit_head h where h.tenant_id = ${currentTenant}
        )
        select (select count(*) from chain),
          coalesce(
            (select min(least(c.seq, c.place)) from chain c
              where c.seq <> c.place or c.hash <> c.told or c.previous <> c.before),
            (select coalesce(l.seq, 0) + 1 from known k left join
                (select c.seq, c.hash from chain c order by c.seq desc limit 1) l on true
              where k.seq is distinct from l.seq or k.hash is distinct from l.hash)),
          (select encode(hash, 'hex') from known)
      $$`);
  }
}
