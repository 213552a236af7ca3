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
