import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const program = join(import.meta.dirname, '../../dist/scripts/bench/main.js');

async function figures(...options: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, '--json', '--quick', ...options]);
  return JSON.parse(stdout);
}

describe('the benchmark', () => {
  it('ends everything and leaves nothing when it is stopped, also by a signal to the group that comes twice', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hotline-bench-stop-'));
    // As root the database runs as somebody else, who has to get in.
    chmodSync(folder, 0o755);
    try {
      const options = ['--quick', '--rows', '30000', '--only', 'assess'];
      const bench = spawn(process.execPath, [program, ...options], { env: { ...process.env, TMPDIR: folder } });
      const exited = once(bench, 'exit');
      let last = '';
      let isWriting = false;
      createInterface({ input: bench.stderr }).on('line', (line) => {
        last = line;
        if (line.includes('tidying up') || (line.includes('wrote') && !isWriting)) bench.kill('SIGTERM');
        isWriting ||= line.includes('wrote');
      });
      await exited;
      expect([bench.exitCode, last]).toEqual([130, 'interrupted; everything started was ended and removed']);
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('prints its figures as JSON and nothing else', async () => {
    expect(await figures('--rows', '30000', '--only', 'assess')).toEqual([
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

  it('measures imports in every form, with memory and health beside', async () => {
    const told = (await figures('--rows', '2000', '--only', 'import')) as { name: string; value: number }[];
    expect(told.map(({ name }) => name)).toEqual([
      'import 2,000 calls, CSV, against COPY',
      'the same rows again, nothing changes, against COPY',
      'the same as GB18030, against COPY',
      'the same as XLSX, against the CSV import',
      'event loop delay of the api process, p99',
      'slowest health answer during the CSV import',
      'one stored row by its key',
      'memory of the CSV import over idle',
    ]);
    for (const { value } of told) expect(Number.isFinite(value)).toBe(true);
  }, 300_000);

  it('measures how soon jobs start and how free the event loops stay', async () => {
    const told = (await figures('--rows', '2000', '--only', 'jobs')) as { name: string; value: number }[];
    expect(told.map(({ name }) => name)).toEqual([
      'start of an idle job in the process, median',
      'the same, 99th percentile',
      'start of an idle job by way of Redis, median',
      'the same, 99th percentile',
      '1,000 small jobs through two workers: lost or doubled',
      'one of them, against its transaction alone',
      'event loop delay of the api during an import of 2,000 calls, p99',
      'event loop delay of the worker meanwhile, p99',
    ]);
    expect(told[4]?.value).toBe(0);
    for (const { value } of told) expect(Number.isFinite(value)).toBe(true);
  }, 300_000);
});
