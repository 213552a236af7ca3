import { TenantDb, type RequestContext } from '@hotline/platform';
import { ProvincesService, type ProvinceCity } from '@hotline/tenancy';
import { Injectable } from '@nestjs/common';
import { validate as isUuid, v7 as uuid } from 'uuid';
import { AssessmentError } from '../assessment-error.js';
import { personOf } from './person.js';
import { selectSubmission, submittersFor, toSubmission, type Submission, type SubmissionReview } from './submission.js';

export interface SubmittedPeriod {
  readonly start: string;
  readonly end: string;
}

/** Every city of a province, with the newest submission of one period; null: it has handed in nothing. */
export interface ProvinceMatrix {
  /** null: no city has ever handed anything in. */
  readonly period: SubmittedPeriod | null;
  /** Periods of which there are submissions, latest first. */
  readonly periods: readonly SubmittedPeriod[];
  readonly rows: readonly { readonly city: ProvinceCity; readonly submission: Submission | null }[];
}

const mostPeriods = 100;

/** What a provincial office sees of its cities and says to them. It never sees rows and never changes a figure. */
@Injectable()
export class ProvincialReview {
  constructor(
    private readonly db: TenantDb,
    private readonly provinces: ProvincesService,
  ) {}

  /** @param wanted null: the latest period that a city has handed in */
  async matrix(ctx: RequestContext, wanted: SubmittedPeriod | null): Promise<ProvinceMatrix> {
    const cities = await this.provinces.cities(ctx);
    return this.db.runReadOnly(ctx, async (manager) => {
      const periods = await manager.query<SubmittedPeriod[]>(
        `select distinct start_day::text as start, end_day::text as end from submission
         where tenant_id in ${submittersFor('$1')} order by 2 desc, 1 desc limit ${mostPeriods}`,
        [ctx.tenantId],
      );
      const period = wanted ?? periods[0] ?? null;
      const rows =
        period === null
          ? []
          : await manager.query<unknown[]>(
              `${selectSubmission} where (s.tenant_id, s.id) in (select distinct on (n.tenant_id) n.tenant_id, n.id
                 from submission n where n.tenant_id in ${submittersFor('$1')} and n.start_day = $2 and n.end_day = $3
                 order by n.tenant_id, n.id desc)`,
              [ctx.tenantId, period.start, period.end],
            );
      const newest = new Map(rows.map(toSubmission).map((submission) => [submission.cityId, submission]));
      return {
        period,
        periods,
        rows: cities.map((city) => ({ city, submission: newest.get(city.cityId) ?? null })),
      };
    });
  }

  /**
   * Writes to a city about what it handed in; a return asks for a correction and keeps it from being published.
   * @throws AssessmentError submission_not_found (also of a city that is not theirs), submission_returned, text_missing,
   *   person_needed
   */
  async write(ctx: RequestContext, submissionId: string, kind: SubmissionReview['kind'], text: string): Promise<void> {
    if (text.trim() === '') throw new AssessmentError('text_missing');
    if (!isUuid(submissionId)) throw new AssessmentError('submission_not_found', { id: submissionId });
    await this.db.run(ctx, async (manager) => {
      const { accountId, name } = await personOf(manager, ctx);
      const [row] = await manager.query<unknown[]>(
        `${selectSubmission} where s.tenant_id in ${submittersFor('$1')} and s.id = $2`,
        [ctx.tenantId, submissionId],
      );
      if (!row) throw new AssessmentError('submission_not_found', { id: submissionId });
      const { cityId, status } = toSubmission(row);
      if (kind === 'return' && status === 'returned')
        throw new AssessmentError('submission_returned', { id: submissionId });
      const [done] = await manager.query<{ written: boolean }[]>(
        'select review_submission($1, $2, $3, $4, $5, $6, $7) as written',
        [cityId, submissionId, uuid(), kind, text.trim(), accountId, name],
      );
      if (done?.written !== true) throw new AssessmentError('submission_not_found', { id: submissionId });
    });
  }
}
