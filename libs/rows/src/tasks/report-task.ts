import type { MatchedColumn } from './check-task.js';
import type { DatasetId } from './file-mapping.js';

/** Every problem of a checked file, as a file for people. */
export interface ReportTask {
  readonly kind: 'report';
  readonly dataset: DatasetId;
  /** As the check gave them. */
  readonly issuesFile: string;
  readonly issueRowsFile: string | null;
  readonly columns: readonly MatchedColumn[];
  readonly sheets: readonly string[];
  /** `csv`: one line for each problem. `xlsx`: one row for each row with problems; it can be corrected and uploaded. */
  readonly format: 'csv' | 'xlsx';
  readonly language: 'zh-CN' | 'en';
  /** Sheet and header row (1 = first) where the saved mapping looks for the data, so that a corrected report is read alike. */
  readonly sheet: string | null;
  readonly headerRow: number;
  /** Path of the file to write. */
  readonly out: string;
}

export interface ReportResult {
  readonly bytes: number;
}
