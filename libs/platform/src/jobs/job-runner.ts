/** What drives jobs: an in-process loop, or workers woken by a queue server. Jobs behave the same under each. */
export abstract class JobRunner {
  /** Begins to claim jobs. @throws Error when a kind of job has no handler, or two */
  abstract start(): Promise<void>;

  /** Claims no more, lets running jobs end (at most `graceMs`), hands the rest back, then resolves. */
  abstract stop(graceMs?: number): Promise<void>;
}
