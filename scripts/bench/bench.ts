import type { MemoryWatch } from './memory.js';
import type { BenchService } from './service.js';

/** What every measurement works with. */
export interface Bench {
  readonly service: BenchService;
  /** Null where the system does not tell how much memory a process holds. */
  readonly memory: MemoryWatch | null;
  /** Existing folder for the files to be imported; whoever made it removes it. */
  readonly folder: string;
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
  /** A line of progress for the person who waits. */
  readonly say: (line: string) => void;
}
