import type { Assessment, IndexScore, NodeScore, Observation } from '@hotline/scoring';

/** What a province sees of an assessment: scores, values and how much stands behind them. No row, no list of anything. */
export interface SubmittedResult {
  readonly index: IndexScore;
  readonly dimensions: Readonly<Record<string, NodeScore>>;
  readonly elements: Readonly<Record<string, NodeScore>>;
  readonly indicators: Readonly<Record<string, SubmittedObservation>>;
}

export type SubmittedObservation = Pick<Observation, 'state' | 'value' | 'score' | 'n' | 'method' | 'flags'>;

export function submittedResult({ index, dimensions, elements, indicators }: Assessment): SubmittedResult {
  const observations = Object.entries(indicators).map(
    ([id, { state, value, score, n, method, flags }]): [string, SubmittedObservation] => [
      id,
      { state, value, score, n, method, flags },
    ],
  );
  return { index, dimensions, elements, indicators: Object.fromEntries(observations) };
}

export type SubmissionStatus = 'submitted' | 'returned' | 'published' | 'withdrawn';

/** An assessment as a city handed it in, never changed; with what became of it. */
export interface Submission {
  /** Tenant of the city. */
  readonly cityId: string;
  readonly id: string;
  readonly assessmentId: string;
  /** How often this assessment was handed in, from 1. */
  readonly attempt: number;
  readonly cityCode: string;
  readonly isDemo: boolean;
  /** First Shanghai day of the period, and the day after the last. */
  readonly startDay: string;
  readonly endDay: string;
  readonly methodology: string;
  readonly methodologyVersion: string;
  readonly contentHash: string;
  readonly assessedAt: Date;
  readonly result: SubmittedResult;
  readonly submittedAt: Date;
  readonly submittedBy: string;
  readonly submittedByName: string;
  readonly status: SubmissionStatus;
  readonly publication: Publication | null;
}

/** Of the latest approval. */
export interface Publication {
  readonly id: string;
  readonly approvedAt: Date;
  readonly approvedByName: string;
  readonly withdrawnAt: Date | null;
  readonly withdrawnByName: string | null;
  /** null while it stands, and where another publication of the same period replaced it. */
  readonly withdrawalReason: string | null;
}

/** What the province wrote about a submission. */
export interface SubmissionReview {
  readonly id: string;
  readonly kind: 'comment' | 'return';
  readonly text: string;
  readonly writtenByName: string;
  readonly writtenAt: Date;
}

interface SubmissionRow extends Omit<Submission, 'status' | 'publication'> {
  readonly returned: boolean;
  readonly publication:
    | (Omit<Publication, 'approvedAt' | 'withdrawnAt'> & {
        readonly approvedAt: string;
        readonly withdrawnAt: string | null;
      })
    | null;
}

/** SELECT of submissions, without WHERE. Whose rows there are to see is for the database to say. */
export const selectSubmission = `
  select s.tenant_id as "cityId", s.id, s.assessment_id as "assessmentId", s.attempt, s.city_code as "cityCode",
    s.is_demo as "isDemo", s.start_day::text as "startDay", s.end_day::text as "endDay", s.methodology,
    s.methodology_version as "methodologyVersion", s.content_hash as "contentHash", s.assessed_at as "assessedAt",
    s.result, s.submitted_at as "submittedAt", s.submitted_by as "submittedBy", s.submitted_by_name as "submittedByName",
    exists (select from submission_review r
      where r.tenant_id = s.tenant_id and r.submission_id = s.id and r.kind = 'return') as returned,
    (select json_build_object('id', p.id, 'approvedAt', p.approved_at, 'approvedByName', p.approved_by_name,
        'withdrawnAt', p.withdrawn_at, 'withdrawnByName', p.withdrawn_by_name, 'withdrawalReason', p.withdrawal_reason)
      from publication p where p.tenant_id = s.tenant_id and p.submission_id = s.id
      order by p.approved_at desc, p.id desc limit 1) as publication
  from submission s`;

/**
 * Tenants whose submissions a tenant (a parameter of the statement) may see: itself, and the cities that belong to it now.
 * The database decides anyway; named, it finds their rows by the index instead of asking about those of all.
 */
export const submittersFor = (tenant: string): string => `(
  select ${tenant}::uuid union all
  select r.city_id from province_city r where r.tenant_id = ${tenant}::uuid
    and r.from_at <= now() and (r.until_at is null or r.until_at > now()))`;

export function toSubmission(row: unknown): Submission {
  const { returned, publication, ...submission } = row as SubmissionRow;
  return {
    ...submission,
    status: publication ? (publication.withdrawnAt ? 'withdrawn' : 'published') : returned ? 'returned' : 'submitted',
    publication: publication && {
      ...publication,
      approvedAt: new Date(publication.approvedAt),
      withdrawnAt: publication.withdrawnAt === null ? null : new Date(publication.withdrawnAt),
    },
  };
}
