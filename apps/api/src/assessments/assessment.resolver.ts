import { AssessmentError, AssessmentsService } from '@hotline/assessments';
import { defaultMethodology } from '@hotline/methodology';
import type { RequestContext } from '@hotline/platform';
import { TenantsService } from '@hotline/tenancy';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { decodeCursor, PageArgs, pageOf, type Connection } from '../request/connection.js';
import { Context, Needs } from '../request/context.decorators.js';
import { orFailure } from '../request/expected-failure.js';
import type { Failure } from '../request/failure.model.js';
import {
  AssessInput,
  AssessmentConnection,
  AssessmentModel,
  AssessResult,
  DayModel,
  type AssessmentStarted,
} from './assessment.model.js';
import { toAssessmentModel } from './to-assessment.model.js';

/** A client waits so long for an assessment before it is given the job instead. */
const patienceMs = 10_000;

@Resolver(() => AssessmentModel)
export class AssessmentResolver {
  constructor(
    private readonly assessments: AssessmentsService,
    private readonly tenants: TenantsService,
  ) {}

  @Query(() => AssessmentConnection, {
    name: 'assessments',
    description: '评估结果，新的在前 Assessments, newest first',
  })
  @Needs('viewer', 'assessments:read')
  async list(@Context() ctx: RequestContext, @Args() page: PageArgs): Promise<Connection<AssessmentModel>> {
    const found = await this.assessments.list(ctx, { first: page.first, before: decodeCursor(page.after) });
    const demo = await this.isDemo(ctx);
    return pageOf(found, page.first, (entity) => toAssessmentModel(entity, demo));
  }

  @Query(() => AssessmentModel, {
    nullable: true,
    description: '一份评估结果；不存在则为 null One assessment; null when there is none',
  })
  @Needs('viewer', 'assessments:read')
  async assessment(
    @Context() ctx: RequestContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<AssessmentModel | null> {
    try {
      return toAssessmentModel(await this.assessments.get(ctx, id), await this.isDemo(ctx));
    } catch (error) {
      if (error instanceof AssessmentError && error.code === 'assessment_not_found') return null;
      throw error;
    }
  }

  @ResolveField(() => [DayModel], { description: '某方法所依据的各日数据 The days a method stands on' })
  @Needs('viewer', 'assessments:read')
  async days(
    @Context() ctx: RequestContext,
    @Parent() assessment: AssessmentModel,
    @Args('method', { type: () => String, description: '方法编号，如 connect_rate.calls Id of the method' })
    method: string,
  ): Promise<DayModel[]> {
    const days = await this.assessments.days(ctx, assessment.id, method);
    return days.map(([day, n, total]) => ({ day, n, total }));
  }

  @Mutation(() => AssessResult, { description: '按方法评估本市 Assess the own city' })
  @Needs('analyst', 'assessments:write')
  async assess(
    @Context() ctx: RequestContext,
    @Args('input') input: AssessInput,
  ): Promise<AssessmentModel | AssessmentStarted | Failure> {
    return orFailure(async () => {
      const jobId = await this.assessments.request(ctx, {
        start: input.start,
        end: input.end,
        methodology: input.methodology ?? defaultMethodology,
      });
      const done = await this.assessments.waitFor(ctx, jobId, patienceMs);
      return done ? toAssessmentModel(done, await this.isDemo(ctx)) : { jobId };
    });
  }

  private async isDemo(ctx: RequestContext): Promise<boolean> {
    return (await this.tenants.find(ctx))?.isDemo ?? false;
  }
}
