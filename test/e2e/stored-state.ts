import pg from 'pg';
import type { TestDatabase } from '../harness/test-cluster.js';

/** What is in force for a tenant, as the database holds it: imports, segments and daily facts. */
export async function stateInForce(database: TestDatabase, tenantId: string): Promise<unknown> {
  const client = new pg.Client(database.superuserUrl);
  await client.connect();
  try {
    const imports = await client.query(
      `select id, state, sha256, commit_seq from "import" where tenant_id = $1 and state = 'committed' order by commit_seq`,
      [tenantId],
    );
    const segments = await client.query(
      'select dataset, month, file, sha256, rows from segment where tenant_id = $1 order by dataset, month',
      [tenantId],
    );
    const facts = await client.query(
      `select (select md5(coalesce(string_agg(f::text, E'\\n' order by f::text), '')) from daily_fact f where tenant_id = $1) as days,
              (select md5(coalesce(string_agg(f::text, E'\\n' order by f::text), '')) from month_fact f where tenant_id = $1) as months`,
      [tenantId],
    );
    const mappings = await client.query(
      'select dataset, mapping from file_layout where tenant_id = $1 order by 1, 2::text',
      [tenantId],
    );
    return [imports.rows, segments.rows, facts.rows, mappings.rows];
  } finally {
    await client.end();
  }
}
