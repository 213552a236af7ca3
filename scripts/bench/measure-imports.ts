import { monitorEventLoopDelay } from 'node:perf_hooks';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { demoCities, leanCallColumns, type CityPlan } from '@hotline/demo';
import { SegmentEntity, segmentFile } from '@hotline/imports';
import type { RequestContext } from '@hotline/platform';
import type { BenchArguments } from './arguments.js';
import type { Bench } from './bench.js';
import { copyFile } from './copy-file.js';
import { absolute, median, relative, type Figure } from './figures.js';
import { HealthWatch } from './health.js';
import type { MemoryWatch } from './memory.js';
import { writeFiles, type FileOrder, type SampleFile } from './sample-files.js';
import { stepsText, type BenchService } from './service.js';

export const month = { start: '2025-03-01', end: '2025-04-01' } as const;
const year = { start: '2025-01-01', end: '2026-01-01' } as const;
const lookups = 15;
const delayResolutionMs = 10;
const idleSeconds = 2;

/** Imports of one month of calls in several forms against COPY, the memory they take, and finding one row again. */
export async function measureImports(bench: Bench, options: BenchArguments): Promise<Figure[]> {
  const { service } = bench;
  const count = options.rows.toLocaleString('en');
  const runs = options.quick ? 1 : 3;
  const [plain, windows, gb18030, workbook] = await writeMonth(bench, options.rows);

  // Before anything was imported: the service as it waits for work.
  const watch = bench.memory;
  const idleMb = (await watch?.begin()) ?? 0;
  const first = await service.makeCity(cityCode);
  await timedImport(bench, first, plain);
  const importMb = watch ? (await watch.end()) - idleMb : null;

  const { idleMs, answersMs, delaysMs } = await watchedImports(bench, plain, runs);

  const copies: number[] = [];
  const imports: number[] = [];
  const again: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    copies.push(await timedCopy(bench, plain, 'UTF8'));
    const ctx = await service.makeCity(cityCode);
    imports.push(await timedImport(bench, ctx, plain));
    again.push(await timedImport(bench, ctx, windows, 'unchanged'));
  }
  const otherCopies: number[] = [];
  const others: number[] = [];
  const workbooks: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    otherCopies.push(await timedCopy(bench, gb18030, 'GB18030'));
    others.push(await timedImport(bench, await service.makeCity(cityCode), gb18030));
    workbooks.push(await timedImport(bench, await service.makeCity(cityCode), workbook));
  }
  const lookupMs = await timedLookups(service, first);
  for (const file of [plain, windows, gb18030, workbook]) await rm(file.path);

  const csv = median(imports);
  const figures = [
    relative(`import ${count} calls, CSV, against COPY`, csv, 's', median(copies), 2),
    relative('the same rows again, nothing changes, against COPY', median(again), 's', median(copies), 2.5),
    relative('the same as GB18030, against COPY', median(others), 's', median(otherCopies), 2),
    relative('the same as XLSX, against the CSV import', median(workbooks), 's', csv, 3),
    absolute('event loop delay of the api process, p99', median(delaysMs), 'ms', 50),
    absolute('slowest health answer during the CSV import', Math.max(...answersMs), 'ms', 50, idleMs),
    absolute('one stored row by its key', lookupMs, 'ms', 100),
  ];
  if (watch && importMb !== null) {
    figures.push(absolute(`memory of the CSV import over idle`, importMb, 'MB', 600, idleMb));
    if (!options.quick) figures.push(...(await measureLargeImport(bench, watch, options.rows, { idleMb, importMb })));
  }
  return figures;
}

const cityCode = '420100';

/**
 * Imports while the service is asked for its health all the time. They are not timed: asking takes a tenth of a processor.
 */
async function watchedImports(
  bench: Bench,
  file: SampleFile,
  runs: number,
): Promise<{ readonly idleMs: number; readonly answersMs: readonly number[]; readonly delaysMs: readonly number[] }> {
  const { service } = bench;
  const answersMs: number[] = [];
  const delaysMs: number[] = [];
  const health = await HealthWatch.start(await service.url());
  try {
    await health.slowestMs();
    await sleep(idleSeconds * 1000);
    const idleMs = await health.slowestMs();
    for (let run = 0; run < runs; run += 1) {
      const ctx = await service.makeCity(cityCode);
      const delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
      await health.slowestMs();
      delay.enable();
      await timedImport(bench, ctx, file);
      delay.disable();
      answersMs.push(await health.slowestMs());
      // The histogram holds the time between two looks, of which the pause between them is no delay.
      delaysMs.push(Math.max(0, delay.percentile(99) / 1e6 - delayResolutionMs));
    }
    return { idleMs, answersMs, delaysMs };
  } finally {
    await health.stop();
  }
}

