import { readFileSync } from 'node:fs';
import type { DatasetId } from '@hotline/rows';

interface ColumnSpec {
  readonly id: string;
  readonly zh: string;
  readonly type: string;
  readonly enum?: string;
}
interface DatasetSpec {
  readonly id: DatasetId;
  readonly zh: string;
  readonly key: readonly string[];
  readonly columns: readonly ColumnSpec[];
}
interface Dictionary {
  readonly enums: Readonly<
    Record<string, { readonly codes: readonly { readonly code: string; readonly zh: string }[] }>
  >;
  readonly datasets: readonly DatasetSpec[];
}
let loaded: Dictionary | undefined;
function dictionary(): Dictionary {
  loaded ??= JSON.parse(
    readFileSync(new URL('../../rows/data/dictionary.json', import.meta.url), 'utf8'),
  ) as Dictionary;
  return loaded;
}

export function datasetSpec(id: DatasetId): DatasetSpec {
  const found = dictionary().datasets.find((dataset) => dataset.id === id);
  if (!found) throw new Error(`no dataset ${id} in the dictionary`);
  return found;
}

/** Columns of a dataset in the order of the dictionary. */
export function columnIds(id: DatasetId): readonly string[] {
  return datasetSpec(id).columns.map((column) => column.id);
}

export function keyColumns(id: DatasetId): readonly string[] {
  return datasetSpec(id).key;
}

/** The specification of some columns, in the order asked for. @throws where the dataset has no such column. */
export function columnsOf(id: DatasetId, ids: readonly string[]): readonly ColumnSpec[] {
  const columns = datasetSpec(id).columns;
  return ids.map((wanted) => {
    const found = columns.find((column) => column.id === wanted);
    if (!found) throw new Error(`dataset ${id} has no column ${wanted}`);
    return found;
  });
}

/** Code of an enum to its Chinese word. */
export function chineseWords(enumId: string): ReadonlyMap<string, string> {
  const found = dictionary().enums[enumId];
  if (!found) throw new Error(`no enum ${enumId} in the dictionary`);
  return new Map(found.codes.map(({ code, zh }) => [code, zh]));
}
