/** Why something was not done: the API's own words in both languages. `unreachable` and `server` come without. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly messageEn: string;
}

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** A GraphQL operation with one field, what it is given, and what that field holds when it succeeds. */
export interface Operation<Variables, Value> {
  readonly text: string;
  /** Never there: it only ties the types to the text. */
  readonly types?: (variables: Variables) => Value;
}

const TIMEOUT_MS = 30_000;

/** The answer of the API. Expected failures, refusals of the whole operation and lost connections are all answers. */
export async function ask<Variables, Value>(
  { text }: Operation<Variables, Value>,
  variables: Variables,
): Promise<Answer<Value>> {
  let body: unknown;
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: text, variables }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    });
    body = await response.json().catch(() => null);
  } catch {
    return failed('unreachable');
  }
  return answerIn(body) as Answer<Value>;
}

/** Exported for its test: what a response says. */
export function answerIn(body: unknown): Answer<unknown> {
  if (!isRecord(body)) return failed('server');
  const { data, errors, error } = body;
  const refusal: unknown = Array.isArray(errors) ? errors[0] : error;
  if (isRecord(refusal)) {
    const { extensions = refusal, message } = refusal;
    const { code, messageEn } = isRecord(extensions) ? extensions : {};
    return typeof code === 'string' && typeof message === 'string' && typeof messageEn === 'string'
      ? { ok: false, failure: { code, message, messageEn } }
      : failed('server');
  }
  if (!isRecord(data)) return failed('server');
  const [value] = Object.values(data);
  return isFailure(value) ? { ok: false, failure: value } : { ok: true, value };
}

function failed(code: 'unreachable' | 'server'): Answer<never> {
  return { ok: false, failure: { code, message: '', messageEn: '' } };
}

function isFailure(value: unknown): value is Failure {
  return isRecord(value) && typeof value['code'] === 'string' && typeof value['messageEn'] === 'string';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
