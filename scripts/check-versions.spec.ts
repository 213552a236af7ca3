import { describe, expect, it } from '@jest/globals';
import { versionFaults } from './check-versions.mjs';

const floors = { ws: { least: '8.22.0', why: 'a hole' }, xlsx: { least: null, why: 'another' } };
const faultsOf = (packages: Readonly<Record<string, { version: string }>>) => versionFaults({ packages }, floors);

describe('a package with a known hole', () => {
  it('is found wherever it is, and named with its version and the reason', () => {
    expect(
      faultsOf({
        '': { version: '1.0.0' },
        'node_modules/ws': { version: '8.22.0' },
        'node_modules/a/node_modules/ws': { version: '8.21.9' },
        'node_modules/b/node_modules/ws': { version: '8.22.0-beta.1' },
        'node_modules/@a/ws': { version: '1.0.0' },
        'node_modules/constructor': { version: '1.0.0' },
      }),
    ).toEqual([
      'node_modules/a/node_modules/ws is 8.21.9, at least 8.22.0 is needed (a hole)',
      'node_modules/b/node_modules/ws is 8.22.0-beta.1, at least 8.22.0 is needed (a hole)',
    ]);
  });

  it('that no version closes must not be there', () => {
    expect(faultsOf({ 'node_modules/xlsx': { version: '0.20.3' } })).toEqual([
      'node_modules/xlsx must not be used (another)',
    ]);
  });
});
