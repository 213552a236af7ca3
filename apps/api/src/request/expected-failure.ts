import { apiMessage } from './api-messages.js';
import { isExpected } from './error-formatter.js';
import type { Failure } from './failure.model.js';

/** Runs an operation and turns its expected failures into members of its result union; anything else goes on. */
export async function orFailure<T>(work: () => Promise<T>): Promise<T | Failure> {
  try {
    return await work();
  } catch (error) {
    if (isExpected(error)) return { code: error.code, ...apiMessage(error.code, error.params) };
    throw error;
  }
}
