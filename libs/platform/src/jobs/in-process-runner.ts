import type { OnApplicationBootstrap, BeforeApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import type { Logger } from 'pino';
import type { JobHandlers } from './job-handlers.js';
import type { HeldJob, JobLedger } from './job-ledger.js';
import { JobRunner } from './job-runner.js';
import { runJob, type JobTiming } from './run-job.js';

export interface RunnerOptions {
  /** Every kind of job there is. */
  readonly kinds: readonly string[];
  /** Jobs at the same time. */
  readonly concurrency: number;
  readonly timing: JobTiming;
  /** How often to look for lapsed leases and due retries; new jobs are announced by the database. */
  readonly pollMs: number;
  /** Address of the application's login. */
  readonly url: string;
  /** False: this process only adds jobs. */
  readonly enabled: boolean;
}

/** Runs jobs in this process: woken by the database when one is added, and by the clock for what nobody announces. */
export class InProcessJobRunner extends JobRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private listener: pg.Client | null = null;
  private claiming: Promise<void> | null = null;
  private claimAgain = false;
  private started = false;

  constructor(
    private readonly ledger: JobLedger,
    private readonly handlers: JobHandlers,
    private readonly log: Logger,
    private readonly options: RunnerOptions,
  ) {
    super();
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.options.enabled) await this.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  async start(): Promise<void> {
    this.handlers.requireExactly(this.options.kinds);
    if (this.started) return;
    this.started = true;
    await this.listen();
    this.timer = setInterval(() => {
      if (this.listener === null) void this.listen();
      this.wake();
    }, this.options.pollMs);
    this.wake();
  }

  async stop(graceMs = 25_000): Promise<void> {
    if (!this.started) return;
    this.started = false;
    if (this.timer) clearInterval(this.timer);
    const listener = this.listener;
    this.listener = null;
    await listener?.end();
    await this.claiming;
    const ended = Promise.all(this.running);
    let impatience: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (impatience = setTimeout(resolve, graceMs)));
    await Promise.race([ended, late]);
    clearTimeout(impatience);
    this.stopping.abort(new Error('the process ends'));
    await ended;
  }

  /** Without the announcements jobs still run, up to `pollMs` later: a pooler that passes none on is no reason to stop. */
  private async listen(): Promise<void> {
    const client = new pg.Client({ connectionString: this.options.url, application_name: 'hotline jobs' });
    const gone = (error?: Error): void => {
      if (this.listener === client) this.listener = null;
      if (error) this.log.warn({ err: error }, 'job announcements interrupted');
    };
    client.on('error', gone);
    client.on('end', () => gone());
    client.on('notification', () => this.wake());
    try {
      await client.connect();
      await client.query('listen hotline_job');
      if (this.started) this.listener = client;
      else await client.end();
    } catch (error) {
      gone(error as Error);
      await client.end().catch(() => undefined);
    }
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
    while (this.started && this.running.size < this.options.concurrency) {
      const held = await this.ledger.claim(this.options.kinds, this.options.timing.leaseMs);
      if (!held) return;
      const run = this.run(held).finally(() => {
        this.running.delete(run);
        this.wake();
      });
      this.running.add(run);
    }
  }

  private async run(held: HeldJob): Promise<void> {
    const fields = { jobId: held.id, tenantId: held.tenantId, kind: held.kind, attempt: held.attempt };
    try {
      const { ledger, handlers, options, stopping } = this;
      const outcome = await runJob(ledger, handlers.get(held.kind), held, options.timing, stopping.signal);
      if (outcome.end === 'failed' || outcome.end === 'retry') {
        this.log.error({ ...fields, end: outcome.end, errorCode: outcome.errorCode, err: outcome.error }, 'job');
      } else {
        this.log.info({ ...fields, end: outcome.end }, 'job');
      }
    } catch (error) {
      // The lease lapses, and the job is claimed again: here or elsewhere.
      this.log.error({ ...fields, err: error }, 'job could not be concluded');
    }
  }
}
