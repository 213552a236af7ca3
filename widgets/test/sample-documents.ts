import type {
  City,
  DemoCities,
  ElementNode,
  Indicator,
  IndexScore,
  Measured,
  NodeScore,
  Source,
  Summary,
  Tree,
} from '../src/internal/contract.js';

// Invented figures in the shape of the documents; their sums are not checked here.

export const hefei: City = {
  code: '340100',
  zh: '合肥市',
  en: 'Hefei',
  province_zh: '安徽省',
  tier: 'new_tier_1',
  tier_zh: '新一线',
  region_zh: '华东',
};

export const ratedIndex: IndexScore = {
  rated: true,
  score: 73.4591,
  display: '73.46',
  coverage: 0.962,
  grade: 'B+',
  interval: { low: 70.8123, high: 75.9042 },
  grade_or_better: { 'A+': 0, A: 0.08, 'B+': 0.71, B: 0.985, 'C+': 1, C: 1, 'D+': 1, D: 1, 'E+': 1, E: 1 },
};

export const sureIndex: IndexScore = {
  rated: true,
  score: 82.17,
  display: '82.17',
  coverage: 1,
  grade: 'A+',
  interval: { low: 80.9, high: 83.4 },
  grade_or_better: { 'A+': 0.99, A: 1, 'B+': 1, B: 1, 'C+': 1, C: 1, 'D+': 1, D: 1, 'E+': 1, E: 1 },
};

export const unratedIndex: IndexScore = {
  rated: false,
  score: null,
  display: null,
  coverage: 0.52,
  grade: null,
  interval: null,
  grade_or_better: null,
};

const rated = (score: number, display: string, coverage = 1): NodeScore => ({ rated: true, score, display, coverage });
const unrated = (coverage: number): NodeScore => ({ rated: false, score: null, display: null, coverage });

export const summary: Summary = {
  demo: true,
  city: hefei,
  period: { start: '2025-01-01', end: '2026-01-01' },
  methodology: {
    id: 'national-12345-index',
    version: '2023.1',
    zh: '全国政务热线服务质量评估指数（2023版，自评口径）',
    en: 'National 12345 service quality index, 2023 edition, self-assessed',
  },
  assessed_at: '2026-01-05T18:30:00Z',
  self_assessed: true,
  index: ratedIndex,
  badge_show_if: 0.8,
  data_kinds: ['own_data', 'mystery', 'survey'],
  dimensions: [
    { id: 'channel', zh: '服务渠道', en: 'Service channels', ...rated(66.021, '66.02') },
    { id: 'experience', zh: '服务体验', en: 'Service experience', ...rated(81.93, '81.93', 0.93) },
    { id: 'perception', zh: '总体感知', en: 'Overall perception', ...rated(69.6, '69.60') },
  ],
};

const callFiles: Source = {
  dataset: 'calls',
  dataset_zh: '通话记录',
  dataset_en: 'Calls',
  days: 365,
  first_day: '2025-01-01',
  last_day: '2025-12-31',
  files: [
    {
      import_id: 'imp_01',
      file: '通话记录_2025上半年.csv',
      sha256: '5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef',
      rows: 512_830,
      uploaded_at: '2025-07-03T01:20:00Z',
      by: '数据专员 王',
    },
    {
      import_id: 'imp_02',
      file: '通话记录_2025下半年.csv',
      sha256: '9b74c9897bac770ffc029102a200c5de2f4d8f0ad5b46a9b1bb3a0b9d6e3e1a2',
      rows: 498_117,
      uploaded_at: '2026-01-04T02:10:00Z',
      by: '数据专员 王',
    },
  ],
};

const nothingObserved = {
  state: 'not_observed',
  value: null,
  score: null,
  n: 0,
  numerator: null,
  denominator: null,
  method: null,
  flags: [],
  interval: null,
  wilson: null,
  strata: null,
} as const;

const named = (id: string, zh: string, en: string, weight: number, value_unit: string) =>
  ({ id, zh, en, weight, weight_kind: 'assumption', value_unit }) as const;

const leaf = (
  name: ReturnType<typeof named>,
  direction: 'higher' | 'lower',
  measured: Partial<Measured>,
  below: Partial<Pick<Indicator, 'components' | 'sources'>> = {},
): Indicator => ({
  ...name,
  direction,
  ...nothingObserved,
  ...measured,
  components: below.components ?? [],
  sources: below.sources ?? [],
});

export const connectRate = leaf(
  named('hotline_connect_rate', '热线接通率', 'Hotline connect rate', 0.35, '%'),
  'higher',
  {
    state: 'observed',
    value: 92.3148,
    score: 81.9444,
    n: 1_010_947,
    numerator: 933_254,
    denominator: 1_010_947,
    method: 'connect_rate.calls',
    flags: ['days_missing'],
    interval: { low: 91.02, high: 93.55, score_low: 78.06, score_high: 85.65 },
  },
  { sources: [callFiles] },
);

