import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the run's database server, which the first test file that needs one starts (`test-cluster.ts`). */
export default async function startDatabase(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hotline-test-'));
  process.env['TEST_CLUSTER_DIR'] = folder;
  // An interrupted run never gets to its teardown.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      execFileSync('/bin/sh', ['-c', 'kill -QUIT $(head -1 "$1/postgres/postmaster.pid"); rm -rf "$1"', 'sh', folder]);
      process.exit(1);
    });
  }
  await Promise.resolve();
}
