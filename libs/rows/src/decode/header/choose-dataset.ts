import { hidePersonalValue, maskTypedText } from '../../check/mask-personal.js';
import { dictionary } from '../../datasets/dictionary.js';
import { FileRefused } from '../../refused.js';
import { datasetIds } from '../../tasks.js';
import type { CheckTask, DatasetId, FileMapping, FileReading, MatchedColumn, Note } from '../../tasks.js';
import { deepestHeaderRow } from '../limits.js';
import { note, refuse } from '../refuse.js';
import { chooseLayout, filledHeaders, type Fit } from './choose-layout.js';
import { findHeader, namedColumns } from './find-header.js';
import type { FoundHeader, Table } from './find-header.js';
import { constantColumns, matchColumns, missingColumns, shown, type ColumnMatch } from './match-columns.js';

export type DecodeRequest = Pick<CheckTask, 'file' | 'arriving' | 'fileName' | 'dataset' | 'mapping' | 'layouts'>;

/** How the file is to be read: the dataset, the table and its header row, and what feeds each column. */
export interface Reading extends FileReading {
  /** What was said of this file, or what its layout says. */
  readonly mapping: FileMapping | undefined;
  readonly table: Table;
  /** From 0. */
  readonly headerRow: number;
  readonly headers: readonly string[];
  readonly columns: readonly MatchedColumn[];
  readonly notes: readonly Note[];
}

/** A dataset the file may be of, and the row of headers that it would have then. */
export interface Candidate extends FileReading {
  readonly mapping: FileMapping | undefined;
  readonly fit: Fit | null;
  readonly header: FoundHeader | null;
}

/** The deepest row that a mapping says the headers stand in; 0: none says. */
export function deepestFixedRow({ mapping, layouts = [] }: DecodeRequest): number {
  const mappings = mapping ? [mapping] : layouts.map((layout) => layout.mapping);
  return Math.max(0, ...mappings.map(({ headerRow = 0 }) => Math.min(headerRow, deepestHeaderRow)));
}

/** Tables a mapping leaves to choose from: all, or the delimiter or sheet that it fixes. */
export type TablesOf = (mapping: FileMapping | undefined) => readonly Table[];

export function chooseReading(request: DecodeRequest, tablesOf: TablesOf): Reading {
  const { chosen, notes } = chooseDataset(request, tablesOf);
  const { dataset, mapping, layoutId, header } = chosen;
  if (!header) return refuseWithoutHeader(request, chosen, tablesOf(mapping));
  const headers = (header.table.rows[header.row] ?? []).map((cell) => maskTypedText(cell.trim()));
  const match = matchOrTell(chosen, headers);
  return {
    dataset,
    mapping,
    layoutId,
    table: header.table,
    headerRow: header.row,
    headers,
    columns: match.columns,
    notes: [...notes, ...match.notes],
  };
}

/** What feeds each column; a refusal says how far the file was read, where the row holds any header that is known. */
function matchOrTell({ dataset, mapping, layoutId, header }: Candidate, headers: readonly string[]): ColumnMatch {
  try {
    return matchColumns(dataset, mapping, headers);
  } catch (error) {
    if (!(error instanceof FileRefused) || !header?.matches) throw error;
    throw new FileRefused(error.refusal, { dataset, layoutId, headers: filledHeaders(headers) });
  }
}

/**
 * The dataset that was asked for; else the one the file is named after, unless the file lacks columns that it needs and
 * has all of another's; else the one of a layout that was given for these very headers; else the one of which the
 * headers match the most columns, the first of the dictionary among equals.
 */
