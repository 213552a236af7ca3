import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultMethodology, loadMethodology, scoringMethod } from '@hotline/methodology';
import type { SegmentFact } from '@hotline/rows';
import { dailySeries, type Period } from '@hotline/scoring';
import { TenantsService } from '@hotline/tenancy';
import fc from 'fast-check';
import { testPlatform, type TestPlatform } from '../../../test/harness/test-platform.js';
import { readFacts, replaceDerivedRows } from './derived-rows.queries.js';
import { importEntities } from './import-entities.js';

let platform: TestPlatform;
let tenantId: string;
beforeAll(async () => {
  platform = await testPlatform({ entities: importEntities });
  ({ tenantId } = await platform.app
    .get(TenantsService)
    .createTenant({ kind: 'city', name: '武汉', cityCode: '420100', isDemo: false }));
}, 60_000);
afterAll(() => platform.close());

const daily = ['on_time.orders', 'period_connect.calls'];
const summed = ['wait_p90', 'callback_reach'];

// Around the ends of months and years, where whole months begin and end.
const day = fc.constantFrom(
  ...['2022-12-31', '2023-01-01', '2023-01-15', '2023-01-31', '2023-02-01', '2023-02-28', '2023-03-01', '2023-04-01'],
);
const fact: fc.Arbitrary<SegmentFact> = fc.record({
  dataset: fc.constant('calls' as const),
  month: fc.constantFrom('2023-01', '2023-02'),
  series: fc.constantFrom(...daily, ...summed),
  day,
  stratum: fc.constantFrom(null, 'a', 'b'),
  after: fc.option(day),
  until: fc.option(day),
  n: fc.integer({ min: 1, max: 9 }),
  // Quarters are exact in doubles, so sums in any order are equal.
  total: fc.integer({ min: -8, max: 8 }).map((quarters) => quarters / 4),
});
const facts = fc.uniqueArray(fact, {
  maxLength: 40,
  selector: ({ total: _total, n: _n, ...key }) => JSON.stringify(key),
});
const period: fc.Arbitrary<Period> = fc
  .tuple(day, day)
  .filter(([start, end]) => start < end)
  .map(([start, end]) => ({ start, end }));

async function store(of: readonly SegmentFact[], months: readonly string[]): Promise<void> {
  await platform.db.run({ tenantId }, (manager) =>
    replaceDerivedRows(manager, tenantId, {
      methodology: defaultMethodology,
      dataset: 'calls',
      derived: { segments: [], factMonths: months.map((month) => ({ dataset: 'calls', month })), facts: of },
      toStored: (file) => file,
    }),
  );
}

/** As the text of `readFacts` says it: one by one. */
function expected(of: readonly SegmentFact[], { start, end }: Period): Map<string, readonly [number, number]> {
  const sums = new Map<string, readonly [number, number]>();
  for (const each of of) {
    if (each.day < start || each.day >= end) continue;
    if ((each.after !== null && each.after >= start) || (each.until !== null && each.until < end)) continue;
    const key = JSON.stringify([each.series, daily.includes(each.series) ? each.day : start, each.stratum]);
    const [n, total] = sums.get(key) ?? [0, 0];
    sums.set(key, [n + each.n, total + each.total]);
  }
  return sums;
}

async function read(of: Period): Promise<Map<string, readonly [number, number]>> {
  const found = await platform.db.runReadOnly({ tenantId }, (manager) =>
    readFacts(manager, tenantId, defaultMethodology, of),
  );
  return new Map(
    found.map(({ series, day: at, stratum, n, total }) => [JSON.stringify([series, at, stratum]), [n, total]]),
  );
}

describe('the facts of a period', () => {
  it('are the sums of the days in it, also where whole months come from their sums', async () => {
    // What this test takes for series by the day is what the method takes for them.
    const known = dailySeries(scoringMethod(loadMethodology(defaultMethodology)));
    expect([daily.every((id) => known.includes(id)), summed.some((id) => known.includes(id))]).toEqual([true, false]);
    await fc.assert(
      fc.asyncProperty(facts, fc.array(period, { minLength: 1, maxLength: 5 }), async (all, periods) => {
        await store(all, ['2023-01', '2023-02']);
        for (const each of periods) {
          const found = await read(each);
          expect([each, new Map([...found].sort())]).toEqual([each, new Map([...expected(all, each)].sort())]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('lose and gain those of one month without those of another', async () => {
    const of = (month: string, n: number): SegmentFact => ({
      dataset: 'calls',
      ...{ month, series: 'wait_p90', day: `${month}-05`, stratum: '12', after: null, until: null, n, total: n },
    });
    await store([of('2023-01', 3), of('2023-02', 4)], ['2023-01', '2023-02']);
    await store([of('2023-02', 5)], ['2023-02']);
    const spring = { start: '2023-01-01', end: '2023-03-01' };
    expect(await read(spring)).toEqual(new Map([[JSON.stringify(['wait_p90', '2023-01-01', '12']), [8, 8]]]));
    await store([], ['2023-01']);
    expect(await read(spring)).toEqual(new Map([[JSON.stringify(['wait_p90', '2023-01-01', '12']), [5, 5]]]));
  });
});
