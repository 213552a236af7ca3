import { describe, expect, it } from '@jest/globals';
import { judge, type Sample } from './flatness.js';

const series = (values: readonly number[]): Sample[] =>
  values.map((value, minutes) => ({ minutes, values: new Map([['memory', value]]) }));
const allowance = { share: 0.1, least: 2 };

describe('what is flat', () => {
  it('may go up and down as long as the end is like the start', () => {
    expect(judge(series([100, 140, 100, 150, 90, 170, 101, 99, 100]), 'memory', allowance)).toEqual({
      name: 'memory',
      atStart: 140,
      atEnd: 100,
      most: 154,
      flat: true,
    });
  });

  it('does not grow, not even slowly', () => {
    const slowly = Array.from({ length: 40 }, (_, minute) => 100 + minute / 2);
    expect(judge(series(slowly), 'memory', allowance)).toMatchObject({ atStart: 102.5, atEnd: 117.5, flat: false });
  });

  it('may be small and vary by a little', () => {
    expect(judge(series([1, 1, 2, 2, 3, 3, 3, 3]), 'memory', allowance)).toMatchObject({ most: 3, flat: true });
    expect(judge(series([1, 1, 2, 2, 3, 3, 4, 4]), 'memory', allowance).flat).toBe(false);
  });

  it('is not said of what was hardly looked at', () => {
    expect(() => judge(series([1, 2, 3]), 'memory', allowance)).toThrow('too few samples');
    expect(() => judge(series([1, 2, 3, 4, 5]), 'other', allowance)).toThrow('too few samples');
  });
});
