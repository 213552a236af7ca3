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
  const changed = [
    tenantId,
    methodology,
    derived.factMonths.map((pair) => pair.dataset),
    derived.factMonths.map((pair) => pair.month),
  ];
  for (const table of ['daily_fact', 'month_fact']) {
    await manager.query(
      `delete from ${table} where tenant_id = $1 and methodology = $2 and (dataset, month) in ${pairs}`,
      changed,
    );
  }
  await insertFacts(manager, tenantId, methodology, derived.facts);
  await manager.query(
    `insert into month_fact (tenant_id, methodology, dataset, month, series, first_day, stratum, after_day, until_day, n, total)
     select tenant_id, methodology, dataset, month, series, date_trunc('month', day), stratum, after_day, until_day,
            sum(n), sum(total)
       from daily_fact
      where tenant_id = $1 and methodology = $2 and (dataset, month) in ${pairs} and not is_daily
      group by 1, 2, 3, 4, 5, 6, 7, 8, 9`,
    changed,
  );
}

const pairs = '(select * from unnest($3::text[], $4::text[]))';

/** A fact without stratum or neighbours is stored with the empty text and infinite days, so that its key is never null. */
async function insertFacts(
  manager: EntityManager,
  tenantId: string,
  methodology: string,
  facts: readonly SegmentFact[],
): Promise<void> {
  if (facts.length === 0) return;
  const daily = new Set(dailySeries(scoringMethod(loadMethodology(methodology))));
  const column = <T>(pick: (fact: SegmentFact) => T): T[] => facts.map(pick);
  await manager.query(
    `insert into daily_fact (tenant_id, methodology, dataset, month, series, day, stratum, after_day, until_day, n, total, is_daily)
     select $1::uuid, $2::text, * from unnest(
       $3::text[], $4::text[], $5::text[], $6::date[], $7::text[], $8::date[], $9::date[], $10::bigint[], $11::numeric[],
       $12::boolean[])`,
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
      column((fact) => daily.has(fact.series)),
    ],
  );
}

/**
 * Facts of a period, in no order: day by day of the series of which the core looks at days, of the others one sum of the
 * period on its first day. Facts that count only in other periods (`after`, `until`) are left out. Whole calendar months
 * of the others come from their sums; only the days before and after are added up one by one.
 */
export async function readFacts(
  manager: EntityManager,
  tenantId: string,
  methodology: string,
  period: Period,
): Promise<Fact[]> {
  const counts = `tenant_id = $1 and methodology = $2 and after_day < $3 and until_day >= $4`;
  const [firstMonth, endOfMonths] = wholeMonths(period);
  const rows: { series: string; day: string; stratum: string; n: string; total: string }[] = await manager.query(
    `select series, day::text, stratum, sum(n) as n, sum(total) as total
       from daily_fact where ${counts} and is_daily and day >= $3 and day < $4
      group by series, day, stratum
     union all
     select series, $3::text, stratum, sum(n), sum(total)
       from (select series, stratum, n, total from month_fact where ${counts} and first_day >= $5 and first_day < $6
             union all
             select series, stratum, n, total from daily_fact where ${counts} and not is_daily and day >= $3 and day < least($4, $5)
             union all
             select series, stratum, n, total from daily_fact where ${counts} and not is_daily and day >= greatest($3, $6) and day < $4
            ) as parts
      group by series, stratum`,
    [tenantId, methodology, period.start, period.end, firstMonth, endOfMonths],
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

/** First day of the first calendar month that lies within a period, and the day after the last; the end twice: there is none. */
function wholeMonths({ start, end }: Period): readonly [string, string] {
  const endOfMonths = `${end.slice(0, 7)}-01`;
  const [year = NaN, month = NaN, day = NaN] = start.split('-').map(Number);
  const first = new Date(Date.UTC(year, day === 1 ? month - 1 : month, 1)).toISOString().slice(0, 10);
  return first < endOfMonths ? [first, endOfMonths] : [end, end];
}
