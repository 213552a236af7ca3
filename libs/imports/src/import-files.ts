import { join, relative } from 'node:path';
import type { CheckResult, CommittedRows, FilePrint, Segment } from '@hotline/rows';
import type { ImportEntity } from './import.entity.js';
import type { SegmentEntity } from './segment.entity.js';

/** Paths are stored relative to the tenant's folder, so that a data folder can be moved; the row process gets absolute ones. */
export function relativeResult(result: CheckResult, folder: string): CheckResult {
  return mapFiles(result, (file) => relative(folder, file));
}

export function absoluteResult(result: CheckResult, folder: string): CheckResult {
  return mapFiles(result, (file) => join(folder, file));
}

function mapFiles(result: CheckResult, map: (file: string) => string): CheckResult {
  return {
    ...result,
    months: result.months.map((month) => ({ ...month, file: map(month.file) })),
    issuesFile: map(result.issuesFile),
    files: result.files.map((print) => ({ ...print, file: map(print.file) })),
    issueRowsFile: result.issueRowsFile === null ? null : map(result.issueRowsFile),
  };
}

/** The rows of a checked import as the merge takes them. */
export function committedRows(entity: Pick<ImportEntity, 'id' | 'result'>, folder: string): CommittedRows {
  if (!entity.result) throw new Error(`import ${entity.id} has no checked rows`);
  return { months: absoluteResult(entity.result, folder).months };
}

/** What the files of imports and segments held when they were written. */
export function storedFiles(
  folder: string,
  entities: { readonly imports?: readonly ImportEntity[]; readonly segments?: readonly SegmentEntity[] },
): readonly FilePrint[] {
  const { imports = [], segments = [] } = entities;
  return [
    ...imports.flatMap(({ result }) => (result ? absoluteResult(result, folder).files : [])),
    ...segments.map(({ file, sha256, bytes }) => ({ file: join(folder, file), sha256, bytes })),
  ];
}

export function segmentFile(entity: SegmentEntity, folder: string): Segment {
  return { dataset: entity.dataset, month: entity.month, file: join(folder, entity.file), rows: entity.rows };
}
