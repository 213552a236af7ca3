import { describe, expect, it } from '@jest/globals';
import type { City, Grade } from './city.js';
import {
  adminLevels,
  cities,
  findCity,
  findProvince,
  inferredWeights,
  provinces,
  publishedFigure,
  publishedFigures,
  publishedIndicators,
  ranking,
  regions,
  tiers,
} from './registry-data.js';

/* Expected values are what the 2023 report prints, unless another source is named. */

const grades: readonly Grade[] = ['A+', 'A', 'B+', 'B', 'C+', 'C', 'D+', 'D', 'E+', 'E'];
const byName = new Map(cities().map((city) => [city.name, city]));
const value = (key: string) => publishedFigure(key)?.value;
const isGood = (city: City | undefined): boolean => city?.grade2023 === 'A+' || city?.grade2023 === 'A';
const names = (text: string): string[] => text.split(' ');
const provinceName = (city: City): string | undefined => findProvince(city.provinceCode)?.name;

function count<T>(list: readonly T[], of: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of list) counts[of(item)] = (counts[of(item)] ?? 0) + 1;
  return counts;
}

describe('the cities', () => {
  it('are the 334 of the sample, in the order of their codes, none twice', () => {
    expect(cities()).toHaveLength(334);
    expect(value('sample.cities')).toBe(334);
    const codes = cities().map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].sort());
    expect(byName.size).toBe(334);
    expect(cities().every(({ name, nameEn, nameShort }) => name !== '' && nameEn !== '' && nameShort !== '')).toBe(
      true,
    );
  });

  it('lie in 31 provinces by their codes', () => {
    expect(provinces()).toHaveLength(31);
    expect(new Set(provinces().map(({ name }) => name)).size).toBe(31);
    for (const { code, provinceCode } of cities()) {
      expect(code).toMatch(/^\d{6}$/);
      expect(provinceCode).toBe(`${code.slice(0, 2)}0000`);
    }
    expect(new Set(cities().map(({ provinceCode }) => provinceCode)).size).toBe(31);
  });

  it('are found by code, and only those there are', () => {
    expect(findCity('420100')).toMatchObject({
      name: '武汉市',
      nameEn: 'Wuhan',
      region: 'central',
      tier: 'new_tier_1',
    });
    expect(findCity('230100')).toMatchObject({ name: '哈尔滨市', nameEn: 'Harbin' });
    // 三沙市 is not in the sample.
    expect(findCity('460300')).toBeNull();
    expect(findProvince('420000')).toMatchObject({ name: '湖北省', nameEn: 'Hubei' });
  });

  it.each([
    ['A+', 15, 4.49],
    ['A', 37, 11.08],
    ['B+', 35, 10.48],
    ['B', 40, 11.98],
    ['C+', 67, 20.06],
    ['C', 63, 18.86],
    ['D+', 37, 11.08],
    ['D', 22, 6.59],
    ['E+', 15, 4.49],
    ['E', 3, 0.9],
  ])('hold grade %s %i times, %d %%', (grade, number, share) => {
    const found = cities().filter(({ grade2023 }) => grade2023 === grade).length;
    expect(found).toBe(number);
    expect(value(`grade.count.${grade}`)).toBe(number);
    expect(((found / 334) * 100).toFixed(2)).toBe(share.toFixed(2));
    expect(value(`grade.share.${grade}`)).toBe(share);
  });

  it('have no other grade', () => {
    expect(Object.keys(count(cities(), ({ grade2023 }) => grade2023)).sort()).toEqual([...grades].sort());
  });
});

