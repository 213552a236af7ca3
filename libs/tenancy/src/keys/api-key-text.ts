import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { base62, randomBase62 } from './base62.js';

const mark = 'hk_live_';
/** 62^43 is just above 2^256, 62^6 above 2^32. */
const secretLength = 43;
const checksumLength = 6;
const pattern = new RegExp(`^${mark}[0-9A-Za-z]{${secretLength + checksumLength}}$`);

/** A key as its owner keeps it: the mark, 256 random bits and a checksum, so that scanners and people know it for one. */
export function newApiKeyText(): string {
  const body = mark + randomBase62(32, secretLength);
  return body + checksum(body);
}

/** Tells a mistyped key from one worth asking the database for. */
export function isApiKeyText(text: string): boolean {
  if (!pattern.test(text)) return false;
  const body = text.slice(0, -checksumLength);
  return checksum(body) === text.slice(-checksumLength);
}

/** Enough to tell keys apart, far too little to guess the rest. */
export function apiKeyPrefix(text: string): string {
  return text.slice(0, mark.length + 6);
}

/** The key holds 256 random bits: a plain hash gives nothing away, and needs no salt. */
export function apiKeyHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function checksum(body: string): string {
  return base62(BigInt(crc32(body)), checksumLength);
}
