import { readFileSync } from 'node:fs';
import type { DatasetId } from '../tasks.js';

/** The data dictionary: every dataset a centre can upload, its columns, spellings and rules. Text of record: data/dictionary.json. */
export interface Dictionary {
  readonly version: string;
  readonly emptyMarkers: readonly string[];
  readonly boolean: { readonly true: readonly string[]; readonly false: readonly string[] };
  /** Words that a rating column accepts for 1 to 5, 5 best. */
  readonly ratingWords: Readonly<Record<string, string>>;
  readonly enums: Readonly<Record<string, EnumSpec>>;
  readonly datasets: readonly DatasetSpec[];
}

export interface EnumSpec {
  readonly zh: string;
  readonly en: string;
  readonly codes: readonly {
    readonly code: string;
    readonly zh: string;
    readonly en: string;
    readonly accepts: readonly string[];
  }[];
}

export interface DatasetSpec {
  readonly id: DatasetId;
  readonly zh: string;
  readonly en: string;
  readonly purpose_zh: string;
  readonly purpose: string;
  /** Natural key: the latest row with a key wins. */
  readonly key: readonly string[];
  readonly period: { readonly column: string; readonly rule: string; readonly rule_zh: string };
  readonly note?: string;
  readonly note_zh?: string;
  readonly columns: readonly ColumnSpec[];
  readonly rules: readonly RowRule[];
}

export type ColumnType =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'boolean'
  | 'enum'
  | 'datetime'
  | 'date'
  | 'duration_seconds'
  | 'rating_1_5'
  | 'phone_hash'
  | 'person_hash';

export interface ColumnSpec {
  readonly id: string;
  readonly zh: string;
  readonly en: string;
  readonly type: ColumnType;
  readonly required: boolean;
  readonly aliases: readonly string[];
  /** Headers (all of them aliases too) under which the cells mean something else than the column does. */
  readonly header_rules?: readonly HeaderRule[];
  /** Further spellings of values, for every header or the named ones; null = empty. */
  readonly spellings?: readonly {
    readonly headers?: readonly string[];
    readonly values: Readonly<Record<string, string | null>>;
  }[];
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly enum?: string;
  /** Stored where the cell is empty or the column is not in the file. */
  readonly default?: string | number;
  /** What a measure takes an empty cell for; it is stored as empty. */
  readonly empty_means?: boolean;
  readonly meaning?: string;
  readonly meaning_zh?: string;
  readonly import_rules?: readonly string[];
  readonly import_rules_zh?: readonly string[];
  readonly personal?: 'phone' | 'name';
  readonly used_by: readonly string[];
}

export interface HeaderRule {
  /**
   * `mean_of_answered`: a mean, multiplied by `answered` of the row. `inverted`: yes means no. `answered_or_not`: "no"
   * is a call given up in the queue only where a human was asked for.
   */
  readonly means: 'mean_of_answered' | 'inverted' | 'answered_or_not';
  readonly headers: readonly string[];
}

export interface RowRule {
  readonly id: string;
  readonly level: 'error' | 'warning';
  /** In words; `check/row-rules.ts` holds the condition. */
  readonly when: string;
  readonly message_zh: string;
  readonly message_en: string;
}

let loaded: Dictionary | undefined;

export function dictionary(): Dictionary {
  loaded ??= JSON.parse(readFileSync(new URL('../../data/dictionary.json', import.meta.url), 'utf8')) as Dictionary;
  return loaded;
}

export function datasetSpec(id: DatasetId): DatasetSpec {
  const found = dictionary().datasets.find((dataset) => dataset.id === id);
  if (!found) throw new Error(`no dataset ${id} in the dictionary`);
  return found;
}
