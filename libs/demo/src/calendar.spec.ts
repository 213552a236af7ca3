import { describe, expect, it } from '@jest/globals';
import { dayOf, endOfWorkingDay, instantText, isWorkingDay, weekdayOf } from './calendar.js';
import { instantSeconds, respell } from './spellings.js';

describe('the calendar', () => {
  it('counts working days over a weekend and the May holidays', () => {
    // An order of Friday 28 April 2023 is answered by the end of Thursday 4 May.
    const friday = instantSeconds('2023-04-28 16:00:00');
    expect(instantText(endOfWorkingDay(friday, 1))).toBe('2023-05-04 23:59:59');
    expect(instantText(endOfWorkingDay(friday, 2))).toBe('2023-05-05 23:59:59');
    // Saturday 6 May 2023 makes up for a day off.
    expect(instantText(endOfWorkingDay(friday, 3))).toBe('2023-05-06 23:59:59');
  });

  it('knows weekdays and make-up days', () => {
    expect(weekdayOf(dayOf('2026-11-24'))).toBe(2);
    expect(isWorkingDay(dayOf('2025-01-26'))).toBe(true);
    expect(isWorkingDay(dayOf('2025-01-28'))).toBe(false);
    expect(isWorkingDay(dayOf('2025-02-01'))).toBe(false);
  });

  it('writes instants and reads them back', () => {
    expect(instantText(0)).toBe('1970-01-01 00:00:00');
    for (const text of ['2024-02-29 23:59:59', '2025-01-01 00:00:00', '2025-05-04 09:05:30'])
      expect(instantText(instantSeconds(text))).toBe(text);
  });

  it('refuses what is no day', () => {
    expect(() => dayOf('2025-02-30')).toThrow('"2025-02-30" is no day');
    expect(() => dayOf('2025/01/01')).toThrow('2025-01-01');
  });
});

describe('other spellings', () => {
  it('are those that the dictionary accepts', () => {
    const text = '2025-05-04 09:05:30';
    expect(respell.chinese(text)).toBe('2025年5月4日9时5分30秒');
    expect(respell.slashes(text)).toBe('2025/5/4 9:05:30');
    expect(respell.compact(text)).toBe('20250504090530');
    expect(respell.fullWidth('138')).toBe('１３８');
    expect(respell.thousands(1234567)).toBe('1,234,567');
    expect(respell.duration(3725)).toBe('62分5秒');
    expect(respell.duration(3726)).toBe('1:02:06');
    expect(respell.duration(45)).toBe('45秒');
  });
});
