import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { FileStore, type RequestContext } from '@hotline/platform';
import { RowPool, rowPlace, type DatasetId, type MessageLanguage } from '@hotline/rows';
import { Injectable } from '@nestjs/common';
import type { ImportEntity } from './import.entity.js';
import { ImportError } from './import-error.js';
import { absoluteResult } from './import-files.js';
import { ImportsService } from './imports.service.js';

/** One problem of a file. */
export interface ImportIssue {
  /** Sheet of the row, where the file has several; else null. */
  readonly sheet: string | null;
  /** Row of the file or of its sheet, from 1. */
  readonly row: number;
  /** Canonical column; null where the row as a whole is meant. */
  readonly column: string | null;
  readonly header: string | null;
  /** As in the file; masked where personal. */
  readonly value: string | null;
  readonly rule: string;
  readonly level: 'error' | 'warning';
}

export interface IssuePage {
  readonly dataset: DatasetId;
  readonly issues: readonly ImportIssue[];
  /** Of the whole file. */
  readonly total: number;
}

export interface ReportFile {
  readonly import: ImportEntity;
  readonly bytes: number;
  /** Has to be read to its end or destroyed. */
  readonly content: Readable;
}

/** What the check found in a file: every problem, not the first few. */
@Injectable()
export class ImportReports {
  constructor(
    private readonly imports: ImportsService,
    private readonly files: FileStore,
    private readonly rows: RowPool,
  ) {}

  /** Some problems in the order of the file, from `offset` on; null: not checked yet. @throws ImportError import_not_found */
  async page(ctx: RequestContext, id: string, offset: number, limit: number): Promise<IssuePage | null> {
    const { dataset, result } = await this.imports.get(ctx, id);
    if (dataset === null || result === null) return null;
    const { issuesFile, files } = absoluteResult(result, this.files.pathFor(ctx.tenantId));
    const found = await this.rows.run({ kind: 'read', file: issuesFile, offset, limit, where: {} }, { stored: files });
    const stored = found.rows as unknown as readonly Omit<ImportIssue, 'sheet'>[];
    const issues = stored.map((issue) => ({ ...issue, ...rowPlace(issue.row, result.sheets) }));
    return { dataset, issues, total: found.total };
  }

  /** Every problem with the cells of its row, as a file. @throws ImportError import_not_found, import_not_checked */
  async file(
    ctx: RequestContext,
    id: string,
    options: { readonly format: 'csv' | 'xlsx'; readonly language: MessageLanguage },
  ): Promise<ReportFile> {
    const entity = await this.imports.get(ctx, id);
    const { result, mapping } = entity;
    if (result === null) throw new ImportError('import_not_checked', { id, state: entity.state });
    const scratch = await this.files.scratchDir();
    try {
      const out = join(scratch, 'report');
      const { dataset, columns, sheets, issuesFile, issueRowsFile, files } = absoluteResult(
        result,
        this.files.pathFor(ctx.tenantId),
      );
      const { bytes } = await this.rows.run(
        {
          kind: 'report',
          ...{ dataset, columns, sheets, issuesFile, issueRowsFile },
          ...options,
          sheet: mapping?.sheet ?? null,
          headerRow: mapping?.headerRow ?? 1,
          out,
        },
        { stored: files },
      );
      const content = (await open(out)).createReadStream();
      content.once('close', () => void rm(scratch, { recursive: true, force: true }));
      return { import: entity, bytes, content };
    } catch (error) {
      await rm(scratch, { recursive: true, force: true });
      throw error;
    }
  }
}
