import type { RequestContext } from '@hotline/platform';
import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { ImportEntity } from './import.entity.js';
import { ImportError } from './import-error.js';

/** @throws ImportError import_not_found */
export async function findImport(
  manager: EntityManager,
  ctx: RequestContext,
  id: string,
  purpose: 'to read' | 'to change it' = 'to read',
): Promise<ImportEntity> {
  const entity = isUuid(id)
    ? await manager.findOne(ImportEntity, {
        where: { tenantId: ctx.tenantId, id },
        ...(purpose === 'to read' ? {} : { lock: { mode: 'pessimistic_write' } }),
      })
    : null;
  if (!entity) throw new ImportError('import_not_found', { id });
  return entity;
}
