import { RetentionService } from '@hotline/imports';
import type { RequestContext } from '@hotline/platform';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Context, Needs } from '../request/context.decorators.js';
import { orFailure } from '../request/expected-failure.js';
import type { Failure } from '../request/failure.model.js';
import { RetentionRuleModel, RetentionRuleResult, SetRetentionInput } from './retention.model.js';

/** How long rows are kept. */
@Resolver()
export class RetentionResolver {
  constructor(private readonly retention: RetentionService) {}

  @Query(() => [RetentionRuleModel], {
    description: '各数据集的明细保存多久 How long the rows of each dataset are kept',
  })
  @Needs('viewer', null, ['city'])
  retentionRules(@Context() ctx: RequestContext): Promise<RetentionRuleModel[]> {
    return this.retention.rules(ctx);
  }

  @Mutation(() => RetentionRuleResult, {
    description:
      '设定一个数据集的明细保存多久；一天后生效，到期的明细不可恢复，已有的评估结果不变 Say how long rows of a dataset are kept; in force a day later. What is older is gone for good; assessments stay as they are',
  })
  @Needs('administrator', null, ['city'])
  async setRetention(
    @Context() ctx: RequestContext,
    @Args('input') { dataset, months }: SetRetentionInput,
  ): Promise<RetentionRuleModel | Failure> {
    return orFailure(() => this.retention.set(ctx, dataset, months ?? null));
  }
}
