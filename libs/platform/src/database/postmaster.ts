import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { kill } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Id of the server that runs on a data directory; null when none does. */
export function runningPostmaster(dataDirectory: string): number | null {
  const pid = Number(readLines(join(dataDirectory, 'postmaster.pid'))[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return commandLine(pid).includes(dataDirectory) ? pid : null;
}

/** A pid file whose server is gone would keep a new one from starting once its number was given to another process. */
export function removeStalePidFile(dataDirectory: string): void {
  if (runningPostmaster(dataDirectory) === null) rmSync(join(dataDirectory, 'postmaster.pid'), { force: true });
}

/** Ends a server: its clients are cut off, what was committed is on disk. Killed when it does not end in time. */
export async function stopPostmaster(pid: number, patienceMs = 20_000): Promise<void> {
  const deadline = Date.now() + patienceMs;
  signal(pid, 'SIGINT');
  while (isAlive(pid)) {
    if (Date.now() > deadline) signal(pid, 'SIGKILL');
    await sleep(25);
  }
}

export function isAlive(pid: number): boolean {
  try {
    kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Without an error when it has ended already. */
export function signal(pid: number, name: 'SIGINT' | 'SIGKILL'): void {
  try {
    kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Ended, but nobody has asked for its result yet; in a container without an init nobody ever does. */
function isZombie(pid: number): boolean {
  const status = readLines(`/proc/${pid}/status`).find((line) => line.startsWith('State:'));
  return status?.includes('Z') ?? false;
}

function commandLine(pid: number): string {
  if (!isAlive(pid)) return '';
  const [line] = readLines(`/proc/${pid}/cmdline`);
  if (line !== undefined) return line.replaceAll('\0', ' ');
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

/** No line when there is no such file. */
function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
