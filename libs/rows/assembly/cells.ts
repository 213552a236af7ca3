// AssemblyScript, part of plain-rows.ts: short cuts that read cells. Each knows fewer spellings than the readers of
// `src/check/readers` and reads those as they do; a cell that it does not know is left to them.

/** What the last short cut read: a whole number, days or microseconds after 1970, or any number. */
export let whole: i64 = 0;
export let real: f64 = 0;

const SECONDS_OF_DAY: i64 = 86_400;
const MICROS: i64 = 1_000_000;
/** Serial numbers of workbooks count days from here: 1899-12-30. */
const SERIAL_BEGIN: i64 = -2_209_161_600;
/** Nearer to half a second, the rounding of a serial number depends on its last bits. */
const UNSURE: f64 = 1e-3;
/** Digits that a number of 53 bits always holds. */
const EXACT_DIGITS = 15;

const powers = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
]);
function power(digits: i32): f64 {
  return load<f64>(powers + ((<usize>digits) << 3));
}

export function isDigit(at: usize): bool {
  return <u8>(load<u8>(at) - 0x30) < 10;
}

function digit(at: usize): i32 {
  return <i32>load<u8>(at) - 0x30;
}

/** Two digits as a number; 1000: they are none. */
function two(at: usize): i32 {
  return isDigit(at) && isDigit(at + 1) ? digit(at) * 10 + digit(at + 1) : 1000;
}

/** How many digits stand from here on. */
function digitsFrom(from: usize, end: usize): i32 {
  let at = from;
  while (at < end && isDigit(at)) at += 1;
  return <i32>(at - from);
}

/** At most 18 digits. */
function numberOf(from: usize, digits: i32): i64 {
  let number: i64 = 0;
  for (let at = from; at < from + digits; at += 1) number = number * 10 + digit(at);
  return number;
}

/** `-?[0-9]{1,18}` */
export function readInteger(from: usize, end: usize): bool {
  const negative = load<u8>(from) === 0x2d;
  const first = negative ? from + 1 : from;
  const digits = digitsFrom(first, end);
  if (digits === 0 || digits > 18 || first + digits !== end) return false;
  const number = numberOf(first, digits);
  whole = negative ? -number : number;
  return true;
}

/** `[0-9]{1,15}(\.[0-9]{1,9})?`, of at most 15 digits. */
export function readDecimal(from: usize, end: usize): bool {
  const digits = digitsFrom(from, end);
  if (digits === 0 || digits > EXACT_DIGITS) return false;
  const point = from + digits;
  if (point === end) {
    real = <f64>numberOf(from, digits);
    return true;
  }
  const decimals = load<u8>(point) === 0x2e ? digitsFrom(point + 1, end) : 0;
  if (decimals === 0 || decimals > 9 || point + 1 + decimals !== end || digits + decimals > EXACT_DIGITS) return false;
  // Both are exact, so that the quotient is the number nearest to what is written.
  real = (<f64>numberOf(from, digits) * power(decimals) + <f64>numberOf(point + 1, decimals)) / power(decimals);
  return true;
}

/** Seconds: a decimal, `mm:ss` or `h:mm:ss`. */
export function readDuration(from: usize, end: usize): bool {
  const digits = digitsFrom(from, end);
  const colon = from + digits;
  if (digits === 0 || colon >= end || load<u8>(colon) !== 0x3a) return readDecimal(from, end);
  if (digits > 4) return false;
  const first = numberOf(from, digits);
  const second = sixtieth(colon, end);
  if (second < 0) return false;
  if (colon + 3 === end) {
    real = <f64>(first * 60 + second);
    return true;
  }
  const third = sixtieth(colon + 3, end);
  if (third < 0 || colon + 6 !== end) return false;
  real = <f64>(first * 3600 + second * 60 + third);
  return true;
}

/** The number of `:00` to `:59`; -1: it is something else. */
function sixtieth(colon: usize, end: usize): i64 {
  if (colon + 3 > end || load<u8>(colon) !== 0x3a) return -1;
  const number = two(colon + 1);
  return number > 59 ? -1 : number;
}

/** Which serial numbers of days are instants. */
export const enum Serials {
  /** Those with a time of day. */
  Timed,
  Any,
}

/** Microseconds of `YYYY-MM-DD HH:MM:SS`, the same with T and +08:00, shorter spellings, and serial numbers. */
export function readDatetime(from: usize, end: usize, serials: Serials): bool {
  const length = end - from;
  let at = from + 10;
  if (length === 19 && load<u8>(at) === 0x20) {
    if (load<u8>(from, 4) !== 0x2d || load<u8>(from, 7) !== 0x2d) return readLooseDatetime(from, end);
    return readDashed(from) && readClock(at + 1, end);
  }
  if (length === 25 && load<u8>(at) === 0x54) {
    if (load<u8>(from, 4) !== 0x2d || load<u8>(from, 7) !== 0x2d || !isShanghai(from + 19)) return false;
    return readDashed(from) && readClock(at + 1, from + 19);
  }
  if (readSerial(from, end, serials)) return true;
  return readLooseDatetime(from, end);
}

