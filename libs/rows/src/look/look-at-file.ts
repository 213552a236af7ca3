import { cleanCell } from '../check/clean-cell.js';
import { maskTypedText } from '../check/mask-personal.js';
import { datasetSpec, dictionary, type ColumnSpec } from '../datasets/dictionary.js';
import { chooseDataset, type Candidate } from '../decode/header/choose-dataset.js';
import type { Table } from '../decode/header/find-header.js';
import { constantColumns, missingColumns, tellColumns } from '../decode/header/match-columns.js';
import { defaultLimits, deepestHeaderRow, headerSearchRows, type DecodeLimits } from '../decode/limits.js';
import { datasetIds } from '../tasks.js';
import type {
  ColumnProposal,
  DatasetId,
  Delimiter,
  FileMapping,
  LookResult,
  LookTask,
  MatchedColumn,
} from '../tasks.js';
import { readFileHead, type FileHead } from './file-head.js';
import { maskedCell } from './mask-sample.js';
import { proposeColumns } from './propose-columns.js';
import { instantOf, isNumber, sampleColumn, shareOf, type SampleColumn } from './sample-column.js';

const shownRows = 5;
/** Rows from which values are told: enough for lists and orders of dates, read in a moment. */
const sampleRows = 1000;
/** Of wide files fewer rows. */
const sampleCells = 100_000;
/** Nothing is proposed from columns further to the right. */
const proposedColumns = 400;

/**
 * How an upload would be read, with its first rows and with proposals for what its headers do not tell. Reads the head
 * of the file, and the sheets of a workbook for their sizes; what it shows holds nothing personal in clear.
 * @throws FileRefused where nothing of the file can be shown
 */
export async function lookAtFile(task: LookTask, limits: Partial<DecodeLimits> = {}): Promise<LookResult> {
  const wanted = Math.max(headerSearchRows, deepestRow(task)) + sampleRows;
  const head = await readFileHead(task, wanted, { ...defaultLimits, ...limits });
  const { dataset, mapping, layoutId, table, row } = choosePlace(task, head);
  const headers = (table.rows[row] ?? []).map((cell) => maskTypedText(cell.trim()));
  const body = table.rows
    .map((cells, index) => ({ row: index + 1, cells }))
    .slice(row + 1)
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
    .slice(0, sampleRows);
  const width = Math.max(headers.length, ...body.slice(0, shownRows).map(({ cells }) => cells.length));
  const cells = body.slice(0, Math.max(shownRows, Math.floor(sampleCells / width))).map((line) => line.cells);
  const samples = Array.from({ length: width }, (_, position) =>
    sampleColumn(headers[position] ?? '', position, cells, head.type === 'xlsx'),
  );
  const told =
    dataset === null
      ? proposeDataset(samples, mapping, headers)
      : { dataset, ...tell(dataset, mapping, headers, samples) };
  const { columns, missing, proposals } = told;
  return {
    type: head.type,
    encoding: head.encoding,
    delimiter: head.type === 'csv' ? (table.name as Delimiter) : null,
    sheet: head.type === 'xlsx' ? maskTypedText(table.name) : null,
    sheets: head.sheets.map((sheet) => ({ ...sheet, name: maskTypedText(sheet.name) })),
    headerRow: row + 1,
    dataset: told.dataset,
    layoutId,
    headers,
    columns,
    missing,
    rows: body.slice(0, shownRows).map((line) => ({ row: line.row, cells: shownCells(line.cells, samples, told) })),
    proposals,
    unknownValues: told.dataset === null ? [] : unknownValues(told.dataset, mapping, samples, columns, proposals),
    refusal: head.refusal,
  };
}

function deepestRow({ mapping }: LookTask): number {
  return Math.min(mapping?.headerRow ?? 0, deepestHeaderRow);
}

interface Place extends Pick<Candidate, 'mapping' | 'layoutId'> {
  /** null: the headers do not tell, and nobody said. */
  readonly dataset: DatasetId | null;
  readonly table: Table;
  /** Of the headers, from 0. */
  readonly row: number;
}

/** As the check would choose; where it would find no row of headers, the row that looks most like one. */
function choosePlace(task: LookTask, { tables, type }: FileHead): Place {
  const tablesOf = (mapping: FileMapping | undefined): readonly Table[] => {
    const name = type === 'xlsx' ? mapping?.sheet : mapping?.delimiter;
    return name === undefined ? tables : tables.filter((table) => table.name === name);
  };
  const { dataset, mapping, layoutId, header } = chooseDataset(task, tablesOf).chosen;
  if (header && header.matches > 0) return { dataset, mapping, layoutId, table: header.table, row: header.row };
  const asked = tablesOf(task.mapping);
  const table = header?.table ?? widest(asked.length > 0 ? asked : tables);
  const row = task.mapping?.headerRow === undefined ? likeliestRow(table) : task.mapping.headerRow - 1;
  return { dataset: task.dataset ?? null, mapping: task.mapping, layoutId: null, table, row };
}

const filledIn = (cells: readonly string[]): number => cells.filter((cell) => cell.trim() !== '').length;

/** The one whose rows hold the most cells; the first of equals. */
function widest(tables: readonly Table[]): Table {
  let best: { table: Table; most: number } | null = null;
  for (const table of tables) {
    const most = Math.max(0, ...table.rows.slice(0, headerSearchRows).map(filledIn));
    if (best === null || most > best.most) best = { table, most };
  }
  if (!best) throw new Error('a file was opened without any table');
  return best.table;
}

