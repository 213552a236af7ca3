import { readFacts, SegmentEntity, segmentFile } from '@hotline/imports';
import { defaultMethodology, loadMethodology, scoringMethod } from '@hotline/methodology';
import { scoreCity, type CityData, type Fact, type Sample } from '@hotline/scoring';
import type { Bench } from './bench.js';
import { absolute, type Figure } from './figures.js';
import { importYear, year } from './measure-assess.js';
import { planOf } from './measure-imports.js';

/** Cities of the printed index. */
const cities = 334;
const draws = 1000;
const warmUp = 20;

/** Rows of the small datasets of a city in the printed index, about. */
const sampleSizes: Readonly<Record<string, number>> = { mystery_calls: 60, mystery_chats: 30, survey_responses: 400 };

/** The core by itself: every city of the index, each from data of its own, in this one thread. */
export async function measureCore(bench: Bench): Promise<Figure[]> {
  const model = await readCityData(bench);
  const method = scoringMethod(loadMethodology(defaultMethodology));
  bench.say(`core: ${model.facts.length} facts a city`);
  // Compiled before it is measured, as in a process that runs for longer than a few seconds.
  for (let seed = 0; seed < warmUp; seed += 1) scoreCity(method, cityLike(model, seed), { seed, replicates: draws });
  let milliseconds = 0;
  let processorMs = 0;
  let rated = 0;
  for (let seed = 0; seed < cities; seed += 1) {
    bench.signal.throwIfAborted();
    const city = cityLike(model, seed);
    const processor = process.cpuUsage();
    const started = performance.now();
    const assessment = scoreCity(method, city, { seed, replicates: draws });
    milliseconds += performance.now() - started;
    const { user, system } = process.cpuUsage(processor);
    processorMs += (user + system) / 1000;
    if (assessment.index.rated) rated += 1;
  }
  const seconds = milliseconds / 1000;
  bench.say(`core: ${seconds.toFixed(2)} s, ${(processorMs / 1000).toFixed(2)} s of processor time`);
  if (rated !== cities) throw new Error(`only ${rated} of ${cities} cities were rated`);
  return [absolute(`score ${cities} cities, ${draws.toLocaleString('en')} draws each, one thread`, seconds, 's', 3)];
}

/** What the rows of a small city say, read the way an assessment reads it. */
async function readCityData(bench: Bench): Promise<CityData> {
  const { service } = bench;
  const ctx = await importYear(bench, planOf(20_000), 'small-city');
  const { tenantId } = ctx;
  const { facts, stored } = await service.db.runReadOnly(ctx, async (manager) => ({
    facts: await readFacts(manager, tenantId, defaultMethodology, year),
    stored: await manager.findBy(SegmentEntity, { tenantId }),
  }));
  const segments = stored.map((segment) => segmentFile(segment, service.folderOf(ctx)));
  const read = await service.rows.run({ kind: 'samples', methodology: loadMethodology(), period: year, segments });
  return { period: year, facts, ...read };
}

/** Another city of the same size: its days and its rows are drawn from those of the model. */
function cityLike(model: CityData, seed: number): CityData {
  const next = randomOf(seed);
  const byDay = new Map<string, Fact[]>();
  const chained: Fact[] = [];
  for (const fact of model.facts) {
    // Facts that know their neighbours belong to their day.
    if (fact.after !== null || fact.until !== null) chained.push(fact);
    else byDay.set(fact.day, [...(byDay.get(fact.day) ?? []), fact]);
  }
  const days = [...byDay.values()];
  const drawn = [...byDay.keys()].flatMap((day) => {
    const other = days[Math.floor(next() * days.length)] ?? [];
    return other.map((fact) => ({ ...fact, day }));
  });
  const samples = Object.entries(model.samples).map(([dataset, sample]) => [
    dataset,
    drawRows(sample, sampleSizes[dataset] ?? sample.rows, next),
  ]);
  return { ...model, facts: [...drawn, ...chained], samples: Object.fromEntries(samples) as CityData['samples'] };
}

function drawRows(sample: Sample, rows: number, next: () => number): Sample {
  const chosen = Array.from({ length: rows }, () => Math.floor(next() * sample.rows));
  const values = Object.entries(sample.values).map(([key, column]) => [
    key,
    Float64Array.from(chosen, (row) => column[row] ?? Number.NaN),
  ]);
  const strata = Object.entries(sample.strata).map(([key, column]) => [key, chosen.map((row) => column[row] ?? null)]);
  return {
    rows,
    values: Object.fromEntries(values) as Sample['values'],
    strata: Object.fromEntries(strata) as Sample['strata'],
  };
}

/** mulberry32: numbers in [0, 1), the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
