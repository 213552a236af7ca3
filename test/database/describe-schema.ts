import type pg from 'pg';

/** Everything a migration can make, in words that do not depend on when it was made. */
const parts: Readonly<Record<string, string>> = {
  columns: `select format('%s.%s %s%s default %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then ' not null' else '' end, coalesce(pg_get_expr(d.adbin, d.adrelid), 'none')) as line
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')`,
  tables: `select format('%s %s of %s, rls %s %s, %s', relname, relkind, relowner::regrole, relrowsecurity,
      relforcerowsecurity, (select array_agg(acl::text order by acl::text) from unnest(relacl) acl)) as line
    from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'S')`,
  column_grants: `select format('%s.%s %s', c.relname, a.attname, a.attacl) as line from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attacl is not null where c.relnamespace = 'public'::regnamespace`,
  constraints: `select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as line
    from pg_constraint where connamespace = 'public'::regnamespace`,
  indexes: `select indexdef as line from pg_indexes where schemaname = 'public'`,
  policies: `select format('%s %s %s %s %s using %s check %s', tablename, policyname, permissive, roles, cmd, qual, with_check)
    as line from pg_policies where schemaname = 'public'`,
  functions: `select format('%s of %s, %s', pg_get_functiondef(oid), proowner::regrole, proacl) as line from pg_proc
    where pronamespace = 'public'::regnamespace`,
  schema: `select format('%s', nspacl) as line from pg_namespace where nspname = 'public'`,
};

/** The schema as sorted lines, one list per kind of object. */
export async function describeSchema(client: pg.Client): Promise<Record<string, string[]>> {
  const described: Record<string, string[]> = {};
  for (const [part, sql] of Object.entries(parts)) {
    const { rows } = await client.query<{ line: string }>(sql);
    described[part] = rows.map(({ line }) => line).sort();
  }
  return described;
}
