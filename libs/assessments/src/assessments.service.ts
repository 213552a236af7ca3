import { methodologies } from '@hotline/methodology';
import { JobQueue, TenantDb, type JobView, type RequestContext, type TenantScope } from '@hotline/platform';
import { SegmentEntity } from '@hotline/imports';
import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { AssessmentEntity, type EvidenceDays } from './assessment.entity.js';
import { AssessmentError } from './assessment-error.js';
import { assessCityJob } from './assess-city.js';

export interface AssessmentRequest {
  /** First Shanghai day, YYYY-MM-DD. */
  readonly start: string;
  /** The day after the last. */
  readonly end: string;
  /** Id of the method, such as `national-2023`. */
  readonly methodology: string;
}

@Injectable()
export class AssessmentsService {
  constructor(
    private readonly db: TenantDb,
    private readonly jobs: JobQueue,
  ) {}

  /**
   * Asks for an assessment of the tenant's city; the job runs at once.
   * @throws AssessmentError not_a_city, invalid_day, period_empty, period_in_future, period_without_data, unknown_methodology
   */
  async request(ctx: RequestContext, request: AssessmentRequest): Promise<string> {
    if (ctx.tenantKind !== 'city') throw new AssessmentError('not_a_city');
    requirePeriod(request);
    const known = methodologies().map(({ id }) => id);
    if (!known.includes(request.methodology)) {
      throw new AssessmentError('unknown_methodology', { methodology: request.methodology, known });
    }
    return this.db.run(ctx, async (manager) => {
      if (!(await manager.existsBy(SegmentEntity, { tenantId: ctx.tenantId }))) {
        throw new AssessmentError('period_without_data', { start: request.start, end: request.end });
      }
      return this.jobs.enqueue(manager, ctx, {
        kind: assessCityJob,
        subject: `${request.start}/${request.end}`,
        payload: { ...request, requestedBy: ctx.memberId ?? ctx.apiKey?.id ?? 'system' },
      });
    });
  }

  /**
   * Waits for a requested assessment, at most `timeoutMs`; null when it is still running then.
   * @throws AssessmentError period_without_data, assessment_failed, stored_file_damaged
   */
  async waitFor(ctx: RequestContext, jobId: string, timeoutMs: number): Promise<AssessmentEntity | null> {
    const job: JobView = await this.jobs.waitFor(ctx, jobId, timeoutMs);
    if (job.errorCode === 'stored_file_damaged' && job.state === 'failed') {
      throw new AssessmentError('stored_file_damaged', { jobId });
    }
    if (job.state === 'failed' || job.state === 'cancelled') throw new AssessmentError('assessment_failed', { jobId });
    const withoutData = job.result?.['withoutData'];
    if (withoutData) throw new AssessmentError('period_without_data', withoutData as { start: string; end: string });
    const id = job.result?.['assessmentId'];
    return typeof id === 'string' ? this.get(ctx, id) : null;
  }

  async get(ctx: RequestContext, id: string): Promise<AssessmentEntity> {
    const entity = isUuid(id)
      ? await this.db.runReadOnly(ctx, (manager) => manager.findOneBy(AssessmentEntity, { tenantId: ctx.tenantId, id }))
      : null;
    if (!entity) throw new AssessmentError('assessment_not_found', { id });
    return entity;
  }

  /** Newest first; `before` is the id of the last assessment of the page before. One more than `first` tells of a next page; after an id that is none of theirs comes nothing. */
  async list(ctx: TenantScope, page: { first: number; before: string | null }): Promise<AssessmentEntity[]> {
    return this.db.runReadOnly(ctx, async (manager) => {
      if (page.before !== null) {
        const known = await manager.existsBy(AssessmentEntity, { tenantId: ctx.tenantId, id: page.before });
        if (!known) return [];
      }
      return manager.find(AssessmentEntity, {
        where: { tenantId: ctx.tenantId, ...(page.before === null ? {} : { id: LessThan(page.before) }) },
        order: { id: 'DESC' },
        take: page.first + 1,
      });
    });
  }

  /** The days a method of an assessment stands on. */
  async days(ctx: RequestContext, id: string, method: string): Promise<EvidenceDays[string]> {
    return (await this.allDays(ctx, id))[method] ?? [];
  }

  /** The days of every method of an assessment. */
  async allDays(ctx: TenantScope, id: string): Promise<EvidenceDays> {
    const row = await this.db.runReadOnly(ctx, (manager) =>
      manager.findOne(AssessmentEntity, {
        where: { tenantId: ctx.tenantId, id },
        select: { tenantId: true, id: true, days: true },
      }),
    );
    if (!row) throw new AssessmentError('assessment_not_found', { id });
    return row.days;
  }
}

function requirePeriod({ start, end }: AssessmentRequest): void {
  for (const [field, day] of Object.entries({ start, end })) {
    if (!isDay(day)) throw new AssessmentError('invalid_day', { field, value: day });
  }
  if (start >= end) throw new AssessmentError('period_empty', { start, end });
  // A period may end tomorrow at the latest: what is still to come cannot be assessed.
  const tomorrow = new Date(Date.now() + 8 * 3_600_000 + 86_400_000).toISOString().slice(0, 10);
  if (end > tomorrow) throw new AssessmentError('period_in_future', { end });
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
