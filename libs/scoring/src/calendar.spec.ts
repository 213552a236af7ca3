import { describe, expect, it } from '@jest/globals';
import { dayNumber, isoDay } from './calendar.js';

describe('days as numbers', () => {
  it('count from 1970 and come back as they were written', () => {
    expect([dayNumber('1970-01-01'), isoDay(0)]).toEqual([0, '1970-01-01']);
    for (const day of [
      '1999-12-31',
      '2000-02-29',
      '2023-03-01',
      '2024-02-28',
      '2024-02-29',
      '2024-12-31',
      '2100-03-01',
    ])
      expect(isoDay(dayNumber(day))).toBe(day);
  });

  it('follow one another over leap years and centuries', () => {
    const first = dayNumber('1999-12-31');
    for (let day = first; day < first + 40_000; day += 1) {
      if (dayNumber(isoDay(day)) !== day) throw new Error(`${day} comes back as ${isoDay(day)}`);
    }
    expect(isoDay(first + 1)).toBe('2000-01-01');
  });
});
