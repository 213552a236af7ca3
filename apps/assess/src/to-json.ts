import type { FileImport, FolderAssessment } from './assess-folder.js';

/** The result in the shape that the stored trace and the API have too: numbers in full precision, unknown is null. */
export function toJson(city: string, { assessment, imports }: FolderAssessment): Readonly<Record<string, unknown>> {
  return { city, ...assessment, imports: imports.map(importEntry) };
}

function importEntry({ file, result, refusal }: FileImport): Readonly<Record<string, unknown>> {
  return {
    file,
    dataset: result?.dataset ?? null,
    accepted: result?.counts.accepted ?? null,
    refused: result?.counts.refused ?? null,
    duplicates: result?.counts.duplicates ?? null,
    unmapped: result?.columns.filter((column) => column.column === null).map((column) => column.header) ?? null,
    issues: result?.issueCounts ?? null,
    unknownValues: result?.unknownValues ?? null,
    ...(refusal ? { refusal } : {}),
  };
}
