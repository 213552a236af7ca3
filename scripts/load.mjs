// `npm run load [-- --minutes 30]`: fifty tenants read and import for a while; fails when memory, connections, files or
// temporary folders are not at the end what they were at the start.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensurePrograms } from './debian.mjs';
import { build, checkNode, install, root } from './setup.mjs';

checkNode();
install();
ensurePrograms();
build();
const load = spawn(process.execPath, [join(root, 'dist', 'scripts', 'load', 'main.js'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
// A Ctrl-C in the terminal reaches it by itself; it tidies up, this one waits.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => load.kill('SIGTERM'));
load.on('exit', (code) => process.exit(code ?? 1));
