import type { Period } from './contract.js';

export type Language = 'zh-CN' | 'en';

/** The language of an element: `en` for any English tag, else Chinese. */
export function languageOf(tag: string | null | undefined): Language {
  return /^en\b/i.test(tag ?? '') ? 'en' : 'zh-CN';
}

/** Half up at a number of decimals, as the method shows scores; 1e-9 absorbs binary noise. */
export function roundHalfUp(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.floor(value * scale + 0.5 + 1e-9) / scale;
}

function group(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** A number with a fixed number of decimals and grouped thousands: 1234.5 → `1,234.50`. */
export function formatNumber(value: number, decimals: number): string {
  const [whole = '', fraction] = Math.abs(roundHalfUp(value, decimals)).toFixed(decimals).split('.');
  const sign = roundHalfUp(value, decimals) < 0 ? '−' : '';
  return `${sign}${group(whole)}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** A count of rows: whole when it is whole, else two decimals. */
export function formatCount(value: number): string {
  return formatNumber(value, Number.isInteger(value) ? 0 : 2);
}

/** A score, two decimals. */
export function formatScore(score: number): string {
  return roundHalfUp(score, 2).toFixed(2);
}

/** A share 0–1 in per cent, cut to one decimal so that only 1 ever reads 100%: 0.9996 → `99.9%`. */
export function formatShare(share: number): string {
  const tenths = Math.floor(share * 1000 + 1e-9);
  return tenths % 10 === 0 ? `${tenths / 10}%` : `${(tenths / 10).toFixed(1)}%`;
}

/** A probability 0–1 in whole per cent; 100% only when it is certain. */
export function formatProbability(probability: number): string {
  if (probability > 0.99 && probability < 1) return '>99%';
  return `${Math.round(probability * 100)}%`;
}

const dayMs = 86_400_000;

/** A calendar day in words; text that is no day is returned as it is. */
function inWords(day: string, language: Language, parts: Intl.DateTimeFormatOptions): string {
  const time = Date.parse(`${day}T00:00Z`);
  if (Number.isNaN(time)) return day;
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { timeZone: 'UTC', ...parts }).format(time);
}

/** `2023-05-04` → `2023年5月4日` or `4 May 2023`; text that is no day is returned as it is. */
export function formatDay(text: string, language: Language): string {
  return inWords(text, language, { dateStyle: 'long' });
}

/** The Shanghai day of an instant in words; text that is no instant is returned as it is. */
export function formatInstantDay(instant: string, language: Language): string {
  const time = Date.parse(instant);
  return Number.isNaN(time) ? instant : formatDay(isoDay(time + dayMs / 3), language);
}

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** [start, end) in words, as whole years or months where it is: `2023-01-01`/`2024-01-01` → `2023年`. */
export function formatPeriod({ start, end }: Period, language: Language): string {
  const after = Date.parse(end);
  const last = Number.isNaN(after) ? end : isoDay(after - dayMs);
  const both = (ending: string): boolean => start.endsWith(ending) && end.endsWith(ending);
  const parts: Intl.DateTimeFormatOptions = both('-01-01')
    ? { year: 'numeric' }
    : both('-01')
      ? { year: 'numeric', month: 'long' }
      : { dateStyle: 'long' };
  const words = [...new Set([inWords(start, language, parts), inWords(last, language, parts)])];
  return words.join(language === 'en' ? ' – ' : '—');
}
