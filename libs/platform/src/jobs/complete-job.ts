import type { EntityManager } from 'typeorm';
import { LeaseLost, type ClaimedJob } from './claimed-job.js';

/**
 * Marks the job done, inside the transaction that keeps its work: both happen or neither.
 * @throws LeaseLost when the job was claimed again meanwhile; the transaction must then be given up
 */
export async function completeJob(
  manager: EntityManager,
  job: Pick<ClaimedJob, 'id' | 'tenantId' | 'fence'>,
  result: Readonly<Record<string, unknown>> | null = null,
): Promise<void> {
  const [, completed]: [unknown[], number] = await manager.query(
    `update job set state = 'done', result = $4, lease_until = null, finished_at = now()
     where tenant_id = $1 and id = $2 and fence = $3 and state = 'running'`,
    [job.tenantId, job.id, job.fence, result],
  );
  if (completed !== 1) throw new LeaseLost(job.id);
}
