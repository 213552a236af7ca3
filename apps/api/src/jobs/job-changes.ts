import { EventEmitter, on } from 'node:events';
import { JobAnnouncements } from '@hotline/platform';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';

/** Tells when a job may have changed, in whichever process; and from time to time, so that who watches is looked at again. */
@Injectable()
export class JobChanges implements OnApplicationBootstrap {
  /** Longest time until a watcher who may no longer watch is sent away. */
  static recheckMs = 10_000;

  constructor(private readonly announcements: JobAnnouncements) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.announcements.start();
  }

  /** Yields at once, at every change of the job and at every re-check, until the signal ends it. */
  async *of(jobId: string, signal: AbortSignal): AsyncGenerator<void> {
    const emitter = new EventEmitter();
    const tell = (): void => void emitter.emit('change');
    const forget = this.announcements.on('hotline_job_changed', (changed) => {
      if (changed === jobId) tell();
    });
    const timer = setInterval(tell, JobChanges.recheckMs);
    try {
      const changes = on(emitter, 'change', { signal });
      yield;
      for await (const _ of changes) yield;
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      forget();
      clearInterval(timer);
    }
  }
}
