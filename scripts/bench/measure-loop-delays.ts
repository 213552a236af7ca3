import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { leanCallColumns } from '@hotline/demo';
import { CityCluster, type ProgramOfCity } from '../cluster/city-cluster.js';
import type { ServiceProcess } from '../cluster/service-process.js';
import type { BenchArguments } from './arguments.js';
import { absolute, type Figure } from './figures.js';
import { month, planOf } from './measure-imports.js';
import { writeFiles } from './sample-files.js';

const figure = 'nodejs_eventloop_lag_p99_seconds';
/** The figure holds the time between two looks of this length, of which the pause itself is no delay. */
const resolutionMs = 10;

/**
 * 99th percentile of the delay of the event loops while an api receives and a worker imports a large file, as their own
 * figures tell it (they begin anew whenever they are read).
 */
export async function measureLoopDelays(
  { rows }: BenchArguments,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'hotline-bench-files-'));
  const cluster = await CityCluster.start(1);
  try {
    const order = {
      path: join(folder, 'calls.csv'),
      dataset: 'calls' as const,
      plan: planOf(rows * 14),
      period: month,
      format: 'csv' as const,
      rows,
      columns: leanCallColumns,
    };
    const [file] = await writeFiles([order], signal, say);
    const [city] = cluster.cities;
    if (!file || !city) throw new Error('there is no file or no city');
    const { apis, workers } = cluster;
    await Promise.all([slowest(apis), slowest(workers)]);
    await sleep(3_000);
    const idle = [await slowest(apis), await slowest(workers)] as const;
    await importFile(cluster.url, city, file.path, signal);
    const busy = [await slowest(apis), await slowest(workers)] as const;
    say(`event loops: api ${busy[0].toFixed(1)} ms, worker ${busy[1].toFixed(1)} ms`);
    const count = rows.toLocaleString('en');
    return [
      absolute(`event loop delay of the api during an import of ${count} calls, p99`, busy[0], 'ms', 50, idle[0]),
      absolute('event loop delay of the worker meanwhile, p99', busy[1], 'ms', 50, idle[1]),
    ];
  } finally {
    await cluster.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of several processes that take turns the one that was held up most. */
async function slowest(processes: readonly ServiceProcess[]): Promise<number> {
  const seconds = await Promise.all(processes.map((each) => each.figure(figure)));
  return Math.max(0, ...seconds.map((each) => each * 1000 - resolutionMs));
}

/** @throws Error unless it ends in force */
async function importFile(url: string, city: ProgramOfCity, path: string, signal: AbortSignal): Promise<void> {
  const headers = { authorization: `Bearer ${city.key}` };
  const sent = await fetch(`${url}/imports?dataset=calls&filename=calls.csv&commit=1`, {
    method: 'POST',
    headers,
    body: createReadStream(path) as unknown as BodyInit,
    duplex: 'half',
    signal,
  } as RequestInit);
  const { id } = (await sent.json()) as { id?: string };
  for (;;) {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'query ($id: ID!) { import(id: $id) { state } }', variables: { id } }),
      signal,
    });
    const { data } = (await answer.json()) as { data?: { import?: { state: string } } };
    const state = data?.import?.state ?? 'unknown';
    if (state === 'committed') return;
    if (!['received', 'checking', 'committing'].includes(state)) throw new Error(`the import is ${state}`);
    await sleep(500, undefined, { signal });
  }
}
