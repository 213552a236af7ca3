// `npm run protections [-- --only T4] [-- --list]`: takes each protection of test/protections/ away, one at a time, in a copy
// of the project, and shows that the tests named for it in test/security.md fail without it, and pass with it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePrograms } from './debian.mjs';
import { checkNode, install, root } from './setup.mjs';

let options;
try {
  options = parseArgs({ options: { only: { type: 'string', multiple: true }, list: { type: 'boolean' } } }).values;
} catch {
  console.error('npm run protections [-- --only T4] [-- --list]');
  process.exit(1);
}
const folder = join(root, 'test/protections');
const protections = readdirSync(folder)
  .sort()
  .flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
  .filter(({ row }) => options.only?.includes(row) ?? true);
if (protections.length === 0) {
  console.error(`没有这一行 No such row: ${options.only?.join(', ')}`);
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
let running = null;
let ended = false;
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    ended = true;
    running?.kill(signal);
  });
}

/** Runs a program in the copy; resolves to its status and to all it said. */
async function inCopy(...command) {
  if (ended) process.exit(1);
  const child = spawn(process.execPath, command, { cwd: copy, stdio: ['ignore', 'pipe', 'pipe'] });
  running = child;
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const [status] = await once(child, 'close');
  if (ended) process.exit(1);
  return { status, said };
}

for (const name of readdirSync(root)) {
  if (!['node_modules', 'dist', '.data', '.git'].includes(name)) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
}
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
const whole = await inCopy('-e', "import('./scripts/setup.mjs').then((setup) => setup.build())");
if (whole.status !== 0) {
  console.error(whole.said);
  process.exit(1);
}

/** Brings what is built up to date with the sources, the changed files only. Resolves to what is wrong with them, or ''. */
async function rebuild(files) {
  // Not the compiler alone: names of libraries have to become paths.
  const compiled = await inCopy(join(root, 'node_modules/@nestjs/cli/bin/nest.js'), 'build', 'api');
  if (compiled.status !== 0) return compiled.said;
  for (const file of files) {
    if (/^(apps|libs)\/\w+\/data\//.test(file)) cpSync(join(copy, file), join(copy, 'dist', file));
  }
  if (files.some((file) => /^(apps\/console|widgets)\//.test(file))) {
    const bundled = await inCopy('scripts/build-web.mjs');
    if (bundled.status !== 0) return bundled.said;
  }
  utimesSync(join(copy, 'dist/.built'), new Date(), new Date());
  return '';
}

/** Of `%s` or `${name}` in a title nobody knows what it became. */
const pattern = (title) =>
  title
    .split(/%[a-z]|\$\{\w+\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.+');

const neverBegan = /the server ended|ERR_MODULE_NOT_FOUND|Cannot find module|SyntaxError/;

/** What became of each of these tests of one file, run without the others: passed, failed or absent, and what was said. */
async function outcomes({ spec, titles }) {
  const [, project] = /\.(\w+)\.spec\.ts$/.exec(spec) ?? [null, 'unit'];
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const { said } = await inCopy(
    ...['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules/jest/bin/jest.js'), '--runInBand'],
    ...['--selectProjects', project, '--json', `--outputFile=${report}`],
    ...['--testNamePattern', `(${titles.map(pattern).join('|')})( |$)`, '--runTestsByPath', join(copy, spec)],
  );
  const files = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : [];
  return titles.map((title) => {
    const wanted = files
      .flatMap(({ assertionResults }) => assertionResults)
      .filter((result) =>
        [...result.ancestorTitles, result.title].some((name) => new RegExp(`^${pattern(title)}$`).test(name)),
      );
    const failed = wanted.find(({ status }) => status === 'failed');
    if (failed) return { title, became: 'failed', why: plain(failed.failureMessages.join('\n')) };
    if (wanted.some(({ status }) => status === 'passed')) return { title, became: 'passed', why: '' };
    return { title, became: 'absent', why: said };
  });
}

/** Whether a test that was run without a protection shows that it is needed, and why it does not. */
function judge({ became, why }) {
  if (became === 'passed') return { ok: false, why: 'passes without it' };
  if (became === 'absent') return { ok: false, why: `did not run:\n${why}` };
  // Whether it failed for this reason is for the reader to judge, but what never began shows nothing.
  return neverBegan.test(why) ? { ok: false, why: `did not begin: ${why}` } : { ok: true, why };
}

/** The tests named for a protection, by the file they are in. */
function named({ fails }) {
  return [...new Set(fails.map(({ spec }) => spec))].map((spec) => ({
    spec,
    titles: fails.filter((test) => test.spec === spec).map(({ title }) => title),
  }));
}

/** The first lines of a failure, in one, without colours. */
function plain(message) {
  // eslint-disable-next-line no-control-regex
  const text = message.replace(/\u001b\[\d+m/g, '').split(/\n\s+at /)[0];
  return text.replace(/\s+/g, ' ').slice(0, 160);
}

const count = { ok: 0, failed: 0 };
function tell(ok, { row, protection }, text) {
  count[ok ? 'ok' : 'failed'] += 1;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${row} without "${protection}": ${text}`);
}

// A test that fails anyhow, as one does that needs what another made, would show nothing.
const controlled = new Set();
for (const entry of protections) {
  for (const tests of named(entry)) {
    const key = JSON.stringify(tests);
    if (controlled.has(key)) continue;
    controlled.add(key);
    for (const { title, became, why } of await outcomes(tests)) {
      if (became === 'passed') continue;
      count.failed += 1;
      console.log(`FAIL ${entry.row} ${tests.spec} ${title}: ${became} with every protection in place\n     ${why}`);
    }
  }
}

for (const entry of protections) {
  const originals = new Map();
  for (const { file = entry.file, take, put } of entry.edits) {
    const path = join(copy, file);
    const text = readFileSync(path, 'utf8');
    if (!originals.has(file)) originals.set(file, text);
    writeFileSync(
      path,
      text.replace(take, () => put),
    );
  }
  const files = [...originals.keys()];
  const wrong = await rebuild(files);
  if (wrong !== '') tell(false, entry, `does not compile\n${wrong}`);
  else {
    for (const tests of named(entry)) {
      for (const outcome of await outcomes(tests)) {
        const { ok, why } = judge(outcome);
        tell(ok, entry, `${tests.spec} ${outcome.title}\n     ${why}`);
      }
    }
  }
  for (const [file, text] of originals) writeFileSync(join(copy, file), text);
  // Data and pages are not compiled: they have to be put back now.
  if (files.some((file) => !file.endsWith('.ts') || /^(apps\/console|widgets)\//.test(file))) await rebuild(files);
}
console.log(`${count.ok} passed, ${count.failed} failed`);
process.exit(count.failed === 0 ? 0 : 1);