describe('regions, tiers and levels', () => {
  it.each([
    ['east', '上海市 江苏省 浙江省 安徽省 福建省 江西省 山东省'],
    ['north', '北京市 天津市 河北省 山西省 内蒙古自治区'],
    ['central', '河南省 湖北省 湖南省'],
    ['south', '广东省 广西壮族自治区 海南省'],
    ['southwest', '重庆市 四川省 贵州省 云南省 西藏自治区'],
    ['northwest', '陕西省 甘肃省 青海省 宁夏回族自治区 新疆维吾尔自治区'],
    ['northeast', '辽宁省 吉林省 黑龙江省'],
  ])('region %s holds its provinces and their cities', (region, list) => {
    expect(
      provinces()
        .filter((province) => province.region === region)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(names(list).sort());
    expect(regions().some(({ id }) => id === region)).toBe(true);
    expect(cities().every((city) => city.region === findProvince(city.provinceCode)?.region)).toBe(true);
  });

  // Size of the tier in the ranking of 337 cities of 30 May 2023; four of the fifth tier are not in the sample.
  it.each([
    ['tier_1', 4, 0],
    ['new_tier_1', 15, 0],
    ['tier_2', 30, 0],
    ['tier_3', 70, 0],
    ['tier_4', 90, 0],
    ['tier_5', 128, 4],
  ])('tier %s holds %i cities, %i of them not rated', (tier, size, absent) => {
    expect(cities().filter((city) => city.tier === tier)).toHaveLength(size - absent);
  });

  it('leave only 雄安新区 without a tier, and say of every tier how it is known', () => {
    const unranked = cities().filter(({ tier }) => tier === 'unranked');
    expect(unranked.map(({ name, tierSource }) => [name, tierSource])).toEqual([['雄安新区', 'not_ranked']]);
    expect(tiers().map(({ id }) => id)).toEqual(expect.arrayContaining(cities().map(({ tier }) => tier)));
    expect(count(cities(), ({ tierSource }) => tierSource)).toEqual({
      report_2023: 15,
      ranking_2023: 139,
      bracket_2022_2025: 168,
      inferred_marginal: 11,
      not_ranked: 1,
    });
  });

  it('name the new first tier as the report lists it', () => {
    const listed = names('成都 重庆 杭州 武汉 苏州 西安 南京 长沙 天津 郑州 东莞 青岛 昆明 宁波 合肥').map(
      (name) => `${name}市`,
    );
    const found = cities()
      .filter(({ tier }) => tier === 'new_tier_1')
      .map(({ name }) => name);
    expect(found.sort()).toEqual(listed.sort());
  });

  it('group the levels as the method does', () => {
    expect(adminLevels().map(({ id }) => id)).toEqual([
      'municipality',
      'sub_provincial',
      'capital',
      'prefecture_city',
      'prefecture_other',
    ]);
    const level = (...selfNames: string[]) => [
      ...new Set(
        cities()
          .filter((city) => selfNames.includes(city.adminLevelName))
          .map(({ adminLevel }) => adminLevel),
      ),
    ];
    expect(level('直辖市')).toEqual(['municipality']);
    expect(level('副省级城市')).toEqual(['sub_provincial']);
    expect(level('省会城市')).toEqual(['capital']);
    expect(level('地级市', '国家级新区')).toEqual(['prefecture_city']);
    expect(level('自治州', '地区', '盟')).toEqual(['prefecture_other']);
    expect(cities().filter(({ adminLevel }) => adminLevel === 'municipality')).toHaveLength(4);
  });

  it('mark 27 capitals, 15 sub-provincial and 5 separately planned cities, in agreement with the level', () => {
    const capitals = cities().filter(({ provincialCapital }) => provincialCapital);
    const subProvincial = cities().filter((city) => city.subProvincial);
    const planned = cities().filter(({ separatelyPlanned }) => separatelyPlanned);
    expect(capitals).toHaveLength(27);
    expect(new Set(capitals.map(({ provinceCode }) => provinceCode)).size).toBe(27);
    expect(subProvincial).toHaveLength(15);
    expect(planned).toHaveLength(5);
    expect(planned.every((city) => city.subProvincial)).toBe(true);
    expect(subProvincial.every(({ adminLevel }) => adminLevel === 'sub_provincial')).toBe(true);
    expect(capitals.every((city) => city.adminLevel === (city.subProvincial ? 'sub_provincial' : 'capital'))).toBe(
      true,
    );
  });
});

describe('what the report claims', () => {
  it('is true of the capitals and the sub-provincial cities', () => {
    const capitals = cities().filter(({ provincialCapital }) => provincialCapital);
    const subProvincial = cities().filter((city) => city.subProvincial);
    expect([value('claim.capitals.total'), value('claim.capitals.grade_a_or_better')]).toEqual([27, 16]);
    expect(capitals.filter(isGood)).toHaveLength(16);
    expect([value('claim.sub_provincial.total'), value('claim.sub_provincial.grade_a_or_better')]).toEqual([15, 12]);
    expect(subProvincial.filter(isGood)).toHaveLength(12);
  });

  it('is true of the cities it names', () => {
    expect(names('广州市 杭州市 南京市 青岛市 上海市 三亚市 厦门市').every((name) => isGood(byName.get(name)))).toBe(
      true,
    );
    const hainan = cities().filter((city) => provinceName(city) === '海南省');
    expect(hainan.map(({ name, grade2023 }) => [name, grade2023])).toEqual([
      ['海口市', 'A'],
      ['三亚市', 'A'],
    ]);
    for (const [province, list] of [
      ['浙江省', '杭州市 嘉兴市 宁波市'],
      ['安徽省', '合肥市 淮南市 宿州市 滁州市'],
    ] as const) {
      const good = cities().filter((city) => provinceName(city) === province && isGood(city));
      expect(good.map(({ name }) => name).sort()).toEqual(names(list).sort());
    }
  });

  it('agrees with itself on greetings: 6 of 334 over 30 s, 98 % not', () => {
    expect(value('greeting.gt_30s.count')).toBe(6);
    expect(value('greeting.le_30s.share')).toBe(98);
    expect(Math.round(100 - (6 / 334) * 100)).toBe(98);
  });
});

describe('the rankings', () => {
  it('rank every province but the four municipalities', () => {
    const ranked = ranking('province27');
    expect(ranked.map(({ rank }) => rank)).toEqual(Array.from({ length: 27 }, (_, index) => index + 1));
    expect(ranked.every(({ code, name }) => findProvince(code)?.name === name)).toBe(true);
    const left = provinces().filter(({ code }) => !ranked.some((entry) => entry.code === code));
    expect(left.map(({ name }) => name).sort()).toEqual(names('上海市 北京市 天津市 重庆市').sort());
    expect(ranked.slice(0, 3).map(({ name }) => name)).toEqual(['海南省', '浙江省', '安徽省']);
    const scores = ['海南省', '浙江省', '安徽省'].map((name) => Number(value(`province.score.${name}`)));
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(scores.every((score) => score > 0)).toBe(true);
  });

  it.each([
    ['major32', 32],
    ['newtier15', 15],
  ] as const)('%s holds %i cities, none twice, and the grade never rises down the list', (id, length) => {
    const list = ranking(id);
    expect(list.map(({ rank }) => rank)).toEqual(Array.from({ length }, (_, index) => index + 1));
    expect(list.every(({ code, name }) => findCity(code)?.name === name)).toBe(true);
    expect(new Set(list.map(({ code }) => code)).size).toBe(length);
    const places = list.map(({ code }) => grades.indexOf(findCity(code)?.grade2023 ?? 'E'));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('are also among the figures', () => {
    for (const [id, key] of [
      ['province27', 'province'],
      ['major32', 'major32'],
      ['newtier15', 'newtier15'],
    ] as const) {
      for (const { name, rank } of ranking(id)) expect([name, value(`rank.${key}.${name}`)]).toEqual([name, rank]);
    }
  });

  it('hold the capitals and sub-provincial cities, the new first tier, and order their common cities alike', () => {
    const major = cities().filter((city) => city.provincialCapital || city.subProvincial);
    expect(
      ranking('major32')
        .map(({ code }) => code)
        .sort(),
    ).toEqual(major.map(({ code }) => code).sort());
    expect(ranking('newtier15').every(({ code }) => findCity(code)?.tier === 'new_tier_1')).toBe(true);
    const inBoth = (id: 'major32' | 'newtier15', other: 'major32' | 'newtier15') =>
      ranking(id)
        .map(({ code }) => code)
        .filter((code) => ranking(other).some((entry) => entry.code === code));
    // 苏州, 东莞 and the municipalities 重庆 and 天津 are no major cities in the sense of the list.
    expect(inBoth('newtier15', 'major32')).toHaveLength(11);
    expect(inBoth('newtier15', 'major32')).toEqual(inBoth('major32', 'newtier15'));
  });
});

describe('the published figures', () => {
  it('are 209, each once and whole', () => {
    expect(publishedFigures()).toHaveLength(209);
    expect(new Set(publishedFigures().map(({ key }) => key)).size).toBe(209);
    for (const figure of publishedFigures()) {
      expect(Object.keys(figure).sort()).toEqual(['key', 'scope', 'section', 'unit', 'value']);
      expect(['number', 'string']).toContain(typeof figure.value);
    }
  });

  it('speak of a tree of 3 dimensions, 9 elements and 35 indicators', () => {
    const tree = publishedIndicators();
    expect(count(tree, ({ level }) => String(level))).toEqual({ 1: 3, 2: 9, 3: 35 });
    const ids = new Set(tree.map(({ id }) => id));
    expect(ids.size).toBe(47);
    for (const { id, level, parent } of tree) {
      expect(id.split('.')).toHaveLength(level);
      expect(parent).toBe(level === 1 ? null : id.split('.').slice(0, -1).join('.'));
    }
    const printed = ['channel', 'experience', 'perception'].map((id) => Number(value(`indicator.l2.count.${id}`)));
    expect(printed.reduce((sum, number) => sum + number, 0)).toBe(9);
    const upper = tree.filter(({ level }) => level < 3);
    expect(upper.map(({ id, mean }) => [id, mean])).toEqual(
      upper.map(({ id, level }) => [id, value(`mean.l${level}.${id}`)]),
    );
    for (const { key, scope } of publishedFigures()) {
      if (scope['indicator'] !== undefined) expect([key, ids.has(scope['indicator'])]).toEqual([key, true]);
    }
  });

  it.each([
    ['channel', 57.67],
    ['experience', 76.05],
    ['perception', 59.16],
  ])('give the mean of %s, %d, from the means of its elements', (dimension, printed) => {
    expect(value(`mean.l1.${dimension}`)).toBe(printed);
    const shares = Object.entries(inferredWeights().find((entry) => entry.dimension === dimension)?.weights ?? {});
    expect(shares.reduce((sum, [, weight]) => sum + weight, 0)).toBeCloseTo(1, 9);
    const mean = shares.reduce((sum, [id, weight]) => sum + weight * Number(value(`mean.l2.${id}`)), 0);
    // Printed with two decimals, as are the means it is made of.
    expect(Math.abs(mean - printed)).toBeLessThanOrEqual(0.0101);
  });
});
