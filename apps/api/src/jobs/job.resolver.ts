import { JobQueue, jobStates, type JobView, type RequestContext } from '@hotline/platform';
import { Args, ID, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { ApiFailure } from '../request/api-failure.js';
import { apiMessage } from '../request/api-messages.js';
import { AuthGuard } from '../request/auth.guard.js';
import { Context, Needs, Request, type HotlineRequest, type Need } from '../request/context.decorators.js';
import { decodeCursor, pageOf, type Connection } from '../request/connection.js';
import type { Failure } from '../request/failure.model.js';
import { JobChanges } from './job-changes.js';
import { JobConnection, JobModel, JobPageArgs, JobResult } from './job.model.js';
import { toJobModel } from './to-job.model.js';

const watching = { role: 'viewer', scope: 'imports:read', kinds: null } as const satisfies Need;

/** What a watcher is sent: the job, or why they may see it no more. */
interface JobEvent {
  readonly job: JobModel | null;
  readonly refusal: unknown;
}

@Resolver(() => JobModel)
export class JobResolver {
  constructor(
    private readonly queue: JobQueue,
    private readonly changes: JobChanges,
    private readonly guard: AuthGuard,
  ) {}

  @Query(() => JobConnection, { name: 'jobs', description: '后台任务，新的在前 Jobs, newest first' })
  @Needs(watching.role, watching.scope)
  async list(@Context() ctx: RequestContext, @Args() page: JobPageArgs): Promise<Connection<JobModel>> {
    const found = await this.queue.list(ctx, {
      first: page.first,
      before: decodeCursor(page.after),
      states: page.states ?? jobStates,
    });
    return pageOf(found, page.first, toJobModel);
  }

  @Query(() => JobModel, { nullable: true, description: '一个任务；不存在则为 null One job; null when there is none' })
  @Needs(watching.role, watching.scope)
  async job(@Context() ctx: RequestContext, @Args('id', { type: () => ID }) id: string): Promise<JobModel | null> {
    const job = await this.queue.find(ctx, id);
    return job && toJobModel(job);
  }

  @Mutation(() => JobResult, {
    description:
      '取消任务：等待中的不再开始，运行中的几秒内停止，什么也不留下 Cancel a job: one that waits never starts, one that runs stops within seconds and leaves nothing',
  })
  @Needs('analyst', 'imports:write')
  async cancelJob(
    @Context() ctx: RequestContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<JobModel | Failure> {
    const before = await this.queue.find(ctx, id);
    if (!before) return { code: 'job_not_found', ...apiMessage('job_not_found', { id }) };
    if (hasEnded(before)) return { code: 'job_ended', ...apiMessage('job_ended', { state: before.state }) };
    await this.queue.cancel(ctx, id);
    return toJobModel((await this.queue.find(ctx, id)) ?? before);
  }

  @Subscription(() => JobModel, {
    description: '任务的每次变化，直到结束 Every change of a job, until it ends',
    resolve: ({ job, refusal }: JobEvent) => {
      if (job === null) throw refusal;
      return job;
    },
  })
  @Needs(watching.role, watching.scope)
  jobProgress(@Request() request: HotlineRequest, @Args('id', { type: () => ID }) id: string): AsyncIterable<JobEvent> {
    return this.watch(request, id);
  }

  /** Who watches is asked for again before everything they are sent. */
  private async *watch(request: HotlineRequest, id: string): AsyncGenerator<JobEvent> {
    const ended = new AbortController();
    let sent = '';
    try {
      for await (const _ of this.changes.of(id, ended.signal)) {
        const ctx = await this.guard.admitAgain(request, watching);
        const job = await this.queue.find(ctx, id);
        if (!job) throw new ApiFailure('job_not_found', 404, { id });
        const text = JSON.stringify(job);
        if (text === sent) continue;
        sent = text;
        yield { job: toJobModel(job), refusal: null };
        if (hasEnded(job)) return;
      }
    } catch (refusal) {
      yield { job: null, refusal };
    } finally {
      ended.abort();
    }
  }
}

function hasEnded({ state }: JobView): boolean {
  return state !== 'queued' && state !== 'running';
}
