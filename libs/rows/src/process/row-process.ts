/** Entry of the child process: one task at a time, each on a database of its own. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { maskTypedText } from '../check/mask-personal.js';
import { FileRefused } from '../refused.js';
import type { RowTask } from '../tasks.js';
import { RowDatabase } from './row-database.js';
import { failureCodeOf } from './row-errors.js';
import type { RowProcessOptions, RowReply, RowRequest } from './row-message.js';
import { runTask } from './run-task.js';
import { taskFolders } from './task-folders.js';

const options = JSON.parse(process.argv[2] ?? '{}') as RowProcessOptions;
const scratchDir = join(options.scratchDir, 'task');
const tempDir = join(scratchDir, 'spill');

// The parent decides when a task ends; a Ctrl-C in its terminal reaches this process too.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
// Without its parent nobody waits for an answer.
process.on('disconnect', () => process.exit(0));

let free: Promise<RowDatabase> = createDatabase();
let work: Promise<void> = Promise.resolve();
process.on('message', (request: RowRequest) => {
  // The next task may arrive while the last one is tidied up.
  work = work.then(() => serve(request));
});

function createDatabase(): Promise<RowDatabase> {
  return RowDatabase.create({ memoryMb: options.memoryMb, threads: options.threads, tempDir });
}

/** The next database is made while this task is at work, and nobody waits for what comes after the answer. */
async function serve(task: RowTask): Promise<void> {
  const database = await free;
  free = createDatabase();
  // Told to the task that needs it, not to the one at work.
  free.catch(() => undefined);
  process.send?.(await answer(task, database));
  database.close();
  await rm(scratchDir, { recursive: true, force: true });
}

async function answer(task: RowTask, database: RowDatabase): Promise<RowReply> {
  try {
    await mkdir(tempDir, { recursive: true });
    const connections = await database.confine([scratchDir, ...taskFolders(task)], threadsFor(task));
    return { kind: 'done', result: await runTask(connections, task, { scratchDir }) };
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
