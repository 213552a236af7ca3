import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drawSums } from './bootstrap.js';
import { ColumnMemory } from './column-memory.js';
import { packLanes } from './lanes.js';
import { fillNormal, nextUniform, randomStream } from './random.js';

const memory = new ColumnMemory();
const columnOf = (...values: number[]) => Float64Array.from(values);
const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviationOf = (values: Float64Array) => {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
};

describe('random numbers', () => {
  it('repeat with the seed and the label, and with nothing else', () => {
    const first = (seed: number, label: string) => {
      const state = randomStream(seed, label);
      return Array.from({ length: 5 }, () => nextUniform(state));
    };
    expect(first(7, 'rows:calls')).toEqual(first(7, 'rows:calls'));
    expect(first(7, 'rows:calls')).not.toEqual(first(8, 'rows:calls'));
    expect(first(7, 'rows:calls')).not.toEqual(first(7, 'rows:chats'));
  });

  it('are normal where asked', () => {
    const values = new Float64Array(20_001);
    fillNormal(randomStream(2, 'normal'), values);
    expect(Math.abs(meanOf(values))).toBeLessThan(5 / Math.sqrt(20_001));
    expect(deviationOf(values)).toBeCloseTo(1, 1);
  });
});

describe('sums of drawn units', () => {
  it('draw every unit of a group equally often, and as many in all as there are', () => {
    const flags = Array.from({ length: 10 }, (_, unit) =>
      Float64Array.from({ length: 10 }, (_u, row) => Number(row === unit)),
    );
    const groups = [[0, 3] as const, [3, 7] as const];
    const sums = drawSums({ units: 10, groups }, flags, { replicates: 10_001, seed: 1, label: 'even' }, memory);
    const counts = sums.map((column) => column.reduce((sum, count) => sum + count, 0));
    // 10 001 expected of each, standard deviation √(70 000 × 1/7 × 6/7) = 93 at most.
    for (const count of counts) expect(Math.abs(count - 10_001)).toBeLessThan(5 * 93);
    const inAll = (first: number, end: number, replicate: number) =>
      sums.slice(first, end).reduce((sum, column) => sum + (column[replicate] ?? NaN), 0);
    for (let replicate = 0; replicate < 10_001; replicate += 1) {
      expect([inAll(0, 3, replicate), inAll(3, 10, replicate)]).toEqual([3, 7]);
    }
  });

  it('draw each replicate by itself', () => {
    const values = Float64Array.from({ length: 100 }, (_, unit) => 2 ** (unit % 50));
    const [sums] = drawSums(
      { units: 100, groups: [[0, 100]] },
      [values],
      { replicates: 1000, seed: 9, label: 'own' },
      memory,
    );
    expect(new Set(sums).size).toBe(1000);
  });

  it('repeat with the seed and the label, whatever was drawn in between', () => {
    const values = Float64Array.from({ length: 30 }, (_, unit) => unit / 7);
    const draw = (seed: number, label: string) =>
      drawSums({ units: 30, groups: [[0, 30]] }, [values], { replicates: 7, seed, label }, new ColumnMemory())[0];
    const first = draw(6, 'again');
    expect(draw(7, 'again')).not.toEqual(first);
    expect(draw(6, 'another')).not.toEqual(first);
    expect(draw(6, 'again')).toEqual(first);
  });

  it('spread as theory says: the mean of n draws has the standard deviation σ ÷ √n', () => {
    const values = Float64Array.from({ length: 50 }, (_, unit) => unit);
    const [sums] = drawSums(
      { units: 50, groups: [[0, 50]] },
      [values],
      { replicates: 4000, seed: 3, label: 'spread' },
      memory,
    );
    const means = (sums ?? new Float64Array()).map((sum) => sum / 50);
    // σ² of 0 … 49 is (50² − 1) ÷ 12.
    const expected = Math.sqrt((50 * 50 - 1) / 12 / 50);
    expect(Math.abs(meanOf(means) - 24.5)).toBeLessThan((5 * expected) / Math.sqrt(4000));
    expect(Math.abs(deviationOf(means) / expected - 1)).toBeLessThan(0.06);
  });

  it('see the same draw in every column', () => {
    const n = columnOf(3, 5, 8, 1, 9, 4, 7);
    const doubled = n.map((value) => 2 * value);
    const fraction = n.map((value) => value / 3);
    const [a, b, c] = drawSums(
      { units: 7, groups: [[0, 7]] },
      [n, doubled, fraction],
      { replicates: 200, seed: 4, label: 'same' },
      memory,
    );
    expect(b).toEqual(a?.map((sum) => 2 * sum));
    a?.forEach((sum, replicate) => {
      expect(c?.[replicate]).toBeCloseTo(sum / 3, 9);
    });
  });

  it('keep the number of rows of each day period', () => {
    const inFirst = columnOf(1, 1, 0, 0, 0);
    const [first] = drawSums(
      {
        units: 5,
        groups: [
          [0, 2],
          [2, 3],
        ],
      },
      [inFirst],
      { replicates: 100, seed: 5, label: 'groups' },
      memory,
    );
    expect([...(first ?? [])].every((count) => count === 2)).toBe(true);
  });

  it('are exact however columns share a lane', () => {
    const whole = fc.array(fc.integer({ min: -50, max: 90_000 }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(whole, { minLength: 1, maxLength: 12 }), fc.integer(), (columns, seed) => {
        const together = columns.map((values) => Float64Array.from(values));
        const units = { units: 12, groups: [[0, 12] as const] };
        const sums = drawSums(units, together, { replicates: 20, seed, label: 'lanes' }, memory);
        together.forEach((column, index) => {
          const [alone] = drawSums(units, [column], { replicates: 20, seed, label: 'lanes' }, memory);
          expect(sums[index]).toEqual(alone);
        });
      }),
      { seed: 8, numRuns: 100 },
    );
    // Ten counts of up to 12 rows: 13 possible sums each, 13^10 < 2^53.
    const flags = Array.from({ length: 10 }, (_, column) =>
      Float64Array.from({ length: 12 }, (_u, row) => (row + column) % 2),
    );
    expect(packLanes(flags, [...flags.keys()], 12)).toHaveLength(1);
  });
});
