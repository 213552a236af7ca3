import { TenantDb, type RequestContext, type TenantScope } from '@hotline/platform';
import { TenantEntity } from '@hotline/tenancy';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { validate as isUuid, v7 as uuid } from 'uuid';
import { AssessmentEntity } from '../assessment.entity.js';
import { AssessmentError } from '../assessment-error.js';
import { personOf } from './person.js';
import {
  selectSubmission,
  submittersFor,
  submittedResult,
  toSubmission,
  type Submission,
  type SubmissionReview,
} from './submission.js';

export interface PublishedAssessment {
  readonly entity: AssessmentEntity;
  readonly cityCode: string;
  readonly isDemo: boolean;
}

/** From an assessment to a published result, by four eyes: one member submits, another approves. */
@Injectable()
export class SubmissionsService {
  constructor(private readonly db: TenantDb) {}

  /** Hands an assessment in. @throws AssessmentError assessment_not_found, already_submitted, person_needed */
  async submit(ctx: RequestContext, assessmentId: string): Promise<Submission> {
    const { tenantId } = ctx;
    return this.db.run(ctx, async (manager) => {
      const assessment = isUuid(assessmentId)
        ? await manager.findOneBy(AssessmentEntity, { tenantId, id: assessmentId })
        : null;
      if (!assessment) throw new AssessmentError('assessment_not_found', { id: assessmentId });
      const { cityCode, isDemo } = await manager.findOneByOrFail(TenantEntity, { tenantId });
      const { accountId, name } = await personOf(manager, ctx);
      const earlier = await read(manager, 'where s.tenant_id = $1 and s.assessment_id = $2', [tenantId, assessmentId]);
      const open = earlier.find(({ status }) => status === 'submitted' || status === 'published');
      if (open) throw new AssessmentError('already_submitted', { id: open.id });
      const id = uuid();
      const inserted = await manager.query<object[]>(
        `insert into submission (tenant_id, id, assessment_id, attempt, city_code, is_demo, start_day, end_day,
           methodology, methodology_version, methodology_digest, content_hash, assessed_at, result, submitted_by,
           submitted_by_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         on conflict (tenant_id, assessment_id, attempt) do nothing returning id`,
        [
          ...[tenantId, id, assessmentId, earlier.length + 1, cityCode, isDemo, assessment.startDay, assessment.endDay],
          ...[assessment.methodology, assessment.methodologyVersion, assessment.methodologyDigest],
          ...[assessment.contentHash, assessment.assessedAt, JSON.stringify(submittedResult(assessment.result))],
          ...[accountId, name],
        ],
      );
      if (inserted.length === 0) throw new AssessmentError('already_submitted', { id: assessmentId });
      return found(manager, tenantId, id);
    });
  }

