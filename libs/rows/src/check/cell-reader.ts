import { dictionary, type ColumnSpec } from '../datasets/dictionary.js';
import { normaliseHeader } from '../decode/header/header-spellings.js';
import { isOneOf, sqlList, sqlNumber, sqlText } from '../sql.js';
import type { DatasetId } from '../tasks.js';
import { alreadyClean, cleanCell } from './clean-cell.js';
import type { ColumnFacts } from './column-facts.js';
import type { ColumnPlan } from './column-plan.js';
import { timeRequired } from './time-required.js';
import { phoneTokenSql, tokenSql } from './keyed-hash.js';
import { knownNumberTokenSql } from './number-tokens.js';
import { impersonalSerials, personalNumber } from './mask-personal.js';
import { readDatetime } from './readers/read-datetime.js';
import { readDuration } from './readers/read-duration.js';
import { readDecimal, readInteger, readPercent, readRating } from './readers/read-number.js';
import { readPerson, readPhone, withheld } from './readers/read-personal.js';
import { readSpelling, readText, scientificNotation, type Spellings } from './readers/read-word.js';
import { nothing, value, type Reader, type Reading } from './readers/reading.js';
import type { ShortCut } from './short-cut.js';
import { tokenOrSql, type SealedValues } from './sealed-value.js';

/** How the cells of one column are read: a short cut for plain spellings, a function for all others. */
export interface CellReader {
  /** SQL over a cell: the typed value where the short cut knows the spelling, else NULL. */
  readonly fast: (cell: string) => string;
  /** The same outside of SQL, of fewer spellings. */
  readonly shortCut: ShortCut;
  /** Spellings of the column itself, read before the empty markers. */
  readonly spelled: (text: string) => Reading | null;
  readonly read: Reader;
  /** Words that `read` takes for empty, beside the empty markers. */
  readonly emptyWords?: ReadonlySet<string>;
  /** SQL over the text that `read` gave: the typed value. */
  readonly typed: (text: string) => string;
  /**
   * SQL over the value of `fast` or `typed`: what is stored, where that is not the value itself.
   * @param short SQL condition: the value is one of `fast`
   */
  readonly stored?: (value: string, short: string) => string;
}

const endOfDay: ReadonlySet<string> = new Set(['deadline_at', 'extended_deadline_at', 'closed_at', 'first_contact_at']);

export const markers: ReadonlySet<string> = new Set(dictionary().emptyMarkers.map(cleanCell));
const enumType = (words: readonly string[]) => `ENUM(${words.map(sqlText).join(', ')})`;
const filledMarkers = [...markers].filter((marker) => marker !== '');

/** SQL: the cell is none of these words, as they stand. Most cells have another length, which is soon seen. */
export function isNoneOf(cell: string, words: readonly string[]): string {
  const lengths = [...new Set(words.map((word) => Buffer.byteLength(word)))].sort((a, b) => a - b);
  return `(NOT ${isOneOf(`strlen(${cell})`, lengths.map(sqlNumber))} OR TRY_CAST(${cell} AS ${enumType(words)}) IS NULL)`;
}

const isNoMarker = (cell: string) => isNoneOf(cell, filledMarkers);

/** Words that this reader takes for an empty cell. */
export function emptyWords({ spelled, read, emptyWords: own = new Set() }: CellReader): readonly string[] {
  const reading = (word: string) => spelled(word) ?? (markers.has(word) ? nothing : read(word));
  return [...new Set([...filledMarkers, ...own])].filter((word) => 'empty' in reading(word));
}

/** Words that short cuts know, with what each stands for: spellings as they stand, in large letters and with one. */
function shortWords(spellings: Spellings): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const [word, code] of spellings) {
    for (const each of [word, word.toUpperCase(), word.slice(0, 1).toUpperCase() + word.slice(1)])
      if (code !== null && !words.has(each)) words.set(each, code);
  }
  return words;
}

