import { checkUpload } from '../check/check-upload.js';
import { facts } from '../facts/count-facts.js';
import { samples } from '../facts/gather-samples.js';
import { lookAtFile } from '../look/look-at-file.js';
import { exportRows } from '../report/export-rows.js';
import { report } from '../report/write-report.js';
import { affected } from '../segments/find-affected.js';
import { compare } from '../segments/compare-rows.js';
import { merge } from '../segments/merge-month.js';
import { movedKeys } from '../segments/moved-keys.js';
import { changedFiles } from '../segments/store-file.js';
import type { RowTask, TaskResults } from '../tasks.js';
import { read } from './read-rows.js';
import type { RowConnections } from './row-database.js';
import type { TaskContext } from './task-context.js';

/** Does one task on an open database. Throws FileRefused where an upload is refused whole. */
export async function runTask<T extends RowTask>(
  connections: RowConnections,
  task: T,
  context: TaskContext,
): Promise<TaskResults[T['kind']]>;
export async function runTask(
  connections: RowConnections,
  task: RowTask,
  context: TaskContext,
): Promise<TaskResults[RowTask['kind']]> {
  const { connection, connect } = connections;
  switch (task.kind) {
    case 'check':
      return checkUpload(connections, task, context);
    case 'look':
      return lookAtFile(task);
    case 'affected':
      return affected(connection, task);
    case 'merge':
      return merge(connection, task);
    case 'moved-keys':
      return movedKeys(connection, task);
    case 'compare':
      return compare(connection, task);
    case 'facts':
      return facts(connection, task);
    case 'samples':
      return samples(connect, task);
    case 'verify':
      return changedFiles(task.files);
    case 'read':
      return read(connection, task);
    case 'report':
      return report(connection, task);
    case 'export':
      return exportRows(connection, task);
  }
}
