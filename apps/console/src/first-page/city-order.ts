import type { DemoCity } from '../../../../widgets/src/index.js';

export interface CityFilter {
  readonly tier: string;
  readonly region: string;
}

/** By unrounded index, best first; cities without one last, in the order given. */
export function byIndex(cities: readonly DemoCity[]): DemoCity[] {
  return [...cities].sort((a, b) => {
    if (a.index.score === null || b.index.score === null)
      return Number(a.index.score === null) - Number(b.index.score === null);
    return b.index.score - a.index.score;
  });
}

/** Cities of a tier and a region; an empty name stands for all. */
export function matching(cities: readonly DemoCity[], { tier, region }: CityFilter): DemoCity[] {
  return cities.filter(
    (city) => (tier === '' || city.tier_zh === tier) && (region === '' || city.region_zh === region),
  );
}

const tierOrder = ['一线', '新一线', '二线', '三线', '四线', '五线', '未分级'];

/** Tiers that occur, highest first; names not known to the order come last. */
export function tiersOf(cities: readonly DemoCity[]): string[] {
  const rank = (tier: string): number => (tierOrder.includes(tier) ? tierOrder.indexOf(tier) : tierOrder.length);
  return [...new Set(cities.map(({ tier_zh }) => tier_zh))].sort((a, b) => rank(a) - rank(b));
}

/** Regions that occur, in the order of the cities. */
export function regionsOf(cities: readonly DemoCity[]): string[] {
  return [...new Set(cities.map(({ region_zh }) => region_zh))];
}
