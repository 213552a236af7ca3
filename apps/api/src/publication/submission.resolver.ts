import { SubmissionsService, type SubmissionReview } from '@hotline/assessments';
import type { RequestContext } from '@hotline/platform';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { decodeCursor, PageArgs, pageOf, type Connection } from '../request/connection.js';
import { Context, Needs } from '../request/context.decorators.js';
import { orFailure } from '../request/expected-failure.js';
import type { Failure } from '../request/failure.model.js';
import { SubmissionConnection, SubmissionModel, SubmissionResult, SubmissionReviewModel } from './submission.model.js';
import { toSubmissionModel } from './to-submission.model.js';

/** What a city hands in, has approved and takes back. A province reads the same of its cities. */
@Resolver(() => SubmissionModel)
export class SubmissionResolver {
  constructor(private readonly submissions: SubmissionsService) {}

  @Query(() => SubmissionConnection, {
    name: 'submissions',
    description:
      '提交的结果，新的在前；省级主管看到本省各市的 Submissions, newest first; of a province those of its cities',
  })
  @Needs('viewer', 'assessments:read', ['city', 'province'])
  async list(@Context() ctx: RequestContext, @Args() page: PageArgs): Promise<Connection<SubmissionModel>> {
    const found = await this.submissions.list(ctx, { first: page.first, before: decodeCursor(page.after) });
    return pageOf(found, page.first, toSubmissionModel);
  }

  @Query(() => SubmissionModel, { nullable: true, description: '一份提交；不存在则为 null One submission, or null' })
  @Needs('viewer', 'assessments:read', ['city', 'province'])
  async submission(
    @Context() ctx: RequestContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<SubmissionModel | null> {
    const found = await this.submissions.find(ctx, id);
    return found && toSubmissionModel(found);
  }

  @ResolveField(() => [SubmissionReviewModel], { description: '省级主管的意见，先写的在前 What the province wrote' })
  @Needs('viewer', 'assessments:read', ['city', 'province'])
  reviews(@Context() ctx: RequestContext, @Parent() { id }: SubmissionModel): Promise<SubmissionReview[]> {
    return this.submissions.reviews(ctx, id);
  }

  @Mutation(() => SubmissionResult, {
    description:
      '提交评估结果，由另一人审批；省级主管可见 Hands an assessment in for another to approve; the province sees it',
  })
  @Needs('manager', null, ['city'])
  async submitAssessment(
    @Context() ctx: RequestContext,
    @Args('assessmentId', { type: () => ID }) assessmentId: string,
  ): Promise<SubmissionModel | Failure> {
    return orFailure(async () => toSubmissionModel(await this.submissions.submit(ctx, assessmentId)));
  }

  @Mutation(() => SubmissionResult, {
    description: '批准并发布；不能批准自己提交的 Approves and publishes; nobody approves what they submitted',
  })
  @Needs('approver', null, ['city'])
  async approvePublication(
    @Context() ctx: RequestContext,
    @Args('submissionId', { type: () => ID }) submissionId: string,
  ): Promise<SubmissionModel | Failure> {
    return orFailure(async () => toSubmissionModel(await this.submissions.approve(ctx, submissionId)));
  }

  @Mutation(() => SubmissionResult, {
    description: '撤回已发布的结果，立即生效 Takes a published result back, at once',
  })
  @Needs('approver', null, ['city'])
  async withdrawPublication(
    @Context() ctx: RequestContext,
    @Args('submissionId', { type: () => ID }) submissionId: string,
    @Args('reason', { type: () => String, description: '原因 Why' }) reason: string,
  ): Promise<SubmissionModel | Failure> {
    return orFailure(async () => toSubmissionModel(await this.submissions.withdraw(ctx, submissionId, reason)));
  }
}
