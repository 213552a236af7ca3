import { dayOf, secondsPerDay } from './calendar.js';
import type { Instant } from './calendar.js';

/** Seconds of `2025-05-04 09:05:30`; of a day alone, its midnight. */
export function instantSeconds(text: string): Instant {
  const midnight = dayOf(text.slice(0, 10)) * secondsPerDay;
  if (text.length === 10) return midnight;
  return midnight + Number(text.slice(11, 13)) * 3600 + Number(text.slice(14, 16)) * 60 + Number(text.slice(17, 19));
}

/** The same value as people and other systems write it; all of these the dictionary accepts. */
export const respell = {
  /** 2025年5月4日9时5分30秒 */
  chinese(text: string): string {
    const { year, month, day, hour, minute, second } = parts(text);
    return `${year}年${month}月${day}日${hour}时${minute}分${second}秒`;
  },
  /** 2025/5/4 9:05:30 */
  slashes(text: string): string {
    const { year, month, day, hour } = parts(text);
    return `${year}/${month}/${day} ${hour}${text.slice(13)}`;
  },
  /** 20250504090530 */
  compact(text: string): string {
    return text.replace(/\D/g, '');
  },
  fullWidth(text: string): string {
    return text.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
  },
  /** 0:03:25 where there is an even number of seconds, 3分25秒 where not. */
  duration(seconds: number): string {
    const minutes = Math.floor(seconds / 60);
    const rest = seconds % 60;
    if (seconds % 2 === 1) return minutes === 0 ? `${rest}秒` : `${minutes}分${rest}秒`;
    const pad = (n: number): string => String(n).padStart(2, '0');
    return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(rest)}`;
  },
  /** 12,345 */
  thousands(value: number): string {
    return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
  },
};

function parts(text: string): Readonly<Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>> {
  const at = (from: number, to: number): number => Number(text.slice(from, to));
  return {
    year: at(0, 4),
    month: at(5, 7),
    day: at(8, 10),
    hour: at(11, 13),
    minute: at(14, 16),
    second: at(17, 19),
  };
}
