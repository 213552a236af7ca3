import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { seedRegistry } from '@hotline/registry';
import pg from 'pg';
import { testPlatform, type TestPlatform } from '../harness/test-platform.js';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await testPlatform();
});
afterAll(() => platform.close());

describe('the registry in the database', () => {
  it('holds every city with the attributes of the data file', async () => {
    const rows = await platform.shared.query<Record<string, unknown>>('select * from city order by code');
    expect(rows).toHaveLength(334);
    expect(rows.find(({ code }) => code === '420100')).toEqual({
      code: '420100',
      name: '武汉市',
      name_short: '武汉',
      name_en: 'Wuhan',
      province_code: '420000',
      region: 'central',
      tier: 'new_tier_1',
      tier_source: 'report_2023',
      admin_level: 'sub_provincial',
      admin_level_name: '副省级城市',
      provincial_capital: true,
      sub_provincial: true,
      separately_planned: false,
      // 2023 report, list of grade A+.
      grade_2023: 'A+',
    });
  });

  it('holds provinces, figures and rankings, each city in its province', async () => {
    const [counts] = await platform.shared.query<Record<string, number>>(
      `select (select count(*)::int from province) as provinces,
         (select count(*)::int from published_figure) as figures,
         (select count(*)::int from ranking_entry) as ranks,
         (select count(*)::int from city c join province p on p.code = c.province_code and p.region = c.region) as placed`,
    );
    // 27 provinces, 32 major cities and 15 of the new first tier are ranked.
    expect(counts).toEqual({ provinces: 31, figures: 209, ranks: 27 + 32 + 15, placed: 334 });
    const [mean] = await platform.shared.query(
      `select value, unit from published_figure where key = 'mean.l1.channel'`,
    );
    expect(mean).toEqual({ value: 57.67, unit: 'points' });
  });

  it('can be seeded again and again, and puts a changed row right', async () => {
    const owner = new pg.Client(platform.database.ownerUrl);
    await owner.connect();
    const query = async (sql: string, parameters?: unknown[]): Promise<unknown[]> =>
      (await owner.query(sql, parameters)).rows as unknown[];
    await query(`update city set tier = 'tier_5' where code = '110000'`);
    const before = await query(`select code, xmin::text from city where code <> '110000' order by code`);
    await seedRegistry(query);
    await seedRegistry(query);
    expect(await query(`select tier from city where code = '110000'`)).toEqual([{ tier: 'tier_1' }]);
    expect(await query(`select code, xmin::text from city where code <> '110000' order by code`)).toEqual(before);
    await owner.end();
  });

  it('is read-only for the application', async () => {
    for (const table of ['province', 'city', 'published_figure', 'ranking_entry']) {
      await expect(platform.shared.query(`delete from ${table}`)).rejects.toMatchObject({ code: '42501' });
    }
  });
});
