import type { FileLayoutEntity } from '@hotline/imports';
import type { ColumnMapping } from '@hotline/rows';
import type { ColumnMappingModel, FileLayoutModel } from './file-layout.model.js';

export function toFileLayoutModel(entity: FileLayoutEntity): FileLayoutModel {
  const { id, dataset, fileName, headers, mapping, updatedAt, updatedBy, usedAt } = entity;
  return {
    ...{ id, dataset, fileName, updatedAt, updatedBy, usedAt },
    headers: headers && [...headers],
    encoding: mapping.encoding ?? null,
    delimiter: mapping.delimiter ?? null,
    sheet: mapping.sheet ?? null,
    headerRow: mapping.headerRow ?? null,
    columns: Object.entries(mapping.columns).map(([column, each]) => toColumnMappingModel(column, each)),
  };
}

export function toColumnMappingModel(column: string, mapping: ColumnMapping): ColumnMappingModel {
  const { from, constant, emptyMarkers, dateOrder, values, factor, oneIsBest, inverted } = mapping;
  return {
    column,
    from: [...from],
    constant: constant ?? null,
    emptyMarkers: [...(emptyMarkers ?? [])],
    dateOrder: dateOrder ?? null,
    values: (values ?? []).map(({ value, to, when }) => ({ value, to, when: when ?? null })),
    factor: factor ?? null,
    oneIsBest: oneIsBest ?? false,
    inverted: inverted ?? false,
  };
}
