import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { EmbeddedCluster } from '@hotline/platform';
import pg from 'pg';
import { root } from '../cluster/city-cluster.js';
import { startRedis } from '../cluster/redis.js';
import type { BenchArguments } from './arguments.js';
import { absolute, median, relative, type Figure } from './figures.js';
import { JobPlatform } from './job-platform.js';
import { measureLoopDelays } from './measure-loop-delays.js';

const tenantCount = 50;
/** Between one job and the next, so that each finds everything idle. */
const restMs = 20;

/** How soon an idle job starts, how many small ones two workers get through, and how free event loops stay meanwhile. */
export async function measureJobs(
  options: BenchArguments,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hotline-bench-jobs-'));
  const secret = randomBytes(32).toString('hex');
  const cluster = await EmbeddedCluster.start({ dataDir, secret });
  const redis = await startRedis(root, join(dataDir, 'redis'), () => undefined);
  const ownerUrl = await cluster.ownerUrl();
  const settings = {
    HOTLINE_DATABASE_URL: ownerUrl,
    HOTLINE_SECRET: secret,
    HOTLINE_DATA_DIR: dataDir,
    HOTLINE_DEMO: '0',
    HOTLINE_LOG_LEVEL: 'fatal',
  };
  const database = new pg.Client(cluster.url(new URL(ownerUrl).pathname.slice(1)));
  const withRedis = { ...settings, HOTLINE_REDIS_URL: redis.url };
  const jobs = options.quick ? 1_000 : 10_000;
  const figures: Figure[] = [];
  try {
    await database.connect();
    const bench = { options, signal, say, database };
    figures.push(...(await measureStarts(bench, 'in the process', 50, settings)));
    figures.push(...(await measureStarts(bench, 'by way of Redis', 200, withRedis)));
    figures.push(...(await measureSmallJobs(bench, jobs, withRedis)));
  } finally {
    await database.end();
    await redis.process.stop();
    await cluster.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
  return [...figures, ...(await measureLoopDelays(options, signal, say))];
}

interface JobBench {
  readonly options: BenchArguments;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** As the superuser. */
  readonly database: pg.Client;
}

/** Milliseconds from the commit of a job to the start of its handler, where nothing else is to do. */
async function measureStarts(
  { options, signal, say, database }: JobBench,
  how: string,
  reach: number,
  settings: Readonly<Record<string, string>>,
): Promise<Figure[]> {
  const adding = await JobPlatform.open(settings);
  // With a queue server the worker is another process than the one that adds; here it is at least another application.
  const working = 'HOTLINE_REDIS_URL' in settings ? await JobPlatform.open(settings) : adding;
  try {
    await makeTable(database);
    const startedAt = new Map<string, number>();
    await working.work((id) => startedAt.set(id, performance.now()));
    const [tenant = ''] = await adding.makeTenants(1);
    const delays: number[] = [];
    for (let index = 0; index < (options.quick ? 50 : 500); index += 1) {
      signal.throwIfAborted();
      await sleep(restMs);
      const [id = ''] = await adding.add(tenant, 1);
      const committedAt = performance.now();
      await adding.done(tenant, id);
      delays.push(Math.max(0, (startedAt.get(id) ?? Number.NaN) - committedAt));
    }
    const sorted = [...delays].sort((a, b) => a - b);
    const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN;
    say(`start of an idle job ${how}: ${median(delays).toFixed(1)} ms, at most ${sorted.at(-1)?.toFixed(1)} ms`);
    return [
      absolute(`start of an idle job ${how}, median`, median(delays), 'ms', reach),
      absolute('the same, 99th percentile', p99, 'ms', reach),
    ];
  } finally {
    if (working !== adding) await working.close();
    await adding.close();
  }
}

/** Two workers in processes of their own; every job leaves one row in the transaction that completes it. */
async function measureSmallJobs(
  { signal, say, database }: JobBench,
  count: number,
  settings: Readonly<Record<string, string>>,
): Promise<Figure[]> {
  const adding = await JobPlatform.open(settings);
  const workers: ChildProcess[] = [];
  try {
    await makeTable(database);
    const tenants = await adding.makeTenants(tenantCount);
    const baseline = await withoutQueue(adding, tenants, Math.min(count, 2_000));
    await database.query('truncate small_job_run');
    for (let worker = 0; worker < 2; worker += 1) workers.push(await startWorker(settings));
    const started = performance.now();
    for (const tenant of tenants) await adding.add(tenant, count / tenantCount);
    let open = count;
    while (open > 0) {
      signal.throwIfAborted();
      await sleep(100);
      const { rows } = await database.query<{ open: number }>(
        `select count(*)::int as open from job where state in ('queued', 'running')`,
      );
      open = rows[0]?.open ?? Number.NaN;
    }
    const milliseconds = (performance.now() - started) / count;
    const { rows } = await database.query<{ runs: number; jobs: number }>(
      'select count(*)::int as runs, count(distinct job)::int as jobs from small_job_run',
    );
    const { runs = 0, jobs = 0 } = rows[0] ?? {};
    say(`${count} small jobs: ${(1000 / milliseconds).toFixed(0)} a second, ${jobs} done, ${runs - jobs} twice`);
    const name = `${count.toLocaleString('en')} small jobs through two workers`;
    return [
      absolute(`${name}: lost or doubled`, count - jobs + (runs - jobs), 'jobs', 0),
      relative(`one of them, against its transaction alone`, milliseconds, 'ms', baseline, 20),
    ];
  } finally {
    await Promise.all(workers.map(stopWorker));
    await adding.close();
  }
}

/** Milliseconds of the transaction of a small job, two at a time as two workers would, without any queue. */
async function withoutQueue(platform: JobPlatform, tenants: readonly string[], count: number): Promise<number> {
  const started = performance.now();
  const loop = async (first: number): Promise<void> => {
    for (let index = first; index < count; index += 2) {
      await platform.withoutQueue(tenants[index % tenants.length] ?? '');
    }
  };
  await Promise.all([loop(0), loop(1)]);
  return (performance.now() - started) / count;
}

async function makeTable(database: pg.Client): Promise<void> {
  await database.query('create table if not exists small_job_run (job uuid not null)');
  await database.query('grant insert on small_job_run to hotline_app');
}

async function startWorker(settings: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const entry = fileURLToPath(new URL('./job-worker.js', import.meta.url));
  const child = fork(entry, [JSON.stringify(settings)], { execArgv: [] });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`a worker ended with ${String(code)}`);
  });
  failed.catch(() => undefined);
  await Promise.race([once(child, 'message'), failed]);
  return child;
}

async function stopWorker(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}
