import { readFileSync } from 'node:fs';
import type { Language } from '../check/messages.js';
import type { ColumnSpec } from '../datasets/dictionary.js';

/** Words of templates and of the guide to the datasets. */
export type GuideTexts = Readonly<Record<GuideWord, string>> & {
  readonly types: Readonly<Record<TypeName, string>>;
  readonly formats: Readonly<Record<TypeName, string>>;
  readonly units: Readonly<Record<string, string>>;
};

export type TypeName = ColumnSpec['type'] | 'percent';

type GuideWord =
  | 'and'
  | 'stop'
  | 'colon'
  | 'open'
  | 'close'
  | 'yes'
  | 'no'
  | 'required'
  | 'optional'
  | 'key'
  | 'error'
  | 'warning'
  | 'rating'
  | 'unit'
  | 'atLeast'
  | 'atMost'
  | 'between'
  | 'default'
  | 'emptyMeans'
  | 'phone'
  | 'name'
  | 'identifier'
  | 'templateNote'
  | 'dictionarySheet'
  | 'columnHead'
  | 'idHead'
  | 'meaningHead'
  | 'typeHead'
  | 'requiredHead'
  | 'spellingsHead'
  | 'rulesHead'
  | 'aliasesHead'
  | 'levelHead'
  | 'ruleHead'
  | 'remedyHead'
  | 'listTitle'
  | 'listHint'
  | 'templateName'
  | 'timeRequired'
  | 'emptyNote';

let loaded: Readonly<Record<Language, GuideTexts>> | undefined;

export function guideTexts(lang: Language): GuideTexts {
  loaded ??= JSON.parse(readFileSync(new URL('../../data/guide.json', import.meta.url), 'utf8')) as Readonly<
    Record<Language, GuideTexts>
  >;
  return loaded[lang];
}

export function fill(sentence: string, params: Readonly<Record<string, string | number>>): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
