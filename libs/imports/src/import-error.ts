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
  | 'look_cut_off'
  | 'same_file_waits'
  | 'stored_file_damaged'
  | 'commit_failed'
  | 'commit_disk_full'
  | 'commit_cancelled'
  | 'unknown_column'
  | 'definition_unknown'
  | 'definition_choice_unknown'
  | 'layout_not_found'
  | 'too_many_layouts'
  | 'personal_in_mapping'
  | 'retention_invalid'
  | UploadRefusal;

/** Why bytes were not taken. */
export type UploadRefusal =
  | 'uploads_busy'
  | 'file_too_large'
  | 'disk_full'
  | 'quota_full'
  | 'sender_too_slow'
  | 'connection_lost'
  | 'digest_mismatch'
  | 'upload_not_found'
  | 'upload_finished'
  | 'too_many_open'
  | 'part_too_large'
  | 'part_differs'
  | 'more_than_announced'
  | 'parts_missing'
  | 'parts_incomplete';
