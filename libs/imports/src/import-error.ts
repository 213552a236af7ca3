/** An expected failure of an operation on imports; wording in data/messages.json under the code. */
export class ImportError extends Error {
  constructor(
    readonly code: ImportErrorCode,
    readonly params: Readonly<Record<string, string | number | readonly string[]>> = {},
  ) {
    super(code);
    this.name = 'ImportError';
  }
}

export type ImportErrorCode =
  | 'unknown_dataset'
  | 'import_not_found'
  | 'import_not_checked'
  | 'import_not_committed'
  | 'nothing_to_commit'
  | 'rows_refused'
  | 'preview_stale'
  | 'source_gone'
  | 'stored_file_damaged'
  | 'commit_failed'
  | 'invalid_mapping';
