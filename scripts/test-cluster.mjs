// `npm run test:cluster`: the end-to-end specs, all or those named, against the processes of docker-compose.yml.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensurePrograms } from './debian.mjs';
import { build, checkNode, install, root } from './setup.mjs';

checkNode();
install();
ensurePrograms();
build();

const jest = join(root, 'node_modules/jest/bin/jest.js');
const { status } = spawnSync(
  process.execPath,
  ['--experimental-vm-modules', '--no-warnings', jest, '--selectProjects', 'e2e', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', env: { ...process.env, E2E_TARGET: 'cluster' } },
);
process.exit(status ?? 1);
