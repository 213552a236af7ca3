/**
 * Entry of a child process: how much memory another process holds with all its descendants, every 100 ms from `begin` to
 * `end`. Looking costs a fifth of a processor and holds up what is looked at, so nothing is timed meanwhile.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { MemoryReply, MemoryRequest } from './memory.js';

const watched = Number(process.argv[2]);
const everyMs = 100;
const pageKb = 4;

let peakMb = 0;

/** Processes by their parent, as /proc tells it. */
function childrenOf(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    // The name of a program may hold anything, brackets and spaces included: the fields begin after the last one.
    const fields = read(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ');
    const parent = Number(fields?.[1]);
    if (fields) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  return children;
}

function heldMb(): number {
  const children = childrenOf();
  const pending = [watched];
  let kb = 0;
  for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
    if (pid === process.pid) continue;
    kb += heldKb(pid);
    pending.push(...(children.get(pid) ?? []));
  }
  return kb / 1024;
}

/** Pages that several processes share, such as the buffers of the database, count once in all. */
function heldKb(pid: number): number {
  const proportional = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
  if (proportional !== undefined) return Number(proportional);
  // It ended meanwhile, or belongs to somebody else: then shared pages count for each.
  return Number(read(`/proc/${pid}/statm`)?.split(' ')[1] ?? 0) * pageKb;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

let watching: NodeJS.Timeout | undefined;
process.on('message', (request: MemoryRequest) => {
  const nowMb = heldMb();
  clearInterval(watching);
  if (request === 'begin') {
    peakMb = nowMb;
    watching = setInterval(() => {
      peakMb = Math.max(peakMb, heldMb());
    }, everyMs);
  }
  const reply: MemoryReply = { nowMb, peakMb: Math.max(peakMb, nowMb) };
  process.send?.(reply);
});
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
