import { describe, expect, it, jest } from '@jest/globals';

/** The real thing, and a note of what it was asked to do. */
const argon2 = await import('@node-rs/argon2');
const verified: string[] = [];
jest.unstable_mockModule('@node-rs/argon2', () => ({
  ...argon2,
  verify: (hash: string, password: string) => {
    verified.push(hash);
    return argon2.verify(hash, password);
  },
}));
const { hashPassword, verifyPassword } = await import('./passwords.js');

const costOf = (hash: string | undefined): string | undefined => hash?.split('$').slice(0, 4).join('$');

describe('a password', () => {
  it('is hashed as long for an account that is not there', async () => {
    const known = await hashPassword('Yangtze-bridge-7');
    expect(await verifyPassword(known, 'Yangtze-bridge-7')).toBe(true);
    expect(await verifyPassword(known, 'another')).toBe(false);
    expect(await verifyPassword(null, 'another')).toBe(false);
    // Nor does the password help with which the work is done for nobody.
    expect(await verifyPassword(null, 'an account that is not there')).toBe(false);
    expect(verified).toHaveLength(4);
    expect(new Set(verified.map(costOf))).toEqual(new Set([costOf(known)]));
    expect(costOf(known)).toBe('$argon2id$v=19$m=19456,t=2,p=1');
  });
});
