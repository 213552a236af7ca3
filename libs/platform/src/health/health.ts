import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { SharedDb } from '../database/shared-db.js';
import type { JobRunner } from '../jobs/job-runner.js';

export interface Readiness {
  /** `down`: send requests elsewhere. */
  readonly status: 'ok' | 'down';
  readonly database: 'ok' | 'down';
  /** `down`: what is asked for is taken and done later. `none`: the database wakes workers. */
  readonly queue: 'ok' | 'down' | 'none';
  /** The process ends and takes nothing more. */
  readonly stopping: boolean;
}

const patienceMs = 2_000;

/** Whether work can be done here, and what stands in the way. Nothing of it tells of tenants, versions or addresses. */
export class Health implements BeforeApplicationShutdown {
  private stopping = false;

  constructor(
    private readonly db: SharedDb,
    private readonly runner: JobRunner,
  ) {}

  beforeApplicationShutdown(): void {
    this.stopping = true;
  }

  async ready(): Promise<Readiness> {
    const database = await this.databaseAnswers();
    return {
      status: database && !this.stopping ? 'ok' : 'down',
      database: database ? 'ok' : 'down',
      queue: this.runner.queueState(),
      stopping: this.stopping,
    };
  }

  private async databaseAnswers(): Promise<boolean> {
    let impatience: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => (impatience = setTimeout(() => resolve(false), patienceMs)));
    const asked = this.db.query('select 1').then(
      () => true,
      () => false,
    );
    const answered = await Promise.race([asked, late]);
    clearTimeout(impatience);
    return answered;
  }
}