export function chooseDataset(
  request: DecodeRequest,
  tablesOf: TablesOf,
): { chosen: Candidate; notes: readonly Note[] } {
  const candidate = (dataset: DatasetId): Candidate => {
    const found = request.mapping ? null : chooseLayout(dataset, request.layouts ?? [], tablesOf);
    if (found) {
      const { layout, fit, header } = found;
      return { dataset, mapping: layout.mapping, layoutId: layout.id, fit, header };
    }
    const { mapping } = request;
    return { dataset, mapping, layoutId: null, fit: null, header: findHeader(dataset, mapping, tablesOf(mapping)) };
  };
  if (request.dataset !== undefined) return { chosen: candidate(knownDataset(request.dataset)), notes: [] };

  const candidates = mappableDatasets(request.mapping).map(candidate);
  const named = candidates.find(({ dataset }) => dataset === nameWithoutExtension(request.fileName));
  if (named && isComplete(named)) return { chosen: named, notes: [] };

  let best: Candidate | undefined;
  const known = candidates.filter(({ fit }) => fit === 'same');
  for (const other of known.length > 0 ? known : candidates) {
    if (other.header && (!best?.header || other.header.matches > best.header.matches)) best = other;
  }
  if (named) {
    if (!best || !isComplete(best)) return { chosen: named, notes: [] };
    return { chosen: best, notes: [note('named_as_other', { named: named.dataset, dataset: best.dataset })] };
  }
  const first = best ?? candidates[0];
  if (!first) throw new Error('the dictionary holds no dataset');
  return { chosen: first, notes: [] };
}

/** A mapping given for the file names columns of its dataset: those that lack one are out, unless all do. */
function mappableDatasets(mapping: FileMapping | undefined): readonly DatasetId[] {
  const named = Object.keys(mapping?.columns ?? {});
  const all = dictionary().datasets;
  const fitting = all.filter(({ columns }) => named.every((column) => columns.some(({ id }) => id === column)));
  return (fitting.length > 0 ? fitting : all).map(({ id }) => id);
}

function isComplete({ dataset, mapping, header }: Candidate): boolean {
  if (!header) return false;
  const present = namedColumns(dataset, mapping, header.table.rows[header.row] ?? []);
  return missingColumns(dataset, new Set([...present, ...constantColumns(mapping)])).length === 0;
}

function refuseWithoutHeader(request: DecodeRequest, chosen: Candidate, tables: readonly Table[]): never {
  const asked = chosen.mapping?.headerRow;
  if (asked !== undefined) {
    refuse('header_row_absent', { row: asked, rows: Math.max(0, ...tables.map((table) => table.rows.length)) });
  }
  const { cells, row } = fullestRow(tables);
  const seen = { seen: shown(withoutPersons(cells)), row: row + 1 };
  if (request.dataset === undefined && nameWithoutExtension(request.fileName) !== chosen.dataset) {
    refuse('dataset_not_recognised', seen);
  }
  const spec = dictionary().datasets.find(({ id }) => id === chosen.dataset);
  refuse('header_not_found', { ...seen, dataset: spec?.zh ?? chosen.dataset, dataset_en: spec?.en ?? chosen.dataset });
}

/** A row with the number of a person is no row of headers: what else stands in it may be a name or an address. */
function withoutPersons(cells: readonly string[]): readonly string[] {
  if (!cells.some((cell) => maskTypedText(cell) !== cell)) return cells;
  return cells.map((cell) => (/\p{Script=Han}/u.test(cell) ? hidePersonalValue(cell.trim()) : cell));
}

/** The row that most looks like a header row, to show what was seen. */
function fullestRow(tables: readonly Table[]): { cells: readonly string[]; row: number } {
  let fullest: { cells: readonly string[]; row: number } = { cells: [], row: 0 };
  let most = 0;
  for (const { rows } of tables) {
    for (const [row, cells] of rows.entries()) {
      const filled = cells.filter((cell) => cell.trim() !== '').length;
      if (filled > most) [fullest, most] = [{ cells, row }, filled];
    }
  }
  return fullest;
}

function knownDataset(id: string): DatasetId {
  const found = datasetIds.find((known) => known === id);
  return found ?? refuse('dataset_unknown', { dataset: id, datasets: datasetIds });
}

function nameWithoutExtension(fileName: string): string {
  const base = fileName.split(/[/\\]/).at(-1) ?? fileName;
  return base.replace(/\.[^.]*$/, '').toLowerCase();
}
