import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { byteOrderMark, csvLine } from '@hotline/rows';
import type { EntityManager } from 'typeorm';
import { exportedTables } from './exported-tables.js';

/** Rows that are in memory at the same time. */
const page = 500;

/** A file of the archive, and how many rows it holds. */
export interface WrittenTable {
  readonly name: string;
  readonly rows: number;
}

/**
 * Writes every table of a tenant as CSV into `folder`, and each assessment as a JSON document below `assessments/`, all as
 * of one moment: the transaction of `manager` has to be one snapshot.
 */
export async function writeTables(manager: EntityManager, tenantId: string, folder: string): Promise<WrittenTable[]> {
  const written: WrittenTable[] = [];
  await mkdir(join(folder, 'tables'));
  await mkdir(join(folder, 'assessments'));
  for (const [table, { without }] of Object.entries(exportedTables)) {
    const name = `tables/${table}.csv`;
    const columns = (await columnsOf(manager, table)).filter((column) => !without.includes(column));
    let rows = 0;
    const lines = async function* (): AsyncGenerator<string> {
      yield byteOrderMark + csvLine(columns);
      const selected = columns.map((column) => `"${column}"::text`).join(', ');
      for await (const row of rowsOf(manager, `select ${selected} from "${table}" where tenant_id = $1`, tenantId)) {
        rows += 1;
        yield csvLine(columns.map((column) => row[column] ?? null));
      }
    };
    await write(lines(), join(folder, name));
    written.push({ name, rows });
  }
  const documents = `select id::text, json_build_object('id', id, 'start', start_day, 'end', end_day, 'methodology',
      methodology, 'methodologyVersion', methodology_version, 'methodologyDigest', methodology_digest, 'contentHash',
      content_hash, 'evidenceHash', evidence_hash, 'assessedAt', assessed_at, 'result', result, 'imports', imports,
      'days', days)::text as document
    from assessment where tenant_id = $1`;
  for await (const { id, document } of rowsOf(manager, documents, tenantId, 20)) {
    const name = `assessments/${id}.json`;
    await write([document ?? ''], join(folder, name));
    written.push({ name, rows: 1 });
  }
  return written;
}

async function write(lines: Iterable<string> | AsyncIterable<string>, path: string): Promise<void> {
  await pipeline(Readable.from(lines), createWriteStream(path, { mode: 0o600 }));
}

async function columnsOf(manager: EntityManager, table: string): Promise<string[]> {
  const rows = await manager.query<{ name: string }[]>(
    `select attname as name from pg_attribute
     where attrelid = to_regclass(quote_ident($1)) and attnum > 0 and not attisdropped order by attnum`,
    [table],
  );
  if (rows.length === 0) throw new Error(`there is no table ${table}`);
  return rows.map(({ name }) => name);
}

/** The rows of a statement with the tenant as its parameter, a page at a time. */
async function* rowsOf(
  manager: EntityManager,
  statement: string,
  tenantId: string,
  first = page,
): AsyncGenerator<Readonly<Record<string, string | null>>> {
  await manager.query(`declare exported no scroll cursor for ${statement}`, [tenantId]);
  for (;;) {
    const rows = await manager.query<Readonly<Record<string, string | null>>[]>(`fetch ${first} from exported`);
    yield* rows;
    if (rows.length < first) break;
  }
  await manager.query('close exported');
}
