import { dirname } from 'node:path';
import { monthsAsked } from '../segments/find-affected.js';
import type { CommittedRows, RowTask } from '../tasks.js';

/** Files that a task reads, as far as they were stored before. */
export function filesRead(task: RowTask): readonly string[] {
  switch (task.kind) {
    case 'affected':
      return segmentFiles(monthsAsked(task));
    case 'moved-keys':
      return segmentFiles([...task.closed, ...task.earlier]);
    case 'merge':
      return task.committed.flatMap(committedFiles);
    case 'check':
      // Call-backs are compared with the orders they belong to; nothing else looks around.
      return task.dataset === undefined || task.dataset === 'callbacks'
        ? segmentFiles(task.segments.filter(({ dataset }) => dataset === 'work_orders'))
        : [];
    case 'report':
      return [task.issuesFile, ...(task.issueRowsFile === null ? [] : [task.issueRowsFile])];
    case 'export':
      return [task.file];
    case 'verify':
    case 'look':
      return [];
    case 'compare':
    case 'facts':
    case 'samples':
    case 'read':
      return taskFiles(task);
  }
}

/** Folders of the files that a task names: all that its statements need to reach. */
export function taskFolders(task: RowTask): readonly string[] {
  return [...new Set(taskFiles(task).map((file) => dirname(file)))];
}

function taskFiles(task: RowTask): readonly string[] {
  switch (task.kind) {
    case 'check':
      // A name inside the folder stands for the folder itself.
      return [task.file, `${task.outDir}/rows`, `${task.outDir}/rows/month`, ...segmentFiles(task.segments)];
    case 'affected':
      return [task.changed, ...task.committed].flatMap(committedFiles);
    case 'moved-keys':
      return [task.out, ...segmentFiles([...task.closed, ...task.earlier])];
    case 'merge':
      return [task.out, ...task.committed.flatMap(committedFiles)];
    case 'compare':
      return segmentFiles([...task.months, ...task.segments]);
    case 'facts':
    case 'samples':
      return segmentFiles(task.segments);
    case 'verify':
      return [];
    case 'read':
    case 'look':
      return [task.file];
    case 'export':
      return [task.file, task.out];
    case 'report':
      return [task.issuesFile, task.out, ...(task.issueRowsFile === null ? [] : [task.issueRowsFile])];
  }
}

function segmentFiles(segments: readonly { readonly file: string }[]): readonly string[] {
  return segments.map((segment) => segment.file);
}

function committedFiles(committed: CommittedRows): readonly string[] {
  return segmentFiles(committed.months);
}
