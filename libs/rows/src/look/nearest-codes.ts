import { readFileSync } from 'node:fs';
import { cleanCell } from '../check/clean-cell.js';
import { datasetSpec, dictionary } from '../datasets/dictionary.js';
import type { DatasetId } from '../tasks.js';
import { likeness } from './header-likeness.js';

/** A code that an unknown spelling may stand for. */
export interface NearCode {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  /** 0 to 1. It is for a person to say: nothing is mapped by itself. */
  readonly confidence: number;
}

const most = 3;
const least = 0.3;
/** Words that turn what follows into its opposite: 未处理完毕 is not closed. */
const negation = /[未不没尚无非待]|\b(?:not|un)/u;

let hints: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> | undefined;

/** Parts of words that tell a code, by list and code. Text of record: data/value-hints.json. */
function hintsOf(list: string): Readonly<Record<string, readonly string[]>> {
  hints ??= JSON.parse(readFileSync(new URL('../../data/value-hints.json', import.meta.url), 'utf8')) as NonNullable<
    typeof hints
  >;
  return hints[list] ?? {};
}

/** The codes of an enumeration that a value which none of them accepts is nearest to, the likeliest first. */
export function nearestCodes(dataset: DatasetId, column: string, value: string): readonly NearCode[] {
  const list = datasetSpec(dataset).columns.find(({ id }) => id === column)?.enum;
  const codes = dictionary().enums[list ?? '']?.codes;
  if (list === undefined || !codes) return [];
  const text = cleanCell(value).toLowerCase();
  const told = hintsOf(list);
  return codes
    .map(({ code, zh, en, accepts }) => {
      const alike = Math.max(...[code, zh, en, ...accepts].map((each) => spellingLikeness(text, each)));
      const hinted = Math.max(0, ...(told[code] ?? []).map((hint) => hintWeight(text, hint)));
      const confidence = Math.min(0.95, Math.max(alike, hinted) + Math.min(alike, hinted) * 0.2);
      return { code, zh, en, confidence: Math.round(confidence * 100) / 100 };
    })
    .filter(({ confidence }) => confidence >= least)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, most);
}

function spellingLikeness(text: string, spelling: string): number {
  const word = cleanCell(spelling).toLowerCase();
  if (negation.test(text) !== negation.test(word)) return 0;
  return likeness(text.replaceAll(' ', ''), word.replaceAll(' ', '')) * 0.9;
}

/** More, the longer the hint; nothing where a word before it turns it round. */
function hintWeight(text: string, hint: string): number {
  const at = text.indexOf(hint);
  if (at === -1 || (!negation.test(hint) && negation.test(text.slice(0, at)))) return 0;
  return Math.min(0.85, 0.45 + 0.15 * Array.from(hint).length);
}