async function writeMonth(
  bench: Bench,
  rows: number,
): Promise<readonly [SampleFile, SampleFile, SampleFile, SampleFile]> {
  // A little more than a twelfth of the year, of which exactly `rows` are taken.
  const plan = planOf(rows * 14);
  const order = (format: FileOrder['format'], name: string): FileOrder => ({
    path: join(bench.folder, name),
    dataset: 'calls',
    plan,
    period: month,
    format,
    rows,
    columns: leanCallColumns,
  });
  const [workbook, plain, windows, gb18030] = await writeFiles(
    [
      order('xlsx', 'calls.xlsx'),
      order('csv', 'calls.csv'),
      order('csv-windows', 'calls-windows.csv'),
      order('gb18030', 'calls-gb18030.csv'),
    ],
    bench.signal,
    bench.say,
  );
  if (!plain || !windows || !gb18030 || !workbook) throw new Error('not every file was written');
  return [plain, windows, gb18030, workbook];
}

/** The plan of a demo city with another number of calls and orders. */
export function planOf(callsPerYear: number): CityPlan {
  const city = demoCities.find(({ code }) => code === cityCode);
  if (!city) throw new Error(`no demo city ${cityCode}`);
  return {
    ...city.plan,
    callsPerYear,
    ordersPerYear: Math.round(callsPerYear * 0.3),
    residentPopulation: Math.round(callsPerYear * 3),
  };
}

async function timedCopy(bench: Bench, file: SampleFile, encoding: 'UTF8' | 'GB18030'): Promise<number> {
  await settle(bench);
  const seconds = await copyFile(bench.service.ownerUrl, file, encoding);
  bench.say(`COPY ${encoding}: ${seconds.toFixed(2)} s`);
  return seconds;
}

/** Seconds of one import, which must take every row of the file into account. */
export async function timedImport(
  bench: Bench,
  ctx: RequestContext,
  file: SampleFile,
  expected: 'changed' | 'unchanged' = 'changed',
): Promise<number> {
  await settle(bench);
  const { entity, seconds, steps } = await bench.service.import(ctx, file, bench.signal);
  const { result, changes } = entity;
  if (!result || !changes) throw new Error(`${file.path}: committed without a result`);
  const { read, accepted } = result.counts;
  // A few rows of every file are blank or faulty, as in any export.
  if (read < file.rows * 0.995 || accepted < read * 0.95) {
    throw new Error(`${file.path}: ${accepted} of ${file.rows} rows accepted: ${JSON.stringify(result.issueCounts)}`);
  }
  if (expected === 'unchanged' && changes.rowsBefore !== changes.rowsAfter) {
    throw new Error(`${file.path}: the same rows again changed ${changes.rowsBefore} rows to ${changes.rowsAfter}`);
  }
  bench.say(`import ${file.path.slice(bench.folder.length + 1)}: ${seconds.toFixed(2)} s (${stepsText(steps)})`);
  return seconds;
}

/** Every measurement finds the database with nothing left to write from the one before. */
async function settle({ service, signal }: Bench): Promise<void> {
  signal.throwIfAborted();
  await service.asSuperuser('checkpoint');
}

/** Milliseconds from a key to its row: the pointer from the database, the row from the month's file. */
async function timedLookups(service: BenchService, ctx: RequestContext): Promise<number> {
  const [segment] = await segmentsOf(service, ctx);
  if (!segment) throw new Error('no segment was stored');
  const times: number[] = [];
  for (let lookup = 0; lookup < lookups; lookup += 1) {
    const page = { offset: Math.floor((segment.rows / lookups) * lookup), limit: 1 };
    const some = await service.rows.run({ kind: 'read', file: segment.file, where: {}, ...page });
    const key = String(some.rows[0]?.['call_id']);
    const started = performance.now();
    const [found] = await segmentsOf(service, ctx);
    const row = await service.rows.run({
      kind: 'read',
      file: found?.file ?? '',
      where: { call_id: key },
      offset: 0,
      limit: 1,
    });
    times.push(performance.now() - started);
    if (row.total !== 1 || row.rows[0]?.['call_id'] !== key) throw new Error(`the row of ${key} was not found`);
  }
  return median(times);
}

async function segmentsOf(service: BenchService, ctx: RequestContext) {
  const { tenantId } = ctx;
  const segments = await service.db.runReadOnly(ctx, (manager) => manager.findBy(SegmentEntity, { tenantId }));
  return segments.map((segment) => segmentFile(segment, service.folderOf(ctx)));
}

/** A year of ten times as many calls in one file. */
async function measureLargeImport(
  bench: Bench,
  watch: MemoryWatch,
  rows: number,
  smaller: { idleMb: number; importMb: number },
): Promise<Figure[]> {
  const order: FileOrder = {
    path: join(bench.folder, 'calls-large.csv'),
    dataset: 'calls',
    plan: planOf(rows * 10),
    period: year,
    format: 'csv',
    columns: leanCallColumns,
  };
  const [file] = await writeFiles([order], bench.signal, bench.say);
  if (!file) throw new Error('the large file was not written');
  await watch.begin();
  await timedImport(bench, await bench.service.makeCity(cityCode), file);
  const largeMb = (await watch.end()) - smaller.idleMb;
  await rm(file.path);
  return [
    absolute('memory of an import of ten times the rows over idle', largeMb, 'MB', 600, smaller.idleMb),
    relative('the same, against the import of once the rows', largeMb, 'MB', smaller.importMb, 1.5),
  ];
}
