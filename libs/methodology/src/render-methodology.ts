import { assumptionShare, effectiveWeight } from './assumption-share.js';
import type { Methodology } from './methodology.js';
import { provenanceKinds } from './provenance.js';
import { renderIndicator } from './render-indicator.js';
import { isConditionExpression } from './check-expression.js';
import type { Condition, Value } from './expression.js';
import { conditionText, valueText } from './expression-text.js';
import { bullet, kindText, names, numberText, percent, sourcedText, table } from './render-text.js';

/** The method as a page for readers, Chinese and English, Markdown. */
export function renderMethodology(methodology: Methodology): string {
  const sections = [
    head(methodology),
    assumptions(methodology),
    tree(methodology),
    grades(methodology),
    ...indicators(methodology),
    companions(methodology),
    recommendations(methodology),
    derived(methodology),
    constants(methodology),
    dayPeriods(methodology),
    groups(methodology),
    protocol(methodology),
    rules(methodology),
    sources(methodology),
  ];
  return `${sections.join('\n\n')}\n`;
}

function head({ zh, en, version, status, digest, statement }: Methodology): string {
  return [
    `# ${zh}`,
    `*${en}*`,
    '<!-- Rendered from the data of this method; not edited by hand. -->',
    [`- 版本 Version **${version}**（${status}）`, `- 摘要 Digest \`${digest}\``].join('\n'),
    statement.zh,
    statement.en,
  ].join('\n\n');
}

function assumptions(methodology: Methodology): string {
  const { weights, curvePoints } = assumptionShare(methodology);
  const kinds = provenanceKinds.filter((kind) => curvePoints[kind] > 0);
  return [
    '## 推定占比 What rests on assumptions',
    `指标权重为推定的有效权重占 **${percent(weights)}**；曲线横坐标为推定的占 **${percent(curvePoints.assumption)}**，其余如下。各点得分均为推定。`,
    `Indicators whose weight is an assumption hold **${percent(weights)}** of the effective weight; curve points whose x is an assumption hold **${percent(curvePoints.assumption)}**, the rest as below. The score given to a point is always an assumption.`,
    table(
      ['依据 Kind', '曲线点占有效权重 Curve points, share of effective weight'],
      kinds.map((kind) => [kindText(kind, methodology), percent(curvePoints[kind])]),
    ),
  ].join('\n\n');
}

function tree(methodology: Methodology): string {
  const { dimensions, elements, indicators } = methodology;
  const rows = dimensions.flatMap((dimension) => [
    [`**${names(dimension)}**`, '', '', ...weightCells(dimension.weight.value, dimension.weight.value)],
    ...elements
      .filter(({ parent }) => parent === dimension.id)
      .flatMap((element) => [
        ['', names(element), '', ...weightCells(element.weight.value, element.weight.value * dimension.weight.value)],
        ...indicators
          .filter(({ parent }) => parent === element.id)
          .map((each) => [
            '',
            '',
            names(each),
            ...weightCells(each.weight.value, effectiveWeight(each.id, methodology)),
          ]),
      ]),
  ]);
  return [
    '## 指标树与权重 Tree and weights',
    `一级权重 Level 1: ${sourcedText(dimensions[0]?.weight, methodology)}；二级权重 Level 2: ${sourcedText(elements[0]?.weight, methodology)}；三级权重 Level 3: ${kindText('assumption', methodology)}`,
    table(['一级 Dimension', '二级 Element', '三级 Indicator', '权重 Weight', '有效权重 Effective'], rows),
  ].join('\n\n');
}

function weightCells(weight: number, effective: number): readonly string[] {
  return [numberText(weight), percent(effective)];
}

function grades(methodology: Methodology): string {
  const { grades: list, ratedShare, badge } = methodology;
  return [
    '## 等级 Grades',
    table(
      ['等级 Grade', '起点 From', '依据 Kind and source'],
      list.map(({ grade, minScore }) => [grade, numberText(minScore.value), sourcedText(minScore, methodology)]),
    ),
    [
      bullet('上级可评所需权重 Weight needed to rate a parent', percent(ratedShare.value), ratedShare, methodology),
      bullet(
        '单独显示等级所需概率 Probability to show a grade alone',
        percent(badge.showIf.value),
        badge.showIf,
        methodology,
      ),
    ].join('\n'),
  ].join('\n\n');
}

function indicators(methodology: Methodology): readonly string[] {
  return methodology.elements.flatMap((element) => [
    `## ${names(element)} \`${element.id}\``,
    `报告均值 Published mean 2023: ${numberText(element.publishedMean.value)}`,
    ...methodology.indicators
      .filter(({ parent }) => parent === element.id)
      .map((indicator) => renderIndicator(indicator, methodology)),
  ]);
}

function companions({ companions: list }: Methodology): string {
  const rows = list.map((each) => [
    names(each),
    `\`${each.id}\``,
    each.unit,
    `${each.definition.zh}<br>${each.definition.en}`,
  ]);
  return ['## 旁列数字 Companions', table(['名称 Name', 'id', '单位 Unit', '定义 Definition'], rows)].join('\n\n');
}

function recommendations(methodology: Methodology): string {
  const { rules: list, threshold, targetLow, targetHigh } = methodology.recommendations;
  const rows = list.map(({ id, zh, en, indicators: ids, reportItems, extraTrigger }) => [
    `\`${id}\``,
    `${zh}<br>${en}`,
    ids.map((each) => `\`${each}\``).join(' '),
    extraTrigger ? `${extraTrigger.rule.zh}<br>${extraTrigger.rule.en} (${numberText(extraTrigger.margin.value)})` : '',
    reportItems.join(', '),
  ]);
  return [
    '## 建议 Recommendations',
    [
      bullet('触发分 Threshold', numberText(threshold.value), threshold, methodology),
      bullet('目标 Target', numberText(targetLow.value), targetLow, methodology),
      bullet('高分者目标 Target above it', numberText(targetHigh.value), targetHigh, methodology),
    ].join('\n'),
    table(['id', '建议 Advice', '指标 Indicators', '附加条件 Extra trigger', '报告条目 Report items'], rows),
  ].join('\n\n');
}

