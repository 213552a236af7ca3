import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScoringMethod } from '@hotline/scoring';
import { parse } from 'yaml';
import { z } from 'zod';
import { defaultMethodology, methodologyFolder } from './load-methodology.js';
import type { Methodology } from './methodology.js';

const cell = z.union([z.string(), z.number()]);
const row = z.record(z.string(), cell);
const block = z.strictObject({
  repeat: z.int().positive(),
  eachDay: z.strictObject({ from: z.iso.date(), to: z.iso.date() }).optional(),
  row,
});
const known = z.number().nullable();
const node = z.strictObject({
  rated: z.boolean(),
  score: known,
  display: z.string().nullable().optional(),
  coverage: z.number().optional(),
  grade: z.string().nullable().optional(),
});
const interval = z.strictObject({ low: z.number(), high: z.number(), score_low: z.number(), score_high: z.number() });
const expectation = z.strictObject({
  value: known,
  score: known,
  n: z.number(),
  numerator: known.optional(),
  denominator: known.optional(),
  method: z.string().nullable(),
  flags: z.array(z.string()),
  strata: z.record(z.string(), z.strictObject({ n: z.number(), mean: known })).optional(),
  components: z.record(z.string(), z.strictObject({ value: known, score: known, n: z.number() })).optional(),
  wilson: interval.nullable().optional(),
  companions: z.record(z.string(), known).optional(),
});

const workedCase = z.strictObject({
  id: z.string(),
  indicator: z.string(),
  period: z.strictObject({ start: z.iso.date(), end: z.iso.date() }),
  relax: z.array(z.literal('min_n')),
  working: z.string(),
  datasets: z.record(z.string(), z.array(z.union([block, row]))),
  expect: expectation,
});
const aggregationCase = z.strictObject({
  id: z.string(),
  working: z.string(),
  scores: z.strictObject({
    otherwise: known,
    elements: z.record(z.string(), z.number()).optional(),
    indicators: z.record(z.string(), known).optional(),
  }),
  expect: z.strictObject({
    elements: z.record(z.string(), node).optional(),
    dimensions: z.record(z.string(), node).optional(),
    index: node.optional(),
    recommendations: z
      .array(
        z.strictObject({
          id: z.string(),
          triggered_by: z.array(z.string()),
          priority: z.number(),
          gain: z.number(),
        }),
      )
      .optional(),
  }),
});
const caseFile = z.strictObject({ cases: z.array(workedCase), aggregation: z.array(aggregationCase) });

/** Rows of datasets and what one indicator must make of them. Shape and notation: head of `cases.yaml`. */
export type WorkedCase = z.infer<typeof workedCase>;
/** Scores of indicators and what becomes of them up the tree. */
export type AggregationCase = z.infer<typeof aggregationCase>;

/** The worked examples of a method, in the order of the file. */
export function workedCases(id: string = defaultMethodology): readonly WorkedCase[] {
  return readCases(id).cases;
}

export function aggregationCases(id: string = defaultMethodology): readonly AggregationCase[] {
  return readCases(id).aggregation;
}

function readCases(id: string) {
  return caseFile.parse(parse(readFileSync(join(methodologyFolder(id), 'cases.yaml'), 'utf8')));
}

/** Every row of the example by dataset, as the cells of a file; a column that a row does not name is empty. */
export function expandCase(example: WorkedCase): Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> {
  const expanded = Object.entries(example.datasets).map(
    ([dataset, entries]) => [dataset, entries.flatMap((entry) => expandEntry(entry))] as const,
  );
  return Object.fromEntries(expanded);
}

function expandEntry(entry: WorkedCase['datasets'][string][number]): readonly Readonly<Record<string, string>>[] {
  if (!isBlock(entry)) return [fill(entry, {})];
  const days = entry.eachDay ? daysFrom(entry.eachDay.from, entry.eachDay.to) : [''];
  const numbers = Array.from({ length: entry.repeat }, (_, i) => String(i + 1));
  return days.flatMap((day) => numbers.map((i) => fill(entry.row, { i, day })));
}

function isBlock(entry: WorkedCase['datasets'][string][number]): entry is z.infer<typeof block> {
  return typeof entry.row === 'object';
}

function fill(cells: Readonly<Record<string, string | number>>, marks: Readonly<Record<string, string>>) {
  const filled = Object.entries(cells).map(([column, text]) => [
    column,
    String(text).replace(/\{(i|day)\}/g, (mark, name: string) => marks[name] ?? mark),
  ]);
  return Object.fromEntries(filled) as Readonly<Record<string, string>>;
}

function daysFrom(from: string, to: string): readonly string[] {
  const days: string[] = [];
  for (let date = new Date(`${from}T00:00:00Z`); ; date = new Date(date.getTime() + 86_400_000)) {
    const day = date.toISOString().slice(0, 10);
    if (day >= to) return days;
    days.push(day);
  }
}

/** Score of every indicator in an aggregation example; null = not observed. */
export function expandScores(
  { scores }: AggregationCase,
  { indicators }: Methodology,
): ReadonlyMap<string, number | null> {
  return new Map(
    indicators.map(({ id, parent }) => {
      const own = scores.indicators?.[id];
      return [id, own !== undefined ? own : (scores.elements?.[parent] ?? scores.otherwise)];
    }),
  );
}

/** The method with the minima that the example ignores set to one row. */
export function relaxedMethod(method: ScoringMethod, { indicator, relax }: WorkedCase): ScoringMethod {
  if (!relax.includes('min_n')) return method;
  return {
    ...method,
    indicators: method.indicators.map((spec) => {
      if (spec.id !== indicator) return spec;
      const { measure } = spec;
      if (measure.kind === 'simple') return { ...spec, measure: withoutMinimum(measure) };
      const components = measure.components.map((each) => ({ ...each, measure: withoutMinimum(each.measure) }));
      return { ...spec, measure: { ...measure, components } };
    }),
  };
}

function withoutMinimum<M extends { readonly methods: readonly { readonly minN: number }[] }>(measure: M): M {
  return { ...measure, methods: measure.methods.map((method) => ({ ...method, minN: Math.min(method.minN, 1) })) };
}
