import { afterEach, beforeEach } from '@jest/globals';
import { completeJob, type ClaimedJob, type JobHandler } from '@hotline/platform';
import { TenantsService, type TenantEntity } from '@hotline/tenancy';
import { v7 as uuid } from 'uuid';
import { createTestDatabase, type TestDatabase } from './test-cluster.js';
import { testPlatform, type TestPlatform } from './test-platform.js';

export const kind = 'count-rows';
export const kinds = [kind];
export const patience = 20_000;

/** Settings that choose a runner of jobs. */
export type RunnerSettings = () => Readonly<Record<string, string>>;

export interface JobRunners {
  /** A process with a handler for every kind; its runner is not yet started. */
  open(
    handler: JobHandler,
    settings?: { jobs?: number; leaseMs?: number; retryDelayMs?: number },
  ): Promise<TestPlatform>;
  /** A process without a handler for these kinds. */
  openBare(jobKinds: readonly string[]): Promise<TestPlatform>;
  tenants(): readonly TenantEntity[];
  tenant(index?: number): TenantEntity;
  /** Asks for a job; its id. */
  ask(platform: TestPlatform, of: TenantEntity, subject?: string, priority?: number): Promise<string>;
  /** The work of a job that leaves a row behind and completes it in the same transaction. */
  leaveRow(platform: TestPlatform, job: Pick<ClaimedJob, 'id' | 'tenantId' | 'fence'>, row: string): Promise<void>;
  rowsLeft(platform: TestPlatform, of: TenantEntity): Promise<string[]>;
}

/** Within a `describe`: what its tests need of runners of jobs. Each test has a database of its own, with three tenants. */
export function jobRunners(env: RunnerSettings): JobRunners {
  let database: TestDatabase;
  let platforms: TestPlatform[];
  let tenants: TenantEntity[];

  beforeEach(async () => {
    database = await createTestDatabase();
    platforms = [];
    tenants = [];
    const platform = await open({ run: () => Promise.resolve() });
    for (const cityCode of ['420100', '330100', '510100']) {
      const tenant = { kind: 'city', name: cityCode, cityCode, isDemo: false } as const;
      tenants.push(await platform.app.get(TenantsService).createTenant(tenant));
    }
  });
  afterEach(async () => {
    for (const platform of platforms) await platform.close();
    await database.drop();
  });

  const open: JobRunners['open'] = async (handler, { jobs = 2, leaseMs = 5_000, retryDelayMs = 10 } = {}) => {
    const platform = await testPlatform({
      database,
      poolSize: 4,
      jobKinds: kinds,
      jobTiming: { retryDelayMs, leaseMs, pollMs: 50 },
      env: { ...env(), HOTLINE_JOBS: String(jobs) },
    });
    platform.handlers.register(kind, handler);
    platforms.push(platform);
    return platform;
  };

  return {
    open,
    openBare: async (jobKinds) => {
      const platform = await testPlatform({ database, jobKinds, env: env() });
      platforms.push(platform);
      return platform;
    },
    tenants: () => tenants,
    tenant: (index = 0) => {
      const found = tenants[index];
      if (!found) throw new Error(`there is no tenant ${index}`);
      return found;
    },
    ask: (platform, of, subject = 'x', priority = 0) =>
      platform.db.run(of, (manager) =>
        platform.queue.enqueue(manager, of, { kind, subject, payload: { subject }, priority }),
      ),
    leaveRow: (platform, job, row) =>
      platform.db.run(job, async (manager) => {
        await manager.query(
          `insert into api_key (tenant_id, id, name, prefix, hash, scopes) values ($1, $2, $3, '', '', '{}')`,
          [job.tenantId, uuid(), row],
        );
        await completeJob(manager, job, { row });
      }),
    rowsLeft: async (platform, of) => {
      const rows = await platform.db.run(of, (manager) =>
        manager.query<{ name: string }[]>('select name from api_key'),
      );
      return rows.map((row) => row.name).sort();
    },
  };
}

export function gate(): { readonly opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patience;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
