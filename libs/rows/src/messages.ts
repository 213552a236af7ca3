import { readdirSync, readFileSync } from 'node:fs';
import { dictionary } from './datasets/dictionary.js';
import type { Refusal } from './tasks.js';

export interface Message {
  readonly text: string;
  /** What to do about it, where there is something to do. */
  readonly remedy: string | null;
}

interface Wording {
  readonly zh: string;
  readonly en: string;
  readonly remedy_zh?: string;
  readonly remedy_en?: string;
}

const dataFolder = new URL('../data/', import.meta.url);
let loaded: ReadonlyMap<string, Wording> | undefined;

/**
 * The wording of a refusal, a note or a rule, its `{places}` filled. A code without wording is shown as it is: the
 * person still learns which rule it was.
 */
export function message(code: string, params: Refusal['params'], language: 'zh-CN' | 'en'): Message {
  loaded ??= wordings();
  const wording = loaded.get(code);
  if (!wording) return { text: code, remedy: null };
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (place, name: string) => {
      const value = params[name];
      if (value === undefined) return place;
      return Array.isArray(value) ? value.join(language === 'en' ? ', ' : '、') : String(value);
    });
  const [text, remedy] = language === 'en' ? [wording.en, wording.remedy_en] : [wording.zh, wording.remedy_zh];
  return { text: fill(text), remedy: remedy === undefined || remedy === '' ? null : fill(remedy) };
}

/** Rules of rows stand in the dictionary, all others in data/messages*.json. */
function wordings(): ReadonlyMap<string, Wording> {
  const rules = dictionary().datasets.flatMap((dataset) =>
    dataset.rules.map((rule) => [rule.id, { zh: rule.message_zh, en: rule.message_en }] as const),
  );
  const files = readdirSync(dataFolder)
    .filter((name) => /^messages.*\.json$/.test(name))
    .sort()
    .map((name) => JSON.parse(readFileSync(new URL(name, dataFolder), 'utf8')) as Readonly<Record<string, Wording>>);
  return new Map([...rules, ...files.flatMap((file) => Object.entries(file))]);
}
