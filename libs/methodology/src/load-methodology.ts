import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DatasetColumns } from './check-measures.js';
import { digestOf } from './digest.js';
import type { Methodology } from './methodology.js';
import { MethodologyError } from './methodology-error.js';
import { readMethodFiles } from './read-method-files.js';
import { validateMethodology } from './validate-methodology.js';

/** The method that is used where none is named. */
export const defaultMethodology = 'national-2023';

const dataFolder = fileURLToPath(new URL('../data/', import.meta.url));
const loaded = new Map<string, Methodology>();

/**
 * The method of this id: checked, frozen and read once per process.
 * @throws MethodologyError methodology_unknown, methodology_invalid (with every problem)
 */
export function loadMethodology(id: string = defaultMethodology): Methodology {
  const known = loaded.get(id);
  if (known) return known;
  if (!methodologyIds().includes(id)) {
    throw new MethodologyError('methodology_unknown', `no method ${id}; there is ${methodologyIds().join(', ')}`);
  }
  const methodology = readMethodology(join(dataFolder, id), id);
  loaded.set(id, methodology);
  return methodology;
}

/** The method in a folder, checked and frozen, without the cache. With `columns`, names of columns are checked too. */
export function readMethodology(folder: string, id: string, columns?: DatasetColumns): Methodology {
  const raw = readMethodFiles(folder);
  const { methodology, problems } = validateMethodology(raw, id, columns);
  if (methodology === null) {
    const changed = problems.every(({ file, path }) => file === 'manifest.yaml' && path === 'digest');
    const code = changed ? 'methodology_changed' : 'methodology_invalid';
    throw new MethodologyError(code, `the method ${id} cannot be used:`, problems);
  }
  return deepFreeze(methodology.status === 'draft' ? { ...methodology, digest: digestOf(raw.contents) } : methodology);
}

/** Every method there is, by id. */
export function methodologies(): readonly Pick<Methodology, 'id' | 'version' | 'digest'>[] {
  return methodologyIds().map((id) => {
    const { version, digest } = loadMethodology(id);
    return { id, version, digest };
  });
}

/** Folder with the data files of a method. */
export function methodologyFolder(id: string): string {
  return join(dataFolder, id);
}

function methodologyIds(): readonly string[] {
  return readdirSync(dataFolder)
    .filter((name) => existsSync(join(dataFolder, name, 'manifest.yaml')))
    .sort();
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
