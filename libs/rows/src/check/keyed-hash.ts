import { createHmac } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { keyBlock, keyBytes } from './hash-key.js';
import { clearNumberKey, numberTokenSql, registerNumberTokens, setNumberKey } from './number-tokens.js';

/**
 * Gives the connection the two key blocks of HMAC-SHA-256 (RFC 2104) as variables, by bound parameters: the key is in no
 * statement text, so in no log or error message. Numbers are hashed outside SQL, with the same key.
 */
export async function setHashKey(connection: DuckDBConnection, hexKey: string): Promise<void> {
  const block = keyBlock(hexKey);
  const pad = (byte: number) => Buffer.from(block.map((each) => each ^ byte)).toString('hex');
  await connection.run('SET VARIABLE hash_inner = unhex($1)', [pad(0x36)]);
  await connection.run('SET VARIABLE hash_outer = unhex($1)', [pad(0x5c)]);
  setNumberKey(block);
  registerNumberTokens(connection);
}

export async function clearHashKey(connection: DuckDBConnection): Promise<void> {
  await connection.run('RESET VARIABLE hash_inner');
  await connection.run('RESET VARIABLE hash_outer');
  clearNumberKey();
}

/** Hex digits of a token: 128 bits of the HMAC, of which nobody will ever see the same twice by chance. */
const tokenDigits = 32;

/**
 * SQL: the token of a text, NULL of NULL: the first half of its HMAC-SHA-256. It is stored as a UUID, in 16 bytes:
 * written, read and compared in a fraction of the time that a text of 64 digits takes.
 */
export function tokenSql(text: string): string {
  const hash = `sha256(getvariable('hash_outer') || unhex(sha256(getvariable('hash_inner') || encode(${text}))))`;
  return storedTokenSql(`${hash}[1:${tokenDigits}]`);
}

/** SQL: `tokenSql` of a text that mostly is a telephone number with `+` before it, of which it is made far sooner. */
export function phoneTokenSql(text: string): string {
  return numberTokenSql(text, tokenSql(text));
}

/** SQL: a token in hex as it is stored. */
export function storedTokenSql(hex: string): string {
  return `CAST(${hex} AS UUID)`;
}

/** The HMAC outside SQL, in hex; the first 32 digits are the token. */
export function keyedHash(hexKey: string): (text: string) => string {
  const key = keyBytes(hexKey);
  return (text) => createHmac('sha256', key).update(text, 'utf8').digest('hex');
}

/** The token outside SQL, in hex. */
export function keyedToken(hexKey: string): (text: string) => string {
  const hash = keyedHash(hexKey);
  return (text) => hash(text).slice(0, tokenDigits);
}
