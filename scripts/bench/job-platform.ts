import { completeJob, JobHandlers, JobQueue, JobRunner, TenantDb } from '@hotline/platform';
import { TenantsService, webhookJobs } from '@hotline/tenancy';
import type { INestApplicationContext } from '@nestjs/common';
import { openTenancy } from '../cluster/tenancy-context.js';

/** A job that leaves one row behind and does nothing else. */
export const smallJob = 'small-job';

/** The platform with small jobs and those that tenancy brings along: adds them, and runs them once `work` was called. */
export class JobPlatform {
  private constructor(private readonly app: INestApplicationContext) {}

  static async open(settings: Readonly<Record<string, string>>): Promise<JobPlatform> {
    return new JobPlatform(await openTenancy(settings, [smallJob, ...Object.values(webhookJobs)]));
  }

  /** Runs jobs from now on; `started` is told the id of each at its start. */
  async work(started: (id: string) => void = () => undefined): Promise<void> {
    this.app.get(JobHandlers).register(smallJob, {
      run: async (job) => {
        started(job.id);
        await this.app.get(TenantDb).run(job, async (manager) => {
          await manager.query('insert into small_job_run (job) values ($1)', [job.id]);
          await completeJob(manager, job);
        });
      },
    });
    await this.app.get(JobRunner).start();
  }

  async makeTenants(count: number): Promise<string[]> {
    const tenants: string[] = [];
    for (let index = 1; index <= count; index += 1) {
      const tenant = { kind: 'city', name: `jobs ${index}`, cityCode: '420100', isDemo: false } as const;
      tenants.push((await this.app.get(TenantsService).createTenant(tenant)).tenantId);
    }
    return tenants;
  }

  /** Adds so many jobs of a tenant in one transaction. Returns their ids once it is committed. */
  async add(tenantId: string, count: number): Promise<string[]> {
    const queue = this.app.get(JobQueue);
    return this.app.get(TenantDb).run({ tenantId }, async (manager) => {
      const ids: string[] = [];
      for (let index = 0; index < count; index += 1) {
        ids.push(await queue.enqueue(manager, { tenantId }, { kind: smallJob, subject: String(index), payload: {} }));
      }
      return ids;
    });
  }

  /** What a small job does, without being one. */
  async withoutQueue(tenantId: string): Promise<void> {
    await this.app
      .get(TenantDb)
      .run({ tenantId }, (manager) => manager.query('insert into small_job_run (job) values (gen_random_uuid())'));
  }

  async done(tenantId: string, id: string): Promise<void> {
    await this.app.get(JobQueue).waitFor({ tenantId }, id, 60_000);
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}
