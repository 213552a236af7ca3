import type { ClaimedJob } from './claimed-job.js';

export interface JobHandler {
  /** Does the work; ends with `completeJob` in its last transaction. May run twice, or again after a crash. */
  run(job: ClaimedJob): Promise<void>;
  /** Puts things right after the last attempt failed or the job was cancelled; the code tells why. May run twice. */
  failed?(job: ClaimedJob, end: 'failed' | 'cancelled', errorCode: string): Promise<void>;
  /** What `progress` tells of, in order, each with its part of the whole time, in any unit. */
  readonly steps?: Readonly<Record<string, number>>;
  /** How it is tried again; else as every job is. */
  readonly patience?: JobPatience;
}

export interface JobPatience {
  /** Attempts before the job has failed. */
  readonly attempts: number;
  /** Each wait is so many times the one before. */
  readonly growth: number;
  /** No wait is longer. */
  readonly longestMs: number;
}

/** Which code does which kind of job: exactly one handler for each. */
export class JobHandlers {
  private readonly handlers = new Map<string, JobHandler>();

  /** @throws Error when the kind has a handler already */
  register(kind: string, handler: JobHandler): void {
    if (this.handlers.has(kind)) throw new Error(`job kind ${kind} has two handlers`);
    this.handlers.set(kind, handler);
  }

  get(kind: string): JobHandler {
    const handler = this.handlers.get(kind);
    if (!handler) throw new Error(`job kind ${kind} has no handler`);
    return handler;
  }

  kinds(): readonly string[] {
    return [...this.handlers.keys()].sort();
  }

  /** @throws Error naming every kind that would never be run, or that nobody may enqueue */
  requireExactly(kinds: readonly string[]): void {
    const faults = [
      ...kinds.filter((kind) => !this.handlers.has(kind)).map((kind) => `${kind} has no handler`),
      ...this.kinds()
        .filter((kind) => !kinds.includes(kind))
        .map((kind) => `${kind} has a handler but is no known kind`),
    ];
    if (faults.length > 0) throw new Error(`job kinds and handlers do not match: ${faults.join('; ')}`);
  }
}
