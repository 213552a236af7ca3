import { TenantDb, type RequestContext } from '@hotline/platform';
import { datasetIds, type DatasetId } from '@hotline/rows';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ImportError } from '../import-error.js';
import { requireDataset } from '../imports.service.js';
import { SegmentEntity } from '../segment.entity.js';
import { firstKeptMonth, isOlder } from './closed-months.js';
import { RetentionRuleEntity } from './retention-rule.entity.js';

export interface RetentionRule {
  readonly dataset: DatasetId;
  /** Null: rows are kept for ever. */
  readonly months: number | null;
  /** Null: there never was a rule. */
  readonly appliesFrom: Date | null;
  /** First month whose rows are still kept; null: none were removed. */
  readonly closedBefore: string | null;
  readonly removedRows: number;
  readonly appliedAt: Date | null;
  /** Rows that it will remove next. */
  readonly dueRows: number;
}

const mostMonths = 600;
const graceHours = 24;

/** How long a tenant keeps the rows of each dataset. */
@Injectable()
export class RetentionService {
  constructor(private readonly db: TenantDb) {}

  /** One for each dataset. */
  async rules(ctx: RequestContext): Promise<RetentionRule[]> {
    return this.db.runReadOnly(ctx, (manager) => read(manager, ctx.tenantId));
  }

  /** In force a day later. @param months null: for ever @throws ImportError unknown_dataset, retention_invalid */
  async set(ctx: RequestContext, dataset: string, months: number | null): Promise<RetentionRule> {
    const { tenantId } = ctx;
    const known = requireDataset(dataset);
    if (months !== null && (!Number.isInteger(months) || months < 1 || months > mostMonths)) {
      throw new ImportError('retention_invalid', { most: mostMonths });
    }
    return this.db.run(ctx, async (manager) => {
      await manager.query(
        `insert into retention_rule (tenant_id, dataset, months, applies_from)
         values ($1, $2, $3, now() + $4 * interval '1 hour')
         on conflict (tenant_id, dataset) do update set months = excluded.months, applies_from = excluded.applies_from`,
        [tenantId, known, months, graceHours],
      );
      const rule = (await read(manager, tenantId)).find((each) => each.dataset === known);
      if (!rule) throw new Error(`there is no rule for ${known}`);
      return rule;
    });
  }
}

async function read(manager: EntityManager, tenantId: string): Promise<RetentionRule[]> {
  const rules = await manager.findBy(RetentionRuleEntity, { tenantId });
  const segments = await manager.findBy(SegmentEntity, { tenantId });
  const now = new Date();
  return datasetIds.map((dataset) => {
    const rule = rules.find((each) => each.dataset === dataset);
    const months = rule?.months ?? null;
    const due =
      months === null
        ? []
        : segments.filter((each) => each.dataset === dataset && isOlder(each.month, firstKeptMonth(now, months)));
    return {
      ...{ dataset, months },
      appliesFrom: rule?.appliesFrom ?? null,
      closedBefore: rule?.closedBefore ?? null,
      removedRows: rule?.removedRows ?? 0,
      appliedAt: rule?.appliedAt ?? null,
      dueRows: due.reduce((sum, { rows }) => sum + rows, 0),
    };
  });
}