/** Looks a cell up among words, by DuckDB's own dictionary of an enumeration. */
function lookUp(words: ReadonlyMap<string, string>, literal: (code: string) => string): (cell: string) => string {
  const codes = sqlList([...words.values()].map(literal));
  return (cell) => `${codes}[enum_code(TRY_CAST(${cell} AS ${enumType([...words.keys()])})) + 1]`;
}

function addSpellings(target: Map<string, string | null>, plan: ColumnPlan): Map<string, string | null> {
  const key = plan.source === null ? '' : normaliseHeader(plan.source.header);
  for (const { headers, values } of plan.spec.spellings ?? []) {
    if (headers && !headers.some((header) => normaliseHeader(header) === key)) continue;
    for (const [word, code] of Object.entries(values)) target.set(cleanCell(word).toLowerCase(), code);
  }
  return target;
}

function yesNo(plan: ColumnPlan, facts: ColumnFacts, yes: string, no: string): Map<string, string | null> {
  const inverted = (plan.headerRule === 'inverted') !== (plan.mapping?.inverted === true);
  const [whenTrue, whenFalse] = inverted ? [no, yes] : [yes, no];
  const words = new Map<string, string | null>();
  for (const word of dictionary().boolean.true) words.set(cleanCell(word).toLowerCase(), whenTrue);
  for (const word of dictionary().boolean.false) words.set(cleanCell(word).toLowerCase(), whenFalse);
  addSpellings(words, plan);
  if (!facts.noneIsFalse) words.delete('无');
  return words;
}

function enumWords(plan: ColumnPlan): Map<string, string | null> {
  const spec = dictionary().enums[plan.spec.enum ?? ''];
  if (!spec) throw new Error(`no list ${plan.spec.enum} in the dictionary`);
  const words = new Map<string, string | null>();
  for (const { code, zh, en, accepts } of spec.codes)
    for (const word of [code, zh, en, ...accepts]) words.set(cleanCell(word).toLowerCase(), code);
  return addSpellings(words, plan);
}

const spelledBy =
  (spellings: Spellings) =>
  (text: string): Reading | null => {
    const code = spellings.get(text.toLowerCase());
    if (code === undefined) return null;
    return code === null ? nothing : value(code);
  };
const unspelled = (): null => null;
const same = (sql: string) => sql;
const cast = (type: string) => (text: string) => `TRY_CAST(${text} AS ${type})`;
const matches = (cell: string, pattern: string, then: string) =>
  `WHEN regexp_full_match(${cell}, ${sqlText(pattern)}) THEN ${then}`;
const matched = (cell: string, pattern: string, then: string) => `CASE ${matches(cell, pattern, then)} END`;
const plainDecimal = '[0-9]{1,15}(\\.[0-9]{1,9})?';
/** SQL: seconds of `mm:ss` and `h:mm:ss`, else NULL. */
function clockSeconds(cell: string): string {
  const part = (place: number) => `CAST(split_part(${cell}, ':', ${place}) AS DOUBLE)`;
  return `CASE WHEN NOT contains(${cell}, ':') THEN NULL
    WHEN regexp_full_match(${cell}, '[0-9]{1,4}:[0-5][0-9]') THEN ${part(1)} * 60 + ${part(2)}
    WHEN regexp_full_match(${cell}, '[0-9]{1,4}:[0-5][0-9]:[0-5][0-9]') THEN ${part(1)} * 3600 + ${part(2)} * 60 + ${part(3)} END`;
}
const noShortCut = (type: string) => () => `CAST(NULL AS ${type})`;

function words(
  kind: 'word' | 'boolean',
  spellings: Spellings,
  unknown: string,
  literal: (code: string) => string,
): CellReader {
  const short = shortWords(spellings);
  return {
    fast: lookUp(short, literal),
    shortCut: { kind, words: short },
    spelled: spelledBy(spellings),
    read: readSpelling(spellings, unknown),
    typed: cast(kind === 'word' ? 'VARCHAR' : 'BOOLEAN'),
  };
}

