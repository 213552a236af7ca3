/** Tenant data was asked for without naming a tenant: a mistake of the program, never an empty answer. */
export class TenantContextMissing extends Error {
  readonly code = 'tenant_context_missing';

  constructor(tenantId: unknown) {
    super(`no tenant to run for: ${typeof tenantId === 'string' ? JSON.stringify(tenantId) : typeof tenantId}`);
    this.name = 'TenantContextMissing';
  }
}

/** A statement of the transaction failed and its error was not passed on; PostgreSQL keeps nothing of the rest. */
export class TransactionAborted extends Error {
  readonly code = 'transaction_aborted';

  constructor(cause: unknown) {
    super('a statement of this transaction failed, so none of it was kept', { cause });
    this.name = 'TransactionAborted';
  }
}

/** The connection went while COMMIT was out: all of the transaction was kept, or nothing. */
export class CommitUnanswered extends Error {
  readonly code = 'commit_unanswered';

  constructor(cause: unknown) {
    super('the answer to COMMIT never came, so nobody knows whether the transaction was kept', { cause });
    this.name = 'CommitUnanswered';
  }
}

/** The database is gone, starting, ending, or has no connection or lock to spare: the same may work in a moment. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof TransactionAborted || error instanceof CommitUnanswered)
    return isDatabaseUnavailable(error.cause);
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== undefined && unavailable.test(code)) return true;
  // The driver has no code for a connection that ended under its feet, and none for a pool that is used up.
  return withoutCode.test(message);
}

/**
 * Classes 08 (connection), 53 (resources) and 57 (operator, crash, cancelled by a time limit) of PostgreSQL, a lock that
 * was not given in time, and what the system says of a server that is not there.
 */
const unavailable = /^(08...|53...|57P0.|57014|55P03|25P0[34]|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;
const withoutCode =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)|is not currently accepting connections$/;
