import { readFileSync } from 'node:fs';
import type { Language } from '../check/messages.js';
import { datasetSpec, type ColumnSpec } from '../datasets/dictionary.js';
import type { DatasetId } from '../tasks.js';
import { wordOf } from './describe-column.js';

type Example = string | number | boolean | Readonly<Record<Language, string>>;

let loaded: Readonly<Record<DatasetId, readonly Readonly<Record<string, Example>>[]>> | undefined;

/** Header of a column in a template: a required one begins with *. */
export function templateHeader(spec: ColumnSpec, lang: Language): string {
  return `${spec.required ? '*' : ''}${lang === 'zh' ? spec.zh : spec.en}`;
}

/** Two rows that show how a dataset is written, by column: words as people write them, numbers, or null. */
export function exampleRows(dataset: DatasetId, lang: Language): readonly (readonly (string | number | null)[])[] {
  loaded ??= JSON.parse(readFileSync(new URL('../../data/examples.json', import.meta.url), 'utf8')) as Readonly<
    Record<DatasetId, readonly Readonly<Record<string, Example>>[]>
  >;
  return loaded[dataset].map((row) =>
    datasetSpec(dataset).columns.map((spec) => {
      const value = row[spec.id];
      if (value === undefined) return null;
      if (typeof value === 'object') return value[lang];
      return typeof value === 'number' ? value : wordOf(spec, value, lang);
    }),
  );
}
