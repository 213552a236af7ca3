import type { Logger } from 'pino';
import { isReachable, type JobMessage, type MessageQueue } from './bull-queue.js';
import type { DueJob, JobLedger } from './job-ledger.js';

/**
 * Tells the queue which jobs may run now: of each tenant only the next one, so that the queue is a line of tenants in
 * which none stands twice. The rows themselves are the outbox: what was not told, or was forgotten, is told again.
 */
export class JobRelay {
  /** When each message was handed over last. */
  private readonly told = new Map<string, number>();
  private relaying: Promise<void> | null = null;
  private again = false;

  constructor(
    private readonly ledger: JobLedger,
    private readonly queue: MessageQueue,
    private readonly log: Logger,
    private readonly kinds: readonly string[],
    /** After this time a message that was handed over is looked for again. */
    private readonly forgottenMs: number,
  ) {}

  /** Returns at once; a call while relaying makes it look once more. */
  wake(): void {
    if (this.relaying) {
      this.again = true;
      return;
    }
    this.relaying = this.relay()
      .catch((error: unknown) => this.log.error({ err: error }, 'relaying jobs failed'))
      .finally(() => {
        this.relaying = null;
        if (!this.again) return;
        this.again = false;
        this.wake();
      });
  }

  /** The message of this job is used up, the job is not: when it is due, it needs another. */
  expectAgain(job: string): void {
    for (const message of this.told.keys()) if (message.startsWith(`${job}:`)) this.told.set(message, 0);
  }

  async idle(): Promise<void> {
    while (this.relaying) await this.relaying;
  }

  private async relay(): Promise<void> {
    if (!isReachable(this.queue)) return;
    const now = Date.now();
    for (const [message, at] of this.told) if (now - at > 10 * this.forgottenMs) this.told.delete(message);
    for (const job of await this.ledger.due(this.kinds)) {
      const message = messageId(job);
      const toldAt = this.told.get(message);
      if (toldAt !== undefined && now - toldAt < this.forgottenMs) continue;
      if (!isReachable(this.queue)) return;
      if (toldAt !== undefined) await this.forgetUseless(message);
      await this.queue.add(job.kind, { job: job.id }, { jobId: message });
      this.told.set(message, now);
    }
  }

  /**
   * Bull takes no message whose id it knows, and does not say so. It knows those that ended, and those of which a worker
   * wrote something when Redis had lost them: such a one names no job and stands in no line.
   */
  private async forgetUseless(message: string): Promise<void> {
    const known = await this.queue.getJob(message);
    if (!known) return;
    const namesNoJob = (known.data as Partial<JobMessage>).job === undefined;
    if (namesNoJob || (await known.isCompleted()) || (await known.isFailed())) await known.remove();
  }
}

/** New for every claim: what was said of an earlier one does not stand in the way. */
export function messageId({ id, fence }: DueJob): string {
  return `${id}:${fence + 1}`;
}
