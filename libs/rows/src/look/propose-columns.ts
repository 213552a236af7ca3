import { cleanCell } from '../check/clean-cell.js';
import { datasetSpec, dictionary, type ColumnSpec } from '../datasets/dictionary.js';
import { timeRequired } from '../check/time-required.js';
import type { ColumnMapping, ColumnProposal, DatasetId, MatchedColumn, ProposalReason } from '../tasks.js';
import { headerLikeness } from './header-likeness.js';
import { nearestCodes } from './nearest-codes.js';
import {
  isClock,
  isDay,
  isDuration,
  isNumber,
  isZeroClock,
  shareOf,
  traitsOf,
  type SampleColumn,
} from './sample-column.js';

/** What the values of a column say for a column of the dataset. */
interface Evidence {
  /** Part of the filled cells that the column would accept, 0 to 1. */
  readonly share: number;
  /** How few other columns such values would fit, 0 to 1. */
  readonly telling: number;
  readonly reasons: readonly ProposalReason[];
  /** What is to be said of the column, besides its header. */
  readonly mapping?: Partial<ColumnMapping>;
}

interface Option {
  readonly spec: ColumnSpec;
  readonly column: SampleColumn;
  readonly mapping: ColumnMapping;
  readonly confidence: number;
  readonly reasons: readonly ProposalReason[];
}

const leastOptional = 0.5;
const leastRequired = 0.35;
/** A header less like than this says nothing. */
const leastLikeness = 0.3;
/** Another header within this is as likely. */
const close = 0.1;

const percent = (share: number): number => Math.round(share * 100);
const wordsOf = (list: readonly string[]): ReadonlySet<string> =>
  new Set(list.map((word) => cleanCell(word).toLowerCase()));
const yesNo = wordsOf([...dictionary().boolean.true, ...dictionary().boolean.false]);
const ratingWords = wordsOf(Object.keys(dictionary().ratingWords));

/**
 * Headers for columns of the dataset that nothing feeds, and better readings of columns whose values do not fit, told
 * from the values and from what headers have in common. For a person to confirm: values alone can always mislead.
 */
export function proposeColumns(
  dataset: DatasetId,
  columns: readonly SampleColumn[],
  matched: readonly MatchedColumn[],
): readonly ColumnProposal[] {
  const spec = datasetSpec(dataset);
  const fed = new Map(
    matched.flatMap(({ column, position }) => (column === null ? [] : [[column, position] as const])),
  );
  const used = new Set(fed.values());
  const isFree = ({ header, position, filled }: SampleColumn): boolean =>
    header !== '' &&
    !used.has(position) &&
    filled.length > 0 &&
    !columns.some((other) => other.position !== position && other.header === header);
  const free = columns.filter(isFree);
  const file: File = { dataset, columns, free, period: spec.period.column, day: soleDay(columns) };

  const corrections = [...fed].flatMap(([id, position]) => {
    const column = spec.columns.find((each) => each.id === id);
    const values = columns[position];
    const better = column && values ? correct(file, column, values) : null;
    return better ? [toProposal(better, [])] : [];
  });
  const open = spec.columns.filter(({ id }) => !fed.has(id));
  const options = open
    .flatMap((column) => free.flatMap((values) => optionOf(file, column, values) ?? []))
    .sort((a, b) => b.confidence - a.confidence || Number(b.spec.required) - Number(a.spec.required));
  return [...corrections, ...assign(options)];
}

/** Each header feeds one column and each column is fed once, the likeliest first. */
function assign(options: readonly Option[]): readonly ColumnProposal[] {
  const chosen: Option[] = [];
  const isTaken = ({ spec, column }: Option): boolean =>
    chosen.some((other) => other.spec === spec || other.column === column);
  for (const option of options) if (!isTaken(option)) chosen.push(option);
  return chosen.map((option) => {
    const rivals = options.filter(
      (other) =>
        other.spec === option.spec &&
        other.column !== option.column &&
        other.confidence >= option.confidence - close &&
        !chosen.some((taken) => taken.column === other.column && taken.confidence > other.confidence),
    );
    return toProposal(
      option,
      rivals.map(({ column }) => column.header),
    );
  });
}

function toProposal({ spec, mapping, confidence, reasons }: Option, alternatives: readonly string[]): ColumnProposal {
  const sure = alternatives.length === 0 ? confidence : Math.min(confidence, 0.5);
  return {
    column: spec.id,
    mapping,
    confidence: Math.round(sure * 100) / 100,
    reasons: alternatives.length === 0 ? reasons : [...reasons, { code: 'others_alike', params: {} }],
    alternatives,
  };
}

