import { AsyncLocalStorage } from 'node:async_hooks';

/** What every line of the log of a request or a job carries: ids, never content. */
export interface LogFields {
  readonly requestId?: string;
  readonly tenantId?: string;
  readonly accountId?: string;
  readonly jobId?: string;
}

const current = new AsyncLocalStorage<LogFields>();

/** Lines logged by `work`, and by whatever it starts, carry the fields. */
export function withLogFields<T>(fields: LogFields, work: () => T): T {
  return current.run({ ...fields }, work);
}

/** Adds what was learnt about the request or job since it began. */
export function addLogFields(fields: LogFields): void {
  const store = current.getStore();
  if (store) Object.assign(store, fields);
}

export function logFields(): LogFields {
  return current.getStore() ?? {};
}
