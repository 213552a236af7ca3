import type { MigrationInterface, QueryRunner } from 'typeorm';

const currentTenant = `nullif(current_setting('app.tenant_id', true), '')::uuid`;

const functions = [
  'find_session(bytea)',
  'sessions_of(uuid)',
  'end_sessions(uuid, uuid, bytea)',
  'email_of(uuid)',
  'emails_of_members()',
  'accounts_exist()',
  'find_invitation(bytea)',
  'open_invitations_to(text)',
  'accept_invitation(uuid, uuid, uuid, text, text, uuid, text)',
  'open_password_reset(text, bytea)',
  'use_password_reset(bytea, text)',
  'reset_password_of(uuid, bytea)',
  'change_password(uuid, text, text)',
  'find_second_factor(uuid)',
  'begin_second_factor(uuid, text)',
  'confirm_second_factor(uuid, bigint, text[])',
  'take_second_factor_step(uuid, bigint)',
  'take_recovery_code(uuid, text)',
  'remove_second_factor(uuid)',
  'find_identity(text, text, text)',
  'keep_identity(text, text, uuid)',
  'all_tenants()',
  'resolve_embed_key(text)',
];

/** What may be asked before a tenant is known, or across the tenants of one person. Each returns no more than its answer. */
export class FunctionsForPeople1767225600620 implements MigrationInterface {
  name = 'FunctionsForPeople1767225600620';

