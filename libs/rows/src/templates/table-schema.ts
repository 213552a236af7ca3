import { datasetSpec, dictionary, type ColumnSpec, type DatasetSpec } from '../datasets/dictionary.js';
import type { DatasetId } from '../tasks.js';
import { enumOf } from './describe-column.js';

/** A Table Schema (Data Package standard) as other tools validate files by it. */
export interface TableSchema {
  readonly $schema: string;
  readonly title: string;
  readonly description: string;
  readonly fields: readonly TableField[];
  readonly primaryKey: readonly string[];
  readonly missingValues: readonly string[];
}

export interface TableField {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime';
  readonly trueValues?: readonly string[];
  readonly falseValues?: readonly string[];
  readonly constraints?: {
    readonly required?: true;
    readonly minimum?: number;
    readonly maximum?: number;
    readonly enum?: readonly string[];
  };
}

const types: Readonly<Record<ColumnSpec['type'], TableField['type']>> = {
  text: 'string',
  integer: 'integer',
  decimal: 'number',
  boolean: 'boolean',
  enum: 'string',
  datetime: 'datetime',
  date: 'date',
  duration_seconds: 'number',
  rating_1_5: 'number',
  phone_hash: 'string',
  person_hash: 'string',
};

/** The schema of a file in canonical form: headers are column ids, instants ISO 8601, numbers plain. */
export function tableSchema(dataset: DatasetId): TableSchema {
  const spec = datasetSpec(dataset);
  return {
    $schema: 'https://datapackage.org/profiles/2.0/tableschema.json',
    title: `${spec.zh} ${spec.en}`,
    description: `${spec.purpose_zh} ${spec.purpose}`,
    fields: spec.columns.map((column) => fieldOf(spec, column)),
    primaryKey: spec.key,
    missingValues: dictionary().emptyMarkers,
  };
}

function fieldOf(dataset: DatasetSpec, spec: ColumnSpec): TableField {
  const description = [spec.meaning_zh, spec.meaning].filter((text) => text !== undefined).join(' ');
  const words = enumOf(spec)?.codes.flatMap(({ code, zh, en, accepts }) => [code, zh, en, ...accepts]);
  const constraints = {
    // A row of a dataset is known by its key; a key column with a default may be left empty.
    ...(spec.required || (dataset.key.includes(spec.id) && spec.default === undefined)
      ? { required: true as const }
      : {}),
    ...(spec.min === undefined ? {} : { minimum: spec.min }),
    ...(spec.max === undefined ? {} : { maximum: spec.max }),
    ...(words === undefined ? {} : { enum: [...new Set(words)] }),
  };
  const { boolean, emptyMarkers } = dictionary();
  return {
    name: spec.id,
    title: `${spec.zh} ${spec.en}`,
    ...(description === '' ? {} : { description }),
    type: types[spec.type],
    ...(spec.type === 'boolean'
      ? { trueValues: boolean.true, falseValues: boolean.false.filter((word) => !emptyMarkers.includes(word)) }
      : {}),
    ...(Object.keys(constraints).length === 0 ? {} : { constraints }),
  };
}
