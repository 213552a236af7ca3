// `npm run cluster`: installs, builds and runs the processes of docker-compose.yml on this machine; Ctrl-C ends them all.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensurePrograms } from './debian.mjs';
import { build, checkNode, install, root } from './setup.mjs';

checkNode();
install();
ensurePrograms(['redis-server']);
build();

const cluster = spawn(
  process.execPath,
  ['--enable-source-maps', join(root, 'dist', 'scripts', 'cluster', 'main.js'), ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
// A Ctrl-C in the terminal reaches the cluster by itself; it ends its processes, this one waits.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => cluster.kill('SIGTERM'));
cluster.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
