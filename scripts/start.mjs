// `npm start`: installs, builds and runs the service; Ctrl-C or SIGTERM is passed on and waited for.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, checkNode, install, root } from './setup.mjs';

checkNode();
install();
build();

const server = spawn(process.execPath, ['--enable-source-maps', join(root, 'dist', 'apps', 'api', 'src', 'main.js')], {
  cwd: root,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