interface File {
  readonly dataset: DatasetId;
  readonly columns: readonly SampleColumn[];
  readonly free: readonly SampleColumn[];
  /** Column by which rows are placed in time. */
  readonly period: string;
  /** The only column that holds days without a time. */
  readonly day: SampleColumn | null;
}

function soleDay(columns: readonly SampleColumn[]): SampleColumn | null {
  const days = columns.filter((column) => traitsOf(column).days >= 0.95);
  return days.length === 1 ? (days[0] ?? null) : null;
}

function optionOf(file: File, spec: ColumnSpec, column: SampleColumn): Option | null {
  const alike = headerLikeness(spec, column.header);
  const heard = alike >= leastLikeness ? alike : 0;
  const evidence = evidenceOf(file, spec, column, heard);
  if (!evidence || evidence.share < 0.5) return null;
  const { share, telling, reasons, mapping } = evidence;
  const confidence = share * (1 - (1 - telling) * (1 - 0.9 * heard));
  if (confidence < (spec.required ? leastRequired : leastOptional)) return null;
  const byHeader: ProposalReason[] = heard > 0 ? [{ code: 'header_alike', params: { percent: percent(alike) } }] : [];
  return {
    spec,
    column,
    confidence,
    reasons: [...reasons, ...byHeader],
    mapping: { from: [column.header], ...mapping },
  };
}

function evidenceOf(file: File, spec: ColumnSpec, column: SampleColumn, heard: number): Evidence | null {
  const of = (code: string, share: number, telling: number): Evidence => ({
    share,
    telling,
    reasons: [{ code, params: { percent: percent(share) } }],
  });
  switch (spec.type) {
    case 'enum':
      return enumEvidence(file.dataset, spec, column);
    case 'boolean':
      return of(
        'values_yes_no',
        column.counts.size <= 4 ? shareOf(column, (text) => yesNo.has(text.toLowerCase())) : 0,
        0.3,
      );
    case 'datetime':
    case 'date':
      return instantEvidence(file, spec, column);
    case 'duration_seconds':
      if (traitsOf(column).numbers > 0.5)
        return heard >= 0.5 ? of('values_number', traitsOf(column).numbers, 0.15) : null;
      return of('values_duration', shareOf(column, isDuration), 0.25);
    case 'rating_1_5': {
      const words = shareOf(column, (text) => ratingWords.has(text.toLowerCase()));
      if (words > 0.5) return of('values_rating', words, 0.8);
      return of(
        'values_rating',
        shareOf(column, (text) => /^[1-5](\.\d)?分?$/u.test(text)),
        0.25,
      );
    }
    case 'phone_hash': {
      const phones = file.columns.filter((each) => traitsOf(each).phones >= 0.8);
      return of('values_phone', traitsOf(column).phones, phones.length === 1 ? 0.9 : 0.6);
    }
    case 'person_hash':
      return heard >= 0.5 ? of('values_text', 1, 0.1) : null;
    case 'integer':
    case 'decimal':
      return heard >= 0.5
        ? of(
            'values_number',
            shareOf(column, (text) => isNumber(text.replace('%', ''))),
            0.15,
          )
        : null;
    case 'text':
      if (!datasetSpec(file.dataset).key.includes(spec.id)) return heard >= 0.5 ? of('values_text', 1, 0.1) : null;
      return codeEvidence(file, column);
  }
}

/** Different in every row, as a number of a system is. */
function codeEvidence({ free }: File, column: SampleColumn): Evidence | null {
  const unique = (each: SampleColumn): boolean =>
    each.filled.length === each.cells.length && each.counts.size >= each.filled.length * 0.99;
  if (!unique(column) || traitsOf(column).codes < 0.9) return null;
  const first = free.find((each) => unique(each) && traitsOf(each).codes >= 0.9);
  return {
    share: traitsOf(column).codes,
    telling: first === column ? 0.65 : 0.5,
    reasons: [{ code: 'values_unique', params: { count: column.counts.size } }],
  };
}

function enumEvidence(dataset: DatasetId, spec: ColumnSpec, column: SampleColumn): Evidence | null {
  const codes = dictionary().enums[spec.enum ?? '']?.codes ?? [];
  const byWord = new Map<string, string>();
  for (const { code, zh, en, accepts } of codes)
    for (const word of [code, zh, en, ...accepts]) byWord.set(cleanCell(word).toLowerCase(), code);
  const share = shareOf(column, (text) => byWord.has(text.toLowerCase()));
  // Spellings that are near to a code speak for the list too, where others are of it.
  const isNear = (text: string): boolean =>
    !byWord.has(text.toLowerCase()) && (nearestCodes(dataset, spec.id, text)[0]?.confidence ?? 0) >= 0.6;
  const near = share >= 0.3 && column.counts.size <= 60 ? shareOf(column, isNear) : 0;
  const accepted = [...column.counts.keys()].filter((text) => byWord.has(text.toLowerCase()));
  const found = new Set(accepted.map((text) => byWord.get(text.toLowerCase())));
  const common = accepted.every((text) => yesNo.has(text.toLowerCase()) || isNumber(text));
  const telling = common ? 0.3 : found.size >= 3 ? 0.9 : found.size === 2 ? 0.75 : 0.5;
  return {
    share: share + near * 0.8,
    telling,
    reasons: [{ code: 'values_listed', params: { percent: percent(share), values: accepted.slice(0, 5) } }],
  };
}

