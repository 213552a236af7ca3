/** Uploads and their reports as tests make them: real files, decoded, checked and reported on by the real parts. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckFolder, hashKey, uploadedAt, type Row } from '../check/sample-check.js';
import { runTask } from '../process/run-task.js';
import type { CheckResult, CheckTask, ReportTask } from '../tasks.js';
import { readSampleWorkbook, type SampleSheet } from '../workbook/sample-workbook.js';

export interface Upload {
  readonly result: CheckResult;
  /** Stored rows of all months. */
  readonly rows: readonly Row[];
  readonly issues: readonly Row[];
  readonly outDir: string;
}

export class ReportFolder extends CheckFolder {
  private uploads = 0;

  async upload(fileName: string, bytes: Buffer | string, options: Partial<CheckTask> = {}): Promise<Upload> {
    this.uploads += 1;
    const [scratchDir, outDir] = ['scratch', 'checked'].map((name) => join(this.path, `${name}-${this.uploads}`)) as [
      string,
      string,
    ];
    mkdirSync(scratchDir);
    mkdirSync(outDir);
    const file = join(this.path, `upload-${this.uploads}`);
    writeFileSync(file, bytes);
    const task: CheckTask = { kind: 'check', file, fileName, hashKey, uploadedAt, outDir, segments: [], ...options };
    const result = await runTask(await this.connections(), task, { scratchDir });
    let rows: readonly Row[] = [];
    for (const month of result.months) rows = rows.concat(await this.read(month.file));
    return { result, rows, issues: await this.read(result.issuesFile), outDir };
  }

  async reportBytes(
    { result, outDir }: Pick<Upload, 'result' | 'outDir'>,
    options: Partial<ReportTask> = {},
  ): Promise<Buffer> {
    const { dataset, issuesFile, issueRowsFile, columns, sheets } = result;
    const out = join(outDir, 'report');
    const task: ReportTask = {
      kind: 'report',
      ...{ dataset, issuesFile, issueRowsFile, columns, sheets, out },
      format: 'csv',
      language: 'zh-CN',
      sheet: null,
      headerRow: 1,
      ...options,
    };
    const { bytes } = await runTask(await this.connections(), task, { scratchDir: outDir });
    const written = readFileSync(out);
    if (bytes !== written.length) throw new Error(`${bytes} bytes were told, ${written.length} written`);
    return written;
  }

  /** Lines of the CSV report, without line ends. */
  async csv(upload: Upload, options: Partial<ReportTask> = {}): Promise<readonly string[]> {
    const text = (await this.reportBytes(upload, { ...options, format: 'csv' })).toString('utf8');
    if (!text.startsWith('\ufeff') || !text.endsWith('\r\n')) throw new Error('no byte-order mark or last line end');
    return text.slice(1, -2).split('\r\n');
  }

  async xlsx(upload: Upload, options: Partial<ReportTask> = {}): Promise<readonly SampleSheet[]> {
    return readSampleWorkbook(await this.reportBytes(upload, { ...options, format: 'xlsx' }));
  }
}

/** Texts of a sheet, empty cells as ''. */
export function textsOf(sheet: SampleSheet | undefined): readonly (readonly string[])[] {
  return (sheet?.cells ?? []).map((row) => Array.from(row, (cell) => cell?.text ?? ''));
}