  async up(queryRunner: QueryRunner): Promise<void> {
    // Replaced by find_session, which tells more of the session.
    await queryRunner.query(`set local role hotline_gate`);
    await queryRunner.query(`drop function resolve_session(bytea)`);
    await queryRunner.query(`reset role`);
    const define = async (text: string): Promise<void> => {
      await queryRunner.query(`create function ${text}`);
    };

    // Ends by itself after 30 minutes without use; use is noted to the minute.
    await define(`
      find_session(of_token bytea)
      returns table (session_id uuid, tenant_id uuid, tenant_kind text, account_id uuid, member_id uuid, role text,
        second_factor boolean, expires_at timestamptz)
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
          select found_session.id, t.tenant_id, t.kind, found_session.account_id, m.id, m.role,
            found_session.second_factor, found_session.expires_at
          from public.member m join public.tenant t on t.tenant_id = m.tenant_id
          where m.tenant_id = found_session.tenant_id and m.id = found_session.member_id;
      end $$`);
    await define(`
      sessions_of(of_account uuid)
      returns table (session_id uuid, tenant_id uuid, tenant_name text, client text, created_at timestamptz,
        used_at timestamptz, expires_at timestamptz)
      language sql security definer stable set search_path = '' as $$
        select s.id, s.tenant_id, t.name, s.client, s.created_at, s.used_at, s.expires_at
        from public.session s join public.tenant t on t.tenant_id = s.tenant_id
        where s.account_id = of_account and s.expires_at > now() and s.used_at > now() - interval '30 minutes'
        order by s.created_at desc, s.id desc
      $$`);
    // One session of the account, or all of them; never the one with the token to keep.
    await define(`
      end_sessions(of_account uuid, only_session uuid, keep_token bytea) returns integer
      language plpgsql security definer set search_path = '' as $$
      declare
        ended integer;
      begin
        delete from public.session s
          where s.account_id = of_account and (only_session is null or s.id = only_session)
            and s.token_hash is distinct from keep_token;
        get diagnostics ended = row_count;
        return ended;
      end $$`);
    await define(`
      email_of(of_account uuid) returns text
      language sql security definer stable set search_path = '' as $$
        select email from public.account where id = of_account
      $$`);
    await define(`
      emails_of_members() returns table (member_id uuid, email text)
      language sql security definer stable set search_path = '' as $$
        select m.id, a.email from public.member m join public.account a on a.id = m.account_id
        where m.tenant_id = ${currentTenant}
      $$`);
    await define(`
      accounts_exist() returns boolean
      language sql security definer stable set search_path = '' as $$ select exists (select from public.account) $$`);

    // Open means: not used, not revoked, not over, and who invited may still do so. The operator may name the first
    // administrator of a tenant, and nobody later.
    const open = `
      i.accepted_at is null and i.revoked_at is null and i.expires_at > now()
        and case when i.invited_by is null
          then i.email is not null or not exists (select from public.account)
          else exists (
            select from public.member m join public.tenant o on o.tenant_id = m.tenant_id
            join public.account a on a.id = m.account_id and a.disabled_at is null
            where m.account_id = i.invited_by and m.role = 'administrator'
              and (m.tenant_id = i.tenant_id or o.kind = 'operator' and not exists (
                select from public.member n where n.tenant_id = i.tenant_id and n.role = 'administrator')))
          end`;
    await define(`
      find_invitation(of_token bytea)
      returns table (tenant_id uuid, tenant_name text, tenant_kind text, invitation_id uuid, email text, name text,
        role text, expires_at timestamptz, account_id uuid)
      language sql security definer stable set search_path = '' as $$
        select t.tenant_id, t.name, t.kind, i.id, i.email, i.name, i.role, i.expires_at,
          (select a.id from public.account a where a.email = i.email)
        from public.invitation i join public.tenant t on t.tenant_id = i.tenant_id
        where i.token_hash = of_token and ${open}
      $$`);
    await define(`
      open_invitations_to(of_email text) returns table (tenant_id uuid, invitation_id uuid, name text)
      language sql security definer stable set search_path = '' as $$
        select i.tenant_id, i.id, i.name from public.invitation i where i.email = of_email and ${open}
        order by i.created_at
      $$`);
    // Once, however many try at the same time: the row is locked and looked at again. Null when it is no longer open.
    await define(`
      accept_invitation(of_tenant uuid, of_invitation uuid, new_account uuid, account_email text, new_hash text,
        new_member uuid, member_name text)
      returns uuid
      language plpgsql security definer set search_path = '' as $$
      declare
        found_invitation public.invitation;
        found_account uuid;
      begin
        perform from public.invitation i where i.tenant_id = of_tenant and i.id = of_invitation for update;
        select i.* into found_invitation from public.invitation i
          where i.tenant_id = of_tenant and i.id = of_invitation and ${open};
        if not found or coalesce(found_invitation.email, account_email) <> account_email then
          return null;
        end if;
        select a.id into found_account from public.account a where a.email = account_email;
        if found_account is null then
          insert into public.account (id, email, password_hash) values (new_account, account_email, new_hash)
            on conflict (email) do nothing;
          if not found then
            return null;
          end if;
          found_account := new_account;
        elsif found_account <> new_account then
          -- Made by someone else meanwhile: its owner has to prove it.
          return null;
        end if;
        insert into public.member (tenant_id, id, account_id, role, name)
          values (of_tenant, new_member, found_account, found_invitation.role, member_name)
          on conflict (tenant_id, account_id) do nothing;
        update public.invitation i set accepted_at = now() where i.tenant_id = of_tenant and i.id = of_invitation;
        return found_account;
      end $$`);

    // The same statements run whether there is such an account or not.
    await define(`
      open_password_reset(of_email text, of_token bytea) returns boolean
      language plpgsql security definer set search_path = '' as $$
      begin
        delete from public.password_reset where expires_at < now();
        insert into public.password_reset (token_hash, account_id, expires_at)
          select of_token, a.id, now() + interval '1 hour' from public.account a
          where a.email = of_email and a.disabled_at is null;
        return found;
      end $$`);
    // A link an administrator hands over: only for who is a member of that tenant and of no other.
    await define(`
      reset_password_of(of_member uuid, of_token bytea) returns boolean
      language plpgsql security definer set search_path = '' as $$
      begin
        insert into public.password_reset (token_hash, account_id, expires_at)
          select of_token, m.account_id, now() + interval '24 hours' from public.member m
          where m.tenant_id = ${currentTenant} and m.id = of_member
            and not exists (select from public.member o
              where o.account_id = m.account_id and o.tenant_id <> m.tenant_id);
        return found;
      end $$`);
    // Uses it up, with all others of the account; ends every session.
    await define(`
      use_password_reset(of_token bytea, new_hash text) returns uuid
      language plpgsql security definer set search_path = '' as $$
      declare
        of_account uuid;
      begin
        delete from public.password_reset r where r.token_hash = of_token and r.expires_at > now()
          returning r.account_id into of_account;
        if of_account is null then
          return null;
        end if;
        delete from public.password_reset r where r.account_id = of_account;
        update public.account set password_hash = new_hash where id = of_account;
        delete from public.session s where s.account_id = of_account;
        return of_account;
      end $$`);
    await define(`
      change_password(of_account uuid, old_hash text, new_hash text) returns boolean
      language plpgsql security definer set search_path = '' as $$
      begin
        update public.account set password_hash = new_hash
          where id = of_account and password_hash is not distinct from old_hash;
        if not found then
          return false;
        end if;
        delete from public.password_reset r where r.account_id = of_account;
        delete from public.session s where s.account_id = of_account;
        return true;
      end $$`);

    await define(`
      find_second_factor(of_account uuid) returns table (secret text, confirmed boolean, recovery_codes integer)
      language sql security definer stable set search_path = '' as $$
        select f.secret, f.confirmed_at is not null, cardinality(f.recovery_hashes)
        from public.second_factor f where f.account_id = of_account
      $$`);
    await define(`
      begin_second_factor(of_account uuid, new_secret text) returns boolean
      language plpgsql security definer set search_path = '' as $$
      begin
        insert into public.second_factor as f (account_id, secret) values (of_account, new_secret)
          on conflict (account_id) do update set secret = new_secret where f.confirmed_at is null;
        return found;
      end $$`);
    await define(`
      confirm_second_factor(of_account uuid, of_step bigint, new_recovery_hashes text[]) returns boolean
      language plpgsql security definer set search_path = '' as $$
      begin
        update public.second_factor set confirmed_at = now(), last_step = of_step, recovery_hashes = new_recovery_hashes
          where account_id = of_account and confirmed_at is null;
        return found;
      end $$`);
    await define(`
      take_second_factor_step(of_account uuid, of_step bigint) returns boolean
      language plpgsql security definer set search_path = '' as $$
      begin
        update public.second_factor set last_step = of_step
          where account_id = of_account and confirmed_at is not null and last_step < of_step;
        return found;
      end $$`);
    await define(`
      take_recovery_code(of_account uuid, of_hash text) returns boolean
      language plpgsql security definer set search_path = '' as $$
      begin
        update public.second_factor set recovery_hashes = array_remove(recovery_hashes, of_hash)
          where account_id = of_account and confirmed_at is not null and of_hash = any (recovery_hashes);
        return found;
      end $$`);
    await define(`
      remove_second_factor(of_account uuid) returns void
      language sql security definer set search_path = '' as $$
        delete from public.second_factor where account_id = of_account
      $$`);

    // The account a provider's person was linked to, else the one with that address (null: not verified).
    await define(`
      find_identity(of_issuer text, of_subject text, of_email text) returns uuid
      language sql security definer stable set search_path = '' as $$
        select a.id from public.account a
        where a.disabled_at is null and a.id = coalesce(
          (select i.account_id from public.account_identity i where i.issuer = of_issuer and i.subject = of_subject),
          (select e.id from public.account e where e.email = of_email))
      $$`);
    await define(`
      keep_identity(of_issuer text, of_subject text, of_account uuid) returns void
      language sql security definer set search_path = '' as $$
        insert into public.account_identity (issuer, subject, account_id) values (of_issuer, of_subject, of_account)
          on conflict (issuer, subject) do nothing
      $$`);

    // For the operator alone, whoever asks.
    await define(`
      all_tenants()
      returns table (tenant_id uuid, kind text, name text, city_code text, province_code text, is_demo boolean,
        created_at timestamptz)
      language sql security definer stable set search_path = '' as $$
        select t.tenant_id, t.kind, t.name, t.city_code, t.province_code, t.is_demo, t.created_at
        from public.tenant t
        where exists (select from public.tenant o where o.tenant_id = ${currentTenant} and o.kind = 'operator')
        order by t.created_at, t.tenant_id
      $$`);
    await define(`
      resolve_embed_key(of_key text) returns table (tenant_id uuid, embed_key_id uuid, origins text[])
      language sql security definer stable set search_path = '' as $$
        select k.tenant_id, k.id, k.origins from public.embed_key k where k.key = of_key and k.revoked_at is null
      $$`);

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
    await queryRunner.query(`grant create on schema public to hotline_gate`);
    await queryRunner.query(`revoke all on function resolve_session(bytea) from public`);
    await queryRunner.query(`grant execute on function resolve_session(bytea) to hotline_app`);
    await queryRunner.query(`alter function resolve_session(bytea) owner to hotline_gate`);
    await queryRunner.query(`revoke create on schema public from hotline_gate`);
  }
}
