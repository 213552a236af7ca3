import { isDatabaseUnavailable } from '../database/database-error.js';
import { isDiskFull } from '../files/disk-full.js';
import { LeaseLost, type ClaimedJob } from './claimed-job.js';
import type { JobHandler, JobPatience } from './job-handlers.js';
import type { HeldJob, JobLedger } from './job-ledger.js';
import { JobPace } from './job-pace.js';

export interface JobTiming {
  /** How long a worker may be silent before its job is given to another. */
  readonly leaseMs: number;
  /** Attempts before a job has failed. */
  readonly attempts: number;
  /** Attempts that may end with a lost worker or a busy database: more, because the fault is seldom the job's. */
  readonly workers: number;
  /** Wait before the second attempt; doubles with each further one, up to five minutes, unless the handler says otherwise. */
  readonly retryDelayMs: number;
}

export const jobTiming: JobTiming = { leaseMs: 30_000, attempts: 3, workers: 6, retryDelayMs: 1_000 };

/** How a run ended, for the log. */
export type JobOutcome =
  | { readonly end: 'done' | 'lost' | 'handed-back' }
  | { readonly end: 'cancelled' | 'failed' | 'retry'; readonly errorCode: string; readonly error: unknown };

/** Even putting things right is given up one day. */
const attemptsToPutRight = 5;

/**
 * Runs a claimed job to its end: renews the lease meanwhile, tells the handler when to stop, and writes down what came of it.
 * @param stopping aborted when the process wants to end: the job is then handed back
 */
export async function runJob(
  ledger: JobLedger,
  handler: JobHandler,
  held: HeldJob,
  timing: JobTiming,
  stopping: AbortSignal,
): Promise<JobOutcome> {
  const patience = handler.patience ?? { attempts: timing.attempts, growth: 2, longestMs: 300_000 };
  const workers = patience.attempts + timing.workers - timing.attempts;
  const lease = holdLease(ledger, held, timing);
  const signal = AbortSignal.any([lease.signal, stopping]);
  const job = claimedJob(ledger, held, signal, handler.steps ?? {});
  // First the handler puts things right, then the row says so: what is interrupted between is done again.
  const end = async (state: 'failed' | 'cancelled', errorCode: string, error: unknown): Promise<JobOutcome> => {
    if (held.attempt <= workers + attemptsToPutRight) await handler.failed?.(job, state, errorCode);
    await ledger.end(held, state, errorCode);
    return { end: state, errorCode, error };
  };
  try {
    if (held.cancelRequested) return await end('cancelled', 'cancelled', null);
    // Its last worker never came back: nothing is tried again, only put right.
    if (held.attempt > workers) return await end('failed', 'worker_lost', null);
    try {
      await handler.run(job);
      await ledger.end(held, 'done', null).catch(ignoreCompleted);
      return { end: 'done' };
    } catch (error) {
      if (error instanceof LeaseLost || lease.reason() === 'lost') return { end: 'lost' };
      if (lease.reason() === 'cancelled') return await end('cancelled', 'cancelled', error);
      if (stopping.aborted) {
        await ledger.handBack(held);
        return { end: 'handed-back' };
      }
      const errorCode = codeOf(error);
      const most = isDatabaseUnavailable(error) ? workers : patience.attempts;
      if (held.attempt >= most) return await end('failed', errorCode, error);
      await ledger.retry(held, retryDelay(held.attempt, timing.retryDelayMs, patience), errorCode);
      return { end: 'retry', errorCode, error };
    }
  } catch (error) {
    if (error instanceof LeaseLost) return { end: 'lost' };
    throw error;
  } finally {
    lease.release();
  }
}

/** The handler's own transaction has completed the job: that is the rule, not a loss. */
function ignoreCompleted(error: unknown): void {
  if (!(error instanceof LeaseLost)) throw error;
}

function claimedJob(
  ledger: JobLedger,
  held: HeldJob,
  signal: AbortSignal,
  steps: Readonly<Record<string, number>>,
): ClaimedJob {
  const pace = new JobPace(steps);
  let toldAt = 0;
  let toldStep: string | null = null;
  return {
    id: held.id,
    tenantId: held.tenantId,
    kind: held.kind,
    subject: held.subject,
    payload: held.payload,
    attempt: held.attempt,
    fence: held.fence,
    signal,
    progress: async (step, done, total) => {
      // Nobody reads faster than this, and a handler may report every row.
      const now = Date.now();
      if (step === toldStep && done < total && now - toldAt < 250) return;
      toldAt = now;
      toldStep = step;
      await ledger.progress(held, pace.at(step, done, total));
    },
  };
}

function holdLease(ledger: JobLedger, held: HeldJob, { leaseMs }: JobTiming) {
  const controller = new AbortController();
  let reason: 'lost' | 'cancelled' | null = null;
  let busy = false;
  const stop = (why: 'lost' | 'cancelled'): void => {
    reason ??= why;
    controller.abort(new Error(`job ${held.id}: ${why}`));
  };
  const renew = async (): Promise<void> => {
    if (busy || reason !== null) return;
    busy = true;
    try {
      const { cancelRequested } = await ledger.renew(held, leaseMs);
      if (cancelRequested) stop('cancelled');
    } catch (error) {
      // A database that does not answer now may answer before the lease ends.
      if (error instanceof LeaseLost) stop('lost');
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(() => void renew(), Math.min(leaseMs / 5, 2_000));
  return { signal: controller.signal, reason: () => reason, release: () => clearInterval(timer) };
}

/** Half of it by chance, so that jobs that failed together do not come back together. */
function retryDelay(attempt: number, baseMs: number, { growth, longestMs }: JobPatience): number {
  const delay = Math.min(baseMs * growth ** (attempt - 1), longestMs);
  return delay / 2 + (Math.random() * delay) / 2;
}

function codeOf(error: unknown): string {
  if (isDiskFull(error)) return 'disk_full';
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : 'internal';
}
