// `npm test`: cheap checks first, then tests from small to large. Ends with `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePrograms } from './debian.mjs';
import { bin, build, checkNode, install, root } from './setup.mjs';

checkNode();
install();
ensurePrograms();

const node = process.execPath;
const results = [];
const work = mkdtempSync(join(tmpdir(), 'hotline-test-'));

function step(name, command, args) {
  const started = Date.now();
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  results.push({
    name,
    passed: status === 0 ? 1 : 0,
    failed: status === 0 ? 0 : 1,
    seconds: (Date.now() - started) / 1000,
  });
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name}`);
}

function jest(project) {
  const started = Date.now();
  const report = join(work, `${project}.json`);
  const { status } = spawnSync(
    node,
    // Deprecations and experiments of Node itself would drown what a test prints.
    [
      '--experimental-vm-modules',
      '--no-warnings',
      join(root, 'node_modules/jest/bin/jest.js'),
      '--selectProjects',
      project,
      '--json',
      `--outputFile=${report}`,
      '--silent=false',
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const seconds = (Date.now() - started) / 1000;
  if (!existsSync(report)) {
    results.push({ name: project, passed: 0, failed: 1, seconds });
    return;
  }
  const summary = JSON.parse(readFileSync(report, 'utf8'));
  // A file that does not even load holds tests that did not run: it counts as one failure.
  const failed = summary.numFailedTests + summary.numRuntimeErrorTestSuites;
  results.push({ name: project, passed: summary.numPassedTests, failed: failed || (status === 0 ? 0 : 1), seconds });
}

step('format', bin('prettier'), ['--check', '--log-level=warn', '.']);
step('lint', bin('eslint'), ['.', '--max-warnings=0']);
step('types', bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']);
step('layers', bin('depcruise'), ['apps', 'libs', 'migrations', 'widgets/src', 'test', '--output-type', 'err']);
step('versions', node, [join(root, 'scripts/check-versions.mjs')]);
build();
step('generated', node, [join(root, 'scripts/check-generated.mjs')]);
for (const project of ['unit', 'process', 'database', 'browser', 'e2e']) jest(project);
// Several processes: some end-to-end specs against those of production, and one round of faults (docs/faults.md).
for (const project of ['cluster', 'faults']) jest(project);
rmSync(work, { recursive: true, force: true });

console.log('');
for (const { name, passed, failed, seconds } of results) {
  console.log(
    `${failed ? 'FAIL' : 'ok  '} ${name.padEnd(10)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${seconds.toFixed(0).padStart(5)} s`,
  );
}
const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
console.log(`\n${total('passed')} passed, ${total('failed')} failed`);
process.exit(total('failed') === 0 ? 0 : 1);
