import 'reflect-metadata';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { CityCluster } from '../cluster/city-cluster.js';
import { judge, type Sample } from './flatness.js';
import { sample, watched } from './sample.js';
import { Traffic } from './traffic.js';

const usage = 'npm run load [-- --minutes 30] [-- --tenants 50] [-- --reads 20] [-- --pause 60]';
const sampleEveryMs = 5_000;

/** Ends the load: the time is up, or somebody does not want to wait for that. */
const over = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => over.abort());

interface Options {
  readonly minutes: number;
  readonly tenants: number;
  /** A second, over all tenants. */
  readonly reads: number;
  /** Seconds from one import to the next. */
  readonly pause: number;
}

const startedAt = Date.now();
function say(line: string): void {
  console.error(`${((Date.now() - startedAt) / 1000).toFixed(0).padStart(5)} s  ${line}`);
}

/** Whether everything stayed flat. */
async function run(options: Options): Promise<boolean> {
  say(`starting PostgreSQL, Redis, two apis and two workers behind a proxy; ${options.tenants} tenants`);
  const cluster = await CityCluster.start(options.tenants);
  const database = new pg.Client(cluster.superuserUrl);
  try {
    await database.connect();
    const traffic = new Traffic(cluster.url, cluster.cities);
    for (const city of cluster.cities) {
      over.signal.throwIfAborted();
      await traffic.importOnce(city);
    }
    say('every tenant has data and an assessment');
    const samples = await load(cluster, database, traffic, options);
    return await conclude(cluster, database, traffic, samples);
  } finally {
    await database.end();
    await cluster.close();
  }
}

async function load(
  cluster: CityCluster,
  database: pg.Client,
  traffic: Traffic,
  { minutes, reads, pause }: Options,
): Promise<Sample[]> {
  // AbortSignal.any does not keep an AbortSignal.timeout alive: it is collected, and the load never ends.
  const timer = setTimeout(() => over.abort(), minutes * 60_000);
  const reading = traffic.read(reads, over.signal);
  const importing = everySoOften(pause * 1000, over.signal, () => traffic.importOnce(traffic.next())).catch(
    (error: unknown) => void traffic.faults.push(String(error)),
  );
  const samples: Sample[] = [];
  const began = Date.now();
  let toldAt = 0;
  await everySoOften(sampleEveryMs, over.signal, async () => {
    const found = await sample(cluster, database, (Date.now() - began) / 60_000);
    samples.push(found);
    if (found.minutes - toldAt < 1) return;
    toldAt = found.minutes;
    say([...found.values].map(([name, value]) => `${name} ${Math.round(value)}`).join(' · '));
  });
  await Promise.all([reading, importing]);
  clearTimeout(timer);
  return samples;
}

async function conclude(
  cluster: CityCluster,
  database: pg.Client,
  traffic: Traffic,
  samples: readonly Sample[],
): Promise<boolean> {
  // What a process needs once it needs from its first work on: pools, code compiled, a heap that fits.
  const last = samples.at(-1)?.minutes ?? 0;
  const warm = samples.filter(({ minutes }) => minutes >= Math.min(2, last / 5));
  const judgements = [...watched(cluster)].map(([name, allowance]) => judge(warm, name, allowance));
  const { rows } = await database.query<{ state: string; jobs: number }>(
    `select state, count(*)::int as jobs from job group by state order by state`,
  );
  const ends = await cluster.stopProcesses();
  const left = readdirSync(join(cluster.dataDir, 'scratch'));
  const width = Math.max(...judgements.map(({ name }) => name.length));
  console.log(
    `${last.toFixed(1)} minutes, ${cluster.cities.length} tenants, ${traffic.reads} reads (95 % within ${traffic.readMs.toFixed(0)} ms, ${traffic.turnedAway} asked to come back later), ${traffic.imports} imports`,
  );
  for (const { name, atStart, atEnd, most, flat } of judgements) {
    const values = [atStart, atEnd, most].map((value) => value.toFixed(0).padStart(6));
    console.log(
      `${name.padEnd(width)}  start ${values[0]}  end ${values[1]}  most ${values[2]}  ${flat ? 'flat' : 'NOT FLAT'}`,
    );
  }
  console.log(`jobs: ${rows.map(({ state, jobs }) => `${jobs} ${state}`).join(', ')}`);
  console.log(`after the stop: exit codes ${ends.join(', ')}; temporary folders left: ${left.length}`);
  for (const fault of traffic.faults.slice(0, 10)) console.log(`FAULT ${fault}`);
  return (
    judgements.every(({ flat }) => flat) &&
    rows.every(({ state }) => state === 'done') &&
    ends.every((code) => code === 0) &&
    left.length === 0 &&
    traffic.faults.length === 0
  );
}

/** Again and again, so that the starts lie so far apart, until the signal. */
async function everySoOften(pauseMs: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    const next = Date.now() + pauseMs;
    await work();
    await sleep(Math.max(0, next - Date.now()), undefined, { signal }).catch(() => undefined);
  }
}

function optionsOf(): Options {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '30' },
      tenants: { type: 'string', default: '50' },
      reads: { type: 'string', default: '20' },
      pause: { type: 'string', default: '60' },
    },
  });
  const whole = (text: string): number => {
    if (!/^[1-9]\d{0,4}$/.test(text)) throw new RangeError(usage);
    return Number(text);
  };
  return {
    minutes: whole(values.minutes),
    tenants: whole(values.tenants),
    reads: whole(values.reads),
    pause: whole(values.pause),
  };
}

try {
  const isFlat = await run(optionsOf());
  console.log(isFlat ? '平稳 flat' : '不平稳 NOT FLAT');
  process.exitCode = isFlat ? 0 : 1;
} catch (error) {
  console.error(error instanceof RangeError ? error.message : error);
  process.exitCode = 1;
}
