import { describe, expect, it } from '@jest/globals';
import { endOfWorkingDay, loadMethodology } from './index.js';

const { workingCalendar } = loadMethodology();

describe('the end of a working day', () => {
  it.each([
    // Friday, then a weekend, then May Day 1–3.
    ['2023-04-28', 1, '2023-05-04T23:59:59'],
    ['2023-04-28', 2, '2023-05-05T23:59:59'],
    // Saturday 6 May makes up for the holiday.
    ['2023-04-28', 3, '2023-05-06T23:59:59'],
    ['2023-06-05', 1, '2023-06-06T23:59:59'],
    // A day off counts no more than a working day: the day itself never counts.
    ['2023-05-01', 1, '2023-05-04T23:59:59'],
    // Across New Year: Friday 30 December, Monday 2 January off.
    ['2022-12-30', 1, '2023-01-03T23:59:59'],
    ['2024-02-28', 5, '2024-03-06T23:59:59'],
  ])('after %s, %i working days on, is %s', (day, k, end) => {
    expect(endOfWorkingDay(day, k, workingCalendar)).toEqual({ end, calendarMissing: false });
  });

  it('falls back to Monday to Friday in a year without calendar, and says so', () => {
    expect(endOfWorkingDay('2019-04-30', 1, workingCalendar)).toEqual({
      end: '2019-05-01T23:59:59',
      calendarMissing: true,
    });
  });

  it('says so too when the limit runs into such a year', () => {
    // Thursday 31 December 2026; Friday 1 January 2027 has no calendar.
    expect(endOfWorkingDay('2026-12-31', 1, workingCalendar)).toEqual({
      end: '2027-01-01T23:59:59',
      calendarMissing: true,
    });
  });

  it('takes whole working days from 1 only', () => {
    expect(() => endOfWorkingDay('2023-06-05', 0, workingCalendar)).toThrow(
      'expected a whole number of working days from 1, found 0',
    );
  });
});
