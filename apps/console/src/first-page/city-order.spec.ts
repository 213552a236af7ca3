import { describe, expect, it } from '@jest/globals';
import { demoCities } from '../../../../widgets/test/sample-documents.js';
import { byIndex, matching, regionsOf, tiersOf } from './city-order.js';

const codes = (cities: readonly { code: string }[]): string[] => cities.map(({ code }) => code);

describe('the list of cities', () => {
  it('stands by index, a city without one last', () => {
    // 82.17, 76.1, 73.4591, 62.4, not rated
    expect(codes(byIndex(demoCities.cities))).toEqual(['310000', '460100', '340100', '320300', '360900']);
  });

  it('is narrowed by tier and region', () => {
    expect(codes(matching(demoCities.cities, { tier: '三线', region: '' }))).toEqual(['460100', '360900']);
    expect(codes(matching(demoCities.cities, { tier: '三线', region: '华东' }))).toEqual(['360900']);
    expect(matching(demoCities.cities, { tier: '一线', region: '华南' })).toEqual([]);
  });

  it('offers the tiers and regions that occur', () => {
    expect(tiersOf([...demoCities.cities].reverse())).toEqual(['一线', '新一线', '二线', '三线']);
    expect(regionsOf(demoCities.cities)).toEqual(['华东', '华南']);
  });
});
