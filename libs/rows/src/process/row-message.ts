import type { RefusedReading } from '../refused.js';
import type { Refusal, RowTask } from '../tasks.js';
import type { RowFailureCode } from './row-errors.js';

/** What a row process is started with, as JSON in its first argument. */
export interface RowProcessOptions {
  readonly memoryMb: number;
  readonly threads: number;
  /** Folder of this process alone. */
  readonly scratchDir: string;
}

export type RowRequest = RowTask;

export type RowReply =
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly reading: RefusedReading | null }
  | { readonly kind: 'failed'; readonly message: string; readonly detail: string; readonly code: RowFailureCode };
