import type { DatasetId, FileMapping } from '../../tasks.js';
import { headerSearchRows } from '../limits.js';
import { headerSpellings, normaliseHeader } from './header-spellings.js';

/** The first rows of a file under one way of reading it: a delimiter of a text file, a sheet of a workbook. */
export interface Table {
  readonly name: string;
  readonly rows: readonly (readonly string[])[];
}

export interface FoundHeader {
  readonly table: Table;
  /** From 0. */
  readonly row: number;
  /** Number of columns of the dataset that the row names. */
  readonly matches: number;
}

const fewestMatches = 2;

/**
 * The row that names the most columns of the dataset: among the first rows, or the one that the mapping fixes. The first
 * table and the first row win among equals. null: no row names two columns, or the file ends before the fixed row.
 */
export function findHeader(
  dataset: DatasetId,
  mapping: FileMapping | undefined,
  tables: readonly Table[],
): FoundHeader | null {
  let best: FoundHeader | null = null;
  for (const table of tables) {
    const rows =
      mapping?.headerRow === undefined
        ? table.rows.slice(0, headerSearchRows).map((cells, row) => ({ cells, row }))
        : table.rows
            .slice(mapping.headerRow - 1, mapping.headerRow)
            .map((cells) => ({ cells, row: (mapping.headerRow ?? 1) - 1 }));
    for (const { cells, row } of rows) {
      const matches = namedColumns(dataset, mapping, cells).size;
      if (matches < (mapping?.headerRow === undefined ? fewestMatches : 0)) continue;
      if (best === null || matches > best.matches) best = { table, row, matches };
    }
  }
  return best;
}

/** Columns of the dataset for which the row holds a header, by its own name or by the mapping. */
export function namedColumns(
  dataset: DatasetId,
  mapping: FileMapping | undefined,
  cells: readonly string[],
): ReadonlySet<string> {
  const spellings = headerSpellings(dataset);
  const columns = new Set<string>();
  const names = namesIn(cells);
  for (const name of names) {
    const column = spellings.get(name)?.column;
    if (column !== undefined && mapping?.columns[column] === undefined) columns.add(column);
  }
  for (const [column, { from }] of Object.entries(mapping?.columns ?? {})) {
    if (from.length > 0 && from.every((header) => names.has(normaliseHeader(header)))) columns.add(column);
  }
  return columns;
}

/** A wide row is compared with every dataset; its cells are brought to their form once. */
const namesOfRow = new WeakMap<readonly string[], ReadonlySet<string>>();

function namesIn(cells: readonly string[]): ReadonlySet<string> {
  let names = namesOfRow.get(cells);
  if (!names) {
    names = new Set(cells.map((cell) => normaliseHeader(cell)).filter((name) => name !== ''));
    namesOfRow.set(cells, names);
  }
  return names;
}
