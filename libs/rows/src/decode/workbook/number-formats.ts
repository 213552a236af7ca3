import { readElements } from './small-part.js';

/** What the number of a cell stands for. `elapsed`: a duration that may pass 24 hours, like [h]:mm. */
export const numberKinds = ['plain', 'date', 'time', 'elapsed'] as const;
export type NumberKind = (typeof numberKinds)[number];

/** Built-in formats (ECMA-376 part 1, 18.8.30; 27–36 and 50–58 as in Chinese Excel) that hold a time of day alone. */
const builtInTimes = new Set([18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56]);
const builtInElapsed = 46;

/** Kind of the numbers under each cell style (index of cellXfs). */
export function readNumberKinds(xml: string, part: string): readonly NumberKind[] {
  const elements = readElements(xml, part);
  const custom = new Map<number, NumberKind>();
  for (const { name, attributes } of elements) {
    if (name !== 'numFmt') continue;
    custom.set(Number(attributes.get('numFmtId')), kindOfFormat(attributes.get('formatCode') ?? ''));
  }
  return elements
    .filter(({ name, inside }) => name === 'xf' && inside.at(-1) === 'cellXfs')
    .map(({ attributes }) => {
      const id = Number(attributes.get('numFmtId') ?? 0);
      return custom.get(id) ?? kindOfBuiltIn(id);
    });
}

function kindOfBuiltIn(id: number): NumberKind {
  if (id === builtInElapsed) return 'elapsed';
  if (builtInTimes.has(id)) return 'time';
  const isDate = (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
  return isDate ? 'date' : 'plain';
}

/** Looks for date and time letters outside quotes, escapes and brackets, in the section for positive numbers. */
export function kindOfFormat(format: string): NumberKind {
  const bare = format
    .replace(/"[^"]*"?/g, '')
    .replace(/[\\_*]./g, '')
    .toLowerCase();
  const section = bare.split(';')[0] ?? '';
  if (/\[(?:h+|m+|s+)\]/.test(section)) return 'elapsed';
  const letters = section.replace(/\[[^\]]*\]?/g, '').replace(/am\/pm|a\/p|general|标准|通用格式/g, '');
  const hasTime = /[hs]/.test(letters);
  if (/[yd]/.test(letters) || (letters.includes('m') && !hasTime)) return 'date';
  return hasTime ? 'time' : 'plain';
}

/** A fraction of a day, or days, as h:mm:ss, rounded to the nearest second. */
export function timeText(days: number): string {
  const seconds = Math.round(days * 86_400);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/**
 * A stored number as a person would type it, in the 15 digits that a spreadsheet shows: the sum of 0.1 and 0.2 is 0.3. More than 15 digits before the point stay in scientific notation: digits are
 * lost, and the reader of the column must see that.
 */
export function numberText(stored: string): string {
  const value = Number(stored);
  if (stored.trim() === '' || !Number.isFinite(value)) return stored.trim();
  if (Math.abs(value) >= 1e15) return /e/i.test(stored) ? stored.trim() : value.toExponential();
  if (value === 0) return '0';
  const shortest = String(Number(value.toPrecision(15)));
  return shortest.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : shortest;
}
