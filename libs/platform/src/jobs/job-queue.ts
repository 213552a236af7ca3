import { setTimeout as sleep } from 'node:timers/promises';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { v7 as uuid, validate as isUuid } from 'uuid';
import type { EntityManager } from 'typeorm';
import type { TenantDb } from '../database/tenant-db.js';
import type { JobAnnouncements } from './job-announcements.js';
import type { TenantScope } from '../request-context.js';
import type { JobState, JobView } from './job-view.js';

export interface NewJob {
  readonly kind: string;
  /** Id of what the job is about. */
  readonly subject: string;
  /** Ids and settings, never rows. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Higher runs earlier within the tenant; 0 unless told. */
  readonly priority?: number;
}

/** How long a waiting one trusts in being told. */
const silenceMs = 2_000;
/** How often it looks while nothing can be heard. */
const deafPauseMs = 50;

interface JobRow {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly state: JobView['state'];
  readonly attempt: number;
  readonly progress: JobView['progress'];
  readonly error_code: string | null;
  readonly result: JobView['result'];
  readonly cancel_requested: boolean;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
}

const columns = `id, kind, subject, state, attempt, progress, error_code, result, cancel_requested, created_at, started_at,
  finished_at`;

/** Asking for jobs and watching them. The row in PostgreSQL is the job; whatever wakes a worker only carries its id. */
export class JobQueue implements BeforeApplicationShutdown {
  private readonly ending = new AbortController();

  constructor(
    private readonly db: TenantDb,
    private readonly kinds: readonly string[],
    private readonly announcements: JobAnnouncements,
  ) {}

  /**
   * Adds a job in the caller's transaction: it runs only if that is committed.
   * @returns the job's id
   * @throws Error for a kind nobody handles
   */
  async enqueue(manager: EntityManager, ctx: TenantScope, job: NewJob): Promise<string> {
    if (!this.kinds.includes(job.kind)) throw new Error(`job kind ${job.kind} is not known here`);
    const id = uuid();
    await manager.query(
      `with added as (
         insert into job (tenant_id, id, kind, subject, payload, priority) values ($1, $2, $3, $4, $5, $6) returning id
       ) select pg_notify('hotline_job', '') from added`,
      [ctx.tenantId, id, job.kind, job.subject, job.payload, job.priority ?? 0],
    );
    return id;
  }

  /** Null when the tenant has no such job. */
  async find(ctx: TenantScope, id: string): Promise<JobView | null> {
    if (!isUuid(id)) return null;
    const rows = await this.db.run(ctx, (manager) =>
      manager.query<JobRow[]>(`select ${columns} from job where tenant_id = $1 and id = $2`, [ctx.tenantId, id]),
    );
    const row = rows[0];
    return row ? view(row) : null;
  }

  /** Newest first; `before` is the id of the last job of the page before. One more than `first` tells of a next page. */
  async list(
    ctx: TenantScope,
    page: { first: number; before: string | null; states: readonly JobState[] },
  ): Promise<JobView[]> {
    const rows = await this.db.runReadOnly(ctx, (manager) =>
      manager.query<JobRow[]>(
        `select ${columns} from job where tenant_id = $1 and state = any ($2)
           and ($3::uuid is null or id < $3 and exists (select from job k where k.tenant_id = $1 and k.id = $3))
         order by id desc limit $4`,
        [ctx.tenantId, page.states, page.before, page.first + 1],
      ),
    );
    return rows.map(view);
  }

  /** True once this process ends: whoever waits is then told how far things are. */
  get isEnding(): boolean {
    return this.ending.signal.aborted;
  }

  beforeApplicationShutdown(): void {
    this.ending.abort();
  }

  /** Id of a job about a subject that is still to run or running; null when there is none. */
  async unendedAbout(ctx: TenantScope, subject: string): Promise<string | null> {
    const rows = await this.db.runReadOnly(ctx, (manager) =>
      manager.query<{ id: string }[]>(
        `select id from job where tenant_id = $1 and subject = $2 and finished_at is null order by id limit 1`,
        [ctx.tenantId, subject],
      ),
    );
    return rows[0]?.id ?? null;
  }

  /** The job when it has ended, or as it is after `timeoutMs` or when this process ends. @throws Error when the tenant has no such job */
  async waitFor(ctx: TenantScope, id: string, timeoutMs: number): Promise<JobView> {
    const deadline = Date.now() + timeoutMs;
    let told = new AbortController();
    const forget = this.announcements.on('hotline_job_changed', (changed) => {
      if (changed === id) told.abort();
    });
    try {
      for (;;) {
        told = new AbortController();
        const job = await this.find(ctx, id);
        if (!job) throw new Error(`no job ${id}`);
        const left = deadline - Date.now();
        if ((job.state !== 'queued' && job.state !== 'running') || left <= 0 || this.isEnding) return job;
        // The database tells when to look again; where it cannot be heard, the clock does.
        const pause = this.announcements.listening ? silenceMs : deafPauseMs;
        const signal = AbortSignal.any([told.signal, this.ending.signal]);
        await sleep(Math.min(left, pause), undefined, { signal }).catch(() => undefined);
      }
    } finally {
      forget();
    }
  }

  /** Asks for an end: a waiting job never starts, a running one is told to stop. What is done stays done. */
  async cancel(ctx: TenantScope, id: string): Promise<void> {
    await this.db.run(ctx, (manager) =>
      manager.query(
        `with asked as (
           update job set cancel_requested = true
           where tenant_id = $1 and id = $2 and state in ('queued', 'running') returning id
         ) select pg_notify('hotline_job', '') from asked`,
        [ctx.tenantId, id],
      ),
    );
  }
}

function view(row: JobRow): JobView {
  return {
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    state: row.state,
    attempt: row.attempt,
    progress: row.progress,
    errorCode: row.error_code,
    result: row.result,
    cancelRequested: row.cancel_requested,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}
