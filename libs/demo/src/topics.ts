import { Weighted } from './random.js';

/** What people call about: three levels and the unit that handles it. */
export interface Topic {
  readonly l1: string;
  readonly l2: string;
  readonly l3: string;
  readonly unit: string;
}

/** Level 1, unit, share of all contacts, level 2 with its level 3. */
const tree: readonly (readonly [string, string, number, Readonly<Record<string, readonly string[]>>])[] = [
  [
    '人力资源社保',
    '人力资源和社会保障局',
    16,
    {
      社会保险: ['养老保险缴费', '养老金发放', '社保关系转移', '社保卡办理'],
      医疗保障: ['异地就医备案', '医保报销', '生育津贴'],
      劳动保障: ['拖欠工资', '劳动合同', '工伤认定'],
    },
  ],
  [
    '住房和城乡建设',
    '住房和城乡建设局',
    15,
    {
      住房公积金: ['提取', '贷款', '缴存比例'],
      物业管理: ['物业服务质量', '物业收费', '电梯故障', '维修资金'],
      房屋质量: ['渗漏', '交付延期'],
      施工管理: ['夜间施工噪声', '扬尘'],
    },
  ],
  [
    '城市管理',
    '城市管理执法局',
    14,
    {
      市容环境: ['占道经营', '垃圾清运', '油烟扰民'],
      违法建设: ['私搭乱建', '占用消防通道'],
      停车管理: ['乱停车', '停车收费'],
    },
  ],
  [
    '交通运输',
    '交通运输局',
    11,
    { 公共交通: ['公交线路', '候车时间'], 出租车: ['拒载', '绕路'], 道路交通: ['信号灯配时', '道路破损', '拥堵'] },
  ],
  [
    '市政公用',
    '水务集团',
    10,
    {
      供水: ['停水', '水压不足', '水质'],
      供气: ['停气', '燃气开户'],
      供热: ['室温不达标', '暖气不热'],
      供电: ['停电', '电价'],
    },
  ],
  ['教育', '教育局', 7, { 入学入园: ['学区划分', '幼升小报名', '转学'], 校外培训: ['退费', '无证办学'] }],
  ['公安户政', '公安局', 8, { 户籍: ['落户', '身份证办理', '居住证'], 社会治安: ['噪声扰民', '诈骗举报'] }],
  [
    '市场监管',
    '市场监督管理局',
    9,
    { 消费维权: ['预付卡退费', '商品质量', '网购纠纷'], 食品安全: ['餐饮卫生', '过期食品'] },
  ],
  [
    '营商服务',
    '政务服务和大数据局',
    5,
    { 企业开办: ['营业执照', '印章刻制'], 惠企政策: ['稳岗补贴', '贷款贴息', '税费优惠'] },
  ],
  ['卫生健康', '卫生健康委员会', 3, { 医疗服务: ['预约挂号', '服务态度'], 公共卫生: ['疫苗接种', '托育机构'] }],
  ['民政养老', '民政局', 2, { 社会救助: ['低保申请', '临时救助'], 养老服务: ['居家养老补贴', '养老机构'] }],
];

const leaves: readonly (readonly [Topic, number])[] = tree.flatMap(([l1, unit, share, groups]) => {
  const details = Object.entries(groups).flatMap(([l2, list]) => list.map((l3): Topic => ({ l1, l2, l3, unit })));
  return details.map((topic) => [topic, share / details.length] as const);
});

export const topics = new Weighted(leaves);