export const periodConnect = leaf(
  named('hotline_period_connect', '热线时段接通率', 'Hotline connect by period', 0.35, 'points'),
  'lower',
  {
    state: 'observed',
    value: 84.1,
    score: 84.1,
    n: 861_204,
    method: 'period_connect.calls',
    flags: ['partial_strata'],
    interval: { low: 82.2, high: 85.9, score_low: 82.2, score_high: 85.9 },
    strata: {
      p09: { n: 210_441, mean: 88.2 },
      p11: { n: 140_220, mean: 86.4 },
      p13: { n: 241_003, mean: 87.9 },
      p17: { n: 149_540, mean: 79.5 },
      p19: { n: 119_980, mean: 78.5 },
      p21: { n: 20, mean: null },
    },
  },
  { sources: [callFiles] },
);

export const tooFewAnswers = leaf(
  named('social_security_answers', '社保公积金解答', 'Social-insurance & housing-fund answers', 0.2, '0–100'),
  'higher',
  { state: 'too_few', n: 3, method: 'social_security_answers.mystery_calls' },
);

export const zeroScore = leaf(
  named('online_period_connect', '在线时段接通率', 'Online connect by period', 0.15, 'points'),
  'lower',
  { state: 'observed', value: 0, score: 0, n: 0, flags: ['no_such_channel'] },
);

export const unobserved = leaf(
  named('online_response', '在线时段响应率', 'Online response time', 0.15, 'points'),
  'lower',
  {},
);

const part = (name: ReturnType<typeof named>, measured: Partial<Measured>): Measured => ({
  ...name,
  ...nothingObserved,
  ...measured,
});

export const resultPromise = leaf(
  named('result_commitment', '办理结果承诺', 'Result promise', 0.4, '%'),
  'higher',
  {
    state: 'observed',
    value: 96.2,
    score: 88.31,
    n: 41_220,
    numerator: 39_654,
    denominator: 41_220,
    method: 'on_time.orders',
    interval: { low: 95.7, high: 96.6, score_low: 86.9, score_high: 89.5 },
  },
  {
    components: [
      part(named('promise_result_told_rate', '告知办理时限', 'Told the deadline', 0.3, '%'), {
        state: 'observed',
        value: 83.3333,
        score: 83.3333,
        n: 18,
        numerator: 15,
        denominator: 18,
        method: 'promise_result_told_rate.mystery_calls',
        wilson: { low: 60.78, high: 94.16, score_low: 60.78, score_high: 94.16 },
      }),
      part(named('on_time_rate', '按时办结率', 'Closed on time', 0.7, '%'), {
        state: 'observed',
        value: 96.2,
        score: 90.44,
        n: 41_220,
        numerator: 39_654,
        denominator: 41_220,
        method: 'on_time.orders',
      }),
    ],
  },
);

const mystery = (id: string, zh: string, en: string, weight: number, score: number): Indicator =>
  leaf(named(id, zh, en, weight, '0–100'), 'higher', {
    state: 'observed',
    value: score,
    score,
    n: 18,
    method: `${id}.mystery_calls`,
    interval: { low: score - 4, high: score + 4, score_low: score - 4, score_high: score + 4 },
  });

const percentage = (id: string, zh: string, en: string, weight: number, value: number, score: number): Indicator =>
  leaf(named(id, zh, en, weight, '%'), 'higher', {
    state: 'observed',
    value,
    score,
    n: 1200,
    numerator: Math.round(value * 12),
    denominator: 1200,
    method: `${id}.survey`,
    wilson: { low: value - 1.2, high: value + 1.1, score_low: score - 3, score_high: Math.min(100, score + 3) },
  });

const element = (
  id: string,
  zh: string,
  en: string,
  weight: number,
  score: NodeScore,
  indicators: Indicator[],
): ElementNode => ({
  id,
  zh,
  en,
  weight,
  weight_kind: 'inferred',
  ...score,
  indicators,
});

const { dimensions: _, ...head } = summary;

