import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scoreOn } from './curve.js';
import { curve } from './sample-method.spec-support.js';

describe('score curves', () => {
  it.each([
    ['a greeting of 22.5 s', curve([15, 100], [30, 70], [45, 30], [60, 0]), 22.5, 85],
    ['audio of 4.125', curve([1, 0], [3, 50], [4, 80], [5, 100]), 4.125, 82.5],
    ['4 of 7 answered', curve([30, 0], [60, 20], [80, 50], [90, 75], [95, 90], [98, 100]), 400 / 7, 18.095238],
    ['22.2 % of orders from elsewhere', curve([0, 0], [11.03, 40], [25, 70], [50, 100]), 200 / 9, 64.034837],
    ['60 % who know the channels', curve([40, 0], [84, 60], [95, 100]), 60, 27.272727],
    ['two channels', curve([0, 0], [1, 15], [3, 40], [5, 70], [7, 100]), 2, 27.5],
    ['75 % on time', curve([60, 0], [86.78, 50], [95, 80], [98.36, 95], [99.5, 100]), 75, 28.005975],
    ['half of the orders called back', curve([0, 0], [44.25, 50], [90, 90], [100, 100]), 50, 55.027322],
    ['2 % complaints', curve([0.25, 100], [1, 85], [3, 50], [10, 0]), 2, 67.5],
    ['one call per ten residents', curve([0, 0], [10, 35], [40.46, 85], [52.84, 100]), 10, 35],
  ])('scores %s', (_, points, value, score) => {
    expect(scoreOn(points, value)).toBeCloseTo(score, 6);
  });

  it('is flat outside its points', () => {
    const points = curve([15, 100], [30, 70], [60, 0]);
    expect([scoreOn(points, -1), scoreOn(points, 15), scoreOn(points, 60), scoreOn(points, 1e9)]).toEqual([
      100, 100, 0, 0,
    ]);
  });

  it('rises and falls with its points, without a jump', () => {
    const points = curve([30, 0], [60, 20], [80, 50], [98, 100]);
    const value = fc.double({ min: 0, max: 120, noNaN: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(scoreOn(points, low)).toBeLessThanOrEqual(scoreOn(points, high));
        // The steepest stretch gains 50 points in 18.
        expect(scoreOn(points, high) - scoreOn(points, low)).toBeLessThanOrEqual((50 / 18) * (high - low) + 1e-9);
      }),
      { seed: 3 },
    );
  });

  it('refuses a curve without points', () => {
    expect(() => scoreOn([], 1)).toThrow(RangeError);
  });
});
