import { ProvincialReview, SubmissionsService, type SubmissionReview } from '@hotline/assessments';
import type { RequestContext } from '@hotline/platform';
import { findCity } from '@hotline/registry';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Context, Needs } from '../request/context.decorators.js';
import { orFailure } from '../request/expected-failure.js';
import type { Failure } from '../request/failure.model.js';
import { PeriodArgs, ProvinceMatrixModel, SubmissionResult, type SubmissionModel } from './submission.model.js';
import { toSubmissionModel } from './to-submission.model.js';

/** For provincial offices: their cities side by side, and what they write to them. */
@Resolver()
export class ProvinceResolver {
  constructor(
    private readonly review: ProvincialReview,
    private readonly submissions: SubmissionsService,
  ) {}

  @Query(() => ProvinceMatrixModel, {
    description:
      '本省各城市一个时段的提交，未提交的也列出 Every city of the province in one period, also who has not reported',
  })
  @Needs('viewer', 'assessments:read', ['province'])
  async provinceMatrix(
    @Context() ctx: RequestContext,
    @Args() { start, end }: PeriodArgs,
  ): Promise<ProvinceMatrixModel> {
    const { rows, period, periods } = await this.review.matrix(ctx, start && end ? { start, end } : null);
    return {
      period,
      periods: [...periods],
      rows: rows.map(({ city: { cityCode, since }, submission }) => ({
        cityCode,
        cityName: findCity(cityCode)?.name ?? cityCode,
        cityNameEn: findCity(cityCode)?.nameEn ?? cityCode,
        since,
        submission: submission && toSubmissionModel(submission),
      })),
    };
  }

  @Mutation(() => SubmissionResult, { description: '对提交写意见 Writes a comment about a submission' })
  @Needs('analyst', null, ['province'])
  commentOnSubmission(
    @Context() ctx: RequestContext,
    @Args('submissionId', { type: () => ID }) submissionId: string,
    @Args('text', { type: () => String, description: '意见 Text' }) text: string,
  ): Promise<SubmissionModel | Failure> {
    return this.write(ctx, submissionId, 'comment', text);
  }

  @Mutation(() => SubmissionResult, {
    description:
      '退回提交，请城市修正；省级主管不能改数 Returns a submission for correction; a province changes no figure',
  })
  @Needs('manager', null, ['province'])
  returnSubmission(
    @Context() ctx: RequestContext,
    @Args('submissionId', { type: () => ID }) submissionId: string,
    @Args('text', { type: () => String, description: '原因 Why' }) text: string,
  ): Promise<SubmissionModel | Failure> {
    return this.write(ctx, submissionId, 'return', text);
  }

  private write(
    ctx: RequestContext,
    id: string,
    kind: SubmissionReview['kind'],
    text: string,
  ): Promise<SubmissionModel | Failure> {
    return orFailure(async () => {
      await this.review.write(ctx, id, kind, text);
      const submission = await this.submissions.find(ctx, id);
      if (!submission) throw new Error('the city was moved meanwhile');
      return toSubmissionModel(submission);
    });
  }
}
