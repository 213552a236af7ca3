import type { SharedDb } from '../database/shared-db.js';
import type { TenantDb } from '../database/tenant-db.js';
import { LeaseLost } from './claimed-job.js';
import type { JobProgress } from './job-view.js';

/** A job in the hands of a worker, as its row says. */
export interface HeldJob {
  readonly id: string;
  readonly tenantId: string;
  readonly kind: string;
  readonly subject: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly attempt: number;
  readonly fence: number;
  readonly cancelRequested: boolean;
}

/** A job that may run now, and how often it was claimed. */
export type DueJob = Pick<HeldJob, 'id' | 'kind' | 'fence'>;

export interface JobStatistics {
  readonly kind: string;
  readonly state: 'queued' | 'running';
  readonly jobs: number;
  readonly oldestSeconds: number;
}

interface ClaimRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly kind: string;
  readonly subject: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly attempt: number;
  readonly fence: number;
  readonly cancel_requested: boolean;
}

/** What every runner does to the rows of jobs. Each change names the fence: who lost the job changes nothing. */
export class JobLedger {
  constructor(
    private readonly shared: SharedDb,
    private readonly db: TenantDb,
  ) {}

  /** Of each tenant the job that may run now, in the order of their turns. */
  due(kinds: readonly string[]): Promise<DueJob[]> {
    return this.shared.query<DueJob>('select id, kind, fence from due_jobs($1)', [kinds]);
  }

  /** How many jobs wait and run, and for how long the oldest; of all tenants together. */
  statistics(): Promise<JobStatistics[]> {
    return this.shared.query<JobStatistics>(
      'select kind, state, jobs::int as jobs, oldest_seconds as "oldestSeconds" from job_statistics()',
    );
  }

  /** The next job for a worker, or the next of the tenant whose job is named; null when there is none to run now. */
  async claim(kinds: readonly string[], leaseMs: number, id: string | null = null): Promise<HeldJob | null> {
    const [row] = await this.shared.query<ClaimRow>(
      `select * from claim_job($1, $2::double precision * interval '1 millisecond', $3)`,
      [kinds, leaseMs, id],
    );
    if (!row) return null;
    const { tenant_id, cancel_requested, ...rest } = row;
    return { ...rest, tenantId: tenant_id, cancelRequested: cancel_requested };
  }

  /** Keeps the job for another `leaseMs`; tells whether somebody asked for its end. @throws LeaseLost */
  async renew(job: HeldJob, leaseMs: number): Promise<{ cancelRequested: boolean }> {
    const [row] = await this.change<{ cancel_requested: boolean }>(
      job,
      `lease_until = clock_timestamp() + $4::double precision * interval '1 millisecond'`,
      [leaseMs],
    );
    return { cancelRequested: row?.cancel_requested === true };
  }

  /** @throws LeaseLost */
  async progress(job: HeldJob, progress: JobProgress): Promise<void> {
    await this.change(job, `progress = $4`, [progress]);
  }

  /** Waits for another attempt. @throws LeaseLost */
  async retry(job: HeldJob, delayMs: number, errorCode: string): Promise<void> {
    await this.change(
      job,
      `state = 'queued', lease_until = null, error_code = $5,
       run_at = clock_timestamp() + $4::double precision * interval '1 millisecond'`,
      [delayMs, errorCode],
    );
  }

  /** Gives the job back as if it had not been claimed: this process ends. @throws LeaseLost */
  async handBack(job: HeldJob): Promise<void> {
    await this.change(job, `state = 'queued', lease_until = null, attempt = attempt - 1`, []);
  }

  /** @throws LeaseLost */
  async end(job: HeldJob, state: 'done' | 'failed' | 'cancelled', errorCode: string | null): Promise<void> {
    await this.change(job, `state = $4, error_code = $5, lease_until = null, finished_at = clock_timestamp()`, [
      state,
      errorCode,
    ]);
  }

  private async change<T = unknown>(job: HeldJob, assignment: string, parameters: readonly unknown[]): Promise<T[]> {
    const [rows] = await this.db.run(job, (manager) =>
      manager.query<[T[], number]>(
        `update job set ${assignment}
         where tenant_id = $1 and id = $2 and fence = $3 and state = 'running' returning cancel_requested`,
        [job.tenantId, job.id, job.fence, ...parameters],
      ),
    );
    if (rows.length !== 1) throw new LeaseLost(job.id);
    return rows;
  }
}
