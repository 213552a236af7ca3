import { describe, expect, it } from '@jest/globals';
import { wilsonBounds } from './wilson.js';

const Z = 1.959963984540054;

describe('Wilson bounds', () => {
  it.each([
    [60, 83, 61.8, 80.8],
    [81, 83, 91.6, 99.3],
    [27, 30, 74.4, 96.5],
    [54, 60, 79.9, 95.3],
    [90, 100, 82.6, 94.5],
    [6, 6, 61.0, 100],
    [12, 12, 75.8, 100],
    [18, 18, 82.4, 100],
    [30, 30, 88.6, 100],
  ])('are known for %d of %d', (hits, n, low, high) => {
    const bounds = wilsonBounds(hits, n, Z);
    expect(Math.round((bounds?.low ?? NaN) * 1000) / 10).toBe(low);
    expect(Math.round((bounds?.high ?? NaN) * 1000) / 10).toBe(high);
  });

  it('give three right answers of four 30.06 to 95.44 per cent', () => {
    const bounds = wilsonBounds(3, 4, Z);
    expect((bounds?.low ?? NaN) * 100).toBeCloseTo(30.06, 2);
    expect((bounds?.high ?? NaN) * 100).toBeCloseTo(95.44, 2);
  });

  it('reach 0 and 1 and not beyond', () => {
    expect(wilsonBounds(0, 6, Z)?.low).toBe(0);
    expect(wilsonBounds(6, 6, Z)?.high).toBe(1);
  });

  it('do not exist where there is no proportion', () => {
    expect(wilsonBounds(0, 0, Z)).toBeNull();
    expect(wilsonBounds(5, 4, Z)).toBeNull();
  });
});
