/** `memory`: it grew beyond its limit; `crash`: it ended by itself (detail: exit code or signal, last words). */
export type DeathReason = 'timeout' | 'memory' | 'crash';

/** The row process ended before its task did. The task may be tried again; what it wrote so far does not count. */
export class RowProcessDied extends Error {
  readonly code = 'ROW_PROCESS_DIED';

  constructor(
    readonly reason: DeathReason,
    readonly task: string,
    readonly detail: string,
  ) {
    super(`the row process died during ${task}: ${reason}${detail ? ` (${detail})` : ''}`);
    this.name = 'RowProcessDied';
  }
}

/** The task itself failed: a fault of the program or of a stored file, not of an upload (see FileRefused). */
export class RowTaskFailed extends Error {
  constructor(
    readonly task: string,
    message: string,
    /** Stack of the error in the row process. */
    readonly detail: string,
    readonly code: RowFailureCode = 'ROW_TASK_FAILED',
  ) {
    super(`${task}: ${message}`);
    this.name = 'RowTaskFailed';
  }
}

/** `disk_full`: what it had to write found no room. */
export type RowFailureCode = 'ROW_TASK_FAILED' | 'disk_full';

/** Node names the code of the system; the database only repeats its words. */
export function failureCodeOf(error: unknown): RowFailureCode {
  const { code, message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { code: '', message: '' };
  const isFull =
    ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code ?? '') ||
    /No space left on device|Disk quota exceeded|File too large/.test(message);
  return isFull ? 'disk_full' : 'ROW_TASK_FAILED';
}

/** A stored file is missing, or no longer what was written: nothing may be worked out from it. */
export class StoredFileDamaged extends Error {
  readonly code = 'stored_file_damaged';

  constructor(readonly file: string) {
    super(`the stored file ${file} is missing or no longer holds what was written`);
    this.name = 'StoredFileDamaged';
  }
}

/** Nothing was done: too many tasks wait already, or the pool is closed. */
export class RowPoolUnavailable extends Error {
  readonly code = 'ROW_POOL_UNAVAILABLE';

  constructor(readonly reason: 'full' | 'closed') {
    super(reason === 'full' ? 'too many tasks wait for a row process' : 'the row pool is closed');
    this.name = 'RowPoolUnavailable';
  }
}
