import type { WorkingCalendar } from './methodology.js';

const dayMilliseconds = 86_400_000;

/**
 * Last second of the k-th working day after a day; the day itself never counts. `calendarMissing`: a working day was
 * counted in a year without calendar, where Monday to Friday stand in.
 * @param day Shanghai day, YYYY-MM-DD
 * @param k whole number from 1
 */
export function endOfWorkingDay(
  day: string,
  k: number,
  calendar: Pick<WorkingCalendar, 'years'>,
): { readonly end: string; readonly calendarMissing: boolean } {
  if (!Number.isInteger(k) || k < 1) throw new RangeError(`expected a whole number of working days from 1, found ${k}`);
  let date = new Date(`${day}T00:00:00Z`);
  let calendarMissing = false;
  for (let counted = 0; counted < k;) {
    date = new Date(date.getTime() + dayMilliseconds);
    if (!isWorkingDay(date, calendar)) continue;
    counted += 1;
    if (!calendar.years[isoDay(date).slice(0, 4)]) calendarMissing = true;
  }
  return { end: `${isoDay(date)}T23:59:59`, calendarMissing };
}

function isWorkingDay(date: Date, { years }: Pick<WorkingCalendar, 'years'>): boolean {
  const day = isoDay(date);
  const year = years[day.slice(0, 4)];
  if (year?.makeUpDays.includes(day)) return true;
  return ![0, 6].includes(date.getUTCDay()) && year?.daysOff.includes(day) !== true;
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}
