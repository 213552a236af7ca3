import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { apiKeyHash, apiKeyPrefix, isApiKeyText, newApiKeyText } from './api-key-text.js';

describe('the text of an API key', () => {
  it('is recognised, and never the same twice', () => {
    const keys = Array.from({ length: 200 }, newApiKeyText);
    expect(keys.every(isApiKeyText)).toBe(true);
    expect(new Set(keys).size).toBe(200);
  });

  it('is not recognised with any one letter changed', () => {
    const key = newApiKeyText();
    const letter = fc.constantFrom(...'0123456789ABCXYZabcxyz-_ ');
    fc.assert(
      fc.property(fc.nat(key.length - 1), letter, (at, other) => {
        const changed = key.slice(0, at) + other + key.slice(at + 1);
        expect(isApiKeyText(changed)).toBe(changed === key);
      }),
      { seed: 12345, numRuns: 500 },
    );
  });

  it('has a checksum others can compute: the CRC-32 of all before it, in base 62', () => {
    // Python: zlib.crc32(b'hk_live_' + b'0' * 43) = 625288151.
    const body = `hk_live_${'0'.repeat(43)}`;
    expect(isApiKeyText(body + '0gJe0l')).toBe(true);
    expect(isApiKeyText(body + '000000')).toBe(false);
  });

  it('shows of itself what tells keys apart, and is stored as a hash', () => {
    const key = newApiKeyText();
    expect(apiKeyPrefix(key)).toBe(key.slice(0, 14));
    expect(apiKeyHash(key)).toMatch(/^[0-9a-f]{64}$/);
  });
});
