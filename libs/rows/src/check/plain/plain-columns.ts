import type { ColumnSpec } from '../../datasets/dictionary.js';
import { cleanCell } from '../clean-cell.js';
import { constantOf } from '../column-plan.js';
import { markers } from '../cell-reader.js';
import type { ShortCut } from '../short-cut.js';
import type { ReadColumn } from '../typing-statements.js';
import type { ParquetColumn } from './row-groups.js';

/** Numbers of `libs/rows/assembly/plain-rows.ts`. */
const kinds = {
  none: 0,
  word: 1,
  boolean: 2,
  text: 3,
  identifier: 4,
  integer: 5,
  decimal: 6,
  duration: 7,
  datetime: 8,
  date: 9,
  phone: 10,
  person: 11,
} as const satisfies Record<ShortCut['kind'], number>;

/** What a word stands for, beside numbers from 0 on: nothing; what only the long way tells. */
const [empty, other] = [-2, -3];

/** A column of the dataset as plain rows are read. */
export interface PlainColumn {
  readonly id: string;
  readonly kind: (typeof kinds)[ShortCut['kind']];
  /** Fields whose cells are joined by a blank; -1: there is no second. */
  readonly field: number;
  readonly second: number;
  readonly anySerial: boolean;
  /** Whether a row without a cell here may be plain. */
  readonly emptyIsPlain: boolean;
  /** Words with what each stands for: a place in `codes` or `tokens`, or one of those above. */
  readonly words: ReadonlyMap<string, number>;
  /** What words of an enumeration are stored as; null: the column is none. */
  readonly codes: readonly string[] | null;
  /** The words themselves, by the same places, where another column is told by them. */
  readonly spelled: readonly string[] | null;
  /** Tokens of known names, as UUID. */
  readonly tokens: readonly string[];
  readonly type: Omit<ParquetColumn, 'name'>;
}

const optional = { repetition_type: 'OPTIONAL' } as const;
const text = { ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
const token = {
  ...optional,
  type: 'FIXED_LEN_BYTE_ARRAY',
  type_length: 16,
  logical_type: { type: 'UUID' },
} as const;
const instant = {
  ...optional,
  type: 'INT64',
  logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' },
} as const;

function parquetType(spec: ColumnSpec): PlainColumn['type'] {
  switch (spec.type) {
    case 'text':
    case 'enum':
      return text;
    case 'boolean':
      return { ...optional, type: 'BOOLEAN' };
    case 'integer':
      return { ...optional, type: 'INT64' };
    case 'decimal':
    case 'duration_seconds':
    case 'rating_1_5':
      return { ...optional, type: 'DOUBLE' };
    case 'datetime':
      return instant;
    case 'date':
      return { ...optional, type: 'INT32', converted_type: 'DATE' };
    case 'phone_hash':
    case 'person_hash':
      return token;
  }
}

/**
 * How the cells of plain rows are read; null: those of some column cannot be found without SQL.
 * @param spelled columns of which the words are needed
 */
export function plainColumns(
  columns: readonly ReadColumn[],
  spelled: ReadonlySet<string>,
): readonly PlainColumn[] | null {
  const inFile = columns.filter((column) => !isConstant(column));
  const plain = inFile.map((column) => plainColumn(column, spelled.has(column.plan.spec.id)));
  return plain.includes(null) ? null : plain.filter((column) => column !== null);
}

/** A constant is stored as it reads, without a look at the file. */
function isConstant({ plan, reader }: ReadColumn): boolean {
  const { mapping } = plan;
  const translated = mapping?.values !== undefined || mapping?.emptyMarkers !== undefined;
  return constantOf(plan) !== null && reader.stored === undefined && !translated;
}

function plainColumn(column: ReadColumn, isSpelled: boolean): PlainColumn | null {
  const { plan, reader, names } = column;
  const { source, mapping } = plan;
  const { shortCut } = reader;
  const [field, second = -1, ...more] = mapping === undefined ? [source?.positions[0]] : (source?.positions ?? []);
  if (field === undefined || more.length > 0) return null;
  if (isSpelled && (shortCut.kind !== 'word' || mapping?.values !== undefined)) return null;
  const stored = storedWords(shortCut, isSpelled);
  const words = wordsOf(column, stored.places);
  const emptyIsPlain = words.get('') === undefined || words.get('') === empty;
  words.delete('');
  return {
    id: plan.spec.id,
    kind: kinds[shortCut.kind],
    field,
    second,
    anySerial: 'anySerial' in shortCut && shortCut.anySerial,
    emptyIsPlain,
    words,
    codes: shortCut.kind === 'word' ? stored.codes : null,
    spelled: isSpelled ? [...stored.places.keys()] : null,
    tokens: [...(names?.values() ?? [])],
    type: parquetType(plan.spec),
  };
}

interface StoredWords {
  /** By word, where it stands in `codes`. */
  readonly places: ReadonlyMap<string, number>;
  readonly codes: readonly string[];
}

/** Each code once; each word by itself where the words are needed. */
function storedWords(shortCut: ShortCut, isSpelled: boolean): StoredWords {
  if (!('words' in shortCut)) return { places: new Map(), codes: [] };
  const words = [...shortCut.words];
  if (isSpelled)
    return { places: new Map(words.map(([word], place) => [word, place])), codes: words.map(([, code]) => code) };
  const codes = shortCut.kind === 'boolean' ? ['false', 'true'] : [...new Set(shortCut.words.values())];
  return { places: new Map(words.map(([word, code]) => [word, codes.indexOf(code)])), codes };
}

/** What the words of a column stand for; an empty cell is a word only where the mapping has one for it. */
function wordsOf({ plan, reader, empties, names }: ReadColumn, stored: StoredWords['places']): Map<string, number> {
  const { shortCut } = reader;
  const words = new Map(stored);
  // What is stored as it stands has to be told from words that mean nothing.
  if (shortCut.kind === 'text' || shortCut.kind === 'identifier' || shortCut.kind === 'person')
    for (const marker of markers) words.set(marker, other);
  for (const [place, name] of [...(names?.keys() ?? [])].entries()) words.set(name, place);
  for (const word of empties) words.set(word, empty);
  words.delete('');
  const read = new Map(words);
  const { emptyMarkers = [], values = [] } = plan.mapping ?? {};
  for (const marker of emptyMarkers) words.set(cleanCell(marker), empty);
  // The first translation of a word is the one that counts.
  for (const { value, to, when } of [...values].reverse()) {
    const means = 'words' in shortCut ? read.get(to ?? '') : undefined;
    words.set(cleanCell(value), when !== undefined ? other : to === null ? empty : (means ?? other));
  }
  return words;
}