/** The first row that is nearly as full as the fullest and holds words, not values. */
function likeliestRow({ rows }: Table): number {
  const first = rows.slice(0, headerSearchRows);
  const most = Math.max(0, ...first.map(filledIn));
  const isValue = (cell: string): boolean => isNumber(cleanCell(cell)) || instantOf(cleanCell(cell), true) !== null;
  const found = first.findIndex((cells) => {
    const filled = cells.filter((cell) => cell.trim() !== '');
    return filled.length >= most * 0.6 && filled.filter(isValue).length <= filled.length * 0.2;
  });
  return Math.max(0, found === -1 ? first.findIndex((cells) => filledIn(cells) === most) : found);
}

interface Told {
  readonly columns: readonly MatchedColumn[];
  readonly missing: readonly string[];
  readonly proposals: readonly ColumnProposal[];
}

function tell(
  dataset: DatasetId,
  mapping: FileMapping | undefined,
  headers: readonly string[],
  samples: readonly SampleColumn[],
): Told {
  const columns = tellColumns(dataset, mapping, headers);
  const fed = new Set([...columns.map(({ column }) => column), ...constantColumns(mapping)]);
  // What the mapping says is not in the file is not looked for.
  const settled = new Set(Object.keys(mapping?.columns ?? {}));
  return {
    columns,
    missing: missingColumns(dataset, fed).map(({ id }) => id),
    proposals: proposeColumns(dataset, samples.slice(0, proposedColumns), columns).filter(
      ({ column }) => !settled.has(column),
    ),
  };
}

/** The dataset of which the values could fill every required column, where there is such a one: it is still to be said. */
function proposeDataset(
  samples: readonly SampleColumn[],
  mapping: FileMapping | undefined,
  headers: readonly string[],
): Told & { readonly dataset: DatasetId | null } {
  let best: { readonly told: Told & { readonly dataset: DatasetId }; readonly worth: number } | null = null;
  for (const dataset of datasetIds) {
    const told = tell(dataset, mapping, headers, samples);
    const proposed = told.proposals.filter(({ column }) => told.missing.includes(column));
    if (proposed.length + 1 < told.missing.length || proposed.length < 2) continue;
    const worth = proposed.reduce((sum, { confidence }) => sum + confidence, 0) / told.missing.length;
    if (best === null || worth > best.worth) best = { told: { dataset, ...told }, worth };
  }
  if (best !== null && best.worth >= 0.5) return best.told;
  const columns = headers.flatMap((header, position) =>
    header === '' ? [] : [{ header, position, column: null, by: null }],
  );
  return { dataset: null, columns, missing: [], proposals: [] };
}

function shownCells(
  cells: readonly string[],
  samples: readonly SampleColumn[],
  { dataset, columns }: Told & { readonly dataset: DatasetId | null },
): readonly string[] {
  return samples.map((sample) => {
    const id = columns.find(({ position, column }) => position === sample.position && column !== null)?.column;
    const spec = dataset === null ? null : (datasetSpec(dataset).columns.find((each) => each.id === id) ?? null);
    const text = cleanCell(cells[sample.position] ?? '');
    // Date cells of a workbook come as numbers of days: nobody reads those.
    const days = sample.workbook && shareOf(sample, (each) => /^\d{5}\.\d+$/u.test(each)) > 0.5;
    return maskedCell(days ? (instantOf(text, true) ?? text) : text, sample, spec);
  });
}

/** Values of fed and of proposed columns that their lists do not hold. */
function unknownValues(
  dataset: DatasetId,
  mapping: FileMapping | undefined,
  samples: readonly SampleColumn[],
  columns: readonly MatchedColumn[],
  proposals: readonly ColumnProposal[],
): LookResult['unknownValues'] {
  const lists = datasetSpec(dataset).columns.filter((spec) => spec.type === 'enum');
  return lists.flatMap((spec) => {
    const proposed = proposals.find(({ column }) => column === spec.id)?.mapping.from[0];
    const position = columns.find(({ column }) => column === spec.id)?.position;
    const sample = samples.find((each) =>
      position === undefined ? each.header === proposed : each.position === position,
    );
    if (!sample) return [];
    const own = mapping?.columns[spec.id];
    const told = [...(own?.values ?? []).map(({ value }) => value), ...(own?.emptyMarkers ?? [])].map(cleanCell);
    const known = new Set([...told.map((word) => word.toLowerCase()), ...acceptedWords(spec)]);
    return [...sample.counts]
      .filter(([value]) => !known.has(value.toLowerCase()))
      .map(([value, count]) => ({ column: spec.id, value: maskTypedText(value.slice(0, 200)), count }))
      .sort((a, b) => b.count - a.count)
      .slice(0, 100);
  });
}

function acceptedWords(spec: ColumnSpec): readonly string[] {
  const codes = dictionary().enums[spec.enum ?? '']?.codes ?? [];
  const own = (spec.spellings ?? []).flatMap(({ values }) => Object.keys(values));
  return [...codes.flatMap(({ code, zh, en, accepts }) => [code, zh, en, ...accepts]), ...own].map((word) =>
    cleanCell(word).toLowerCase(),
  );
}
