import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';

const hourMs = 3_600_000;

/**
 * What every process does at its start and once an hour, beside its jobs. A fault is told in the log and ends that round
 * only; the end of the process waits for the round that runs.
 */
export abstract class HourlyWork implements OnApplicationBootstrap, OnApplicationShutdown {
  protected readonly log = new Logger(this.constructor.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;

  /** Safe beside the same work of other processes. */
  protected abstract round(): Promise<unknown>;

  onApplicationBootstrap(): void {
    this.begin();
    this.timer = setInterval(() => this.begin(), hourMs);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private begin(): void {
    // A round of more than an hour goes on; the next one begins with the hour after it.
    this.running ??= this.round()
      .then(
        () => undefined,
        (error: unknown) => this.log.error(error),
      )
      .finally(() => (this.running = null));
  }
}
