/** Kinds of the jobs on imports. */
export const importJobs = {
  check: 'check-import',
  commit: 'commit-import',
  revert: 'revert-import',
} as const;
