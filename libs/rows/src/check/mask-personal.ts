/**
 * Phone and identity numbers inside text, where no personal data is expected. Bounded by non-digits, so that longer
 * order numbers are left alone. Works in RE2 and in JavaScript, on text in Unicode NFKC (full-width digits are digits).
 */
const gap = ' ?[-‐‑‒–—―_·]? ?';
const someGap = '(?: ?[-‐‑‒–—―_·.] ?| )';
/** China, as people write it before a number. */
const country = `\\(?(?:\\+|00)86\\)?${gap}`;
/** Whole, or in the groups in which people say it. */
const mobile = [
  `(?:${country}|86${gap})?0?1[3-9][0-9](?:${gap}[0-9]{4}${gap}[0-9]{4}|[.][0-9]{4}[.][0-9]{4})`,
  `(?:${country}|86${gap})?1[3-9][0-9]{2}${someGap}[0-9]{3}${someGap}[0-9]{4}`,
  `(?:${country}|86${gap})?1[3-9][0-9]{3}${someGap}[0-9]{3}${someGap}?[0-9]{3}`,
].join('|');
const area = '(?:10|2[0-9]|[3-9][0-9]{2})';
/** With the area code apart; or glued to it, where the local number begins as such numbers do; or from abroad. */
const landLine = [
  `\\(?0[1-9][0-9]{1,2}(?:\\)${gap}|${gap}[)]?${someGap})[0-9]{3,4}${gap}[0-9]{4}`,
  `0${area}[2-8][0-9]{6,7}`,
  `${country}\\(?0?\\)?${area}\\)?${gap}[0-9]{3,4}${gap}[0-9]{4}`,
].join('|');
const monthAndDay = `(?:0[1-9]|1[0-2])${gap}(?:0[1-9]|[12][0-9]|3[01])`;
const province = '(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])';
const identity = [
  `[1-9][0-9]{5}${gap}(?:18|19|20)[0-9]{2}${gap}${monthAndDay}${gap}[0-9]{3}[0-9Xx]`,
  // Fifteen digits, as issued until 1999: of people born before 1930 they cannot be told from numbers of orders.
  `${province}[0-9]{4}[3-9][0-9]${monthAndDay.replace(gap, '')}[0-9]{3}`,
].join('|');
const anyNumber = `(?:${identity}|${mobile}|${landLine})`;
export const personalNumber = `(^|[^0-9])${anyNumber}($|[^0-9])`;

/**
 * RE2 patterns, matched in full: letters and digits of which the first digit or the length says that they hold no such
 * number, so that its far longer pattern need not be tried. Two, because telling both lengths at once takes longer.
 */
export const impersonalSerials = [
  '[A-Za-z]*(?:[2-79][0-9]{0,13}|[18][0-9]{0,9})',
  '[A-Za-z]*[2-79](?:[0-9]{15,16}|[0-9]{18,40})',
] as const;

const everyNumber = new RegExp(`(?<![0-9])${anyNumber}(?![0-9])`, 'gu');

export function holdsPersonalNumber(text: string): boolean {
  everyNumber.lastIndex = 0;
  return everyNumber.test(text);
}

/** Keeps the first three and the last four digits of each number: 138****8000. */
export function maskPersonalNumbers(text: string, token?: (number: string) => string): string {
  return text.replace(everyNumber, (number) => {
    const digits = number.replace(/[^0-9Xx]/gu, '').replace(/^(?:00)?(?:86)?0?(?=1[3-9][0-9]{9}$)/u, '');
    const masked = `${digits.slice(0, 3)}****${digits.slice(-4)}`;
    return token ? `${masked}#${token(digits)}` : masked;
  });
}

/** The same of a text as it was typed: a header, the name of a file or a sheet, words of an error. */
export function maskTypedText(text: string): string {
  const clean = text.normalize('NFKC');
  return holdsPersonalNumber(clean) ? maskPersonalNumbers(clean) : text;
}

/** A value of a personal column, where it has to be shown: a number masked, of anything else the first character only. */
export function hidePersonalValue(text: string): string {
  if (text.length === 0) return '';
  const masked = maskPersonalNumbers(text);
  if (masked !== text && /^[0-9Xx]{3}[*]{4}[0-9Xx]{4}$/u.test(masked)) return masked;
  return `${text.slice(0, 1)}***`;
}