function numbers(spec: ColumnSpec, plan: ColumnPlan, facts: ColumnFacts): CellReader {
  const factor = plan.factor ?? 1;
  const type = spec.type === 'integer' ? 'BIGINT' : 'DOUBLE';
  const pattern = spec.type === 'integer' ? '-?[0-9]{1,18}' : plainDecimal;
  const short = factor === 1 && spec.unit !== '%' && !facts.fractionOfDay && plan.mapping?.oneIsBest !== true;
  const shortCut: ShortCut = { kind: !short ? 'none' : spec.type === 'integer' ? 'integer' : 'decimal' };
  const common = {
    fast: short ? (cell: string) => matched(cell, pattern, cast(type)(cell)) : noShortCut(type),
    shortCut,
    typed: cast(type),
  };
  if (spec.type === 'integer') {
    // Only the count of re-handlings may be told as yes or no; its digits stay numbers.
    const yes = spec.id === 'rehandle_count' ? yesNo(plan, facts, '1', '0') : new Map<string, string | null>();
    for (const digit of ['0', '1']) yes.delete(digit);
    return { ...common, spelled: spelledBy(yes), read: readInteger(factor) };
  }
  if (spec.type === 'duration_seconds')
    return {
      ...common,
      fast: (cell) => `coalesce(${common.fast(cell)}, ${clockSeconds(cell)})`,
      shortCut: { kind: short ? 'duration' : 'none' },
      spelled: unspelled,
      read: readDuration({ factor, fractionOfDay: facts.fractionOfDay }),
    };
  if (spec.type === 'rating_1_5') {
    const ratings = new Map<string, string | null>(Object.entries(dictionary().ratingWords));
    const spellings = addSpellings(ratings, plan);
    const read = readRating(spellings, plan.mapping?.oneIsBest === true);
    return { ...common, spelled: spelledBy(spellings), read };
  }
  const read = spec.unit === '%' ? readPercent(plan.factor ?? facts.percentFactor) : readDecimal(factor);
  return { ...common, spelled: unspelled, read };
}

