import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { ApiClient } from './api-client.js';
import type { ApiServer } from './api-server.js';

/** A file of days with their calls, of which all but a hundred were answered. */
export const daily = (...days: readonly (readonly [date: string, calls: number])[]): string =>
  ['统计日期,人工请求量,人工接通量', ...days.map(([date, calls]) => `${date},${calls},${calls - 100}`), ''].join('\n');

/** Waits until something is there. */
export async function eventually<T>(look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (let tries = 0; tries < 600; tries += 1) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it never came');
}

export async function tenantTables(server: ApiServer): Promise<string[]> {
  const rows = await server.rows<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
     where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** The hash of an assessment, computed again from what was stored or exported of it. */
export function contentHash(city: string, { result, days }: { result: unknown; days: unknown }): string {
  const canonical = canonicalize({ city, result, days });
  return createHash('sha256')
    .update(canonical ?? '')
    .digest('hex');
}

export interface Export {
  readonly id: string;
  readonly state: string;
  readonly address: string | null;
  readonly bytes: number | null;
  readonly sha256: string | null;
  readonly downloads: number;
}
const exportFields = 'id state address bytes sha256 downloads';
async function listed(client: ApiClient): Promise<Export[]> {
  const { edges } = await client.ask<{ edges: { node: Export }[] }>(
    `{ dataExports { edges { node { ${exportFields} } } } }`,
  );
  return edges.map(({ node }) => node);
}
/** Asks for everything of a tenant, and waits for the archive. */
export async function exported(client: ApiClient): Promise<Export> {
  const asked = await client.ask<Export & { code?: string }>(
    `mutation { exportTenantData { ... on DataExport { ${exportFields} } ... on Failure { code message } } }`,
  );
  return eventually(async () => {
    const found = (await listed(client)).find(({ id }) => id === asked.id);
    if (found?.state === 'failed') throw new Error('the export failed');
    return found?.state === 'ready' && found;
  });
}
export const pathOf = (found: Export): string => new URL(found.address ?? '').pathname;
