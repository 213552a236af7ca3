import type { Logger } from 'pino';
import { withTrail, type Trail } from '../log/trail.js';
import type { JobHandlers } from './job-handlers.js';
import type { HeldJob, JobLedger } from './job-ledger.js';
import type { RunnerOptions } from './job-runner.js';
import { runJob } from './run-job.js';

/** The jobs at work in this process, whoever woke them. */
export class JobRuns {
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly ledger: JobLedger,
    private readonly handlers: JobHandlers,
    private readonly log: Logger,
    private readonly options: Pick<RunnerOptions, 'timing' | 'metrics'>,
  ) {}

  get size(): number {
    return this.running.size;
  }

  /** Resolves when nothing more comes of it here; never rejects. */
  run(held: HeldJob): Promise<void> {
    const run = withTrail(trailOf(held), () => this.conclude(held)).finally(() => this.running.delete(run));
    this.running.add(run);
    return run;
  }

  /** Lets running jobs end, at most `graceMs`; then they are told to stop, and are handed back. */
  async stop(graceMs: number): Promise<void> {
    const ended = Promise.all(this.running);
    let impatience: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (impatience = setTimeout(resolve, graceMs)));
    await Promise.race([ended, late]);
    clearTimeout(impatience);
    this.stopping.abort(new Error('the process ends'));
    await ended;
  }

  private async conclude(held: HeldJob): Promise<void> {
    const fields = { kind: held.kind, attempt: held.attempt };
    const took = this.options.metrics.jobSeconds.startTimer();
    try {
      const handler = this.handlers.get(held.kind);
      const outcome = await runJob(this.ledger, handler, held, this.options.timing, this.stopping.signal);
      took({ kind: held.kind, end: outcome.end });
      if (outcome.end === 'failed' || outcome.end === 'retry') {
        this.log.error({ ...fields, end: outcome.end, errorCode: outcome.errorCode, err: outcome.error }, 'job');
      } else {
        this.log.info({ ...fields, end: outcome.end }, 'job');
      }
    } catch (error) {
      took({ kind: held.kind, end: 'unknown' });
      // The lease lapses, and the job is claimed again: here or elsewhere.
      this.log.error({ ...fields, err: error }, 'job could not be concluded');
    }
  }
}

function trailOf({ id, kind, tenantId }: HeldJob): Trail {
  return { jobId: id, tenantId, operation: kind };
}
