/**
 * Shanghai wall-clock time. An instant is the number of whole seconds since 1970-01-01 00:00:00 as a clock in Shanghai
 * shows it; a day is the number of days since then. No time zone is involved, so no machine's zone can change a file.
 */
export type Instant = number;
export type Day = number;

/** [start, end) in Shanghai days, each as `2025-01-01`. */
export interface Period {
  readonly start: string;
  readonly end: string;
}

export const secondsPerDay = 86_400;
const millisecondsPerDay = 86_400_000;

/** @throws where the text is no day like `2025-01-01`. */
export function dayOf(text: string): Day {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) / millisecondsPerDay : Number.NaN;
  if (!Number.isInteger(day) || dayText(day) !== text)
    throw new Error(`"${text}" is no day; expected one like 2025-01-01`);
  return day;
}

let lastDay: Day = Number.NaN;
let lastDayText = '';

export function dayText(day: Day): string {
  // Rows come in order of time, so nearly every call asks for the day of the call before.
  if (day !== lastDay) {
    lastDayText = new Date(day * millisecondsPerDay).toISOString().slice(0, 10);
    lastDay = day;
  }
  return lastDayText;
}

const twoDigits = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));
const minutesOfDay = Array.from(
  { length: 1440 },
  (_, minute) => ` ${twoDigits[Math.floor(minute / 60)]}:${twoDigits[minute % 60]}:`,
);

/** `2025-05-04 09:05:00` */
export function instantText(at: Instant): string {
  const day = Math.floor(at / secondsPerDay);
  const second = at - day * secondsPerDay;
  return `${dayText(day)}${minutesOfDay[Math.floor(second / 60)]}${twoDigits[second % 60]}`;
}

export function yearOf(day: Day): number {
  return Number(dayText(day).slice(0, 4));
}

/** 1–12 */
export function monthOf(day: Day): number {
  return Number(dayText(day).slice(5, 7));
}

/** 0 = Sunday … 6 = Saturday */
export function weekdayOf(day: Day): number {
  return (((day + 4) % 7) + 7) % 7;
}

/**
 * Public holidays that fall on Monday to Friday, and weekend days that are worked instead: yearly notices of the General
 * Office of the State Council, per year as MMDD.
 */
const daysOff: Readonly<Record<number, string>> = {
  2020: '0101 0124 0127 0128 0129 0130 0131 0406 0501 0504 0505 0625 0626 1001 1002 1005 1006 1007 1008',
  2021: '0101 0211 0212 0215 0216 0217 0405 0503 0504 0505 0614 0920 0921 1001 1004 1005 1006 1007',
  2022: '0103 0131 0201 0202 0203 0204 0404 0405 0502 0503 0504 0603 0912 1003 1004 1005 1006 1007',
  2023: '0102 0123 0124 0125 0126 0127 0405 0501 0502 0503 0622 0623 0929 1002 1003 1004 1005 1006',
  2024: '0101 0212 0213 0214 0215 0216 0404 0405 0501 0502 0503 0610 0916 0917 1001 1002 1003 1004 1007',
  2025: '0101 0128 0129 0130 0131 0203 0204 0404 0501 0502 0505 0602 1001 1002 1003 1006 1007 1008',
  2026: '0101 0102 0216 0217 0218 0219 0220 0223 0406 0501 0504 0505 0619 0925 1001 1002 1005 1006 1007',
};
const makeUpDays: Readonly<Record<number, string>> = {
  2020: '0119 0426 0509 0628 0927 1010',
  2021: '0207 0220 0425 0508 0918 0926 1009',
  2022: '0129 0130 0402 0424 0507 1008 1009',
  2023: '0128 0129 0423 0506 0625 1007 1008',
  2024: '0204 0218 0407 0428 0511 0914 0929 1012',
  2025: '0126 0208 0427 0928 1011',
  2026: '0104 0214 0228 0509 0920 1010',
};
const offDays = setOf(daysOff);
const workedDays = setOf(makeUpDays);

function setOf(years: Readonly<Record<number, string>>): ReadonlySet<Day> {
  const list = Object.entries(years).flatMap(([year, days]) =>
    days.split(' ').map((day) => dayOf(`${year}-${day.slice(0, 2)}-${day.slice(2)}`)),
  );
  return new Set(list);
}

export function isPublicHoliday(day: Day): boolean {
  return offDays.has(day);
}

export function isWorkingDay(day: Day): boolean {
  const weekday = weekdayOf(day);
  return weekday === 0 || weekday === 6 ? workedDays.has(day) : !offDays.has(day);
}

/** The k-th working day after `day`, which itself never counts (Civil Code art. 201). */
export function workingDayAfter(day: Day, k: number): Day {
  let found = day;
  for (let left = k; left > 0;) {
    found++;
    if (isWorkingDay(found)) left--;
  }
  return found;
}

/** 23:59:59 of the k-th working day after the day of `at`. */
export function endOfWorkingDay(at: Instant, k: number): Instant {
  return (workingDayAfter(Math.floor(at / secondsPerDay), k) + 1) * secondsPerDay - 1;
}