export const tree: Tree = {
  ...head,
  dimensions: [
    {
      id: 'channel',
      zh: '服务渠道',
      en: 'Service channels',
      weight: 0.3,
      weight_kind: 'assumption',
      ...rated(66.021, '66.02'),
      elements: [
        element('affinity', '亲和性', 'Approachability', 0.2, rated(86.5, '86.50'), [
          leaf(named('greeting', '欢迎语', 'Greeting length', 0.3, 's'), 'lower', {
            state: 'observed',
            value: 14,
            score: 100,
            n: 18,
            method: 'greeting.mystery_calls',
          }),
          mystery('to_agent', '转人工', 'Route to a human', 0.4, 80),
          mystery('audio', '音频质量', 'Audio quality', 0.3, 82.5),
        ]),
        element('accessibility', '畅通性', 'Accessibility', 0.4, rated(68.4, '68.40', 0.85), [
          connectRate,
          periodConnect,
          zeroScore,
          unobserved,
        ]),
        element('diversity', '渠道多样性', 'Channel diversity', 0.2, rated(51.2, '51.20'), [
          percentage('non_hotline_share', '非热线工单占比', 'Non-phone work-order share', 0.3, 13.2, 44.66),
          percentage('channel_awareness', '企业和群众了解情况', 'Awareness of non-phone channels', 0.2, 84.1, 60.36),
          leaf(named('channel_count', '非热线渠道建设', 'Non-phone channels built', 0.3, 'count'), 'higher', {
            state: 'observed',
            value: 5,
            score: 70,
            n: 9,
            method: 'channel_count.channels',
          }),
        ]),
        element('integration', '融合一致性', 'Channel integration', 0.2, unrated(0.34), [
          leaf(
            named('order_self_create', '非热线渠道工单建设', 'Self-service order creation', 0.34, 'count'),
            'higher',
            {
              state: 'observed',
              value: 2,
              score: 50,
              n: 9,
              method: 'order_self_create.channels',
            },
          ),
          leaf(named('order_query', '非热线渠道工单查询', 'Order look-up', 0.33, 'count'), 'higher', {}),
          leaf(named('order_progress', '非热线渠道工单进度', 'Progress synchronised', 0.33, 'count'), 'higher', {}),
        ]),
      ],
    },
    {
      id: 'experience',
      zh: '服务体验',
      en: 'Service experience',
      weight: 0.4,
      weight_kind: 'assumption',
      ...rated(81.93, '81.93', 0.93),
      elements: [
        element('interaction', '互动体验', 'Interaction experience', 0.3, rated(82.1, '82.10'), [
          mystery('hotline_script', '热线话术', 'Hotline phrasing', 0.16, 85.2),
          mystery('hotline_communication', '沟通能力', 'Communication', 0.14, 81.25),
        ]),
        element('professionalism', '专业性', 'Professionalism', 0.4, rated(79.4, '79.40', 0.8), [
          mystery('knowledge_fluency', '业务知识熟练', 'Knowledge fluency', 0.25, 78.4),
          tooFewAnswers,
        ]),
        element('commitment', '服务承诺', 'Service commitments', 0.3, rated(85.1, '85.10'), [resultPromise]),
      ],
    },
    {
      id: 'perception',
      zh: '总体感知',
      en: 'Overall perception',
      weight: 0.3,
      weight_kind: 'assumption',
      ...rated(69.6, '69.60'),
      elements: [
        element('evaluation', '企业和群众评价', 'Business & citizen evaluation', 0.6, rated(71.3, '71.30'), [
          percentage('callback_satisfaction', '回访满意度', 'Call-back satisfaction', 0.18, 94.2, 91.85),
          leaf(named('overall_experience', '办事后的体验总评', 'Overall experience', 0.2, '1–5'), 'higher', {
            state: 'observed',
            value: 4.1254,
            score: 78.135,
            n: 402,
            method: 'overall_experience.survey',
          }),
        ]),
        element('outreach', '品牌宣传', 'Brand & outreach', 0.4, rated(67.05, '67.05'), [
          percentage('call_ratio', '来电比例', 'Calls per resident', 0.3, 41.3, 86.02),
        ]),
      ],
    },
  ],
  grades: [
    ['A+', 80],
    ['A', 75],
    ['B+', 72],
    ['B', 69],
    ['C+', 65],
    ['C', 60],
    ['D+', 56],
    ['D', 52],
    ['E+', 46],
    ['E', 0],
  ].map(([grade, min_score]) => ({ grade: String(grade), min_score: Number(min_score), kind: 'assumption' })),
  flags_text: {
    days_missing: {
      zh: '时段内至少有一天没有可用的数据',
      en: 'at least one day of the period has no row that the method uses',
    },
    partial_strata: { zh: '至少一个时段样本不足，未计入', en: 'at least one day period left out' },
    no_such_channel: { zh: '没有该渠道，计零分', en: 'score 0 because the channel does not exist' },
  },
};

const city = (
  code: string,
  zh: string,
  en: string,
  [tier_zh, region_zh, province_zh]: readonly [string, string, string],
  index: IndexScore,
) => ({ key: `demo-${code}`, code, zh, en, tier_zh, region_zh, province_zh, index, period: summary.period });

const around = (score: number, grade: string): IndexScore => ({
  ...ratedIndex,
  score,
  display: score.toFixed(2),
  grade,
  interval: { low: score - 2.3, high: score + 2.1 },
  grade_or_better: { 'A+': 0, A: 0, 'B+': 0, B: 0.1, 'C+': 0.4, C: 0.9, 'D+': 1, D: 1, 'E+': 1, E: 1, [grade]: 0.85 },
});

export const demoCities: DemoCities = {
  demo: true,
  seeding: null,
  cities: [
    city('310000', '上海市', 'Shanghai', ['一线', '华东', '上海市'], sureIndex),
    city('340100', '合肥市', 'Hefei', ['新一线', '华东', '安徽省'], ratedIndex),
    city('320300', '徐州市', 'Xuzhou', ['二线', '华东', '江苏省'], around(62.4, 'C')),
    city('460100', '海口市', 'Haikou', ['三线', '华南', '海南省'], around(76.1, 'A')),
    city('360900', '宜春市', 'Yichun', ['三线', '华东', '江西省'], unratedIndex),
  ],
};
