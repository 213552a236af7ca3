import { AsyncLocalStorage } from 'node:async_hooks';

/** Who does what, from where: known to every line of the log and to the audit of what is changed. Ids, never content. */
export interface Trail {
  readonly requestId?: string;
  readonly tenantId?: string;
  readonly accountId?: string;
  readonly memberId?: string;
  readonly apiKeyId?: string;
  readonly jobId?: string;
  /** Field of the schema, route or kind of job, such as `revertImport`. */
  readonly operation?: string;
  /** Network address; for the audit only. */
  readonly address?: string;
}

const current = new AsyncLocalStorage<Trail>();

/** What `work` logs and changes, and whatever it starts, is told of by the trail. */
export function withTrail<T>(trail: Trail, work: () => T): T {
  return current.run({ ...trail }, work);
}

/** Adds what was learnt about the request or job since it began. */
export function addToTrail(trail: Trail): void {
  const store = current.getStore();
  if (store) Object.assign(store, trail);
}

export function trail(): Trail {
  return current.getStore() ?? {};
}

/** Log lines carry no personal data: a network address is. */
export function logFields(): Omit<Trail, 'address'> {
  const { address: _, ...fields } = trail();
  return fields;
}
