import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Ids of the processes that a process started. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => parentOf(each) === pid);
}

/** Ids of the row processes that a process, or one that it started, has. */
export function rowProcessesOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => (isRowProcess(child) ? [child] : rowProcessesOf(child)));
}

/** Resident memory of a process and of those it started, in MB. */
export function residentMb(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, each) => {
    try {
      return sum + (Number(readFileSync(`/proc/${each}/statm`, 'utf8').split(' ')[1]) * 4096) / (1 << 20);
    } catch {
      return sum;
    }
  }, 0);
}

/** A signal to a process that may have ended already. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Resolves when none of them is there any more. */
export async function gone(pids: readonly number[]): Promise<void> {
  while (pids.some((pid) => stateOf(pid) !== null && stateOf(pid) !== 'Z')) await sleep(20);
}

function isRowProcess(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('row-process');
  } catch {
    return false;
  }
}

function parentOf(pid: number): number | null {
  const parent = fieldsOf(pid)?.[1];
  return parent === undefined ? null : Number(parent);
}

/** As the kernel abbreviates it: R, S, T, Z …; null for a process that is not there. */
function stateOf(pid: number): string | null {
  return fieldsOf(pid)?.[0] ?? null;
}

/** The name of a program may hold anything: the fields begin after the last bracket. */
function fieldsOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
