import type { DatasetId } from '@hotline/rows';
import type { EntityManager } from 'typeorm';
import { RetentionRuleEntity } from './retention-rule.entity.js';

/** Months whose rows were removed for good. Their segments are gone; what was counted from them stays as it is. */
export class ClosedMonths {
  constructor(private readonly before: ReadonlyMap<DatasetId, string>) {}

  has(dataset: DatasetId, month: string): boolean {
    const first = this.before.get(dataset);
    return first !== undefined && isOlder(month, first);
  }
}

export async function readClosedMonths(manager: EntityManager, tenantId: string): Promise<ClosedMonths> {
  const rules = await manager.findBy(RetentionRuleEntity, { tenantId });
  return new ClosedMonths(
    new Map(rules.flatMap(({ dataset, closedBefore }) => (closedBefore === null ? [] : [[dataset, closedBefore]]))),
  );
}

/** Whether a month of rows lies before another. What is kept by other spans than months has no age. */
export function isOlder(month: string, first: string): boolean {
  return /^\d{4}-\d{2}$/.test(month) && month < first;
}

/** The first month that is kept: `months` before the month of that moment in Shanghai. */
export function firstKeptMonth(now: Date, months: number): string {
  const shanghai = new Date(now.getTime() + 8 * 3_600_000);
  const first = new Date(Date.UTC(shanghai.getUTCFullYear(), shanghai.getUTCMonth() - months, 1));
  return first.toISOString().slice(0, 7);
}
