import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import copyStreams from 'pg-copy-streams';
import { readBytes, type SampleFile } from './sample-files.js';

/**
 * Seconds that PostgreSQL takes to `COPY` the bytes of a CSV file into a plain, logged table of text columns: unchecked,
 * unhashed, not merged and not rolled up.
 */
export async function copyFile(ownerUrl: string, file: SampleFile, encoding: 'UTF8' | 'GB18030'): Promise<number> {
  const client = new pg.Client(ownerUrl);
  await client.connect();
  try {
    const columns = Array.from({ length: await columnCount(file.path) }, (_, index) => `c${index} text`);
    await client.query(`create table plain_copy (${columns.join(', ')})`);
    const started = performance.now();
    await pipeline(
      createReadStream(file.path, { highWaterMark: readBytes }),
      client.query(copyStreams.from(`copy plain_copy from stdin (format csv, header true, encoding '${encoding}')`)),
    );
    const seconds = (performance.now() - started) / 1000;
    const { rows } = await client.query<{ count: string }>('select count(*) from plain_copy');
    if (Number(rows[0]?.count) !== file.rows) throw new Error(`COPY took ${rows[0]?.count} of ${file.rows} rows`);
    return seconds;
  } finally {
    await client.query('drop table if exists plain_copy');
    await client.end();
  }
}

/** The header holds no quoted comma; in every encoding at hand a comma is the same byte. */
async function columnCount(path: string): Promise<number> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer.toString('latin1', 0, bytesRead).split('\n')[0]?.split(',').length ?? 0;
  } finally {
    await file.close();
  }
}
