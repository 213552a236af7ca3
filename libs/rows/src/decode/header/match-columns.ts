import { cleanCell } from '../../check/clean-cell.js';
import { maskTypedText } from '../../check/mask-personal.js';
import { datasetSpec, dictionary } from '../../datasets/dictionary.js';
import type { ColumnSpec } from '../../datasets/dictionary.js';
import type { DatasetId, FileMapping, MatchedColumn, Note } from '../../tasks.js';
import { columnLetters } from '../../workbook/column-letters.js';
import { note, refuse } from '../refuse.js';
import { headerSpellings, normaliseHeader } from './header-spellings.js';

export interface ColumnMatch {
  readonly columns: readonly MatchedColumn[];
  readonly notes: readonly Note[];
}

/** At most so many headers are listed in a refusal. */
const shownHeaders = 40;

/**
 * Which header of the file feeds which column. One entry per (header, column) pair; a header that feeds nothing has one
 * entry with column null; blank headers have none. Refuses a mapping that does not fit the file, a repeated header that
 * is needed, and a file without a required column.
 */
export function matchColumns(
  dataset: DatasetId,
  mapping: FileMapping | undefined,
  headers: readonly string[],
): ColumnMatch {
  const fed: MatchedColumn[] = [...fromMapping(dataset, mapping, headers), ...fromHeaders(dataset, mapping, headers)];
  const notes: Note[] = [];
  const usedPositions = new Set(fed.map((entry) => entry.position));

  for (const [header, positions] of repeatedHeaders(headers)) {
    const letters = positions.map(columnLetters);
    const used = fed.find((entry) => positions.includes(entry.position));
    if (used) {
      const { zh, en } = columnOf(dataset, used.column);
      refuse('header_repeated', { header, positions: letters, column: zh, column_en: en });
    }
    notes.push(note('header_repeated_unused', { header, positions: letters.join(', ') }));
  }

  for (const [position, header] of headers.entries()) {
    if (header.trim() === '' || usedPositions.has(position)) continue;
    fed.push({ header, position, column: null, by: null });
    const meant = headerSpellings(dataset).get(normaliseHeader(header))?.column;
    const winner = fed.find((entry) => entry.column === meant && entry.column !== null);
    if (meant === undefined || !winner) continue;
    const { zh, en } = columnOf(dataset, meant);
    notes.push(note('header_unused', { header, used: winner.header, column: zh, column_en: en }));
  }

  const missing = missingColumns(dataset, new Set([...fed.map((entry) => entry.column), ...constantColumns(mapping)]));
  if (missing.length > 0) {
    const { zh, en } = datasetSpec(dataset);
    refuse('required_columns_missing', {
      dataset: zh,
      dataset_en: en,
      columns: missing.map((column) => column.zh),
      columns_en: missing.map((column) => column.en),
      ids: missing.map((column) => column.id),
      headers: shown(headers),
    });
  }
  return { columns: fed.sort((a, b) => a.position - b.position), notes };
}

/** As `matchColumns`, of a file that may lack what it needs: what can be told of it, without a refusal. */
export function tellColumns(
  dataset: DatasetId,
  mapping: FileMapping | undefined,
  headers: readonly string[],
): readonly MatchedColumn[] {
  const known = new Set(datasetSpec(dataset).columns.map(({ id }) => id));
  const named = Object.entries(mapping?.columns ?? {}).flatMap(([column, { from }]) => {
    const positions = from.map((wanted) => positionOf(wanted, headers));
    if (!known.has(column) || positions.includes(-1)) return [];
    return positions.map((position): MatchedColumn => ({
      header: headers[position] ?? '',
      position,
      column,
      by: 'mapping',
    }));
  });
  const fed = [...named, ...fromHeaders(dataset, mapping, headers)];
  const used = new Set(fed.map(({ position }) => position));
  const unused = headers.flatMap((header, position): MatchedColumn[] =>
    header === '' || used.has(position) ? [] : [{ header, position, column: null, by: null }],
  );
  return [...fed, ...unused].sort((a, b) => a.position - b.position);
}

/** Required columns that nothing fills. The result of a call is derived where a file has none; a default fills its column. */
export function missingColumns(dataset: DatasetId, present: ReadonlySet<string | null>): readonly ColumnSpec[] {
  return datasetSpec(dataset).columns.filter(
    (column) =>
      column.required &&
      column.default === undefined &&
      !present.has(column.id) &&
      !(dataset === 'calls' && column.id === 'result'),
  );
}

/** Columns to which the mapping gives one value for every row. */
export function constantColumns(mapping: FileMapping | undefined): readonly string[] {
  return Object.entries(mapping?.columns ?? {}).flatMap(([column, { from, constant }]) =>
    from.length === 0 && constant !== undefined ? [column] : [],
  );
}

