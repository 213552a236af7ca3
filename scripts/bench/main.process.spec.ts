import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const program = join(import.meta.dirname, '../../dist/scripts/bench/main.js');

describe('the benchmark', () => {
  it('prints its figures as JSON and nothing else', async () => {
    const options = ['--json', '--quick', '--rows', '30000', '--only', 'assess'];
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...options]);
    expect(JSON.parse(stdout)).toEqual([
      {
        name: expect.stringMatching(/^assess a year of 30,000 calls/),
        value: expect.any(Number),
        unit: 'ms',
        baseline: null,
        ratio: null,
        reach: expect.anything(),
        ok: expect.any(Boolean),
      },
    ]);
  }, 300_000);
});
