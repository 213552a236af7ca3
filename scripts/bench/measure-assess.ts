import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { datasetsOf, leanCallColumns, type CityPlan } from '@hotline/demo';
import type { RequestContext } from '@hotline/platform';
import type { BenchArguments } from './arguments.js';
import type { Bench } from './bench.js';
import { absolute, median, relative, type Figure } from './figures.js';
import { planOf, timedImport } from './measure-imports.js';
import { writeFiles } from './sample-files.js';
import { stepsText } from './service.js';

export const year = { start: '2025-01-01', end: '2026-01-01' } as const;
const repeats = 5;

/** How long a city waits for its assessment, and whether more rows make it wait longer. */
export async function measureAssess(bench: Bench, options: BenchArguments): Promise<Figure[]> {
  const once = await assessCity(bench, planOf(options.rows), 'city');
  const count = options.rows.toLocaleString('en');
  const orders = Math.round(options.rows * 0.3).toLocaleString('en');
  const figures = [absolute(`assess a year of ${count} calls, ${orders} orders`, once, 'ms', 500)];
  if (!options.quick) {
    const tenfold = await assessCity(bench, planOf(options.rows * 10), 'large-city');
    figures.push(relative('the same with ten times the rows', tenfold, 'ms', once, 1.5));
  }
  return figures;
}

async function assessCity(bench: Bench, plan: CityPlan, name: string): Promise<number> {
  const ctx = await importYear(bench, plan, name);
  const times: number[] = [];
  // A service that has just started compiles its code during the first run: it is told, but not counted.
  for (let repeat = 0; repeat <= repeats; repeat += 1) {
    bench.signal.throwIfAborted();
    // The same data and method again would be the assessment that is there already.
    await bench.service.asSuperuser(`delete from assessment where tenant_id = '${ctx.tenantId}'`, 'checkpoint');
    const { entity, milliseconds, steps } = await bench.service.assess(ctx, year);
    if (!entity.result.index.rated) throw new Error('the city is not rated: its data is not what was to be measured');
    bench.say(
      `assess ${name}: ${milliseconds.toFixed(0)} ms (${stepsText(steps)})${repeat === 0 ? ', not counted' : ''}`,
    );
    if (repeat > 0) times.push(milliseconds);
  }
  return median(times);
}

/** A new tenant with a year of every dataset; of the large ones a file a month, as centres export them. */
export async function importYear(bench: Bench, plan: CityPlan, name: string): Promise<RequestContext> {
  const ctx = await bench.service.makeCity(plan.code);
  const orders = datasetsOf(plan).flatMap((dataset) =>
    (monthly.has(dataset) && plan.callsPerYear > 2_000_000 ? months : [year]).map((period) => ({
      path: join(bench.folder, `${name}-${dataset}-${period.start.slice(0, 7)}.csv`),
      dataset,
      plan,
      period,
      format: 'csv' as const,
      ...(dataset === 'calls' ? { columns: leanCallColumns } : {}),
    })),
  );
  const files = await writeFiles(orders, bench.signal, bench.say);
  for (const file of files) {
    if (file.rows > 0) await timedImport(bench, ctx, file);
    await rm(file.path);
  }
  return ctx;
}

const monthly: ReadonlySet<string> = new Set(['calls', 'work_orders', 'callbacks', 'online_sessions']);

const months = Array.from({ length: 12 }, (_, index) => ({
  start: new Date(Date.UTC(2025, index, 1)).toISOString().slice(0, 10),
  end: new Date(Date.UTC(2025, index + 1, 1)).toISOString().slice(0, 10),
}));
