import { cleanCell } from '../check/clean-cell.js';
import { readDatetime } from '../check/readers/read-datetime.js';
import { dictionary } from '../datasets/dictionary.js';

/** The first cells of a column of a file. */
export interface SampleColumn {
  /** From 0. */
  readonly position: number;
  readonly header: string;
  /** Cleaned cells by row; '' where empty. */
  readonly cells: readonly string[];
  /** Those that hold something. */
  readonly filled: readonly string[];
  /** Different values, with how often each occurs. */
  readonly counts: ReadonlyMap<string, number>;
  /** Date cells of a workbook come as numbers of days. */
  readonly workbook: boolean;
}

const markers: ReadonlySet<string> = new Set(dictionary().emptyMarkers.map(cleanCell));

export function sampleColumn(
  header: string,
  position: number,
  rows: readonly (readonly string[])[],
  workbook: boolean,
): SampleColumn {
  const cells = rows.map((row) => {
    const text = cleanCell((row[position] ?? '').slice(0, longestCell));
    return markers.has(text) ? '' : text;
  });
  const filled = cells.filter((text) => text !== '');
  const counts = new Map<string, number>();
  for (const text of filled) counts.set(text, (counts.get(text) ?? 0) + 1);
  return { header, position, cells, filled, counts, workbook };
}

const longestCell = 500;

/** Part of the filled cells for which the test holds, 0 to 1; of none: 0. */
export function shareOf({ counts, filled }: SampleColumn, test: (text: string) => boolean): number {
  if (filled.length === 0) return 0;
  let holding = 0;
  for (const [text, count] of counts) if (test(text)) holding += count;
  return holding / filled.length;
}

const reader = {
  none: readDatetime({ dateOnly: 'midnight', otherTimes: true }),
  mdy: readDatetime({ dateOnly: 'midnight', otherTimes: true, dateOrder: 'mdy' }),
  dmy: readDatetime({ dateOnly: 'midnight', otherTimes: true, dateOrder: 'dmy' }),
} as const;

/** Wall clock of a date, with or without a time of day; null: it is none, or could as well be a plain number. */
export function instantOf(text: string, workbook: boolean, order?: 'mdy' | 'dmy'): string | null {
  if (/^\d{5}(\.\d+)?$/u.test(text) && !(workbook && text.includes('.'))) return null;
  const reading = reader[order ?? 'none'](text);
  if (!('value' in reading)) return null;
  const year = Number(reading.value.slice(0, 4));
  return year >= 1990 && year <= 2100 ? reading.value : null;
}

export const isDay = (text: string): boolean => !/[:时点]/u.test(text) && instantOf(text, false) !== null;
export const isClock = (text: string): boolean => /^(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/u.test(text);
export const isZeroClock = (text: string): boolean => /^0?0:00(:00)?$/u.test(text);
export const isNumber = (text: string): boolean => /^[+-]?\d[\d,]*(\.\d+)?[万亿]?$/u.test(text);
export const isDuration = (text: string): boolean =>
  /^(\d+:)?\d+:[0-5]\d(\.\d+)?$/u.test(text) || /^(\d+(小时|时))?(\d+(分钟|分))?(\d+秒)?$/u.test(text);
/** As systems number things: no words, no decimals, no instants. */
export const isCode = (text: string): boolean =>
  /^[\w#./-]{1,40}$/u.test(text) && /\d/u.test(text) && !/^\d+\.\d+$/u.test(text) && !isClock(text) && !isDay(text);
/** A whole phone number and nothing else. */
export const isPhone = (text: string): boolean =>
  /^(?:\+?86)?[ -]?0?1[3-9]\d[ -]?\d{4}[ -]?\d{4}$/u.test(text) || /^0[1-9]\d{1,2}-?[2-8]\d{6,7}$/u.test(text);

/**
 * Order of dates such as 04/12/2018, where some of them have only one; `mixed`: none has one meaning, or they disagree;
 * null: there are no such dates.
 */
export function dateOrderOf({ counts }: SampleColumn): 'mdy' | 'dmy' | 'mixed' | null {
  let [dayFirst, monthFirst, either] = [false, false, false];
  for (const text of counts.keys()) {
    const found = /^(\d{1,2})\/(\d{1,2})\/\d{4}\b/u.exec(text);
    if (!found || /[AP]M$/iu.test(text)) continue;
    if (Number(found[1]) > 12) dayFirst = true;
    else if (Number(found[2]) > 12) monthFirst = true;
    else either = true;
  }
  if (dayFirst !== monthFirst) return dayFirst ? 'dmy' : 'mdy';
  return dayFirst || either ? 'mixed' : null;
}

/** What the cells of a column are, told once: every column of a dataset asks for it. */
export interface ColumnTraits {
  readonly days: number;
  readonly clocks: number;
  readonly codes: number;
  readonly phones: number;
  readonly numbers: number;
  readonly order: ReturnType<typeof dateOrderOf>;
  /** By value: the wall clock of those that are a date. */
  readonly instants: ReadonlyMap<string, string>;
  /** Part of the filled cells that are a date. */
  readonly dated: number;
}

const known = new WeakMap<SampleColumn, ColumnTraits>();

export function traitsOf(column: SampleColumn): ColumnTraits {
  const found = known.get(column);
  if (found) return found;
  const order = dateOrderOf(column);
  const instants = new Map<string, string>();
  for (const text of column.counts.keys()) {
    const instant = instantOf(text, column.workbook, order === 'mdy' || order === 'dmy' ? order : undefined);
    if (instant !== null) instants.set(text, instant);
  }
  const traits: ColumnTraits = {
    days: shareOf(column, isDay),
    clocks: shareOf(column, isClock),
    codes: shareOf(column, isCode),
    phones: shareOf(column, isPhone),
    numbers: shareOf(column, isNumber),
    order,
    instants,
    dated: shareOf(column, (text) => instants.has(text)),
  };
  known.set(column, traits);
  return traits;
}

/** The same few words again and again, as of a list: not names, not prose. */
export function repeatsItself({ filled, counts }: SampleColumn): boolean {
  return counts.size <= 40 && filled.length >= 9 && filled.length >= counts.size * 3;
}
