import type { DatasetId } from '@hotline/rows';
import type { EntityManager } from 'typeorm';
import { ImportEntity } from './import.entity.js';

export interface RowState {
  /** Goes up with every change of the list of committed imports; 0 before the first. */
  readonly version: number;
  readonly commitSeq: number;
}

/** To be read before the list and the segments: what is then found is of this version or later, never earlier. */
export async function readRowState(manager: EntityManager, tenantId: string): Promise<RowState> {
  const [row]: { version: string; commit_seq: string }[] = await manager.query(
    `select version, commit_seq from row_state where tenant_id = $1`,
    [tenantId],
  );
  return row ? { version: Number(row.version), commitSeq: Number(row.commit_seq) } : { version: 0, commitSeq: 0 };
}

/** Goes one version on. @throws Error when it is no longer `from`: what was derived from that is stale */
export async function moveRowState(
  manager: EntityManager,
  tenantId: string,
  from: number,
  commitSeq: number,
): Promise<void> {
  await manager.query(
    `insert into row_state (tenant_id, version, commit_seq) values ($1, 0, 0) on conflict do nothing`,
    [tenantId],
  );
  const moved: [unknown[], number] = await manager.query(
    `update row_state set version = version + 1, commit_seq = $3 where tenant_id = $1 and version = $2`,
    [tenantId, from, commitSeq],
  );
  if (moved[1] !== 1) throw new Error('the rows changed while this import was being merged; it is tried again');
}

/** Imports of a dataset that are in force, oldest first. */
export async function findCommitted(
  manager: EntityManager,
  tenantId: string,
  dataset: DatasetId,
): Promise<ImportEntity[]> {
  return manager
    .createQueryBuilder(ImportEntity, 'import')
    .where('import.tenant_id = :tenantId and import.dataset = :dataset', { tenantId, dataset })
    .andWhere(`import.state in ('committed', 'reverting')`)
    .orderBy('import.commitSeq', 'ASC')
    .getMany();
}
