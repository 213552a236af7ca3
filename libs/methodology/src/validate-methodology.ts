import type { DatasetColumns } from './check-measures.js';
import { checkMeasures } from './check-measures.js';
import { checkNumbers } from './check-numbers.js';
import { checkReferences } from './check-references.js';
import { checkTree } from './check-tree.js';
import { digestOf } from './digest.js';
import type { MethodFiles } from './method-files.js';
import { shapeMethodFiles } from './method-files.js';
import type { Methodology } from './methodology.js';
import type { MethodologyProblem } from './methodology-error.js';
import type { RawFiles } from './read-method-files.js';

export interface CheckedMethodology {
  /** null when there are problems. */
  readonly methodology: Methodology | null;
  readonly problems: readonly MethodologyProblem[];
}

/**
 * Checks the files of a method against every rule it must keep, and puts them together. With `columns` the names of
 * datasets and columns are checked too. `id` is the name of the folder.
 */
export function validateMethodology(
  { contents, problems }: RawFiles,
  id: string,
  columns?: DatasetColumns,
): CheckedMethodology {
  const found = [...problems];
  const files = shapeMethodFiles(contents, found);
  if (files === null || found.length > 0) return { methodology: null, problems: found };
  found.push(
    ...checkTree(files),
    ...checkNumbers(files),
    ...checkReferences(files, contents),
    ...checkMeasures(files, columns),
    ...checkManifest(files, id, contents),
  );
  return { methodology: found.length > 0 ? null : assemble(files), problems: found };
}

function checkManifest(
  { 'manifest.yaml': manifest }: MethodFiles,
  id: string,
  contents: ReadonlyMap<string, unknown>,
): readonly MethodologyProblem[] {
  const problems: MethodologyProblem[] = [];
  const file = 'manifest.yaml';
  if (manifest.id !== id) problems.push({ file, path: 'id', message: `${manifest.id} stands in the folder ${id}` });
  const digest = digestOf(contents);
  if (manifest.status === 'published' && manifest.digest !== digest) {
    const message = `a published version cannot change unnoticed: the content has the digest ${digest}`;
    problems.push({ file, path: 'digest', message });
  }
  return problems;
}

function assemble(files: MethodFiles): Methodology {
  return {
    ...files['manifest.yaml'],
    ...files['sources.yaml'],
    ...files['conventions.yaml'],
    ...files['derived.yaml'],
    ...files['aggregation.yaml'],
    indicators: files.indicators.flatMap(({ element, indicators }) =>
      indicators.map((indicator) => ({ ...indicator, parent: element })),
    ),
    ...files['companions.yaml'],
    recommendations: files['recommendations.yaml'],
    peers: files['peers.yaml'],
    protocol: files['protocol.yaml'],
    workingCalendar: files['working-calendar.yaml'],
  };
}
