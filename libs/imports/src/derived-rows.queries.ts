import { loadMethodology, scoringMethod } from '@hotline/methodology';
import type { SegmentFact } from '@hotline/rows';
import { dailySeries, type Fact, type Period } from '@hotline/scoring';
import type { EntityManager } from 'typeorm';
import type { DerivedRows } from './derive-rows.js';
import { SegmentEntity } from './segment.entity.js';

/** Switches segments and facts to what was derived. Belongs into the transaction that changes the list of imports. */
export async function replaceDerivedRows(
  manager: EntityManager,
  tenantId: string,
  change: {
    methodology: string;
    dataset: SegmentEntity['dataset'];
    derived: DerivedRows;
    toStored: (file: string) => string;
  },
): Promise<void> {
  const { derived, dataset, methodology } = change;
  for (const { month, segment } of derived.segments) {
    if (segment === null) {
      await manager.delete(SegmentEntity, { tenantId, dataset, month });
      continue;
    }
    const { sha256, bytes, rows } = segment;
    await manager.upsert(
      SegmentEntity,
      { tenantId, dataset, month, file: change.toStored(segment.file), sha256, bytes, rows },
      ['tenantId', 'dataset', 'month'],
    );
  }
  for (const { dataset: factDataset, month } of derived.factMonths) {
    await manager.query(
      `delete from daily_fact where tenant_id = $1 and methodology = $2 and dataset = $3 and month = $4`,
      [tenantId, methodology, factDataset, month],
    );
  }
  await insertFacts(manager, tenantId, methodology, derived.facts);
}

/** A fact without stratum or neighbours is stored with the empty text and infinite days, so that its key is never null. */
async function insertFacts(
  manager: EntityManager,
  tenantId: string,
  methodology: string,
  facts: readonly SegmentFact[],
): Promise<void> {
  if (facts.length === 0) return;
  const column = <T>(pick: (fact: SegmentFact) => T): T[] => facts.map(pick);
  await manager.query(
    `insert into daily_fact (tenant_id, methodology, dataset, month, series, day, stratum, after_day, until_day, n, total)
     select $1::uuid, $2::text, * from unnest(
       $3::text[], $4::text[], $5::text[], $6::date[], $7::text[], $8::date[], $9::date[], $10::bigint[], $11::numeric[])`,
    [
      tenantId,
      methodology,
      column((fact) => fact.dataset),
      column((fact) => fact.month),
      column((fact) => fact.series),
      column((fact) => fact.day),
      column((fact) => fact.stratum ?? ''),
      column((fact) => fact.after ?? '-infinity'),
      column((fact) => fact.until ?? 'infinity'),
      column((fact) => fact.n),
      column((fact) => fact.total),
    ],
  );
}

/**
 * Facts of a period, in the order in which the core adds them up: day by day where it looks at days, else one sum of the
 * period on its first day. Facts that count only in other periods (`after`, `until`) are left out.
 */
export async function readFacts(
  manager: EntityManager,
  tenantId: string,
  methodology: string,
  period: Period,
): Promise<Fact[]> {
  const daily = dailySeries(scoringMethod(loadMethodology(methodology)));
  const rows: { series: string; day: string; stratum: string; n: string; total: string }[] = await manager.query(
    `select series, day::text, stratum, sum(n) as n, sum(total) as total
       from (select series, case when series = any($5) then day else $3::date end as day, stratum, n, total
               from daily_fact
              where tenant_id = $1 and methodology = $2 and day >= $3 and day < $4
                and after_day < $3 and until_day >= $4) as counted
      group by series, day, stratum`,
    [tenantId, methodology, period.start, period.end, daily],
  );
  return rows.map(({ series, day, stratum, n, total }) => ({
    series,
    day,
    stratum: stratum === '' ? null : stratum,
    after: null,
    until: null,
    n: Number(n),
    total: Number(total),
  }));
}
