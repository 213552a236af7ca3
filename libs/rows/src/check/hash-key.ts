import { createHash } from 'node:crypto';

const blockBytes = 64;

/** The key of the hashes of a tenant. @throws Error when it is too short, or no hex */
export function keyBytes(hexKey: string): Buffer {
  if (!/^(?:[0-9a-f]{2}){32,}$/iu.test(hexKey)) throw new Error('the hash key must be at least 32 bytes of hex');
  return Buffer.from(hexKey, 'hex');
}

/** The key of an HMAC-SHA-256, filled up to a block of 64 bytes with zeros. */
export function keyBlock(hexKey: string): Buffer {
  const given = keyBytes(hexKey);
  const key = given.length > blockBytes ? createHash('sha256').update(given).digest() : given;
  return Buffer.concat([key], blockBytes);
}
