// `npm run bench`: builds what is measured, then prints a table of figures, or with `-- --json` an array of them.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, checkNode, install, root } from './setup.mjs';

checkNode();
// With --json standard output is the result and nothing else.
const log = console.log;
console.log = console.error;
install();
build();
console.log = log;

// Garbage is collected before memory is compared, so that "over idle" means what the work took.
const bench = spawn(
  process.execPath,
  ['--expose-gc', join(root, 'dist', 'scripts', 'bench', 'main.js'), ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
// A Ctrl-C in the terminal reaches the measuring process by itself; it tidies up, this one waits.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => bench.kill('SIGTERM'));
bench.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
