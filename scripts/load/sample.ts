import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import type { CityCluster } from '../cluster/city-cluster.js';
import type { Allowance, Sample } from './flatness.js';

/** What is looked at, and by how much it may differ at the end. */
export function watched(cluster: CityCluster): ReadonlyMap<string, Allowance> {
  const each = [...cluster.apis, ...cluster.workers].flatMap(({ name }): [string, Allowance][] => [
    [`memory of ${name}, MB`, { share: 0.1, least: 20 }],
    [`open files of ${name}`, { share: 0, least: 5 }],
  ]);
  return new Map<string, Allowance>([
    ...each,
    ['database connections', { share: 0, least: 2 }],
    ['temporary folders', { share: 0, least: 2 }],
    ['row processes', { share: 0, least: 1 }],
    ['jobs that wait or run', { share: 0, least: 2 }],
  ]);
}

/** Looks at everything once, from outside. */
export async function sample(cluster: CityCluster, database: pg.Client, minutes: number): Promise<Sample> {
  const values = new Map<string, number>();
  let rowProcesses = 0;
  for (const { name, pid } of [...cluster.apis, ...cluster.workers]) {
    if (pid === null) throw new Error(`${name} has ended`);
    values.set(`memory of ${name}, MB`, residentMb(pid));
    values.set(`open files of ${name}`, readdirSync(`/proc/${pid}/fd`).length);
    rowProcesses += childrenOf(pid);
  }
  values.set('row processes', rowProcesses);
  values.set('temporary folders', readdirSync(join(cluster.dataDir, 'scratch')).length);
  const { rows } = await database.query<{ connections: number; jobs: number }>(
    `select (select count(*)::int from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()) as connections,
       (select count(*)::int from job where state in ('queued', 'running')) as jobs`,
  );
  const [row] = rows;
  if (row) values.set('database connections', row.connections).set('jobs that wait or run', row.jobs);
  return { minutes, values };
}

function residentMb(pid: number): number {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1]) / 1024;
}

function childrenOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? 0 : text.split(' ').length;
}
