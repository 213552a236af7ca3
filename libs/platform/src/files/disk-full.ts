const codes: readonly (string | undefined)[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** Whether the file system says that a file has no room. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code);
}