  /**
   * Makes a submission public, in place of what was public of the same period.
   * @throws AssessmentError submission_not_found, own_submission, submission_returned, already_published, person_needed
   */
  async approve(ctx: RequestContext, submissionId: string): Promise<Submission> {
    const { tenantId } = ctx;
    return this.db.run(ctx, async (manager) => {
      await manager.query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [tenantId]);
      const submission = await found(manager, tenantId, submissionId);
      const { accountId, name } = await personOf(manager, ctx);
      if (submission.submittedBy === accountId) throw new AssessmentError('own_submission', { id: submissionId });
      if (submission.status === 'returned') throw new AssessmentError('submission_returned', { id: submissionId });
      if (submission.status === 'published') throw new AssessmentError('already_published', { id: submissionId });
      await manager.query(
        `update publication set withdrawn_at = now(), withdrawn_by = $4, withdrawn_by_name = $5
         where tenant_id = $1 and start_day = $2 and end_day = $3 and withdrawn_at is null`,
        [tenantId, submission.startDay, submission.endDay, accountId, name],
      );
      await manager.query(
        `insert into publication (tenant_id, id, submission_id, submitted_by, start_day, end_day, approved_by,
           approved_by_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          ...[tenantId, uuid(), submissionId, submission.submittedBy, submission.startDay, submission.endDay],
          ...[accountId, name],
        ],
      );
      return found(manager, tenantId, submissionId);
    });
  }

  /** Takes a published result back, at once. @throws AssessmentError submission_not_found, not_published, person_needed */
  async withdraw(ctx: RequestContext, submissionId: string, reason: string): Promise<Submission> {
    const { tenantId } = ctx;
    return this.db.run(ctx, async (manager) => {
      const { publication, status } = await found(manager, tenantId, submissionId);
      if (status !== 'published' || !publication) throw new AssessmentError('not_published', { id: submissionId });
      const { accountId, name } = await personOf(manager, ctx);
      await manager.query(
        `update publication set withdrawn_at = now(), withdrawn_by = $3, withdrawn_by_name = $4, withdrawal_reason = $5
         where tenant_id = $1 and id = $2 and withdrawn_at is null`,
        [tenantId, publication.id, accountId, name, reason],
      );
      return found(manager, tenantId, submissionId);
    });
  }

  /** Newest first: a city's own, or of a province those of its cities. One more than `first` tells of a next page. */
  async list(ctx: RequestContext, page: { first: number; before: string | null }): Promise<Submission[]> {
    return this.db.runReadOnly(ctx, (manager) =>
      read(
        manager,
        `where s.tenant_id in ${submittersFor('$1')}
           and ($2::uuid is null or s.id < $2 and exists (
             select from submission b where b.tenant_id in ${submittersFor('$1')} and b.id = $2))
         order by s.id desc limit $3`,
        [ctx.tenantId, page.before, page.first + 1],
      ),
    );
  }

  /** Null: none that they may see. */
  async find(ctx: RequestContext, id: string): Promise<Submission | null> {
    if (!isUuid(id)) return null;
    const [submission] = await this.db.runReadOnly(ctx, (manager) =>
      read(manager, `where s.tenant_id in ${submittersFor('$1')} and s.id = $2`, [ctx.tenantId, id]),
    );
    return submission ?? null;
  }

  /** In the order in which they were written; none of a submission that they may not see. */
  async reviews(ctx: RequestContext, submissionId: string): Promise<SubmissionReview[]> {
    return this.db.runReadOnly(ctx, (manager) =>
      manager.query<SubmissionReview[]>(
        `select id, kind, text, written_by_name as "writtenByName", written_at as "writtenAt"
         from submission_review where tenant_id in ${submittersFor('$1')} and submission_id = $2 order by written_at, id`,
        [ctx.tenantId, submissionId],
      ),
    );
  }

  /** What is public of the latest period; null: nothing is. */
  async published(scope: TenantScope): Promise<PublishedAssessment | null> {
    const { tenantId } = scope;
    return this.db.runReadOnly(scope, async (manager) => {
      const [row] = await manager.query<{ id: string; cityCode: string; isDemo: boolean }[]>(
        `select s.assessment_id as id, s.city_code as "cityCode", s.is_demo as "isDemo" from publication p
         join submission s on s.tenant_id = p.tenant_id and s.id = p.submission_id
         where p.tenant_id = $1 and p.withdrawn_at is null order by p.end_day desc, p.start_day desc limit 1`,
        [tenantId],
      );
      if (!row) return null;
      const { id, cityCode, isDemo } = row;
      return { entity: await manager.findOneByOrFail(AssessmentEntity, { tenantId, id }), cityCode, isDemo };
    });
  }
}

async function read(manager: EntityManager, where: string, parameters: readonly unknown[]): Promise<Submission[]> {
  return (await manager.query<unknown[]>(`${selectSubmission} ${where}`, [...parameters])).map(toSubmission);
}

async function found(manager: EntityManager, tenantId: string, id: string): Promise<Submission> {
  const [submission] = isUuid(id) ? await read(manager, 'where s.tenant_id = $1 and s.id = $2', [tenantId, id]) : [];
  if (!submission) throw new AssessmentError('submission_not_found', { id });
  return submission;
}
