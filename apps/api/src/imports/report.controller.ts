import { ImportReports } from '@hotline/imports';
import type { RequestContext } from '@hotline/platform';
import { Controller, Get, Header, Param, Query, type StreamableFile } from '@nestjs/common';
import { Context, Needs } from '../request/context.decorators.js';
import { download, languageOf, mediaTypes } from '../request/download.js';

const names = { 'zh-CN': '问题报告', en: 'problems' } as const;

/** `GET /imports/<id>/report.csv` and `report.xlsx`, `?lang=en` in English: every problem of the file with its row. */
@Controller('imports/:id')
export class ReportController {
  constructor(private readonly reports: ImportReports) {}

  /** One line for each problem: row, column, value, rule, remedy, then the cells of the row. */
  @Get('report.csv')
  @Needs('viewer', 'imports:read')
  @Header('cache-control', 'private, no-store')
  csv(
    @Context() ctx: RequestContext,
    @Param('id') id: string,
    @Query('lang') lang: string | undefined,
  ): Promise<StreamableFile> {
    return this.report(ctx, id, 'csv', lang);
  }

  /** Every row with a problem, its cells marked: a file that can be corrected and uploaded. */
  @Get('report.xlsx')
  @Needs('viewer', 'imports:read')
  @Header('cache-control', 'private, no-store')
  xlsx(
    @Context() ctx: RequestContext,
    @Param('id') id: string,
    @Query('lang') lang: string | undefined,
  ): Promise<StreamableFile> {
    return this.report(ctx, id, 'xlsx', lang);
  }

  private async report(
    ctx: RequestContext,
    id: string,
    format: 'csv' | 'xlsx',
    lang: string | undefined,
  ): Promise<StreamableFile> {
    const language = languageOf(lang);
    const { import: entity, bytes, content } = await this.reports.file(ctx, id, { format, language });
    const name = `${entity.fileName.replace(/\.[^.]*$/, '')}-${names[language]}.${format}`;
    return download({ stream: content, bytes }, { name, plainName: `report.${format}`, type: mediaTypes[format] });
  }
}
