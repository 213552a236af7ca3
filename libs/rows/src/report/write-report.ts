import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ReportResult, ReportTask } from '../tasks.js';
import { writeWorkbook } from '../workbook/write-workbook.js';
import { csvReport } from './csv-report.js';
import { issueLines, reportColumns, reportSpan } from './issue-lines.js';
import { xlsxReport } from './xlsx-report.js';

/** Writes the complete report of a check to `task.out`. Streamed: memory does not grow with the number of issues. */
export async function report(connection: DuckDBConnection, task: ReportTask): Promise<ReportResult> {
  const { dataset, sheet, sheets, headerRow } = task;
  const language = task.language === 'en' ? 'en' : 'zh';
  const columns = reportColumns(task.columns);
  const span = await reportSpan(connection, task);
  const lines = issueLines(connection, task, columns, span);
  if (task.format === 'csv') {
    const out = createWriteStream(task.out, { mode: 0o600 });
    await pipeline(Readable.from(csvReport({ dataset, columns, sheets, lines, language })), out);
    return { bytes: out.bytesWritten };
  }
  const workbook = xlsxReport({ dataset, columns, sheets, lines, rows: span.rows, language, sheet, headerRow });
  return { bytes: await writeWorkbook(task.out, workbook) };
}
