import type { Logger } from 'pino';
import type { JobAnnouncements } from './job-announcements.js';
import type { JobHandlers } from './job-handlers.js';
import type { JobLedger } from './job-ledger.js';
import { JobRunner, type RunnerOptions } from './job-runner.js';
import { JobRuns } from './job-runs.js';

/** Runs jobs in this process: woken by the database when one is added, and by the clock for what nobody announces. */
export class InProcessJobRunner extends JobRunner {
  private readonly runs: JobRuns;
  private timer: NodeJS.Timeout | null = null;
  private unsubscribe: () => void = () => undefined;
  private claiming: Promise<void> | null = null;
  private claimAgain = false;
  private started = false;

  constructor(
    private readonly ledger: JobLedger,
    private readonly handlers: JobHandlers,
    private readonly log: Logger,
    private readonly announcements: JobAnnouncements,
    private readonly options: RunnerOptions,
  ) {
    super();
    this.runs = new JobRuns(ledger, handlers, log, options);
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.options.enabled) await this.start();
  }

  queueState(): 'none' {
    return 'none';
  }

  async start(): Promise<void> {
    this.handlers.requireExactly(this.options.kinds);
    if (this.started) return;
    this.started = true;
    this.unsubscribe = this.announcements.on('hotline_job', () => this.wake());
    await this.announcements.start();
    this.timer = setInterval(() => this.wake(), this.options.pollMs);
    this.wake();
  }

  async stop(graceMs = 25_000): Promise<void> {
    if (!this.started) return;
    this.started = false;
    if (this.timer) clearInterval(this.timer);
    this.unsubscribe();
    await this.claiming;
    await this.runs.stop(graceMs);
  }

  /** Claims what there is room for; a call while claiming makes it look once more. */
  private wake(): void {
    if (!this.started) return;
    if (this.claiming) {
      this.claimAgain = true;
      return;
    }
    this.claiming = this.claimAll()
      .catch((error: unknown) => this.log.error({ err: error }, 'claiming jobs failed'))
      .finally(() => {
        this.claiming = null;
        if (!this.claimAgain) return;
        this.claimAgain = false;
        this.wake();
      });
  }

  private async claimAll(): Promise<void> {
    while (this.started && this.runs.size < this.options.concurrency) {
      const held = await this.ledger.claim(this.options.kinds, this.options.timing.leaseMs);
      if (!held) return;
      void this.runs.run(held).then(() => this.wake());
    }
  }
}
