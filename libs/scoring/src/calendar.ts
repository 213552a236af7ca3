// Days are counted as integers, since the core has no clock: day 0 is 1970-01-01.

/** Number of a day written as 2023-04-01, a time after it ignored; throws on anything else. */
export function dayNumber(iso: string): number {
  const year = digits(iso, 0, 4);
  const month = digits(iso, 5, 7);
  const day = digits(iso, 8, 10);
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) {
    throw new RangeError(`Expected a day such as 2023-04-01, found "${iso}".`);
  }
  // The year begins in March here, so that the leap day is its last; 153 days make five months from March on.
  const y = month <= 2 ? year - 1 : year;
  const monthsSinceMarch = month <= 2 ? month + 9 : month - 3;
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return 365 * y + leapDays + Math.floor((153 * monthsSinceMarch + 2) / 5) + day - 719469;
}

/** The day of a number, written as 2023-04-01; the way back from `dayNumber`. */
export function isoDay(day: number): string {
  // Days since 1 March of the year 0; 400 years have 146 097 days.
  const since = day + 719468;
  const era = Math.floor(since / 146_097);
  const ofEra = since - era * 146_097;
  const leapDays = Math.floor(ofEra / 1460) - Math.floor(ofEra / 36_524) + Math.floor(ofEra / 146_096);
  const year = Math.floor((ofEra - leapDays) / 365);
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const monthsSinceMarch = Math.floor((5 * ofYear + 2) / 153);
  const month = monthsSinceMarch < 10 ? monthsSinceMarch + 3 : monthsSinceMarch - 9;
  const two = (value: number) => String(value).padStart(2, '0');
  const dayOfMonth = ofYear - Math.floor((153 * monthsSinceMarch + 2) / 5) + 1;
  return `${String(era * 400 + year + (month <= 2 ? 1 : 0)).padStart(4, '0')}-${two(month)}-${two(dayOfMonth)}`;
}

/** Days of the twelve months that end with `end` (exclusive); a year before 29 February is 28 February. */
export function daysOfYearBefore(end: string): number {
  const year = String(digits(end, 0, 4) - 1).padStart(4, '0');
  const monthAndDay = end.slice(4, 10) === '-02-29' ? '-02-28' : end.slice(4, 10);
  return dayNumber(end) - dayNumber(year + monthAndDay);
}

/** NaN unless all are digits. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}
