import { datasetSpec } from '../datasets/dictionary.js';
import { sqlId, sqlList, sqlText } from '../sql.js';
import type { DatasetId } from '../tasks.js';

/** Key columns of a dataset as quoted identifiers. */
export function keyColumns(dataset: DatasetId): readonly string[] {
  return datasetSpec(dataset).key.map(sqlId);
}

/** Equality of the keys of two aliases. Keys are never empty. */
export function sameKey(dataset: DatasetId, left: string, right: string): string {
  return keyColumns(dataset)
    .map((column) => `${left}.${column} = ${right}.${column}`)
    .join(' AND ');
}

/** A table function over one or more Parquet files of the same columns. */
export function parquet(files: readonly string[], options = ''): string {
  return `read_parquet(${sqlList(files.map(sqlText))}, union_by_name = false${options})`;
}
