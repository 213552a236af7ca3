import type { PageTexts } from './texts.js';

const tiers: Readonly<Record<string, string>> = {
  一线: 'Tier 1',
  新一线: 'New tier 1',
  二线: 'Tier 2',
  三线: 'Tier 3',
  四线: 'Tier 4',
  五线: 'Tier 5',
  未分级: 'Unranked',
};

const regions: Readonly<Record<string, string>> = {
  华东: 'East',
  华北: 'North',
  华中: 'Central',
  华南: 'South',
  西南: 'Southwest',
  西北: 'Northwest',
  东北: 'Northeast',
};

const provinces: Readonly<Record<string, string>> = {
  北京市: 'Beijing',
  天津市: 'Tianjin',
  河北省: 'Hebei',
  山西省: 'Shanxi',
  内蒙古自治区: 'Inner Mongolia',
  辽宁省: 'Liaoning',
  吉林省: 'Jilin',
  黑龙江省: 'Heilongjiang',
  上海市: 'Shanghai',
  江苏省: 'Jiangsu',
  浙江省: 'Zhejiang',
  安徽省: 'Anhui',
  福建省: 'Fujian',
  江西省: 'Jiangxi',
  山东省: 'Shandong',
  河南省: 'Henan',
  湖北省: 'Hubei',
  湖南省: 'Hunan',
  广东省: 'Guangdong',
  广西壮族自治区: 'Guangxi',
  海南省: 'Hainan',
  重庆市: 'Chongqing',
  四川省: 'Sichuan',
  贵州省: 'Guizhou',
  云南省: 'Yunnan',
  西藏自治区: 'Tibet',
  陕西省: 'Shaanxi',
  甘肃省: 'Gansu',
  青海省: 'Qinghai',
  宁夏回族自治区: 'Ningxia',
  新疆维吾尔自治区: 'Xinjiang',
};

export const en: PageTexts = {
  language: 'en',
  product: 'Hotline Index',
  title: 'Hotline Index 热线指数',
  lead: 'The service quality index of 12345 hotlines. Self-assessed by an open method from the data of each hotline; every figure opens down to the days and files behind it.',
  otherLanguage: '中文',
  navigation: 'Navigation',
  signInOrAccount: 'Sign in / Account',
  firstPage: 'First page',
  demo: 'Demo data',
  demoNotice:
    'The data on this page are fictitious. City names only serve the demonstration and say nothing about the real service of any city.',
  cities: 'Demo cities',
  count: (shown, all) => (shown === all ? `${all} cities by index` : `${shown} of ${all} cities by index`),
  tier: 'City tier',
  region: 'Region',
  all: 'All',
  noneMatch: 'No city meets both conditions.',
  clearFilter: 'Show all cities',
  index: 'Hotline index',
  notRated: 'Not rated',
  plot: (display, low, high) =>
    low === null || high === null
      ? `hotline index ${display}`
      : `hotline index ${display}, 95% interval ${low}–${high}`,
  seeding: (done, total) => `Preparing the demo data: ${done} of ${total} cities done`,
  seedingFirst: 'The first city appears here as soon as it is ready.',
  loading: 'Reading the list of cities…',
  failed: 'The list of cities could not be read',
  failure: {
    unreachable: 'The service cannot be reached. Check the network, or whether the service is running.',
    server: 'The service has a fault; please try again later.',
    format: 'The answer of the service is not a list of cities.',
  },
  keptOld: 'The list cannot be updated now; this is what was read last.',
  retry: 'Read again',
  reload: 'Load again',
  emptyTitle: 'No public data here',
  emptyLead:
    'The demo is not enabled on this service. A hotline centre signs in, uploads its own data, and its result becomes public once it is approved. For now this is done through the API:',
  emptySteps: [
    { does: 'Sign in at the top of the page, or get an API key', call: 'POST /graphql  signIn · createApiKey' },
    {
      does: 'Download a template, upload data',
      call: 'GET /datasets/calls/template.xlsx  POST /imports?dataset=calls',
    },
    { does: 'Assess, and publish the badge', call: 'POST /graphql  assess · approvePublication · createEmbedKey' },
  ],
  noCities: 'The demo is enabled, but there is no city yet.',
  unknownCity: (code) => `There is no city with code ${code} in the list; the first city is shown.`,
  detail: 'City',
  indicators: 'Indicators',
  indicatorsLead:
    'Three dimensions and nine elements, opened step by step: value, sample, interval, method, and the days and files the data come from.',
  statement:
    'Grades and index are self-assessed by an open method. Grade cut-offs and first-level weights are presumed values; this is not an official rating of any body.',
  tierName: (zh) => tiers[zh] ?? zh,
  regionName: (zh) => regions[zh] ?? zh,
  provinceName: (zh) => provinces[zh] ?? zh,
};
