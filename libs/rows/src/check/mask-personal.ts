/**
 * Phone and identity numbers inside text, where no personal data is expected. Bounded by non-digits, so that longer
 * order numbers are left alone: mobile numbers (also grouped, also with +86), land lines written with their area code
 * apart, and 18-digit identity numbers with a possible date of birth. Works in RE2 and in JavaScript.
 */
const mobile = '(?:(?:\\+|00)?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}';
const landLine = '\\(?0[1-9][0-9]{1,2}\\)?[- ][0-9]{7,8}';
const identity = '[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]';
export const personalNumber = `(^|[^0-9])(${identity}|${mobile}|${landLine})($|[^0-9])`;

const everyNumber = new RegExp(`(?<![0-9])(?:${identity}|${mobile}|${landLine})(?![0-9])`, 'gu');

export function holdsPersonalNumber(text: string): boolean {
  everyNumber.lastIndex = 0;
  return everyNumber.test(text);
}

/** Keeps the first three and the last four digits of each number: 138****8000. */
export function maskPersonalNumbers(text: string, token?: (number: string) => string): string {
  return text.replace(everyNumber, (number) => {
    const digits = number.replace(/[^0-9Xx]/gu, '').replace(/^(?:0086|86)(?=1[3-9][0-9]{9}$)/u, '');
    const masked = `${digits.slice(0, 3)}****${digits.slice(-4)}`;
    return token ? `${masked}#${token(digits)}` : masked;
  });
}

/** A value of a personal column, where it has to be shown: a number masked, of anything else the first character only. */
export function hidePersonalValue(text: string): string {
  if (text.length === 0) return '';
  const masked = maskPersonalNumbers(text);
  if (masked !== text && /^[0-9Xx]{3}[*]{4}[0-9Xx]{4}$/u.test(masked)) return masked;
  return `${text.slice(0, 1)}***`;
}
