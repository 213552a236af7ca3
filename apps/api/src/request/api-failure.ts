import { apiMessage } from './api-messages.js';

/** A refusal that applies to any operation: not signed in, not allowed, wrong input. Mapped by `error-formatter.ts`. */
export class ApiFailure extends Error {
  readonly messageEn: string;

  constructor(
    readonly code: string,
    readonly status: number,
    readonly params: Readonly<Record<string, string | number | readonly string[]>> = {},
  ) {
    const { message, messageEn } = apiMessage(code, params);
    super(message);
    this.name = 'ApiFailure';
    this.messageEn = messageEn;
  }
}
