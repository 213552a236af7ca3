import type pg from 'pg';

/** Tables that belong to no tenant, and why. */
export const tablesWithoutTenant = {
  migrations: 'which migrations have run',
  province: 'reference data',
  city: 'reference data',
  published_figure: 'reference data',
  ranking_entry: 'reference data',
  account: 'one person for all tenants; reached through functions of the gate only',
  deletion_certificate: 'of tenants that are no more; names no person',
  sign_in_attempt: 'counted before a tenant is known; reached through functions of the gate only',
  second_factor: 'one person for all tenants; reached through functions of the gate only',
  account_identity: 'one person for all tenants; reached through functions of the gate only',
  password_reset: 'one person for all tenants; reached through functions of the gate only',
  request_count: 'counted before a tenant is known; reached through functions of the gate only',
} as const;

/** Tables of tenants whose changes are not audited, and why. */
export const tablesWithoutAudit = {
  audit_event: 'the audit itself',
  audit_head: 'the audit itself',
  row_state: 'follows from imports, which are audited',
  segment: 'follows from imports, which are audited',
  daily_fact: 'follows from imports, which are audited',
  month_fact: 'follows from imports, which are audited',
  upload_part: 'a part of an upload, which is audited',
  webhook_delivery: 'a log itself, written by jobs',
  kept_answer: 'answers to what is audited, for a day',
} as const;

/** Functions with rights of their own that the application may call: before a tenant is known, or about two tenants. */
export const definerFunctions = [
  'accept_invitation',
  'accounts_exist',
  'all_tenants',
  'append_audit_event',
  'audit_account_change',
  'audit_change',
  'begin_second_factor',
  'begin_sign_in',
  'change_password',
  'claim_job',
  'confirm_second_factor',
  'count_requests',
  'delete_tenant',
  'due_jobs',
  'email_of',
  'emails_of_members',
  'end_sessions',
  'find_identity',
  'find_invitation',
  'find_second_factor',
  'find_session',
  'find_sign_in',
  'forget_request_counts',
  'forgive_sign_in',
  'job_statistics',
  'keep_account',
  'keep_identity',
  'memberships_of',
  'note_failed_sign_in',
  'open_invitations_to',
  'open_password_reset',
  'relate_city',
  'remove_second_factor',
  'replace_password_hash',
  'reset_password_of',
  'resolve_api_key',
  'resolve_embed_key',
  'review_submission',
  'sessions_of',
  'take_recovery_code',
  'take_second_factor_step',
  'use_password_reset',
  'verify_audit',
] as const;

const current = `(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid`;
const ofProvince = (table: string): string =>
  `(EXISTS ( SELECT\n   FROM province_city r\n  WHERE ((r.tenant_id = ${current}) AND (r.city_id = ${table}.tenant_id) AND (r.from_at <= now()) AND ((r.until_at IS NULL) OR (r.until_at > now())))))`;

/** What a tenant may read of another's, word for word. Whoever adds to it decides that the other has agreed. */
export const sharedReading: Readonly<Record<string, string>> = {
  province_city_for_city: `(city_id = ${current})`,
  submission_for_province: ofProvince('submission'),
  submission_review_for_province: ofProvince('submission_review'),
  publication_for_province: ofProvince('publication'),
};

/** Everything of ours in the database, temporary objects and PostgreSQL's own left out. */
const ours = `n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'`;
const tenantTables = `
  select c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and ${ours}
    and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)`;

/** Policies that let another tenant read, left out where a rule is about a table's own tenant. */
const own = `p.polname <> all (array[${Object.keys(sharedReading)
  .map((name) => `'${name}'`)
  .join(', ')}])`;

