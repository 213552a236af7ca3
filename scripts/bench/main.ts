import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArguments, type BenchArguments } from './arguments.js';
import { table, type Figure } from './figures.js';
import { measureAssess } from './measure-assess.js';
import { measureCore } from './measure-core.js';
import { measureImports } from './measure-imports.js';
import { measureJobs } from './measure-jobs.js';
import { measureStart } from './measure-start.js';
import { MemoryWatch } from './memory.js';
import { BenchService } from './service.js';

const interrupted = new AbortController();
const { signal } = interrupted;
/** A signal to the whole group of processes comes once more by way of the one that started this one. */
const sameRequestMs = 1000;
let interruptedAt: number | null = null;
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    interruptedAt ??= performance.now();
    // Whoever asks a second time does not want to wait for the tidying up.
    if (performance.now() - interruptedAt > sameRequestMs) process.exit(130);
    if (signal.aborted) return;
    say(`${name}: tidying up`);
    interrupted.abort(new Error(name));
  });
}

const startedAt = performance.now();
function say(line: string): void {
  console.error(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(5)} s  ${line}`);
}

/** Figures are told as they come: a long run that is interrupted has still said something. */
function tell(figures: readonly Figure[]): readonly Figure[] {
  for (const line of table(figures).split('\n')) say(line);
  return figures;
}

/** Figures are measured one group after the other; nothing else of ours runs meanwhile. */
async function measure(options: BenchArguments): Promise<Figure[]> {
  const figures: Figure[] = [];
  const { only } = options;
  if (only.has('import') || only.has('assess') || only.has('core')) figures.push(...(await measureService(options)));
  if (only.has('jobs')) figures.push(...tell(await measureJobs(options, signal, say)));
  if (only.has('start')) figures.push(...tell(await measureStart(signal, say)));
  return figures;
}

async function measureService(options: BenchArguments): Promise<Figure[]> {
  const service = await BenchService.start();
  const folder = await mkdtemp(join(tmpdir(), 'hotline-bench-files-'));
  const memory = MemoryWatch.start();
  // What waits for a row process or for a job then ends at once, and with it the measurement.
  signal.addEventListener('abort', () => void service.rows.close(), { once: true });
  try {
    const bench = { service, memory, folder, signal, say };
    const figures: Figure[] = [];
    if (options.only.has('import')) figures.push(...tell(await measureImports(bench, options)));
    if (options.only.has('assess')) figures.push(...tell(await measureAssess(bench, options)));
    if (options.only.has('core')) figures.push(...tell(await measureCore(bench)));
    return figures;
  } finally {
    await memory?.stop();
    await service.close();
    await rm(folder, { recursive: true, force: true });
  }
}

try {
  const options = parseArguments(process.argv.slice(2));
  const figures = await measure(options);
  console.log(options.json ? JSON.stringify(figures, null, 2) : `\n${table(figures)}`);
} catch (error) {
  if (signal.aborted) console.error('interrupted; everything started was ended and removed');
  else console.error(error instanceof RangeError ? error.message : error);
  process.exitCode = signal.aborted ? 130 : 1;
}
