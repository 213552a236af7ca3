import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { kill, pid as ownPid } from 'node:process';

const machine = hostname().replaceAll(/[^A-Za-z0-9.]/g, '_');
/** In a container every start may have the same process id. */
const start = randomUUID().slice(0, 8);

/** Beginning of the names of folders that belong to this process and are worth nothing without it. */
export function processPrefix(kind: string): string {
  return `${kind}@${machine}@${ownPid}@${start}@`;
}

/** Whether such a folder belongs to a process of this machine that is no more. */
export function ofLostProcess(name: string): boolean {
  const [, host, pid, itsStart, rest] = name.split('@');
  if (rest === undefined || host !== machine) return false;
  if (Number(pid) === ownPid) return itsStart !== start;
  try {
    kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
