/** Entry of the child process: one task at a time, each on a database of its own. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { maskTypedText } from '../check/mask-personal.js';
import { LineThreads } from '../check/plain/line-threads.js';
import { FileRefused } from '../refused.js';
import type { RowTask } from '../tasks.js';
import { RowDatabase } from './row-database.js';
import { failureCodeOf } from './row-errors.js';
import type { RowProcessOptions, RowReply, RowRequest } from './row-message.js';
import { runTask } from './run-task.js';
import { taskFolders } from './task-folders.js';

/** Where a task works: an empty folder of its own, and a database that spills into it. */
interface Workplace {
  readonly scratchDir: string;
  readonly tempDir: string;
  readonly database: Promise<RowDatabase>;
}

const options = JSON.parse(process.argv[2] ?? '{}') as RowProcessOptions;

// The parent decides when a task ends; a Ctrl-C in its terminal reaches this process too.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
// Without its parent nobody waits for an answer.
process.on('disconnect', () => process.exit(0));

const lineThreads = new LineThreads(options.threads);
let places = 0;
let free = makePlace();
let work: Promise<void> = Promise.resolve();
process.on('message', (request: RowRequest) => {
  // The next task may arrive while the last one is at work.
  work = work.then(() => serve(request));
});

function makePlace(): Workplace {
  places += 1;
  const scratchDir = join(options.scratchDir, `task-${places}`);
  const tempDir = join(scratchDir, 'spill');
  const database = RowDatabase.create({ memoryMb: options.memoryMb, threads: options.threads, tempDir });
  // Told to the task that needs it, not to the one at work.
  database.catch(() => undefined);
  return { scratchDir, tempDir, database };
}

/** The next place is made while this task is at work, and nobody waits for its files to be removed. */
async function serve(task: RowTask): Promise<void> {
  const place = free;
  const database = await place.database;
  free = makePlace();
  process.send?.(await answer(task, database, place));
  database.close();
  void rm(place.scratchDir, { recursive: true, force: true });
}

async function answer(task: RowTask, database: RowDatabase, { scratchDir, tempDir }: Workplace): Promise<RowReply> {
  try {
    await mkdir(tempDir, { recursive: true });
    const connections = await database.confine([scratchDir, ...taskFolders(task)], threadsFor(task));
    const context = { scratchDir, lineThreads };
    return { kind: 'done', result: await runTask(connections, task, context) };
  } catch (error) {
    if (error instanceof FileRefused) return { kind: 'refused', refusal: error.refusal, reading: error.reading };
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    // Messages of the database quote the value that they are about.
    return {
      kind: 'failed',
      message: maskTypedText(message),
      detail: maskTypedText(stack ?? ''),
      code: failureCodeOf(error),
    };
  }
}

/**
 * Samples are many small statements beside two large ones, on connections of their own: with one thread each they are
 * ready in two thirds of the time, and with less work, than when every statement is divided over the same threads.
 */
function threadsFor(task: RowTask): number {
  return task.kind === 'samples' ? 1 : options.threads;
}
