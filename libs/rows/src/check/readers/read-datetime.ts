import { problem, value, type Reader, type Reading } from './reading.js';

export interface DatetimeOptions {
  /** What a date without a time of day means. */
  readonly dateOnly: 'refused' | 'midnight' | 'end_of_day';
  /** Order of slash dates that begin with a 1–2 digit number; undefined: they cannot be told apart. */
  readonly dateOrder?: 'mdy' | 'dmy';
  /** The column has other times of day, so a whole serial number is midnight; otherwise it is a date without a time. */
  readonly otherTimes: boolean;
}

const time = '(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,]\\d+)?)?';
const zone = '(Z|[+-]\\d{2}(?::?\\d{2})?)';
const yearFirst = new RegExp(`^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})(?:[ T]+${time} ?${zone}?)?$`, 'iu');
const chinese = new RegExp(
  `^(\\d{4})年 ?(\\d{1,2})月 ?(\\d{1,2})日?(?: ?(?:${time}|(\\d{1,2}) ?[时点](?: ?(\\d{1,2}) ?分(?: ?(\\d{1,2}) ?秒)?)?))?$`,
  'u',
);
const compact = /^(\d{4})(\d{2})(\d{2})(?: ?(\d{2})(\d{2})(\d{2})?)?$/u;
const dayOrMonthFirst = new RegExp(`^(\\d{1,2})/(\\d{1,2})/(\\d{4})(?: ${time} ?(AM|PM)?)?$`, 'iu');
const serial = /^\d{5}(?:\.\d+)?$/u;

const msPerSecond = 1000;
const msPerDay = 86_400_000;
const shanghaiMs = 8 * 3_600_000;
const excelEpoch = Date.UTC(1899, 11, 30);

interface Clock {
  readonly hour: string;
  readonly minute: string;
  readonly second?: string | undefined;
}

function wallClock(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

function midnight(year: number, month: number, day: number): number | null {
  const ms = Date.UTC(year, month - 1, day);
  const back = new Date(ms);
  return back.getUTCFullYear() === year && back.getUTCMonth() === month - 1 && back.getUTCDate() === day ? ms : null;
}

function timeOfDay(clock: Clock): number | null {
  const [hour, minute, second] = [Number(clock.hour), Number(clock.minute), Number(clock.second ?? '0')];
  const end = hour === 24 && minute === 0 && second === 0;
  if ((hour > 23 && !end) || minute > 59 || second > 59) return null;
  return ((hour * 60 + minute) * 60 + second) * msPerSecond;
}

/** Milliseconds that turn a wall clock of the written zone into the one of Shanghai. */
function toShanghai(written: string | undefined): number {
  if (written === undefined) return 0;
  if (written.toUpperCase() === 'Z') return shanghaiMs;
  const digits = written.slice(1).replace(':', '');
  const offset = (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || '0')) * 60_000;
  return shanghaiMs - (written.startsWith('-') ? -offset : offset);
}

/** Instants as Shanghai wall clock `YYYY-MM-DD HH:MM:SS`, whole seconds. The range is tested with the other limits. */
export function readDatetime(options: DatetimeOptions): Reader {
  const dateAlone = (day: number): Reading => {
    switch (options.dateOnly) {
      case 'refused':
        return problem('time_missing');
      case 'midnight':
        return value(wallClock(day));
      case 'end_of_day':
        return value(wallClock(day + msPerDay - msPerSecond));
    }
  };
  const at = (day: number | null, clock: Clock | null, written?: string): Reading => {
    if (day === null) return problem('bad_datetime');
    if (clock === null) return dateAlone(day);
    const ms = timeOfDay(clock);
    return ms === null ? problem('bad_datetime') : value(wallClock(day + ms + toShanghai(written)));
  };

  const readYearFirst = (text: string): Reading | null => {
    const m = yearFirst.exec(text);
    if (!m) return null;
    const [, year, , month, day, hour, minute, second, written] = m;
    const clock = hour === undefined || minute === undefined ? null : { hour, minute, second };
    return at(midnight(Number(year), Number(month), Number(day)), clock, written);
  };
  const readChinese = (text: string): Reading | null => {
    const m = chinese.exec(text);
    if (!m) return null;
    const [, year, month, day, hour, minute, second, saidHour, saidMinute, saidSecond] = m;
    const day0 = midnight(Number(year), Number(month), Number(day));
    if (hour !== undefined && minute !== undefined) return at(day0, { hour, minute, second });
    if (saidHour !== undefined) return at(day0, { hour: saidHour, minute: saidMinute ?? '0', second: saidSecond });
    return at(day0, null);
  };
  const readCompact = (text: string): Reading | null => {
    const m = compact.exec(text);
    if (!m) return null;
    const [, year, month, day, hour, minute, second] = m;
    const clock = hour === undefined || minute === undefined ? null : { hour, minute, second };
    return at(midnight(Number(year), Number(month), Number(day)), clock);
  };
  const readDayOrMonthFirst = (text: string): Reading | null => {
    const m = dayOrMonthFirst.exec(text);
    if (!m) return null;
    const [, first, second, year, hour, minute, seconds, half] = m;
    const order = options.dateOrder ?? (half === undefined ? undefined : 'mdy');
    if (order === undefined) return problem('ambiguous_date');
    const [month, day] = order === 'mdy' ? [first, second] : [second, first];
    const day0 = midnight(Number(year), Number(month), Number(day));
    if (hour === undefined || minute === undefined) return at(day0, null);
    if (half === undefined) return at(day0, { hour, minute, second: seconds });
    if (Number(hour) < 1 || Number(hour) > 12) return problem('bad_datetime');
    const hour24 = (Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
    return at(day0, { hour: String(hour24), minute, second: seconds });
  };
  const readSerial = (text: string): Reading | null => {
    if (!serial.test(text)) return null;
    const days = Number(text);
    if (days < 20_000 || days > 80_000) return problem('bad_datetime');
    const ms = excelEpoch + Math.round(days * 86_400) * msPerSecond;
    return Number.isInteger(days) && !options.otherTimes ? dateAlone(ms) : value(wallClock(ms));
  };

  return (text) =>
    readYearFirst(text) ??
    readChinese(text) ??
    readSerial(text) ??
    readCompact(text) ??
    readDayOrMonthFirst(text) ??
    problem('bad_datetime');
}
