/**
 * What the row process can be asked to do. Each task is one message to a child process with a memory limit; files are
 * absolute paths on the local disk, results are small enough for a message.
 */
import type { CheckResult, CheckTask } from './tasks/check-task.js';
import type { CompareResult, CompareTask } from './tasks/compare-task.js';
import type { FactsTask, SamplesResult, SamplesTask, SegmentFact } from './tasks/fact-tasks.js';
import type { LookResult, LookTask } from './tasks/look-task.js';
import type { ReportResult, ReportTask } from './tasks/report-task.js';
import type { AffectedTask, MergeResult, MergeTask, MovedKeysResult, MovedKeysTask } from './tasks/segment-tasks.js';
import type { ExportResult, ExportTask, ReadResult, ReadTask, VerifyTask } from './tasks/stored-file.js';

export * from './tasks/file-mapping.js';
export * from './tasks/stored-file.js';
export * from './tasks/check-task.js';
export * from './tasks/look-task.js';
export * from './tasks/segment-tasks.js';
export * from './tasks/compare-task.js';
export * from './tasks/fact-tasks.js';
export * from './tasks/report-task.js';

export interface TaskResults {
  readonly check: CheckResult;
  readonly look: LookResult;
  readonly affected: readonly string[];
  readonly merge: MergeResult;
  readonly 'moved-keys': MovedKeysResult | null;
  readonly compare: CompareResult;
  readonly facts: readonly SegmentFact[];
  readonly samples: SamplesResult;
  readonly verify: readonly string[];
  readonly read: ReadResult;
  readonly report: ReportResult;
  readonly export: ExportResult;
}

export type RowTask =
  | CheckTask
  | LookTask
  | MovedKeysTask
  | AffectedTask
  | MergeTask
  | CompareTask
  | FactsTask
  | SamplesTask
  | VerifyTask
  | ReadTask
  | ReportTask
  | ExportTask;