function derived({ derived: datasets }: Methodology): string {
  const rows = Object.entries(datasets).flatMap(([dataset, entries]) =>
    Object.entries(entries).map(([name, expression]) => [
      `\`${dataset}\``,
      `\`${name}\``,
      `\`${isCondition(expression) ? conditionText(expression) : valueText(expression)}\``,
    ]),
  );
  return ['## 派生列 Derived columns', table(['数据集 Dataset', '名称 Name', '定义 Definition'], rows)].join('\n\n');
}

function isCondition(expression: Condition | Value): expression is Condition {
  return isConditionExpression(expression);
}

function constants(methodology: Methodology): string {
  const { limits, wilson, bootstrap, channels } = methodology;
  const numbers = { ...limits, wilsonZ: wilson.z, ...bootstrap, channelMaxAgeDays: channels.maxAgeDays };
  return [
    '## 常数 Constants',
    table(
      ['名称 Name', '数值 Value', '依据 Kind and source'],
      Object.entries(numbers).map(([name, number]) => [
        `\`${name}\``,
        numberText(number.value),
        sourcedText(number, methodology),
      ]),
    ),
  ].join('\n\n');
}

function dayPeriods(methodology: Methodology): string {
  const { lists, eveningFrom } = methodology.dayPeriods;
  const rows = Object.entries(lists).flatMap(([list, periods]) =>
    periods.map(({ id, zh, en, start, end }) => [`\`${list}\``, `\`${id}\``, `${zh} ${en}`, `${start}–${end}`]),
  );
  return [
    '## 时段 Day periods',
    `${sourcedText(methodology.dayPeriods, methodology)}；晚间自 evening from ${eveningFrom.time}（${sourcedText(eveningFrom, methodology)}）`,
    table(['清单 List', 'id', '名称 Name', '时间 Time'], rows),
  ].join('\n\n');
}

function groups(methodology: Methodology): string {
  const { regions, tiers, adminLevels, populationBands, minOtherTenants } = methodology.peers;
  const rows = [
    ...regions.list.map((each) => ['地区 Region', names(each), each.provinces.join('、')]),
    ...tiers.list.map((each) => ['线级 Tier', names(each), `${each.cities} 个城市 cities`]),
    ...adminLevels.list.map((each) => ['行政级别 Level', names(each), each.fromRegistry.join('、')]),
    ...populationBands.list.map((each) => ['人口 Population', names(each), `${each.min}–${each.below ?? ''}`]),
  ];
  return [
    '## 同类城市 Peers',
    bullet('至少其他城市 At least other cities', numberText(minOtherTenants.value), minOtherTenants, methodology),
    table(['分组 Group', '名称 Name', '范围 Members'], rows),
  ].join('\n\n');
}

function protocol(methodology: Methodology): string {
  const { hotline, online, samples, secondRaterShare, surveyDisplay } = methodology.protocol;
  const entry = (label: string, number: typeof secondRaterShare) => [
    label,
    numberText(number.value),
    sourcedText(number, methodology),
  ];
  return [
    '## 拨测与问卷 Test calls and surveys',
    table(
      ['项目 Item', '数量 Number', '依据 Kind and source'],
      [
        entry('热线时段 Hotline periods', hotline.periods),
        entry('每时段拨测 Calls per period', hotline.callsPerPeriod),
        entry('不同日期 Different days', hotline.differentDays),
        entry('每时段场景 Scenarios per period', hotline.scenariosPerPeriod),
        entry('在线时段 Online periods', online.periods),
        entry('每时段在线拨测 Chats per period', online.chatsPerPeriod),
        entry('第二评分员比例 Share with a second rater', secondRaterShare),
        entry('内部使用：拨测 Internal: calls', samples.internal.mysteryCalls),
        entry('内部使用：在线拨测 Internal: chats', samples.internal.mysteryChats),
        entry('内部使用：答卷 Internal: answers', samples.internal.survey),
        entry('公开徽章：拨测 Badge: calls', samples.badge.mysteryCalls),
        entry('公开徽章：在线拨测 Badge: chats', samples.badge.mysteryChats),
        entry('公开徽章：答卷 Badge: answers', samples.badge.survey),
        entry('答卷少于此数不显示 Surveys hidden below', surveyDisplay.suppressBelow),
        entry('答卷少于此数提示 Surveys marked below', surveyDisplay.warnBelow),
      ],
    ),
  ].join('\n\n');
}

function rules({ rules: list, flags }: Methodology): string {
  return [
    '## 通用规则 Rules',
    table(
      ['规则 Rule', '中文', 'English'],
      list.map(({ id, zh, en }) => [`\`${id}\``, zh, en]),
    ),
    '## 标记 Flags',
    table(
      ['标记 Flag', '中文', 'English'],
      Object.entries(flags).map(([id, { zh, en }]) => [`\`${id}\``, zh, en]),
    ),
  ].join('\n\n');
}

function sources({ sources: list }: Methodology): string {
  const rows = Object.entries(list).map(([key, { title, issuer, date, clause }]) => [
    `\`${key}\``,
    names(title),
    issuer ?? '',
    date ?? '',
    clause ?? '',
  ]);
  return ['## 来源 Sources', table(['key', '名称 Title', '发布者 Issuer', '日期 Date', '所用内容 Clause'], rows)].join(
    '\n\n',
  );
}