function instants(dataset: DatasetId, spec: ColumnSpec, plan: ColumnPlan, facts: ColumnFacts): CellReader {
  const required = spec.type === 'datetime' && timeRequired.has(dataset);
  const order = plan.mapping?.dateOrder;
  const read = readDatetime({
    dateOnly: required ? 'refused' : endOfDay.has(spec.id) ? 'end_of_day' : 'midnight',
    otherTimes: facts.otherTimes,
    ...(order === undefined ? {} : { dateOrder: order }),
  });
  const dashed = '[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}';
  // Date cells of workbooks: days after 1899-12-30, with a fraction, or without one where that means midnight.
  const serial = `[2-7][0-9]{4}${facts.otherTimes ? '([.][0-9]{1,15})?' : '[.][0-9]*[1-9][0-9]*'}`;
  const ofSerial = (cell: string, type: string) =>
    `WHEN strlen(${cell}) < 24 AND regexp_full_match(${cell}, ${sqlText(serial)})
       THEN CAST(epoch_ms((CAST(round(TRY_CAST(${cell} AS DOUBLE) * 86400) AS BIGINT) - 2209161600) * 1000) AS ${type})`;
  if (spec.type === 'date')
    return {
      fast: (cell) =>
        `CASE WHEN regexp_full_match(${cell}, ${sqlText(dashed)}) THEN TRY_CAST(${cell} AS DATE)
          ${ofSerial(cell, 'DATE')} END`,
      shortCut: { kind: 'date', anySerial: facts.otherTimes },
      spelled: unspelled,
      read,
      typed: (text) => `CAST(TRY_CAST(${text} AS TIMESTAMP) AS DATE)`,
    };
  // The two canonical forms first: LIKE and comparing bytes are far cheaper than matching a pattern.
  const fast = (cell: string) =>
    `CASE WHEN ${cell} LIKE '____-__-__ __:__:__' THEN TRY_CAST(${cell} AS TIMESTAMP)
      WHEN strlen(${cell}) = 25 AND ${cell}[11] = 'T' AND ${cell}[17] = ':' AND suffix(${cell}, '+08:00')
        THEN TRY_CAST(${cell}[1:19] AS TIMESTAMP)
      ${ofSerial(cell, 'TIMESTAMP')}
      WHEN regexp_full_match(${cell}, ${sqlText(`${dashed} [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?`)})
        THEN TRY_CAST(${cell} AS TIMESTAMP) END`;
  const shortCut = { kind: 'datetime', anySerial: facts.otherTimes } as const;
  return { fast, shortCut, spelled: unspelled, read, typed: cast('TIMESTAMP') };
}

export interface KeyedTexts {
  /** Keyed token of a number that is masked inside an identifier, so that different ids stay different. */
  readonly token: (number: string) => string;
  readonly sealed: SealedValues;
}

export function cellReader(
  dataset: DatasetId,
  plan: ColumnPlan,
  facts: ColumnFacts,
  { token, sealed }: KeyedTexts,
): CellReader {
  const { spec } = plan;
  switch (spec.type) {
    case 'text': {
      const identifier = spec.id.endsWith('_id');
      const lost = identifier ? ` AND NOT regexp_full_match(CELL, ${sqlText(scientificNotation)})` : '';
      const serials = identifier ? impersonalSerials.map((pattern) => matches('CELL', pattern, 'CELL')) : [];
      const plain = `CASE ${serials.join(' ')} WHEN regexp_full_match(CELL, ${sqlText(alreadyClean)})
        AND ${isNoMarker('CELL')} AND NOT regexp_matches(CELL, ${sqlText(personalNumber)})${lost} THEN CELL END`;
      return {
        fast: (cell) => plain.replaceAll('CELL', () => cell),
        shortCut: { kind: identifier ? 'identifier' : 'text' },
        spelled: unspelled,
        read: readText({ identifier, token }),
        typed: same,
      };
    }
    case 'enum':
      return words('word', enumWords(plan), 'unknown_value', sqlText);
    case 'boolean':
      return words('boolean', yesNo(plan, facts, 'true', 'false'), 'bad_boolean', same);
    case 'integer':
    case 'decimal':
    case 'duration_seconds':
    case 'rating_1_5':
      return numbers(spec, plan, facts);
    case 'datetime':
    case 'date':
      return instants(dataset, spec, plan, facts);
    case 'phone_hash': {
      const holdsTokens =
        plan.source !== null && normaliseHeader(plan.source.header) === normaliseHeader('caller_hash');
      return {
        fast: (cell) => `CASE WHEN regexp_full_match(${cell}, '1[3-9][0-9]{9}') THEN '+86' || ${cell}
          WHEN regexp_full_match(${cell}, '0[1-9][0-9]{1,2}-?[0-9]{7,8}') THEN '+86' || replace(substring(${cell}, 2), '-', '') END`,
        shortCut: { kind: 'phone' },
        spelled: unspelled,
        read: readPhone(holdsTokens, sealed),
        emptyWords: withheld,
        typed: same,
        // The short cut has looked at every digit already.
        stored: (text, short) =>
          `CASE WHEN ${short} THEN ${knownNumberTokenSql(text)} ELSE ${tokenOrSql(text, phoneTokenSql(text))} END`,
      };
    }
    case 'person_hash':
      return {
        // Sealed values hold a number sign.
        fast: (cell) =>
          `CASE WHEN regexp_full_match(${cell}, '[!"$-&(-~]+') AND ${isNoMarker(cell)} THEN upper(${cell}) END`,
        shortCut: { kind: 'person' },
        spelled: unspelled,
        read: readPerson(sealed),
        typed: same,
        stored: (text) => tokenOrSql(text, tokenSql(text)),
      };
  }
}

/** Type in which a column is stored. */
export function storedType(spec: ColumnSpec): string {
  switch (spec.type) {
    case 'datetime':
      return 'TIMESTAMP';
    case 'date':
      return 'DATE';
    case 'integer':
      return 'BIGINT';
    case 'decimal':
    case 'duration_seconds':
    case 'rating_1_5':
      return 'DOUBLE';
    case 'boolean':
      return 'BOOLEAN';
    case 'phone_hash':
    case 'person_hash':
      return 'UUID';
    case 'text':
    case 'enum':
      return 'VARCHAR';
  }
}
