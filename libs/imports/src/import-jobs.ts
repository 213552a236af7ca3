/** Kinds of the jobs on imports. */
export const importJobs = {
  check: 'check-import',
  commit: 'commit-import',
  revert: 'revert-import',
  retain: 'apply-retention',
} as const;

/**
 * Within a tenant: first the check somebody waits for to see its preview, then the end of what was begun, then everything
 * that goes through by itself.
 */
export const importPriority = { preview: 10, switch: 5 } as const;
