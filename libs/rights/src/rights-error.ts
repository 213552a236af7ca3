export type RightsErrorCode =
  | 'export_waiting'
  | 'export_not_found'
  | 'export_not_ready'
  | 'deletion_requested'
  | 'deletion_not_found'
  | 'deletion_needs_another'
  | 'name_differs';

/** What a person asked for cannot be done; worded by whoever shows it. */
export class RightsError extends Error {
  constructor(
    readonly code: RightsErrorCode,
    readonly params: Readonly<Record<string, string | number>> = {},
  ) {
    super(code);
    this.name = 'RightsError';
  }
}
