// A document from the network is drawn only when it is what the contract says: a portal's proxy may answer with a
// log-in page, and a page may have replaced `fetch`.

export type Check = (value: unknown) => boolean;
export type Fields<T> = { readonly [K in keyof T]-?: Check };

export const text: Check = (value) => typeof value === 'string';
export const truth: Check = (value) => typeof value === 'boolean';
export const number: Check = (value) => Number.isFinite(value);
export const oneOf =
  (...allowed: string[]): Check =>
  (value) =>
    allowed.includes(value as string);
export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || value === null || check(value);
export const list =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const record =
  (check: Check): Check =>
  (value) =>
    isRecord(value) && Object.values(value).every(check);
export const shape =
  <T>(fields: Fields<T>): Check =>
  (value) =>
    isRecord(value) && Object.entries<Check>(fields).every(([name, check]) => check(value[name]));
