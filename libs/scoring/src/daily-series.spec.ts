import { describe, expect, it } from '@jest/globals';
import { loadMethodology, scoringMethod } from '@hotline/methodology';
import type { CityData, Fact } from './city-data.js';
import { dailySeries } from './daily-series.js';
import { scoreCity } from './score-city.js';

const method = scoringMethod(loadMethodology());

describe('series that are read day by day', () => {
  it('are the methods and their denominators', () => {
    expect(dailySeries(method)).toEqual(
      expect.arrayContaining(['connect_rate.calls', 'connect_rate.daily:denominator']),
    );
    expect(dailySeries(method)).not.toContain('wait_p90');
  });

  it('are all that the core needs by day: the rest may come summed up', () => {
    const facts = Array.from({ length: 40 }, (_, i): Fact[] => {
      const day = new Date(Date.UTC(2023, 0, 1 + i)).toISOString().slice(0, 10);
      const fact = (series: string, n: number, total: number, stratum: string | null = null): Fact => ({
        series,
        day,
        stratum,
        after: null,
        until: null,
        n,
        total,
      });
      return [
        fact('connect_rate.calls', 20, 15 + (i % 5)),
        fact('asa', 15, 300 + i),
        fact('asa:usable', 15, 15),
        fact('wait_p90', 3 + (i % 2), 3 + (i % 2), String(10 + (i % 7))),
        fact('orders_by_channel', 4, 4, i % 2 ? 'web' : 'phone'),
      ];
    }).flat();
    const daily = new Set(dailySeries(method));
    const summed = new Map<string, Fact>();
    for (const fact of facts) {
      const key = daily.has(fact.series) ? `${fact.series} ${fact.day}` : `${fact.series} ${fact.stratum}`;
      const before = summed.get(key);
      summed.set(key, {
        ...fact,
        day: daily.has(fact.series) ? fact.day : '2023-01-01',
        n: (before?.n ?? 0) + fact.n,
        total: (before?.total ?? 0) + fact.total,
      });
    }
    expect(summed.size).toBeLessThan(facts.length / 2);
    const assess = (given: Fact[]) => scoreCity(method, { ...nothing, facts: given }, { seed: 1, replicates: 50 });
    expect(assess([...summed.values()])).toEqual(assess(facts));
  });
});

const nothing: CityData = {
  period: { start: '2023-01-01', end: '2023-03-01' },
  facts: [],
  samples: {},
  channels: [],
  profile: null,
  companions: {},
};
