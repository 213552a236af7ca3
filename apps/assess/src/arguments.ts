import type { Period } from '@hotline/scoring';
import { AssessError, languages } from './sentence.js';
import type { Language } from './sentence.js';

export interface AssessArguments {
  readonly city: string;
  readonly period: Period;
  readonly folder: string;
  readonly json: boolean;
  readonly language: Language;
}

const valued = ['city', 'start', 'end', 'data', 'lang'] as const;
type Valued = (typeof valued)[number];

/** Arguments after the name of the command, `--name value` or `--name=value`. Throws AssessError. */
export function parseArguments(given: readonly string[]): AssessArguments {
  const values = new Map<Valued, string>();
  let json = false;
  for (let index = 0; index < given.length; index += 1) {
    const [flag = '', inline] = splitOnce(given[index] ?? '');
    if (flag === '--json' && inline === undefined) {
      json = true;
      continue;
    }
    const name = valued.find((each) => flag === `--${each}`);
    if (!name) throw new AssessError('argument_unknown', { name: given[index] ?? '' }, 2);
    if (values.has(name)) throw new AssessError('argument_twice', { name }, 2);
    const value = inline ?? given[(index += 1)];
    if (value === undefined || value === '' || (inline === undefined && value.startsWith('--'))) {
      throw new AssessError('argument_without_value', { name }, 2);
    }
    values.set(name, value);
  }
  const required = (name: Valued): string => {
    const value = values.get(name);
    if (value === undefined) throw new AssessError('argument_missing', { name }, 2);
    return value;
  };
  const language = languages.find((each) => each === (values.get('lang') ?? 'zh-CN'));
  if (!language) throw new AssessError('lang_unknown', {}, 2);
  const city = required('city');
  const period = { start: day('start', required('start')), end: day('end', required('end')) };
  if (period.end <= period.start) throw new AssessError('period_empty', { ...period }, 2);
  return { city, period, folder: required('data'), json, language };
}

/** Language of the sentence about wrong arguments: the one asked for, if that much is right. */
export function languageOf(given: readonly string[]): Language {
  const text = given.join(' ');
  return /--lang[ =]en( |$)/.test(text) ? 'en' : 'zh-CN';
}

function splitOnce(argument: string): readonly [string, string?] {
  const at = argument.indexOf('=');
  return argument.startsWith('--') && at > 0 ? [argument.slice(0, at), argument.slice(at + 1)] : [argument];
}

function day(name: string, value: string): string {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(`${value}T00:00:00Z`) : null;
  // A day such as 2023-02-30 is read as 2 March: only one that comes back the same exists.
  const exists = date !== null && !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === value;
  if (!exists) throw new AssessError('day_invalid', { name, value }, 2);
  return value;
}
