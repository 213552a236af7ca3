import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';

/**
 * SHA-256 (hex) of the canonical JSON of a method: the contents of its files by file name, as read. The worked examples
 * are no part of it, nor is the digest that the manifest itself states.
 */
export function digestOf(contents: ReadonlyMap<string, unknown>): string {
  const counted = [...contents].filter(([file]) => file !== 'cases.yaml');
  const content = Object.fromEntries(
    counted.map(([file, value]) => [file, file === 'manifest.yaml' ? withoutDigest(value) : value]),
  );
  return createHash('sha256')
    .update(canonicalize(content) ?? '')
    .digest('hex');
}

function withoutDigest(manifest: unknown): unknown {
  if (typeof manifest !== 'object' || manifest === null) return manifest;
  return Object.fromEntries(Object.entries(manifest).filter(([key]) => key !== 'digest'));
}
