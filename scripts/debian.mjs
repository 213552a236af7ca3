// Programs of the system that tests and the cluster run for real. Installed where that is allowed, else named and the run fails.
import { spawnSync } from 'node:child_process';

const programs = [
  { command: 'chromium', packages: ['chromium', 'fonts-noto-cjk'] },
  { command: 'redis-server', packages: ['redis-server'] },
  { command: 'pgbouncer', packages: ['pgbouncer'] },
];

// Debian keeps servers where only the path of root leads.
const path = (process.env.PATH ?? '').split(':');
process.env.PATH = [...path, ...['/usr/sbin', '/sbin'].filter((folder) => !path.includes(folder))].join(':');

const present = (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

/** All of them, unless some are named. */
export function ensurePrograms(wanted = programs.map(({ command }) => command)) {
  const missing = programs.filter(({ command }) => wanted.includes(command) && !present(command));
  if (missing.length === 0) return;
  const packages = missing.flatMap((program) => program.packages);
  if (process.getuid?.() === 0 && present('apt-get')) {
    console.log(`正在安装 Installing ${packages.join(' ')} …`);
    const quiet = {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    };
    spawnSync('apt-get', ['update', '-qq'], quiet);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quiet);
  }
  const still = missing.filter(({ command }) => !present(command));
  if (still.length === 0) return;
  console.error(`缺少程序 Programs are missing: ${still.map(({ command }) => command).join(', ')}`);
  console.error(
    `请先安装 Install them first: sudo apt-get install -y ${still.flatMap((program) => program.packages).join(' ')}`,
  );
  process.exit(1);
}