/** Days of `YYYY-M-D`, `YYYY/M/D` and serial numbers. */
export function readDate(from: usize, end: usize, serials: Serials): bool {
  if (readSerial(from, end, serials)) {
    whole = floorDay(whole);
    return true;
  }
  if (readLooseDate(from, end) !== end) return false;
  whole /= SECONDS_OF_DAY * MICROS;
  return true;
}

function floorDay(micros: i64): i64 {
  const day = SECONDS_OF_DAY * MICROS;
  const days = micros / day;
  return days * day > micros ? days - 1 : days;
}

function isShanghai(at: usize): bool {
  return load<u32>(at) === 0x3a38302b && load<u16>(at, 4) === 0x3030;
}

function readLooseDatetime(from: usize, end: usize): bool {
  const blank = readLooseDate(from, end);
  if (blank === 0 || blank >= end || load<u8>(blank) !== 0x20) return false;
  const hours = digitsFrom(blank + 1, end);
  return (hours === 1 || hours === 2) && readClock(blank + 1, end);
}

/** Where the date ends, which is then in `whole`; 0: there is none. */
function readLooseDate(from: usize, end: usize): usize {
  if (from + 8 > end || digitsFrom(from, end) !== 4) return 0;
  const separator = load<u8>(from, 4);
  if (separator !== 0x2d && separator !== 0x2f) return 0;
  const monthDigits = digitsFrom(from + 5, end);
  const second = from + 5 + monthDigits;
  if (monthDigits < 1 || monthDigits > 2 || second >= end || load<u8>(second) !== separator) return 0;
  const dayDigits = digitsFrom(second + 1, end);
  if (dayDigits < 1 || dayDigits > 2) return 0;
  const year = <i32>numberOf(from, 4);
  if (!setDay(year, <i32>numberOf(from + 5, monthDigits), <i32>numberOf(second + 1, dayDigits))) return 0;
  return second + 1 + dayDigits;
}

/** `YYYY-MM-DD`, of which both dashes have been seen. */
function readDashed(from: usize): bool {
  const century = two(from);
  const year = two(from + 2);
  const month = two(from + 5);
  const day = two(from + 8);
  return century < 100 && year < 100 && month < 100 && day < 100 && setDay(century * 100 + year, month, day);
}

/** Sets `whole` to the microseconds of a day of the years 1000 to 9999; false: there is no such day. */
function setDay(year: i32, month: i32, day: i32): bool {
  if (year < 1000 || month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? (leap ? 29 : 28) : 30 + ((month + (month >> 3)) & 1);
  if (day > days) return false;
  // Years begin in March, so that the day of leap years is the last one.
  const shifted = month > 2 ? year : year - 1;
  const fromMarch = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;
  const all = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + fromMarch + day - 1;
  whole = <i64>(all - 719_468) * SECONDS_OF_DAY * MICROS;
  return true;
}

/** Adds `H:MM` or `H:MM:SS`, with one or two digits of hours, to the day in `whole`. */
function readClock(from: usize, end: usize): bool {
  const hourDigits = digitsFrom(from, end);
  if (hourDigits < 1 || hourDigits > 2) return false;
  const hour = numberOf(from, hourDigits);
  const colon = from + hourDigits;
  const minute = sixtieth(colon, end);
  if (hour > 23 || minute < 0) return false;
  let second: i64 = 0;
  if (colon + 3 !== end) {
    second = sixtieth(colon + 3, end);
    if (second < 0 || colon + 6 !== end) return false;
  }
  whole += ((hour * 60 + minute) * 60 + second) * MICROS;
  return true;
}

/** `[2-7][0-9]{4}` with decimals: days, as workbooks write instants. */
function readSerial(from: usize, end: usize, serials: Serials): bool {
  const length = <i32>(end - from);
  if (length < 5 || length > 23 || load<u8>(from) < 0x32 || load<u8>(from) > 0x37) return false;
  if (digitsFrom(from, end) !== 5) return false;
  const decimals = length - 6;
  let seconds: i64 = 0;
  if (length > 5) {
    if (load<u8>(from, 5) !== 0x2e || decimals < 1 || decimals > EXACT_DIGITS) return false;
    if (digitsFrom(from + 6, end) !== decimals) return false;
    const exact = (<f64>numberOf(from + 6, decimals) / power(decimals)) * <f64>SECONDS_OF_DAY;
    if (abs(exact - floor(exact) - 0.5) < UNSURE) return false;
    seconds = <i64>floor(exact + 0.5);
  }
  if (serials === Serials.Timed && (length === 5 || numberOf(from + 6, decimals) === 0)) return false;
  whole = (numberOf(from, 5) * SECONDS_OF_DAY + seconds + SERIAL_BEGIN) * MICROS;
  return true;
}
