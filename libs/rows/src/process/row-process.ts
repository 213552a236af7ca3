/** Entry of the child process: one task at a time, each on a database of its own. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { maskTypedText } from '../check/mask-personal.js';
import { FileRefused } from '../refused.js';
import type { RowTask } from '../tasks.js';
import { withRowDatabase } from './row-database.js';
import type { RowProcessOptions, RowReply, RowRequest } from './row-message.js';
import { runTask } from './run-task.js';
import { taskFolders } from './task-folders.js';

const options = JSON.parse(process.argv[2] ?? '{}') as RowProcessOptions;

// The parent decides when a task ends; a Ctrl-C in its terminal reaches this process too.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
// Without its parent nobody waits for an answer.
process.on('disconnect', () => process.exit(0));
process.on('message', (request: RowRequest) => {
  void answer(request).then((reply) => process.send?.(reply));
});

async function answer(task: RowTask): Promise<RowReply> {
  const scratchDir = join(options.scratchDir, 'task');
  try {
    await mkdir(join(scratchDir, 'spill'), { recursive: true });
    const limits = {
      memoryMb: options.memoryMb,
      threads: options.threads,
      tempDir: join(scratchDir, 'spill'),
      folders: [scratchDir, ...taskFolders(task)],
    };
    const result = await withRowDatabase(limits, (connection) => runTask(connection, task, { scratchDir }));
    return { kind: 'done', result };
  } catch (error) {
    if (error instanceof FileRefused) return { kind: 'refused', refusal: error.refusal };
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    // Messages of the database quote the value that they are about.
    return { kind: 'failed', message: maskTypedText(message), detail: maskTypedText(stack ?? '') };
  } finally {
    await rm(scratchDir, { recursive: true, force: true });
  }
}
