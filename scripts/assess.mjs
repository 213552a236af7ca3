// `npm run assess`: scores a folder of files without a server.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build, checkNode, install, root } from './setup.mjs';

checkNode();
install();
build();

const result = spawnSync(
  process.execPath,
  [join(root, 'dist', 'apps', 'assess', 'src', 'main.js'), ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
process.exit(result.status ?? 1);
