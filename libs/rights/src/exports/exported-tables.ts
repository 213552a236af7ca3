/**
 * What of each table of tenants is left out of an export; every other column is in it. Secrets are of no use elsewhere
 * and would let others in. A table that is on neither list fails a test.
 */
export const exportedTables: Readonly<Record<string, { readonly without: readonly string[] }>> = {
  tenant: { without: [] },
  member: { without: [] },
  invitation: { without: ['token_hash'] },
  api_key: { without: ['hash'] },
  embed_key: { without: [] },
  webhook_endpoint: { without: ['secret', 'previous_secret'] },
  webhook_delivery: { without: [] },
  import: { without: ['source_file'] },
  file_layout: { without: [] },
  stated_definition: { without: [] },
  segment: { without: ['file'] },
  daily_fact: { without: [] },
  // Each is a document of its own beside.
  assessment: { without: ['result', 'imports', 'days'] },
  submission: { without: [] },
  submission_review: { without: [] },
  publication: { without: [] },
  province_city: { without: [] },
  job: { without: [] },
  audit_event: { without: [] },
  retention_rule: { without: [] },
  data_export: { without: [] },
  deletion_request: { without: [] },
};

/** Tables of tenants that are in no export, and why. */
export const tablesNotExported: Readonly<Record<string, string>> = {
  session: 'who is signed in now; would let others in',
  row_state: 'a counter',
  month_fact: 'sums of daily_fact, which is exported',
  audit_head: 'the last hash of the audit, which is exported whole',
  kept_answer: 'answers that may be given again to their caller for a day',
  upload: 'an upload that is not complete yet',
  upload_part: 'an upload that is not complete yet',
};
