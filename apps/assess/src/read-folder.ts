import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileMapping } from '@hotline/rows';
import { AssessError } from './sentence.js';

const extensions = /\.(csv|txt|xlsx)$/i;
const mappingName = 'mapping.json';

export interface DataFolder {
  /** Names of the files, in order. */
  readonly files: readonly string[];
  /** By file name or dataset. */
  readonly mappings: Readonly<Record<string, FileMapping>>;
}

/** The files of a folder that can be imports, and what mapping.json says about them. Folders inside are not looked into. */
export async function readFolder(folder: string): Promise<DataFolder> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => {
    throw new AssessError('folder_missing', { folder });
  });
  const files = entries
    .filter((entry) => entry.isFile() && extensions.test(entry.name) && !/^[.~]/.test(entry.name))
    .map((entry) => entry.name)
    .sort((a, b) => (a < b ? -1 : 1));
  if (files.length === 0) throw new AssessError('folder_empty', { folder });
  const mapped = entries.some((entry) => entry.isFile() && entry.name === mappingName);
  return { files, mappings: mapped ? await readMappings(join(folder, mappingName)) : {} };
}

async function readMappings(file: string): Promise<Readonly<Record<string, FileMapping>>> {
  const invalid = (reason: string) => new AssessError('mapping_invalid', { file, reason });
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
  if (!isRecord(content)) throw invalid('');
  const mappings: Record<string, FileMapping> = {};
  for (const [name, mapping] of Object.entries(content)) {
    if (!isRecord(mapping)) throw invalid(name);
    const columns = isRecord(mapping['columns']) ? mapping['columns'] : {};
    const read = Object.entries(columns).map(([column, own]) => {
      if (!isRecord(own)) throw invalid(`${name}: ${column}`);
      return [column, { from: [], ...own }] as const;
    });
    mappings[name] = { ...mapping, columns: Object.fromEntries(read) };
  }
  return mappings;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
