// Known holes: no package of the lock file, however deep, is older than the version that closed them.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import semver from 'semver';

/**
 * Sentences about packages that are too old, or that must not be there at all (`least` is null).
 * @param lock content of package-lock.json
 * @param floors by name of the package: least version, and why
 */
export function versionFaults(lock, floors) {
  const faults = [];
  for (const [path, { version }] of Object.entries(lock.packages)) {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const floor = path === '' || !Object.hasOwn(floors, name) ? undefined : floors[name];
    if (floor === undefined) continue;
    if (floor.least === null) faults.push(`${path} must not be used (${floor.why})`);
    else if (semver.lt(version, floor.least))
      faults.push(`${path} is ${version}, at least ${floor.least} is needed (${floor.why})`);
  }
  return faults;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
  const root = join(import.meta.dirname, '..');
  const faults = versionFaults(read(join(root, 'package-lock.json')), read(join(root, 'scripts/version-floors.json')));
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
