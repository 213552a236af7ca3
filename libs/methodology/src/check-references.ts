import type { MethodFiles } from './method-files.js';
import type { MethodologyProblem } from './methodology-error.js';
import { pathText } from './methodology-error.js';

type Report = (file: string, path: string, message: string) => void;

/** Everything that is named is there: sources, units, flags, companions, indicators of recommendations. */
export function checkReferences(
  files: MethodFiles,
  contents: ReadonlyMap<string, unknown>,
): readonly MethodologyProblem[] {
  const problems: MethodologyProblem[] = [];
  const report: Report = (file, path, message) => problems.push({ file, path, message });
  const sources = Object.keys(files['sources.yaml'].sources);
  for (const [file, content] of contents) {
    if (file !== 'sources.yaml' && file !== 'cases.yaml')
      checkSources(content, [], sources, (at, text) => report(file, at, text));
  }
  checkIndicators(files, report);
  checkRecommendations(files, report);
  files['companions.yaml'].companions.forEach(({ unit }, i) => {
    if (!(unit in files['conventions.yaml'].units)) {
      report('companions.yaml', `companions[${i}].unit`, `unknown unit ${unit}`);
    }
  });
  return problems;
}

function checkSources(
  value: unknown,
  path: readonly PropertyKey[],
  known: readonly string[],
  report: (path: string, message: string) => void,
): void {
  if (Array.isArray(value)) {
    return value.forEach((each: unknown, i) => checkSources(each, [...path, i], known, report));
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (key !== 'source') checkSources(child, [...path, key], known, report);
    else {
      for (const source of Array.isArray(child) ? (child as unknown[]) : [child]) {
        if (!known.includes(String(source))) report(pathText([...path, key]), `unknown source ${String(source)}`);
      }
    }
  }
}

function checkIndicators(files: MethodFiles, report: Report): void {
  const companions = files['companions.yaml'].companions.map(({ id }) => id);
  const { units, flags } = files['conventions.yaml'];
  for (const { file, indicators } of files.indicators) {
    indicators.forEach((indicator, i) => {
      const path = `indicators[${i}]`;
      indicator.companions.forEach((id, c) => {
        if (!companions.includes(id)) report(file, `${path}.companions[${c}]`, `unknown companion ${id}`);
      });
      indicator.flags.forEach((id, f) => {
        if (!(id in flags)) report(file, `${path}.flags[${f}]`, `unknown flag ${id}`);
      });
      if (!(indicator.unit in units)) report(file, `${path}.unit`, `unknown unit ${indicator.unit}`);
      if (!(indicator.valueUnit in units)) report(file, `${path}.valueUnit`, `unknown unit ${indicator.valueUnit}`);
      const { measure } = indicator;
      if (measure.kind === 'components' && !measure.components.some(({ id }) => id === measure.valueOf)) {
        report(file, `${path}.measure.valueOf`, `unknown component ${measure.valueOf}`);
      }
      if (measure.kind === 'simple') {
        measure.zeroRules?.forEach(({ id }, z) => {
          if (!(id in flags)) report(file, `${path}.measure.zeroRules[${z}].id`, `unknown flag ${id}`);
        });
        const unknownFlag = measure.scoreAdjustment?.unknownFlag;
        if (unknownFlag !== undefined && !(unknownFlag in flags)) {
          report(file, `${path}.measure.scoreAdjustment.unknownFlag`, `unknown flag ${unknownFlag}`);
        }
      }
    });
  }
}

function checkRecommendations(files: MethodFiles, report: Report): void {
  const known = files.indicators.flatMap(({ indicators }) => indicators.map(({ id }) => id));
  files['recommendations.yaml'].rules.forEach((rule, r) => {
    rule.indicators.forEach((id, i) => {
      if (!known.includes(id))
        report('recommendations.yaml', `rules[${r}].indicators[${i}]`, `unknown indicator ${id}`);
    });
    if (rule.extraTrigger && !rule.indicators.includes(rule.extraTrigger.countsAs)) {
      const { countsAs } = rule.extraTrigger;
      report('recommendations.yaml', `rules[${r}].extraTrigger.countsAs`, `${countsAs} is no indicator of this rule`);
    }
  });
}
