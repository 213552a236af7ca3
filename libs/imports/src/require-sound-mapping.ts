import { datasetSpec, maskTypedText, type ColumnMapping, type DatasetId, type FileMapping } from '@hotline/rows';
import { ImportError } from './import-error.js';

/**
 * A mapping is kept as it is given, so it must not hold what is never kept: numbers of persons. Values of a file's
 * personal columns are hashed row by row; a constant would be one person's number for every row.
 * @throws ImportError unknown_column, personal_in_mapping
 */
export function requireSoundMapping(dataset: DatasetId, { columns }: FileMapping): void {
  const spec = datasetSpec(dataset);
  for (const [id, mapping] of Object.entries(columns)) {
    const column = spec.columns.find((each) => each.id === id);
    if (!column) throw new ImportError('unknown_column', { dataset, column: id });
    const personal = column.type === 'phone_hash' || column.type === 'person_hash' || column.personal !== undefined;
    const keeps = personal && (mapping.constant !== undefined || (mapping.values ?? []).length > 0);
    if (keeps || textsOf(mapping).some((text) => maskTypedText(text) !== text)) {
      throw new ImportError('personal_in_mapping', { column: id, name: column.zh });
    }
  }
}

function textsOf({ constant, emptyMarkers = [], values = [] }: ColumnMapping): readonly string[] {
  const translated = values.flatMap(({ value, to }) => (to === null ? [value] : [value, to]));
  return [...(constant === undefined ? [] : [constant]), ...emptyMarkers, ...translated];
}
