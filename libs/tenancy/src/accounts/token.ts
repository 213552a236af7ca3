import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, for sessions and for links that work once. Whoever holds it is let in: only its hash is stored. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

export function isToken(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/** A plain hash: nobody can guess 256 bits. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
