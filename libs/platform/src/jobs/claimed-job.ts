/** A job as its handler sees it. Everything in it comes from the job's own row. */
export interface ClaimedJob {
  readonly id: string;
  readonly tenantId: string;
  readonly kind: string;
  /** Id of what the job is about. */
  readonly subject: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** 1 for the first. */
  readonly attempt: number;
  /** Number of this claim: grows with every claim of the job, so that a worker that lost its lease can commit nothing. */
  readonly fence: number;
  /** Aborted when the lease is lost, the job is cancelled or the process stops. */
  readonly signal: AbortSignal;
  /** Tells those who wait how far it is; `step` is one of the handler's `steps`. @throws LeaseLost */
  progress(step: string, done: number, total: number): Promise<void>;
}

/** Another worker holds the job now: what this one did must not be kept. */
export class LeaseLost extends Error {
  readonly code = 'lease_lost';

  constructor(jobId: string) {
    super(`the lease on job ${jobId} was lost`);
    this.name = 'LeaseLost';
  }
}
