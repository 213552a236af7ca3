import { describe, expect, it } from '@jest/globals';
import { answerIn } from './api-client.js';

const words = { message: '邮箱或密码不正确。', messageEn: 'The e-mail address or the password is wrong.' };

describe('an answer of the API', () => {
  it('is what the one field holds', () => {
    expect(answerIn({ data: { signOut: true } })).toEqual({ ok: true, value: true });
  });

  it('is a failure in its own words, whether the field, the operation or the request was refused', () => {
    const failure = { code: 'sign_in_failed', ...words };
    const refused = { ok: false, failure };
    expect(answerIn({ data: { signIn: failure } })).toEqual(refused);
    const { code, message, messageEn } = failure;
    expect(answerIn({ data: null, errors: [{ message, extensions: { code, messageEn } }] })).toEqual(refused);
    expect(answerIn({ error: { code, message, messageEn, requestId: 'x' } })).toEqual(refused);
  });

  it('is a failure of the server when it is nothing of the kind', () => {
    for (const body of [null, 'x', {}, { data: null }, { errors: [{ message: 'x' }] }])
      expect(answerIn(body)).toMatchObject({ ok: false, failure: { code: 'server' } });
  });
});
