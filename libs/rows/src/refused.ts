import type { FileReading, Refusal } from './tasks.js';

/** What was known of a file when it was refused. */
export interface RefusedReading extends FileReading {
  /** Filled headers of the file. */
  readonly headers: readonly string[];
}

/** The file is refused whole: nothing of it is stored. Wording: data/messages*.json under the code. */
export class FileRefused extends Error {
  constructor(
    readonly refusal: Refusal,
    /** How far it was read; null: no row of headers was found. */
    readonly reading: RefusedReading | null = null,
  ) {
    super(refusal.code);
    this.name = 'FileRefused';
  }
}
