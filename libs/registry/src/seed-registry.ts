import { cities, provinces, publishedFigures, ranking } from './registry-data.js';

type Query = (sql: string, parameters?: unknown[]) => Promise<unknown[]>;

/**
 * Brings the reference tables to what the data files say, in the caller's transaction; rows that are right already are
 * not touched. A place that was once there stays: tenants may point to it.
 */
export async function seedRegistry(query: Query): Promise<void> {
  await upsert(query, 'province', ['code'], provinces().map(snakeCase));
  await upsert(query, 'city', ['code'], cities().map(snakeCase));
  await upsert(query, 'published_figure', ['key'], publishedFigures().map(snakeCase));
  const entries = (['province27', 'major32', 'newtier15'] as const).flatMap((id) => ranking(id)).map(snakeCase);
  await upsert(query, 'ranking_entry', ['ranking', 'rank'], entries);
}

/** Column names come from our own types, never from outside. */
async function upsert(query: Query, table: string, key: readonly string[], rows: readonly object[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const others = columns.filter((column) => !key.includes(column));
  await query(
    `insert into ${table} (${columns.join(', ')})
     select ${columns.join(', ')} from jsonb_populate_recordset(null::${table}, $1)
     on conflict (${key.join(', ')}) do update set ${others.map((column) => `${column} = excluded.${column}`).join(', ')}
     where (${others.map((column) => `${table}.${column}`).join(', ')})
       is distinct from (${others.map((column) => `excluded.${column}`).join(', ')})`,
    [JSON.stringify(rows)],
  );
}

function snakeCase(row: object): object {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name.replace(/[A-Z0-9]+/g, (part) => `_${part.toLowerCase()}`), value]),
  );
}