function instantEvidence(file: File, spec: ColumnSpec, column: SampleColumn): Evidence | null {
  const { dataset, columns, period, day, free } = file;
  const needsTime = spec.type === 'datetime' && timeRequired.has(dataset);
  const { clocks } = traitsOf(column);
  if (spec.type === 'datetime' && day && day !== column && clocks >= 0.9) {
    const others = free.filter((each) => traitsOf(each).clocks >= 0.9);
    const earliest = spec.id === period && others.every((other) => isBefore(column, other, clockOf));
    return joined(file, spec, column, clocks, earliest ? 0.75 : 0.3);
  }
  const { order, instants } = traitsOf(column);
  const share = shareOf(column, (text) => instants.has(text) && !(needsTime && isDay(text)));
  const rivals = columns.filter((each) => traitsOf(each).dated >= 0.9);
  const leading = spec.id === period && rivals.every((other) => isBefore(column, other, instantIn));
  const alone = rivals.length === 1;
  return {
    share,
    telling: leading ? (alone ? 0.8 : 0.75) : 0.35,
    reasons: [
      { code: 'values_instant', params: { percent: percent(share) } },
      ...(leading ? [{ code: alone ? 'only_instant' : 'earliest', params: {} }] : []),
    ],
    ...(order === 'mdy' || order === 'dmy' ? { mapping: { dateOrder: order } } : {}),
  };
}

const instantIn = (text: string, column: SampleColumn): string | null => traitsOf(column).instants.get(text) ?? null;
const clockOf = (text: string): string | null =>
  isClock(text) && !isZeroClock(text)
    ? text.padStart(text.length === 4 || text.length === 7 ? text.length + 1 : 0, '0')
    : null;

/** In nearly every row it is no later than the other. */
function isBefore(
  column: SampleColumn,
  other: SampleColumn,
  valueOf: (text: string, column: SampleColumn) => string | null,
): boolean {
  if (other === column) return true;
  let [rows, before] = [0, 0];
  for (const [row, text] of column.cells.entries()) {
    const [own, theirs] = [valueOf(text, column), valueOf(other.cells[row] ?? '', other)];
    if (own === null || theirs === null) continue;
    rows += 1;
    if (own <= theirs) before += 1;
  }
  return before >= rows * 0.95;
}

/** A day in one column and a clock in another. Midnight again and again means that it did not happen. */
function joined(
  { day, period }: File,
  spec: ColumnSpec,
  clock: SampleColumn,
  share: number,
  telling: number,
): Evidence {
  const zeros = [...clock.counts].filter(([text]) => isZeroClock(text));
  const many = zeros.reduce((sum, [, count]) => sum + count, 0) > clock.filled.length * 0.02;
  const markers = many && spec.id !== period ? zeros.map(([text]) => text) : [];
  return {
    share,
    telling,
    reasons: [
      { code: 'clock_without_day', params: { day: day?.header ?? '' } },
      ...(markers.length > 0 ? [{ code: 'midnight_is_none', params: { values: markers } }] : []),
    ],
    mapping: { from: [day?.header ?? '', clock.header], ...(markers.length > 0 ? { emptyMarkers: markers } : {}) },
  };
}

/** A column that is found by its header, but whose values can only be read with a word more. */
function correct(file: File, spec: ColumnSpec, column: SampleColumn): Option | null {
  if (spec.type !== 'datetime' && spec.type !== 'date') return null;
  const { day } = file;
  const { clocks } = traitsOf(column);
  if (spec.type === 'datetime' && day && day !== column && clocks >= 0.9) {
    const { reasons, mapping } = joined(file, spec, column, clocks, 1);
    return { spec, column, confidence: 0.9 * clocks, reasons, mapping: { from: [column.header], ...mapping } };
  }
  const { order, dated } = traitsOf(column);
  if (order !== 'mdy' && order !== 'dmy') return null;
  const reasons = [{ code: order === 'mdy' ? 'month_first' : 'day_first', params: {} }];
  return { spec, column, confidence: 0.9 * dated, reasons, mapping: { from: [column.header], dateOrder: order } };
}
