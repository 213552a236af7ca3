import { randomBytes } from 'node:crypto';
import type { EmbeddedCluster } from '@hotline/platform';
import pg from 'pg';

export const databaseName = 'hotline';
const owner = 'hotline_owner';

/** An empty database with an owner that is no superuser. Returns the owner's address. */
export async function makeDatabase(cluster: EmbeddedCluster): Promise<string> {
  const password = randomBytes(16).toString('hex');
  const superuser = new pg.Client(cluster.url('postgres'));
  await superuser.connect();
  try {
    await superuser.query(`create role ${owner} login createrole password '${password}'`);
    await superuser.query(`create database ${databaseName} owner ${owner}`);
  } finally {
    await superuser.end();
  }
  return `postgres://${owner}:${password}@127.0.0.1:${cluster.port}/${databaseName}`;
}
