import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drawSums } from './bootstrap.js';
import { packLanes } from './lanes.js';
import { drawIndices, fillNormal, nextUniform, randomStream } from './random.js';

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

  it('draw every index of a group equally often', () => {
    const state = randomStream(1, 'even');
    const counts = new Array<number>(10).fill(0);
    const drawn = new Int32Array(10);
    for (let round = 0; round < 10_000; round += 1) {
      drawIndices(state, 3, 7, drawn);
      for (const index of drawn.subarray(3)) counts[index] = (counts[index] ?? 0) + 1;
    }
    expect(counts.slice(0, 3)).toEqual([0, 0, 0]);
    // 10 000 expected of each, standard deviation √(70 000 × 1/7 × 6/7) = 93.
    for (const count of counts.slice(3)) expect(Math.abs(count - 10_000)).toBeLessThan(5 * 93);
  });

  it('are normal where asked', () => {
    const values = new Float64Array(20_001);
    fillNormal(randomStream(2, 'normal'), values);
    expect(Math.abs(meanOf(values))).toBeLessThan(5 / Math.sqrt(20_001));
    expect(deviationOf(values)).toBeCloseTo(1, 1);
  });
});

describe('sums of drawn units', () => {
  it('spread as theory says: the mean of n draws has the standard deviation σ ÷ √n', () => {
    const values = Float64Array.from({ length: 50 }, (_, unit) => unit);
    const [sums] = drawSums({ units: 50, groups: [[0, 50]] }, [values], 4000, randomStream(3, 'spread'));
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
    const [a, b, c] = drawSums({ units: 7, groups: [[0, 7]] }, [n, doubled, fraction], 200, randomStream(4, 'same'));
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
      100,
      randomStream(5, 'groups'),
    );
    expect([...(first ?? [])].every((count) => count === 2)).toBe(true);
  });

  it('are exact however columns share a lane', () => {
    const whole = fc.array(fc.integer({ min: -50, max: 90_000 }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(whole, { minLength: 1, maxLength: 12 }), fc.integer(), (columns, seed) => {
        const together = columns.map((values) => Float64Array.from(values));
        const units = { units: 12, groups: [[0, 12] as const] };
        const sums = drawSums(units, together, 20, randomStream(seed, 'lanes'));
        together.forEach((column, index) => {
          const [alone] = drawSums(units, [column], 20, randomStream(seed, 'lanes'));
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
