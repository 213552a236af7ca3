import type { WrittenTable } from './write-tables.js';

/** The last file of an archive: what the others hold. docs/data-rights.md explains it to people. */
export function manifestOf(tenantId: string, files: readonly WrittenTable[]): string {
  return `${JSON.stringify({ format: 'hotline-index-export/1', tenantId, exportedAt: new Date().toISOString(), files }, null, 2)}\n`;
}
