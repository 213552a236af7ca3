/** Kinds of the jobs on rights over data. */
export const rightsJobs = { export: 'export-tenant', delete: 'delete-tenant' } as const;