/** Headers for a refusal: filled ones, cut, and with long runs of digits hidden, as a file without headers shows data here. */
export function shown(headers: readonly string[]): readonly string[] {
  return headers
    .map((header) => header.normalize('NFKC').trim().replace(/\s+/g, ' '))
    .filter((header) => header !== '')
    .slice(0, shownHeaders)
    .map((header) => header.replace(/\d(?:[\d -]{4,})\d/g, '***'))
    .map(maskTypedText)
    .map((header) => (header.length > 40 ? `${header.slice(0, 39)}…` : header));
}

function fromMapping(
  dataset: DatasetId,
  mapping: FileMapping | undefined,
  headers: readonly string[],
): readonly MatchedColumn[] {
  const entries: MatchedColumn[] = [];
  const known = new Set(datasetSpec(dataset).columns.map((column) => column.id));
  for (const [column, { from, constant }] of Object.entries(mapping?.columns ?? {})) {
    if (!known.has(column)) refuse('mapping_column_unknown', { column, dataset });
    if (constant !== undefined) refuseWrongConstant(dataset, column, from, constant);
    for (const wanted of from) {
      const position = positionOf(wanted, headers);
      if (position === -1) {
        const { zh, en } = columnOf(dataset, column);
        refuse('mapping_header_missing', { header: wanted, column: zh, column_en: en, headers: shown(headers) });
      }
      entries.push({ header: headers[position] ?? wanted, position, column, by: 'mapping' });
    }
  }
  return entries;
}

/** One value for every row: a constant that a list does not hold would be the same issue in each of them. */
function refuseWrongConstant(dataset: DatasetId, column: string, from: readonly string[], constant: string): void {
  const spec = datasetSpec(dataset).columns.find(({ id }) => id === column);
  const codes = dictionary().enums[spec?.enum ?? '']?.codes;
  const spellings = codes?.flatMap(({ code, zh, en, accepts }) => [code, zh, en, ...accepts]);
  if (from.length === 0 && (spellings === undefined || spellings.some((word) => alike(word, constant)))) return;
  const { zh, en } = columnOf(dataset, column);
  const options = codes?.map(({ code, zh: name }) => `${code} (${name})`) ?? [];
  if (from.length > 0) refuse('mapping_constant_and_header', { column: zh, column_en: en, header: from.join(' + ') });
  refuse('mapping_constant_unknown', { column: zh, column_en: en, value: constant, options });
}

const alike = (a: string, b: string): boolean => cleanCell(a).toLowerCase() === cleanCell(b).toLowerCase();

/** The header that is spelled the same wins over one that is only alike: 时长(秒) and 时长(分钟) can both be named. */
function positionOf(wanted: string, headers: readonly string[]): number {
  const exact = headers.findIndex((header) => header.trim() === wanted.trim());
  if (exact !== -1) return exact;
  const name = normaliseHeader(wanted);
  const unit = unitOf(wanted);
  const alikeTo = (header: string): boolean =>
    normaliseHeader(header) === name && (unit === '' || ['', unit].includes(unitOf(header)));
  return name === '' ? -1 : headers.findIndex(alikeTo);
}

/** Minutes are not read where seconds were meant: a unit that is named has to be the one of the file, if that has one. */
function unitOf(header: string): string {
  return /[([【〔]([^()[\]【】〔〕]*)[)\]】〕]$/u.exec(header.normalize('NFKC').trim())?.[1]?.trim() ?? '';
}

function fromHeaders(
  dataset: DatasetId,
  mapping: FileMapping | undefined,
  headers: readonly string[],
): readonly MatchedColumn[] {
  const spellings = headerSpellings(dataset);
  const best = new Map<string, { rank: number; entry: MatchedColumn }>();
  for (const [position, header] of headers.entries()) {
    const spelling = spellings.get(normaliseHeader(header));
    if (!spelling || mapping?.columns[spelling.column] !== undefined) continue;
    const winner = best.get(spelling.column);
    if (winner && winner.rank <= spelling.rank) continue;
    const entry = { header, position, column: spelling.column, by: spelling.by };
    best.set(spelling.column, { rank: spelling.rank, entry });
  }
  return [...best.values()].map(({ entry }) => entry);
}

function repeatedHeaders(headers: readonly string[]): readonly (readonly [string, readonly number[]])[] {
  const positions = new Map<string, number[]>();
  for (const [position, header] of headers.entries()) {
    const text = header.trim();
    if (text === '') continue;
    const seen = positions.get(text);
    if (seen) seen.push(position);
    else positions.set(text, [position]);
  }
  return [...positions].filter(([, places]) => places.length > 1);
}

function columnOf(dataset: DatasetId, column: string | null): { readonly zh: string; readonly en: string } {
  const found = datasetSpec(dataset).columns.find((spec) => spec.id === column);
  return found ?? { zh: column ?? '', en: column ?? '' };
}
