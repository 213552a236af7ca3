import { ImportReports, type ImportIssue } from '@hotline/imports';
import type { RequestContext } from '@hotline/platform';
import { issueMessage, type DatasetId } from '@hotline/rows';
import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { itemsBefore, PageArgs, placedPage, type Connection } from '../request/connection.js';
import { Context } from '../request/context.decorators.js';
import { ImportIssueConnection, ImportIssueModel } from './import-issue.model.js';
import { ImportModel } from './import.model.js';

@Resolver(() => ImportModel)
export class ImportReportResolver {
  constructor(private readonly reports: ImportReports) {}

  @ResolveField(() => ImportIssueConnection, {
    nullable: true,
    description: '全部问题，按行号排列；检查前为 null Every problem in the order of the file; null before the check',
  })
  async report(
    @Context() ctx: RequestContext,
    @Parent() parent: ImportModel,
    @Args() page: PageArgs,
  ): Promise<Connection<ImportIssueModel> | null> {
    const before = itemsBefore(page.after, parent.id);
    const found = await this.reports.page(ctx, parent.id, before ?? 0, before === null ? 0 : page.first);
    if (found === null) return null;
    const nodes = found.issues.map((issue) => toIssueModel(found.dataset, issue));
    return placedPage(nodes, { before: before ?? 0, total: found.total, of: parent.id });
  }
}

function toIssueModel(dataset: DatasetId, issue: ImportIssue): ImportIssueModel {
  const zh = issueMessage(dataset, issue, 'zh-CN');
  const en = issueMessage(dataset, issue, 'en');
  return { ...issue, message: zh.text, messageEn: en.text, remedy: zh.remedy, remedyEn: en.remedy };
}
