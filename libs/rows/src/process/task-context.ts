import type { LineReaders } from '../check/plain/line-threads.js';

/** What a task may use beside its database. */
export interface TaskContext {
  /** Empty folder that the task may fill; its owner removes it. */
  readonly scratchDir: string;
  /** What reads the lines of a large file; default: the thread of the task. */
  readonly lineThreads?: LineReaders;
}