/** Each returns one sentence per fault; `$1` the allowed tables, `$2` the allowed functions, where it mentions them. */
const checks: Readonly<Record<string, string>> = {
  'a table without tenant_id is on the list': `
    select c.relname || ' has no tenant_id and is not on the list' as fault from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and ${ours} and c.relname <> all ($1::text[])
      and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)`,
  'row-level security is enabled and forced': `
    select relname || ' does not enable and force row-level security' as fault from (${tenantTables}) t
    where not (relrowsecurity and relforcerowsecurity)`,
  'the application has one permissive policy per table, for every command': `
    select t.relname || ' has ' || count(p.oid) || ' policies for the application' as fault from (${tenantTables}) t
    left join pg_policy p on p.polrelid = t.oid and p.polpermissive and ${own}
      and (p.polroles = '{0}' or p.polroles && array(select oid from pg_roles where pg_has_role('hotline_app', oid, 'member')))
    group by t.relname having count(p.oid) <> 1 or bool_or(p.polcmd <> '*')`,
  'its policy compares tenant_id with the tenant of the transaction, for reading and writing': `
    select t.relname || ' has a policy that lets more through' as fault from (${tenantTables}) t
    join pg_policy p on p.polrelid = t.oid and (p.polroles = '{0}' or p.polroles @> array['hotline_app'::regrole::oid])
      and ${own}
    where pg_get_expr(p.polqual, p.polrelid) is distinct from pg_get_expr(p.polwithcheck, p.polrelid)
      or pg_get_expr(p.polqual, p.polrelid) <>
        '(tenant_id = (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid)'`,
  'what another tenant may read is on the list, word for word': `
    select t.relname || ' lets others do more by ' || p.polname as fault from (${tenantTables}) t
    join pg_policy p on p.polrelid = t.oid and not (${own})
    where p.polcmd <> 'r' or p.polwithcheck is not null or p.polroles <> array['hotline_app'::regrole::oid]
      or pg_get_expr(p.polqual, p.polrelid) is distinct from case p.polname ${Object.entries(sharedReading)
        .map(([name, expression]) => `when '${name}' then '${expression.replaceAll("'", "''")}'`)
        .join(' ')} end`,
  'only the application, the gate and the benchmark have policies': `
    select t.relname || ' has a policy for ' || coalesce(r.rolname, 'everyone') as fault from (${tenantTables}) t
    join pg_policy p on p.polrelid = t.oid cross join unnest(p.polroles) role left join pg_roles r on r.oid = role
    where coalesce(r.rolname, '') not in ('hotline_app', 'hotline_gate', 'hotline_benchmark')`,
  'the benchmark only reads': `
    select t.relname || ' lets the benchmark write' as fault from (${tenantTables}) t
    where exists (select from pg_policy p where p.polrelid = t.oid and p.polcmd <> 'r'
        and p.polroles @> array['hotline_benchmark'::regrole::oid])
      or has_any_column_privilege('hotline_benchmark', t.oid, 'insert, update')
      or has_table_privilege('hotline_benchmark', t.oid, 'delete, truncate')`,
  'every key begins with the tenant': `
    select t.relname || ' has the key ' || i.indexrelid::regclass || ' that does not begin with tenant_id' as fault
    from (${tenantTables}) t join pg_index i on i.indrelid = t.oid and (i.indisunique or i.indisexclusion)
    join pg_attribute a on a.attrelid = t.oid and a.attname = 'tenant_id'
    where i.indkey[0] <> a.attnum`,
  'every tenant table has a primary key': `
    select t.relname || ' has no primary key' as fault from (${tenantTables}) t
    where not exists (select from pg_index i where i.indrelid = t.oid and i.indisprimary)`,
  'a reference between tenants’ tables names the tenant on both sides': `
    select f.conname || ' leads from ' || f.conrelid::regclass || ' out of the tenant' as fault from pg_constraint f
    join (${tenantTables}) t on t.oid = f.conrelid join (${tenantTables}) u on u.oid = f.confrelid
    where f.contype = 'f' and not exists (
      select from unnest(f.conkey, f.confkey) as pair(mine, theirs)
      join pg_attribute a on a.attrelid = f.conrelid and a.attnum = pair.mine and a.attname = 'tenant_id'
      join pg_attribute b on b.attrelid = f.confrelid and b.attnum = pair.theirs and b.attname = 'tenant_id')`,
  'ids come from no shared counter': `
    select c.relname || ' is a counter shared by all tenants' as fault from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'S' and ${ours} and c.relname <> 'migrations_id_seq'`,
  'a view sees what its reader may see': `
    select c.relname || ' is a view with the rights of its owner' as fault from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'v' and ${ours} and not coalesce('security_invoker=true' = any (c.reloptions), false)`,
  'there is no materialised view': `
    select c.relname || ' is a materialised view, which knows no tenants' as fault from pg_class c
    join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'm' and ${ours}`,
  'a function with rights of its own is on the list': `
    select p.proname || ' has rights of its own and is not on the list' as fault from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where p.prosecdef and ${ours} and p.proname <> all ($2::text[])`,
  'such a function belongs to the gate, and not everyone may call it': `
    select p.proname || ' belongs to ' || p.proowner::regrole || ' or may be called by everyone' as fault from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where p.prosecdef and ${ours}
      and (p.proowner <> 'hotline_gate'::regrole or has_function_privilege('public', p.oid, 'execute'))`,
  'such a function looks names up nowhere but where it says': `
    select p.proname || ' does not set an empty search_path' as fault from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where p.prosecdef and ${ours} and not coalesce('search_path=""' = any (p.proconfig), false)`,
  'the application may select, insert, update and delete, and no more': `
    select c.relname || ' grants the application ' || privilege as fault from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    cross join unnest(array['truncate', 'references', 'trigger', 'maintain']) privilege
    where c.relkind in ('r', 'p', 'v', 'm') and ${ours}
      and (privilege <> 'maintain' or current_setting('server_version_num')::int >= 170000)
      and has_table_privilege('hotline_app', c.oid, privilege)`,
  'a part of a table is not granted by itself': `
    select c.relname || ' is a part that can be reached by itself' as fault from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relispartition and c.relkind in ('r', 'p') and ${ours}
      and has_table_privilege('hotline_app', c.oid, 'select, insert, update, delete')`,
  'tables without a tenant are read-only for the application': `
    select c.relname || ' can be written by the application' as fault from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and ${ours} and c.relname = any ($1::text[])
      and (has_any_column_privilege('hotline_app', c.oid, 'insert, update')
        or has_table_privilege('hotline_app', c.oid, 'delete'))`,
  'the logins have no privilege that turns the rules off': `
    select r.rolname || ' is privileged' as fault from pg_roles r
    where r.rolname in ('hotline_app', 'hotline_benchmark', 'hotline_gate')
      and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication
        or (r.rolname = 'hotline_gate') = r.rolcanlogin
        or exists (select from pg_auth_members m where m.member = r.oid))`,
  'the logins own nothing': `
    select c.relname || ' belongs to a login' as fault from pg_class c
    where c.relowner in (select oid from pg_roles where rolname in ('hotline_app', 'hotline_benchmark', 'hotline_gate'))`,
  'what is changed is audited, or the table is on the list': `
    select t.relname || ' is not audited and not on the list' as fault from (${tenantTables}) t
    where t.relname not in (${Object.keys(tablesWithoutAudit)
      .map((name) => `'${name}'`)
      .join(', ')})
      and not exists (select from pg_trigger g join pg_proc p on p.oid = g.tgfoid
        where g.tgrelid = t.oid and p.proname = 'audit_change' and g.tgdeferrable and g.tginitdeferred
          and g.tgenabled <> 'D')`,
  'the audit is only read': `
    select 'the application may write ' || t.relname as fault from (${tenantTables}) t
    where t.relname in ('audit_event', 'audit_head')
      and (has_any_column_privilege('hotline_app', t.oid, 'insert, update')
        or has_table_privilege('hotline_app', t.oid, 'delete'))`,
  'a tenant can be deleted: the gate may see and delete rows of it in every table': `
    select t.relname || ' keeps rows of a deleted tenant' as fault from (${tenantTables}) t
    cross join unnest(array['r', 'd']) command
    where not has_table_privilege('hotline_gate', t.oid, case command when 'r' then 'select' else 'delete' end)
      or not exists (select from pg_policy p where p.polrelid = t.oid and p.polcmd in ('*', command::"char")
        and p.polroles @> array['hotline_gate'::regrole::oid]
        and pg_get_expr(p.polqual, p.polrelid) in ('true',
          '(tenant_id = (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::uuid)'))`,
  'nobody but the owner makes tables': `
    select 'the schema ' || n.nspname || ' lets ' || r.rolname || ' make objects' as fault
    from pg_namespace n cross join pg_roles r
    where ${ours} and r.rolname in ('hotline_app', 'hotline_benchmark', 'hotline_gate')
      and has_schema_privilege(r.oid, n.oid, 'create')`,
};

/** What would let one tenant see or touch what is another's: sentences by rule; empty when the schema is sound. */
export async function findSchemaFaults(client: pg.Client): Promise<Record<string, string[]>> {
  const faults: Record<string, string[]> = {};
  for (const [rule, sql] of Object.entries(checks)) {
    const parameters = [Object.keys(tablesWithoutTenant), definerFunctions] as const;
    const used = parameters.filter((_, index) => sql.includes(`$${index + 1}`));
    // A statement that mentions only the second list has it as its first parameter.
    const { rows } = await client.query<{ fault: string }>(
      sql.includes('$1') ? sql : sql.replace('$2', '$1'),
      used as unknown[],
    );
    if (rows.length > 0) faults[rule] = rows.map(({ fault }) => fault).sort();
  }
  return faults;
}

export const rules = Object.keys(checks);
