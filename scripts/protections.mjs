// `npm run protections [-- --only T4] [-- --list]`: takes each protection of test/protections/ away, one at a time, in a copy
// of the project, and shows that the tests named for it in test/security.md fail without it.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePrograms } from './debian.mjs';
import { checkNode, install, root } from './setup.mjs';

let options;
try {
  options = parseArgs({ options: { only: { type: 'string' }, list: { type: 'boolean' } } }).values;
} catch {
  console.error('npm run protections [-- --only T4] [-- --list]');
  process.exit(1);
}
const folder = join(root, 'test/protections');
const protections = readdirSync(folder)
  .sort()
  .flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
  .filter(({ row }) => options.only === undefined || row === options.only);
if (protections.length === 0) {
  console.error(`没有这一行 No such row: ${options.only}`);
  process.exit(1);
}
if (options.list) {
  for (const { row, protection } of protections) console.log(`${row}  ${protection}`);
  process.exit(0);
}
checkNode();
install();
ensurePrograms();

const copy = mkdtempSync(join(tmpdir(), 'hotline-protections-'));
const inCopy = (...command) => spawnSync(process.execPath, command, { cwd: copy, encoding: 'utf8' });
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
for (const name of readdirSync(root)) {
  if (!['node_modules', 'dist', '.data', '.git'].includes(name)) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
}
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

/** Of `%s` in a title nobody knows what it became. */
const pattern = (title) =>
  title
    .split(/%[a-z]/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.+');

/** Why the test does not show the protection; null where it does: it ran, and failed. */
function fault({ spec, title }) {
  const [, project] = /\.(\w+)\.spec\.ts$/.exec(spec) ?? [null, 'unit'];
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  if (['e2e', 'browser', 'cluster', 'faults', 'process'].includes(project)) {
    const built = inCopy('-e', "import('./scripts/setup.mjs').then((setup) => setup.build())");
    if (built.status !== 0) return `does not compile without it:\n${built.stderr}`;
  }
  const ran = inCopy(
    ...['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules/jest/bin/jest.js'), '--runInBand'],
    ...['--selectProjects', project, '--json', `--outputFile=${report}`, '--testNamePattern', `${pattern(title)}$`],
    ...['--runTestsByPath', join(copy, spec)],
  );
  if (!existsSync(report)) return `did not run:\n${ran.stderr}`;
  const results = JSON.parse(readFileSync(report, 'utf8')).testResults.flatMap((file) => file.assertionResults);
  const wanted = results.filter((result) => new RegExp(`^${pattern(title)}$`).test(result.title));
  if (wanted.some(({ status }) => status === 'failed')) return null;
  if (wanted.some(({ status }) => status === 'passed')) return 'passes without it';
  return `did not run:\n${ran.stderr}`;
}

let shown = 0;
for (const { row, protection, file, edits, fails } of protections) {
  const path = join(copy, file);
  const original = readFileSync(path, 'utf8');
  let text = original;
  for (const { take, put } of edits) text = text.replace(take, () => put);
  writeFileSync(path, text);
  for (const test of fails) {
    const why = fault(test);
    if (why === null) shown += 1;
    console.log(`${why === null ? 'ok  ' : 'FAIL'} ${row} without "${protection}": ${test.spec} ${test.title}`);
    if (why !== null) {
      console.log(`     ${why}`);
      process.exitCode = 1;
    }
  }
  writeFileSync(path, original);
}
const asked = protections.reduce((sum, { fails }) => sum + fails.length, 0);
console.log(`${shown} passed, ${asked - shown} failed`);
