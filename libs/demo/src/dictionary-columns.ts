import { datasetSpec, dictionary } from '@hotline/rows';
import type { ColumnSpec, DatasetId } from '@hotline/rows';

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
