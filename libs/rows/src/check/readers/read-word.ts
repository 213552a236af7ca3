import { holdsPersonalNumber, maskPersonalNumbers } from '../mask-personal.js';
import { nothing, problem, value, type Reader } from './reading.js';

/** Lower-case spelling to code; null: the spelling says "empty". */
export type Spellings = ReadonlyMap<string, string | null>;

/** Exact match after cleaning, case-insensitive; no partial matching. */
export function readSpelling(spellings: Spellings, unknown: string): Reader {
  return (text) => {
    const code = spellings.get(text.toLowerCase());
    if (code === undefined) return problem(unknown);
    return code === null ? nothing : value(code);
  };
}

/** RE2 and JavaScript, in full: a long number as a spreadsheet shows it once its last digits are lost. */
export const scientificNotation = '[0-9](?:\\.[0-9]+)?[eE]\\+[0-9]+';
const digitsLost = new RegExp(`^${scientificNotation}$`, 'u');

export interface TextOptions {
  /** The text names something: digits must not be lost, and masked numbers keep a token so that ids stay apart. */
  readonly identifier: boolean;
  readonly token: (number: string) => string;
}

export function readText(options: TextOptions): Reader {
  return (text) => {
    if (options.identifier && digitsLost.test(text)) return problem('digits_lost');
    if (!holdsPersonalNumber(text)) return value(text);
    const masked = maskPersonalNumbers(text, options.identifier ? options.token : undefined);
    return { value: masked, warning: 'personal_number_masked' };
  };
}
