// Days are counted as integers, since the core has no clock: day 0 is 1970-01-01.
// Algorithms: H. Hinnant, "chrono-compatible low-level date algorithms".

/** Number of an ISO day; throws on anything else. */
export function dayNumber(iso: string): number {
  const year = digits(iso, 0, 4);
  const month = digits(iso, 5, 7);
  const day = digits(iso, 8, 10);
  if (iso.length < 10 || !(month >= 1 && month <= 12 && day >= 1 && day <= 31) || Number.isNaN(year))
    throw new RangeError(`Expected a day such as 2023-04-01, found "${iso}".`);
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
}

/** A day as the number yyyymmdd, which orders days as they follow each other; NaN where it is none. */
export function dayKey(iso: string): number {
  return digits(iso, 0, 4) * 10_000 + digits(iso, 5, 7) * 100 + digits(iso, 8, 10);
}

/** Days of the twelve months that end with `end` (exclusive); a year before 29 February is 28 February. */
export function daysOfYearBefore(end: string): number {
  const year = String(digits(end, 0, 4) - 1).padStart(4, '0');
  const monthAndDay = end.slice(4, 10) === '-02-29' ? '-02-28' : end.slice(4, 10);
  return dayNumber(end) - dayNumber(year + monthAndDay);
}

function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}
