import type { Refusal } from './tasks.js';

/** The file is refused whole: nothing of it is stored. Wording: data/messages*.json under the code. */
export class FileRefused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.code);
    this.name = 'FileRefused';
  }
}
