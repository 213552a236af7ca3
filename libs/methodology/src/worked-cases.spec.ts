import { describe, expect, it } from '@jest/globals';
import { aggregate, displayIndex, gradeOf, recommend } from '@hotline/scoring';
import type { Observation } from '@hotline/scoring';
import { readFileSync } from 'node:fs';
import {
  aggregationCases,
  expandCase,
  expandScores,
  loadMethodology,
  relaxedMethod,
  scoringMethod,
  workedCases,
} from './index.js';

interface Column {
  readonly id: string;
  readonly required: boolean;
  readonly type: string;
}
const dictionary = JSON.parse(readFileSync(new URL('../../rows/data/dictionary.json', import.meta.url), 'utf8')) as {
  datasets: { id: string; key: string[]; columns: Column[] }[];
};

const methodology = loadMethodology();
const cases = workedCases();
const byId = (id: string) => {
  const found = cases.find((each) => each.id === id);
  if (!found) throw new Error(`no case ${id}`);
  return found;
};

describe('the worked examples', () => {
  it('hold at least one for every indicator', () => {
    const shown = new Set(cases.map(({ indicator }) => indicator));
    expect(methodology.indicators.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  });

  it.each(cases)('$id has rows that a file could hold', (example) => {
    const rows = expandCase(example);
    expect(Object.values(rows).flat().length).toBeGreaterThan(0);
    for (const [name, list] of Object.entries(rows)) {
      const dataset = dictionary.datasets.find(({ id }) => id === name);
      if (!dataset) throw new Error(`no dataset ${name}`);
      const known = dataset.columns.map(({ id }) => id);
      const required = dataset.columns.filter((column) => column.required).map(({ id }) => id);
      for (const row of list) {
        expect(Object.keys(row).filter((column) => !known.includes(column))).toEqual([]);
        expect(required.filter((column) => !row[column])).toEqual([]);
        expect(Object.values(row).join()).not.toMatch(/[{}]/);
        for (const { id, type } of dataset.columns) {
          if (type === 'datetime' && row[id] !== undefined) expect(row[id]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
        }
      }
      // A later row with the same key would replace an earlier one.
      const keys = list.map((row) => dataset.key.map((column) => row[column] ?? '').join('|'));
      expect(new Set(keys).size).toBe(list.length);
    }
  });

  it.each(cases)('$id expects what its indicator can give', ({ indicator, expect: expected }) => {
    const spec = methodology.indicators.find(({ id }) => id === indicator);
    if (!spec) throw new Error(`no indicator ${indicator}`);
    const { measure } = spec;
    const methods =
      measure.kind === 'simple' ? measure.methods : measure.components.flatMap((each) => each.measure.methods);
    if (expected.method !== null) expect(methods.map(({ id }) => id)).toContain(expected.method);
    expect(expected.flags).toEqual(spec.flags.filter((flag) => expected.flags.includes(flag)));
    const companions = methodology.companions.map(({ id }) => id);
    expect(Object.keys(expected.companions ?? {}).filter((id) => !companions.includes(id))).toEqual([]);
    // The rates can be checked by a division.
    if (measure.kind === 'simple' && expected.numerator && expected.denominator) {
      expect(expected.value).toBeCloseTo((expected.numerator / expected.denominator) * 100, 9);
    }
  });

  it('spread compact blocks over days', () => {
    const { calls } = expandCase(byId('call_ratio'));
    expect(calls).toHaveLength(18_000);
    expect(calls?.[0]).toMatchObject({ call_id: '2023-04-01-1', started_at: '2023-04-01 10:00:00' });
    expect(calls?.at(-1)).toMatchObject({ call_id: '2023-06-29-200', started_at: '2023-06-29 10:00:00' });
  });

  it('number the rows of a block and leave plain rows as they are', () => {
    const { work_orders: orders } = expandCase(byId('complaint_rate'));
    expect(orders).toHaveLength(50);
    expect(orders?.[0]).toMatchObject({ order_id: 'W0', is_service_complaint: '是' });
    expect(orders?.[49]).toMatchObject({ order_id: 'W49', is_service_complaint: '否' });
  });

  it('relax only the minima they name, of their own indicator', () => {
    const method = scoringMethod(methodology);
    const relaxed = relaxedMethod(method, byId('hotline_period_connect'));
    const measureOf = (id: string, from: typeof method) => from.indicators.find((each) => each.id === id)?.measure;
    expect(measureOf('hotline_period_connect', relaxed)).toMatchObject({
      methods: [
        { minN: 1, minRowsPerStratum: 30 },
        { minN: 1, minRowsPerStratum: 3, minStrata: 4 },
      ],
    });
    expect(measureOf('greeting', relaxed)).toBe(measureOf('greeting', method));
    expect(relaxedMethod(method, byId('call_ratio'))).toBe(method);
  });
});

describe('the examples of aggregation', () => {
  it('give every indicator a score or none', () => {
    for (const example of aggregationCases()) {
      expect([...expandScores(example, methodology).keys()]).toEqual(methodology.indicators.map(({ id }) => id));
    }
  });

  it.each(aggregationCases())('$id comes out of the core as stated', (example) => {
    const method = scoringMethod(methodology);
    const scores = Object.fromEntries(expandScores(example, methodology));
    const { elements, dimensions, index } = aggregate(method, scores);
    const stated = Object.entries({ ...example.expect.elements, ...example.expect.dimensions });
    for (const [id, { rated, score, display, coverage }] of stated) {
      const node = { ...elements, ...dimensions }[id];
      expect(node?.rated).toBe(rated);
      expectNumber(node?.score, score);
      if (display !== undefined) expect(node?.display).toBe(display);
      if (coverage !== undefined) expectNumber(node?.coverage, coverage);
    }
    const expected = example.expect.index;
    if (expected) {
      expect(index.rated).toBe(expected.rated);
      expectNumber(index.score, expected.score);
      const shown = index.score === null ? null : displayIndex(index.score, method.grades);
      expect(shown).toBe(expected.display);
      expect(index.score === null ? null : gradeOf(index.score, method.grades)).toBe(expected.grade);
    }
    if (example.expect.recommendations) {
      const indicators = Object.fromEntries(Object.entries(scores).map(([id, score]) => [id, observed(score)]));
      const found = recommend(method, { indicators, companions: {} });
      expect(found.map(({ id, triggered_by: by }) => ({ id, by }))).toEqual(
        example.expect.recommendations.map(({ id, triggered_by: by }) => ({ id, by })),
      );
      example.expect.recommendations.forEach(({ priority, gain }, i) => {
        expectNumber(found[i]?.priority, priority);
        expectNumber(found[i]?.gain, gain);
      });
    }
  });
});

function expectNumber(found: number | null | undefined, stated: number | null): void {
  if (stated === null) expect(found).toBeNull();
  else expect(found).toBeCloseTo(stated, 9);
}

function observed(score: number | null): Observation {
  const state = score === null ? 'not_observed' : 'observed';
  return { state, value: score, score, n: 1, numerator: null, denominator: null, method: null, flags: [] };
}
