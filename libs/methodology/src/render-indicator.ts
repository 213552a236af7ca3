import { effectiveWeight } from './assumption-share.js';
import { conditionText, valueText } from './expression-text.js';
import type { Method, ScoreCurve, SimpleMeasure } from './measure.js';
import type { Indicator, Methodology } from './methodology.js';
import { bullet, kindText, names, numberText, percent, sourcedText, table } from './render-text.js';

/** The section of one indicator. */
export function renderIndicator(indicator: Indicator, methodology: Methodology): string {
  const { id, weight, description, direction, measure, curve, interval, companions, flags, note } = indicator;
  const effective = percent(effectiveWeight(id, methodology));
  const better = direction === 'higher' ? '越高越好 higher is better' : '越低越好 lower is better';
  const facts = [
    `- 权重 Weight: **${numberText(weight.value)}**（${sourcedText(weight, methodology)}），有效 effective ${effective}`,
    `- 单位 Unit: ${unitText(indicator.unit, methodology)}，${better}；显示 shown in ${unitText(indicator.valueUnit, methodology)}`,
    `- 区间 Interval: \`${interval.kind}\``,
    ...(companions.length > 0 ? [`- 旁列 Companions: ${codes(companions)}`] : []),
    ...(flags.length > 0 ? [`- 标记 Flags: ${codes(flags)}`] : []),
  ];
  const parts =
    measure.kind === 'simple'
      ? [...(curve ? [curveTable(curve, methodology)] : []), measureText(measure, methodology)]
      : measure.components.flatMap((component) => [
          `**${component.zh} ${component.en} \`${component.id}\`** ${numberText(component.weight.value)}（${sourcedText(component.weight, methodology)}）`,
          curveTable(component.curve, methodology),
          measureText(component.measure, methodology),
        ]);
  return [
    `### ${names(indicator)} \`${id}\``,
    description.zh,
    description.en,
    facts.join('\n'),
    ...parts,
    ...(note ? [`> ${note.zh}\n>\n> ${note.en}`] : []),
  ].join('\n\n');
}

function curveTable({ unit, points }: ScoreCurve, methodology: Methodology): string {
  return table(
    [`${unitText(unit, methodology)}`, '得分 Score', '依据 Kind', '来源 Source'],
    points.map((point) => [
      numberText(point.x),
      numberText(point.score),
      kindText(point.kind, methodology),
      sourcedText(point, methodology).replace(`${kindText(point.kind, methodology)} · `, ''),
    ]),
  );
}

function measureText({ methods, zeroRules, scoreAdjustment }: SimpleMeasure, methodology: Methodology): string {
  const lines = methods.flatMap((method) => [
    `- \`${method.id}\`: ${method.kind} · \`${method.dataset}\` by \`${method.placeBy}\``,
    ...methodLines(method, methodology).map((line) => `  ${line}`),
  ]);
  if (scoreAdjustment) {
    const { factor, shareBelow, rows, hit } = scoreAdjustment;
    lines.push(
      `- × ${numberText(factor.value)}（${sourcedText(factor, methodology)}） if fewer than ${percent(shareBelow.value)} of the rows with ${code(conditionText(rows))} meet ${code(conditionText(hit))}`,
    );
  }
  for (const { id, when } of zeroRules ?? []) {
    const words =
      typeof when === 'string'
        ? code(when)
        : when
            .map(
              ({ dataset, tried, minTried }) => `\`${dataset}\`: ≥ ${minTried.value} × ${code(conditionText(tried))}`,
            )
            .join(' or ');
    lines.push(`- 0: \`${id}\` — ${words}`);
  }
  return lines.join('\n');
}

function methodLines(method: Method, methodology: Methodology): readonly string[] {
  const minima =
    'minN' in method ? [bullet('最少样本 Minimum n', numberText(method.minN.value), method.minN, methodology)] : [];
  const rows = 'rows' in method ? [`- rows: ${code(conditionText(method.rows))}`] : [];
  const recorded =
    'recorded' in method && method.recorded ? [`- recorded: ${code(conditionText(method.recorded.any))}`] : [];
  return [...rows, ...kindLines(method, methodology), ...recorded, ...minima];
}

function kindLines(method: Method, methodology: Methodology): readonly string[] {
  switch (method.kind) {
    case 'ratio': {
      const { keepLast } = method;
      const last = keepLast ? [`- last by \`${keepLast.by}\` per \`${keepLast.per}\``] : [];
      return [...last, `- hit: ${code(conditionText(method.hit))}`];
    }
    case 'ratio_of_sums':
      return [`- ${code(`Σ ${valueText(method.numerator)} ÷ Σ ${valueText(method.denominator)}`)}`];
    case 'mean':
    case 'median':
      return [`- of: ${code(valueText(method.of))}`];
    case 'mean_of_row_scores':
      return [`- score of a row: ${code(valueText(method.rowScore))}`];
    case 'mean_of_stratum_means': {
      const { minRowsPerStratum, minStrata, usable } = method;
      return [
        `- score of a row: ${code(valueText(method.rowScore))}, by \`${method.strata}\``,
        bullet('每时段最少 Per period at least', numberText(minRowsPerStratum.value), minRowsPerStratum, methodology),
        bullet('最少时段 Periods at least', numberText(minStrata.value), minStrata, methodology),
        ...(usable
          ? [
              bullet(
                `可用 Usable: ${code(conditionText(usable.hit))} of ${code(conditionText(usable.rows))} at least`,
                percent(usable.shareAtLeast.value),
                usable.shareAtLeast,
                methodology,
              ),
            ]
          : []),
      ];
    }
    case 'mean_of_item_means': {
      const { items, minAnswersPerItem, minItems } = method;
      return [
        `- items: ${codes(items)}`,
        bullet('每题最少 Per question at least', numberText(minAnswersPerItem.value), minAnswersPerItem, methodology),
        bullet('最少题数 Questions at least', numberText(minItems.value), minItems, methodology),
      ];
    }
    case 'count_channels':
      return [`- count: ${code(conditionText(method.count))}`];
    case 'first_contact':
      return [
        `- pool: ${code(conditionText(method.pool))}, same ${codes(method.same)}`,
        `- hit: ${code(conditionText(method.hit))}`,
        bullet('窗口（秒） Window (s)', numberText(method.windowSeconds.value), method.windowSeconds, methodology),
      ];
    case 'annualised_ratio':
      return [
        `- of: ${code(valueText(method.of))} ÷ \`${method.population.dataset}.${method.population.column}\`${method.requestsOnly ? ' (requests only)' : ''}`,
      ];
  }
}

function unitText(unit: string, { units }: Methodology): string {
  const words = units[unit];
  return words && words.zh !== unit ? `${words.zh} ${unit}` : unit;
}

function code(text: string): string {
  return `\`${text}\``;
}

function codes(ids: readonly string[]): string {
  return ids.map(code).join(' ');
}
