import type { Logger } from 'pino';
import { validate as isUuid } from 'uuid';
import { closeQueue, isReachable, type JobMessage, type MessageQueue } from './bull-queue.js';
import type { JobAnnouncements } from './job-announcements.js';
import type { JobHandlers } from './job-handlers.js';
import type { JobLedger } from './job-ledger.js';
import { JobRelay } from './job-relay.js';
import { JobRunner, type RunnerOptions } from './job-runner.js';
import { JobRuns } from './job-runs.js';

/**
 * Jobs by way of Redis. Every process relays, so that a job is in the queue right after its commit whoever added it; those
 * that are enabled also work. A message only says which row to look at: the claim decides whether there is anything to do.
 */
export class BullJobRunner extends JobRunner {
  private readonly runs: JobRuns;
  private readonly relay: JobRelay;
  private timer: NodeJS.Timeout | null = null;
  private unsubscribe: () => void = () => undefined;
  private working = false;
  private stopped = false;

  constructor(
    private readonly ledger: JobLedger,
    private readonly handlers: JobHandlers,
    private readonly log: Logger,
    private readonly announcements: JobAnnouncements,
    private readonly queue: MessageQueue,
    private readonly options: RunnerOptions,
  ) {
    super();
    this.runs = new JobRuns(ledger, handlers, log, options);
    this.relay = new JobRelay(ledger, queue, log, options.kinds, 5 * options.pollMs);
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.options.enabled) await this.start();
    else await this.startRelay();
  }

  queueState(): 'ok' | 'down' {
    return isReachable(this.queue) ? 'ok' : 'down';
  }

  async start(): Promise<void> {
    this.handlers.requireExactly(this.options.kinds);
    if (this.working) return;
    this.working = true;
    // One processor for every kind: Bull would add up the concurrency of several.
    this.queue
      .process('*', this.options.concurrency, ({ data }) => this.process(data))
      .catch((error: unknown) => this.log.error({ err: error }, 'taking messages failed'));
    // Only now does Bull know that a message has ended, and take another of the same id.
    this.queue.on('completed', () => this.relay.wake());
    this.queue.on('failed', (_message, error) => {
      this.log.error({ err: error }, 'a message could not be dealt with');
      this.relay.wake();
    });
    await this.startRelay();
  }

  async stop(graceMs = 25_000): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    this.unsubscribe();
    if (this.working) await this.queue.pause(true, true).catch(() => undefined);
    await this.runs.stop(graceMs);
    await closeQueue(this.queue);
    await this.relay.idle();
  }

  private async startRelay(): Promise<void> {
    if (this.timer) return;
    this.unsubscribe = this.announcements.on('hotline_job', () => this.relay.wake());
    this.timer = setInterval(() => this.relay.wake(), this.options.pollMs);
    this.queue.client.on('ready', () => this.relay.wake());
    await this.announcements.start();
    this.relay.wake();
  }

  private async process({ job }: JobMessage): Promise<void> {
    if (this.stopped) return;
    if (!isUuid(job)) {
      this.log.warn('a message names no job');
      return;
    }
    // The turn is the tenant's: what has become more urgent meanwhile goes first.
    const held = await this.ledger.claim(this.options.kinds, this.options.timing.leaseMs, job);
    if (held?.id !== job) this.relay.expectAgain(job);
    if (held) await this.runs.run(held);
  }
}
