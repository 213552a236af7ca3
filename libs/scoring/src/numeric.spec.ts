import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gradeOf } from './grade.js';
import { displayIndex, displayScore, mean, median, quantile, quantilesOf } from './numeric.js';
import { GRADES } from './sample-method.spec-support.js';

describe('display of scores', () => {
  it.each([
    [65.4662, '65.47'],
    [70, '70.00'],
    [61.666667, '61.67'],
    [0.005, '0.01'],
    // 1.005 is stored a hair below; by arithmetic it is half a cent.
    [1.005, '1.01'],
  ])('prints %d with two decimals, half up', (score, shown) => {
    expect(displayScore(score)).toBe(shown);
  });

  it.each([
    [79.996, '79.99', 'A'],
    [79.994, '79.99', 'A'],
    [80, '80.00', 'A+'],
    [79.99999999999, '80.00', 'A+'],
    [65.4662, '65.47', 'C+'],
    [74.9951, '74.99', 'B+'],
    [79.98616, '79.99', 'A'],
  ])('prints the index %d without crossing into a better grade', (index, shown, grade) => {
    expect(displayIndex(index, GRADES)).toBe(shown);
    expect(gradeOf(index, GRADES)).toBe(grade);
  });

  it('never shows a number of a better grade than the one given', () => {
    const nearCutOff = fc
      .tuple(
        fc.constantFrom(...GRADES.map(({ minScore }) => minScore)),
        fc.double({ min: -0.02, max: 0.02, noNaN: true }),
      )
      .map(([cutOff, distance]) => Math.max(0, cutOff + distance));
    fc.assert(
      fc.property(fc.oneof(nearCutOff, fc.double({ min: 0, max: 100, noNaN: true })), (index) => {
        expect(gradeOf(Number(displayIndex(index, GRADES)), GRADES)).toBe(gradeOf(index, GRADES));
        expect(Math.abs(Number(displayIndex(index, GRADES)) - index)).toBeLessThan(0.0101);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});

describe('order statistics', () => {
  it('takes the middle value, or the mean of the two middle ones', () => {
    expect(median([31, 12, 40, 14])).toBe(22.5);
    expect(median([3, 1, 2])).toBe(2);
    expect(median([])).toBeNull();
  });

  it('interpolates quantiles as spreadsheets do', () => {
    // PERCENTILE.INC({1,2,3,4}; 0.9): h = 3 × 0.9 = 2.7 → 3 + 0.7 × 1
    expect(quantile([4, 1, 3, 2], 0.9)).toBeCloseTo(3.7, 12);
    expect(quantile([4, 1, 3, 2], 0)).toBe(1);
    expect(quantile([4, 1, 3, 2], 1)).toBe(4);
    expect(quantile([7], 0.3)).toBe(7);
  });

  it('finds them in any order, the same as by sorting', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 0, max: 1000 }),
        (values, permille) => {
          const sorted = values.toSorted((a, b) => a - b);
          const h = ((values.length - 1) * permille) / 1000;
          const low = sorted[Math.floor(h)] ?? NaN;
          const high = sorted[Math.ceil(h)] ?? NaN;
          const [lower, upper] = quantilesOf(Float64Array.from(values), [permille / 1000, 1]);
          expect(lower).toBeCloseTo(low + (h - Math.floor(h)) * (high - low), 9);
          expect(upper).toBe(sorted.at(-1));
        },
      ),
      { seed: 2, numRuns: 500 },
    );
  });

  it('knows no mean of nothing', () => {
    expect(mean([])).toBeNull();
    expect(mean([1, 2, 6])).toBe(3);
  });
});
