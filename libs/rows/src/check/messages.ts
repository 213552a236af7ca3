import { readFileSync } from 'node:fs';
import { datasetSpec, dictionary } from '../datasets/dictionary.js';
import type { DatasetId } from '../tasks.js';

export type Language = 'zh' | 'en';

export interface Message {
  /** What is wrong, where, and what was expected. */
  readonly text: string;
  /** What the reader can do about it. */
  readonly remedy: string;
}

export type MessageParams = Readonly<Record<string, string | number | readonly string[] | null>>;

interface Wording {
  readonly zh: string;
  readonly en: string;
  readonly remedy_zh: string;
  readonly remedy_en: string;
}

let wordings: ReadonlyMap<string, Wording> | undefined;

function catalogue(): ReadonlyMap<string, Wording> {
  if (wordings) return wordings;
  const read = (name: string) =>
    JSON.parse(readFileSync(new URL(`../../data/${name}`, import.meta.url), 'utf8')) as Readonly<
      Record<string, Wording>
    >;
  const found = new Map([
    ...Object.entries(read('messages-decode.json')),
    ...Object.entries(read('messages-check.json')),
  ]);
  for (const dataset of dictionary().datasets)
    for (const { id, message_zh, message_en } of dataset.rules) {
      const remedy = found.get(id);
      if (!remedy) throw new Error(`no remedy for the rule ${id}`);
      found.set(id, {
        ...remedy,
        zh: `${message_zh}。`,
        en: `${message_en.slice(0, 1).toUpperCase()}${message_en.slice(1)}.`,
      });
    }
  wordings = found;
  return found;
}

/** A sentence with its parameters. */
export function filled(sentence: string, params: MessageParams, lang: Language): string {
  return sentence.replace(/\{(\w+)\}/gu, (_, name: string) => {
    const given = params[name];
    if (given === undefined || given === null) return lang === 'zh' ? '（空）' : '(empty)';
    return typeof given === 'string' || typeof given === 'number'
      ? String(given)
      : given.join(lang === 'zh' ? '、' : ', ');
  });
}

/** Codes that have a wording: of refusals, notes, issues and the row rules of the dictionary. */
export function messageCodes(): readonly string[] {
  return [...catalogue().keys()];
}

/** The wording of a code with its parameters filled in. Throws where there is none: a code without words helps nobody. */
export function message(code: string, params: MessageParams, lang: Language): Message {
  const wording = catalogue().get(code);
  if (!wording) throw new Error(`no message for the code ${code}`);
  const [text, remedy] = lang === 'zh' ? [wording.zh, wording.remedy_zh] : [wording.en, wording.remedy_en];
  return { text: filled(text, params, lang), remedy: filled(remedy, params, lang) };
}

/** One row of `issues.parquet`. */
export interface Issue {
  readonly rule: string;
  readonly column: string | null;
  readonly header: string | null;
  readonly value: string | null;
}

/** The wording of an issue, with the names, limits and options of its column. */
export function issueMessage(dataset: DatasetId, issue: Issue, lang: Language): Message {
  const spec = datasetSpec(dataset).columns.find((column) => column.id === issue.column);
  const options = dictionary().enums[spec?.enum ?? '']?.codes ?? [];
  return message(
    issue.rule,
    {
      header: issue.header,
      value: issue.value,
      name_zh: spec?.zh ?? issue.column,
      name_en: spec?.en ?? issue.column,
      min: spec?.min ?? null,
      max: spec?.max ?? null,
      options_zh: options.map((option) => option.zh),
      options_en: options.map((option) => option.en),
    },
    lang,
  );
}
