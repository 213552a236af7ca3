import { describe, expect, it } from '@jest/globals';
import { datasetIds } from '@hotline/rows';
import type { Row } from './city-plan.js';
import { demoCities } from './demo-cities.js';
import { faultKinds, faultOf } from './faults.js';
import { generateRows } from './generate-rows.js';

const [city] = demoCities;
if (!city) throw new Error('there is no demo city');
const plan = { ...city.plan, callsPerYear: 26_000 };
const year = { start: '2025-01-01', end: '2026-01-01' };

describe('faulty rows', () => {
  it('make up the declared share', () => {
    for (const dirtyShare of [0, 0.003, 0.02]) {
      const rows = [...generateRows('calls', { ...plan, dirtyShare }, year)];
      const faulty = rows.filter((row) => faultOf(row) !== null).length;
      expect(Math.abs(faulty / rows.length - dirtyShare)).toBeLessThanOrEqual(0.15 * dirtyShare);
    }
  });

  it('show every kind in the large datasets at the usual share', () => {
    for (const dataset of ['calls', 'work_orders', 'callbacks'] as const) {
      const seen = new Set([...generateRows(dataset, plan, year)].map((row) => faultOf(row)?.id));
      for (const { id } of faultKinds[dataset] ?? []) expect([dataset, id, seen.has(id)]).toEqual([dataset, id, true]);
    }
  });

  it('leave every other row as it was', () => {
    const clean = [...generateRows('work_orders', { ...plan, dirtyShare: 0 }, year)];
    const mixed = [...generateRows('work_orders', plan, year)];
    const faulty = mixed.filter((row) => faultOf(row) !== null && faultOf(row)?.extra !== true).length;
    const untouched = mixed.filter((row) => faultOf(row) === null);
    expect(untouched).toHaveLength(clean.length - faulty);
    const known = new Set(clean.map((row) => JSON.stringify(row)));
    expect(untouched.filter((row) => !known.has(JSON.stringify(row)))).toEqual([]);
  });

  it('are what they say', () => {
    const calls = [...generateRows('calls', plan, year)];
    const row = (id: string): Row => calls.find((each) => faultOf(each)?.id === id) ?? {};
    const crossed = row('answered_before_request');
    expect(String(crossed.answered_at) < String(crossed.agent_requested_at)).toBe(true);
    expect(row('missing_key').call_id).toBeNull();
    expect(Object.values(row('blank_row')).every((value) => value === null)).toBe(true);
    expect(row('total_row').call_id).toBe('合计');
    expect(String(row('full_width_digits').caller_hash)).toMatch(/^[０-９]{11}$/);
    expect(String(row('future_date').started_at)).toMatch(/^2099-/);
    expect(String(row('hidden_number').caller_hash)).toMatch(/^1\d\d\*{4}\d{4}$/);
    expect(String(row('scientific_id').call_id)).toBe('2.02505E+13');
  });

  it('do not touch the lists typed by hand', () => {
    for (const dataset of datasetIds) {
      if (faultKinds[dataset]) continue;
      const rows = [...generateRows(dataset, { ...plan, dirtyShare: 1 }, year)];
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.every((row) => faultOf(row) === null)).toBe(true);
    }
  });
});
