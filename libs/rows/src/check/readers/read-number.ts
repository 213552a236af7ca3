import { nothing, problem, value, type Reader } from './reading.js';

const written = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(万|亿)?$/u;
const powers: Readonly<Record<string, number>> = { 万: 4, 亿: 8 };

/** Moves the decimal point to the right, digit by digit: 198.63 and 4 give exactly 1986300. */
function shift(digits: string, places: number): string {
  const [whole = '', fraction = ''] = digits.split('.');
  const padded = fraction.padEnd(places, '0');
  const moved = `${whole}${padded.slice(0, places)}`.replace(/^0+(?=\d)/u, '');
  const rest = padded.slice(places).replace(/0+$/u, '');
  return `${moved || '0'}${rest ? `.${rest}` : ''}`;
}

/** Product of a plain decimal and a factor, exact while the factor has at most 9 decimals. */
function multiply(decimal: string, factor: number): string {
  if (factor === 1) return decimal;
  const [whole = '', fraction = ''] = decimal.split('.');
  const [byWhole = '', byFraction = ''] = factor
    .toFixed(9)
    .replace(/\.?0+$/u, '')
    .split('.');
  const places = fraction.length + byFraction.length;
  const product = String(BigInt(`${whole}${fraction}`) * BigInt(`${byWhole}${byFraction}`)).padStart(places + 1, '0');
  return shift(`${product.slice(0, product.length - places)}.${product.slice(product.length - places)}`, 0);
}

/** Plain decimal of a written number without its factor, and whether it carried 万 or 亿; null: not a number. */
export function plainNumber(text: string): { readonly decimal: string; readonly scaled: boolean } | null {
  const match = written.exec(text.replace(/[, ]/gu, ''));
  if (!match) return null;
  const [, sign = '', digits = '', unit] = match;
  if (digits.length > 40) return null;
  const decimal = shift(digits, unit === undefined ? 0 : (powers[unit] ?? 0));
  return { decimal: sign === '-' && /[1-9]/u.test(decimal) ? `-${decimal}` : decimal, scaled: unit !== undefined };
}

function scaled(text: string, factor: number): string | null {
  const number = plainNumber(text);
  if (number === null) return null;
  if (number.scaled || factor === 1) return number.decimal;
  const negative = number.decimal.startsWith('-');
  return `${negative ? '-' : ''}${multiply(number.decimal.replace('-', ''), factor)}`;
}

/** Whole numbers, of persons too (198.63万人); `factor` applies to numbers that do not carry 万 or 亿 themselves. */
export function readInteger(factor: number): Reader {
  return (text) => {
    const decimal = scaled(text.replace(/人$/u, ''), factor);
    if (decimal === null || !/^-?\d{1,18}$/u.test(decimal)) return problem('bad_integer');
    return value(decimal);
  };
}

export function readDecimal(factor: number): Reader {
  return (text) => {
    const decimal = scaled(text, factor);
    return decimal === null ? problem('bad_number') : value(decimal);
  };
}

/** With the sign % the number before it; without it `factor` (1 or 100) as the whole column decides. */
export function readPercent(factor: number): Reader {
  return (text) => {
    const signed = /^(.*)%$/u.exec(text);
    const decimal = signed ? scaled((signed[1] ?? '').trim(), 1) : scaled(text, factor);
    return decimal === null ? problem('bad_number') : value(decimal);
  };
}

/** 1 to 5 with 5 best; words of the dictionary; `5分`. The range is tested with the other limits of the column. */
export function readRating(words: ReadonlyMap<string, string | null>, oneIsBest: boolean): Reader {
  return (text) => {
    const word = words.get(text.toLowerCase());
    if (word !== undefined) return word === null ? nothing : value(word);
    const digits = /^(\d+(?:\.\d+)?)分?$/u.exec(text)?.[1];
    if (digits === undefined) return problem('bad_rating');
    return value(oneIsBest ? String(6 - Number(digits)) : digits);
  };
}
