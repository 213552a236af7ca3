import { HttpException } from '@nestjs/common';
import { apiMessage } from './api-messages.js';

/** An expected failure of a plain HTTP route: status, code and a sentence in both languages. */
export class HttpFailure extends HttpException {
  constructor(status: number, code: string, params: Readonly<Record<string, string | number | readonly string[]>> = {}) {
    super({ error: { code, ...apiMessage(code, params) } }, status);
  }
}
