import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { datasetIds } from '@hotline/rows';
import { demoCities, demoProvince } from './demo-cities.js';
import { asRecords, readCsv, readSheetLines } from './testing/read-files.js';
import { datasetsOf, writeDemoCity } from './write-demo-city.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-city-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const cityOf = (code: string): (typeof demoCities)[number] => {
  const found = demoCities.find((city) => city.code === code);
  if (!found) throw new Error(`no demo city ${code}`);
  return found;
};
const march = { start: '2025-03-01', end: '2025-04-01' };

describe('demo cities', () => {
  it('are at least thirteen different ones in ten provinces or more', () => {
    expect(demoCities.length).toBeGreaterThanOrEqual(13);
    expect(new Set(demoCities.map((city) => city.code)).size).toBe(demoCities.length);
    expect(new Set(demoCities.map((city) => city.name)).size).toBe(demoCities.length);
    expect(new Set(demoCities.map((city) => city.code.slice(0, 2))).size).toBeGreaterThanOrEqual(10);
    expect(new Set(demoCities.map((city) => city.plan.seed)).size).toBe(demoCities.length);
  });

  it('include the cities of the province', () => {
    expect(demoProvince.cities.length).toBeGreaterThanOrEqual(3);
    for (const code of demoProvince.cities) {
      expect(cityOf(code).code.slice(0, 2)).toBe(demoProvince.code.slice(0, 2));
    }
  });

  it('include one that leaves datasets out and one with daily totals only', () => {
    const incomplete = demoCities.filter((city) => datasetsOf(city.plan).length < datasetIds.length - 1);
    expect(incomplete.map((city) => city.code)).toEqual(['422800']);
    expect(datasetsOf(cityOf('130200').plan)).not.toContain('calls');
    expect(datasetsOf(cityOf('130200').plan)).toContain('call_metrics_daily');
  });

  it('export as many different kinds of files as centres do', () => {
    const encodings = new Set(demoCities.map((city) => city.habits.encoding));
    expect(encodings).toEqual(new Set(['utf-8', 'utf-8-bom', 'gb18030', 'utf-16le']));
    expect(new Set(demoCities.map((city) => city.habits.workbooks))).toEqual(new Set(['small', 'all', 'none']));
  });
});

describe('writeDemoCity', () => {
  it('writes a folder of Chinese files, and none where a dataset has no rows', async () => {
    const files = await writeDemoCity(join(folder, 'wuhan'), cityOf('420100'), march);
    const names = files.map(({ path }) => basename(path));
    expect(names).toContain('武汉市12345通话记录.csv');
    expect(names).toContain('武汉市12345渠道清单.xlsx');
    // Test calls are made in February, May, August and November.
    expect(files.map(({ dataset }) => dataset)).not.toContain('mystery_calls');
    const calls = files.find(({ dataset }) => dataset === 'calls');
    const records = asRecords(await readCsv(calls?.path ?? '', 'gb18030'));
    expect(records).toHaveLength(calls?.rows ?? Number.NaN);
    expect(new Set(records.map((record) => record.呼叫结果))).toContain('人工接通');
  });

  it('writes workbooks with a title row where the centre works with spreadsheets', async () => {
    const files = await writeDemoCity(join(folder, 'dalian'), cityOf('210200'), march);
    expect(files.every(({ path }) => path.endsWith('.xlsx'))).toBe(true);
    const profile = files.find(({ dataset }) => dataset === 'city_profile');
    const [title, header] = await readSheetLines(profile?.path ?? '');
    expect(title).toEqual(['城市概况明细表']);
    expect(header).toEqual(['年度', '常住人口', '话务人员数']);
  });

  it('writes the same bytes again', async () => {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    const files = await writeDemoCity(one, cityOf('620400'), march);
    await writeDemoCity(two, cityOf('620400'), march);
    expect(files.length).toBeGreaterThan(5);
    for (const { path } of files) {
      expect((await readFile(path)).equals(await readFile(join(two, basename(path))))).toBe(true);
    }
  });
});
