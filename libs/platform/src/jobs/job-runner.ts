import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Metrics } from '../metrics/metrics.js';
import type { JobTiming } from './run-job.js';

export interface RunnerOptions {
  /** Every kind of job there is. */
  readonly kinds: readonly string[];
  /** Jobs at the same time. */
  readonly concurrency: number;
  readonly timing: JobTiming;
  readonly metrics: Metrics;
  /** How often to look for lapsed leases, due retries and what else nobody announces. */
  readonly pollMs: number;
  /** False: this process only adds jobs. */
  readonly enabled: boolean;
}

/** What drives jobs: an in-process loop, or workers woken by a queue server. Jobs behave the same under each. */
export abstract class JobRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  abstract onApplicationBootstrap(): Promise<void>;

  /** Whether the queue server answers; `none` where there is none. */
  abstract queueState(): 'ok' | 'down' | 'none';

  /** Begins to claim jobs. @throws Error when a kind of job has no handler, or two */
  abstract start(): Promise<void>;

  /** Claims no more, lets running jobs end (at most `graceMs`), hands the rest back, then resolves. */
  abstract stop(graceMs?: number): Promise<void>;

  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }
}
