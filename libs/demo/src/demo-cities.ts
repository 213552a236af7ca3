import type { CityPlan, QualityProfile } from './city-plan.js';
import type { CsvOptions } from './write-csv.js';

/** How a centre's system exports its files. */
export interface ExportHabits {
  readonly headers: CsvOptions['headers'];
  readonly encoding: CsvOptions['encoding'];
  readonly delimiter?: CsvOptions['delimiter'];
  readonly newline?: CsvOptions['newline'];
  /** The small lists, or everything, come as workbooks. */
  readonly workbooks: 'small' | 'all' | 'none';
}

/** A fictitious centre that bears the name of a real city. */
export interface DemoCity {
  readonly code: string;
  readonly name: string;
  readonly nameEn: string;
  readonly plan: CityPlan;
  readonly habits: ExportHabits;
}

export interface DemoProvince {
  readonly code: string;
  readonly name: string;
  readonly nameEn: string;
  /** Codes of its demo cities. */
  readonly cities: readonly string[];
}

const chineseExport: ExportHabits = { headers: 'zh', encoding: 'gb18030', newline: '\r\n', workbooks: 'small' };
const chineseUtf8: ExportHabits = { headers: 'zh', encoding: 'utf-8-bom', workbooks: 'small' };
const workbooks: ExportHabits = { headers: 'zh', encoding: 'utf-8', workbooks: 'all' };
const canonical: ExportHabits = { headers: 'id', encoding: 'utf-8', workbooks: 'none' };

/** All themes at one level, then what differs. */
function quality(level: number, differs: Partial<QualityProfile> = {}): QualityProfile {
  return {
    staffing: level,
    eveningCover: level,
    menu: level,
    onlineService: level,
    channels: level,
    training: level,
    orderDiscipline: level,
    satisfaction: level,
    surveyMood: level,
    ...differs,
  };
}

type Details = Omit<CityPlan, 'code' | 'name' | 'seed' | 'since'>;

function city(code: string, name: string, nameEn: string, habits: ExportHabits, details: Details): DemoCity {
  return { code, name, nameEn, habits, plan: { code, name, seed: Number(code), since: '2025-01-01', ...details } };
}

/**
 * Fifteen centres over all tiers and regions, from very good to failing. Calls and residents are one in a hundred of a
 * real city's, so that shares come out as in life and a year is imported in seconds.
 */
export const demoCities: readonly DemoCity[] = [
  city('420100', '武汉市', 'Wuhan', chineseExport, {
    callsPerYear: 52_000,
    ordersPerYear: 18_000,
    residentPopulation: 137_700,
    quality: quality(0.72, { eveningCover: 0.5, orderDiscipline: 0.8, surveyMood: 0.65 }),
    testCallsPerPeriod: 2,
  }),
  city('420500', '宜昌市', 'Yichang', chineseExport, {
    callsPerYear: 14_500,
    ordersPerYear: 6_000,
    residentPopulation: 39_200,
    quality: quality(0.5, { orderDiscipline: 0.4, channels: 0.45 }),
  }),
  city('420600', '襄阳市', 'Xiangyang', chineseUtf8, {
    callsPerYear: 17_000,
    ordersPerYear: 6_500,
    residentPopulation: 52_700,
    quality: quality(0.58, { eveningCover: 0.3, orderDiscipline: 0.7 }),
  }),
  city('421300', '随州市', 'Suizhou', workbooks, {
    callsPerYear: 12_000,
    ordersPerYear: 4_200,
    residentPopulation: 60_000,
    quality: quality(0.36, { onlineService: 0.1, surveyMood: 0.5 }),
  }),
  city('422800', '恩施土家族苗族自治州', 'Enshi', chineseExport, {
    callsPerYear: 12_500,
    ordersPerYear: 4_500,
    residentPopulation: 34_100,
    quality: quality(0.5),
    missing: ['mystery_calls', 'mystery_chats', 'survey_responses'],
  }),
  city('440300', '深圳市', 'Shenzhen', canonical, {
    callsPerYear: 60_000,
    ordersPerYear: 20_000,
    residentPopulation: 177_900,
    quality: quality(0.82, { orderDiscipline: 0.72, channels: 0.88 }),
    testCallsPerPeriod: 2,
    surveysPerYear: 900,
  }),
  city('330100', '杭州市', 'Hangzhou', chineseUtf8, {
    callsPerYear: 55_000,
    ordersPerYear: 19_000,
    residentPopulation: 125_200,
    quality: quality(0.85, { eveningCover: 0.75 }),
    testCallsPerPeriod: 2,
    surveysPerYear: 800,
  }),
  city('510100', '成都市', 'Chengdu', chineseExport, {
    callsPerYear: 58_000,
    ordersPerYear: 20_000,
    residentPopulation: 214_000,
    quality: quality(0.68, { channels: 0.85, onlineService: 0.8, staffing: 0.6 }),
    testCallsPerPeriod: 2,
  }),
  city('610100', '西安市', "Xi'an", chineseExport, {
    callsPerYear: 36_000,
    ordersPerYear: 13_000,
    residentPopulation: 130_800,
    quality: quality(0.66, { eveningCover: 0.4, satisfaction: 0.7 }),
  }),
  city('370200', '青岛市', 'Qingdao', chineseUtf8, {
    callsPerYear: 32_000,
    ordersPerYear: 12_000,
    residentPopulation: 103_700,
    quality: quality(0.68, { channels: 0.55, orderDiscipline: 0.82, onlineService: 0.6 }),
  }),
  city('430100', '长沙市', 'Changsha', chineseExport, {
    callsPerYear: 34_000,
    ordersPerYear: 12_500,
    residentPopulation: 105_100,
    quality: quality(0.62, { training: 0.66, onlineService: 0.45, menu: 0.5 }),
  }),
  city('210200', '大连市', 'Dalian', workbooks, {
    callsPerYear: 22_000,
    ordersPerYear: 9_000,
    residentPopulation: 75_300,
    quality: quality(0.58, { training: 0.65, channels: 0.45 }),
  }),
  city('130200', '唐山市', 'Tangshan', chineseExport, {
    callsPerYear: 24_000,
    ordersPerYear: 9_500,
    residentPopulation: 76_900,
    quality: quality(0.48, { satisfaction: 0.6 }),
    dailyTotalsOnly: true,
  }),
  city(
    '450300',
    '桂林市',
    'Guilin',
    { ...chineseExport, delimiter: ';' },
    {
      callsPerYear: 15_000,
      ordersPerYear: 5_500,
      residentPopulation: 49_300,
      quality: quality(0.42, { training: 0.5, channels: 0.25 }),
    },
  ),
  city(
    '620400',
    '白银市',
    'Baiyin',
    { ...chineseExport, encoding: 'utf-16le', delimiter: '\t' },
    {
      callsPerYear: 12_000,
      ordersPerYear: 4_000,
      residentPopulation: 90_000,
      quality: quality(0.17, { onlineService: 0.05 }),
    },
  ),
];

/** The provincial office sees its five demo cities. */
export const demoProvince: DemoProvince = {
  code: '420000',
  name: '湖北省',
  nameEn: 'Hubei',
  cities: ['420100', '420500', '420600', '421300', '422800'],
};
