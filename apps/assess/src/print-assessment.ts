import type { Methodology, Names } from '@hotline/methodology';
import { datasetSpec, issueMessage } from '@hotline/rows';
import type { CheckResult } from '@hotline/rows';
import { displayScore } from '@hotline/scoring';
import type { NodeScore, Observation } from '@hotline/scoring';
import type { FileImport, FolderAssessment } from './assess-folder.js';
import { sentence } from './sentence.js';
import type { Language, Params } from './sentence.js';
import { table } from './terminal-text.js';

/** The assessment as lines for a terminal: grade, tree, recommendations, files. */
export function printAssessment(
  city: { readonly code: string; readonly name: Names },
  result: FolderAssessment,
  language: Language,
): readonly string[] {
  const say = (code: string, params?: Params) => sentence(language, code, params);
  const named = (names: Names) => (language === 'en' ? names.en : names.zh);
  const { assessment, methodology } = result;
  const { period, index } = assessment;
  const last = new Date(Date.parse(`${period.end}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  const coverage = Math.floor(index.coverage * 100);
  const grade =
    index.grade === null
      ? [say('not_rated', { coverage })]
      : [
          say('grade', { grade: index.grade, score: index.display ?? '', coverage }),
          ...(index.interval
            ? [say('grade_interval', { low: shown(index.interval.low), high: shown(index.interval.high) })]
            : []),
        ];
  return [
    say('title', { city: named(city.name), code: city.code, start: period.start, last, days: period.days }),
    say('method', { name: named(methodology), version: methodology.version, digest: methodology.digest.slice(0, 12) }),
    '',
    grade.join('  '),
    '',
    ...table(treeRows(result, say, named), new Set([1, 2, 3, 4])),
    ...recommendationLines(result, say, named),
    '',
    say('imports'),
    ...result.imports.flatMap((each) => importLines(each, language, say, named)),
  ];
}

type Say = (code: string, params?: Params) => string;
type Named = (names: Names) => string;

function treeRows({ assessment, methodology }: FolderAssessment, say: Say, named: Named): readonly string[][] {
  const rows = [['name', 'weight', 'score', 'value', 'rows', 'method'].map((column) => say(`column_${column}`))];
  const node = (depth: number, names: Names, weight: number, score: NodeScore | undefined) =>
    rows.push([
      '  '.repeat(depth) + named(names),
      weight.toFixed(2),
      score?.display ?? say('state_not_rated'),
      '',
      '',
      '',
    ]);
  for (const dimension of methodology.dimensions) {
    node(0, dimension, dimension.weight.value, assessment.dimensions[dimension.id]);
    for (const element of methodology.elements.filter((each) => each.parent === dimension.id)) {
      node(1, element, element.weight.value, assessment.elements[element.id]);
      for (const indicator of methodology.indicators.filter((each) => each.parent === element.id)) {
        const observation = assessment.indicators[indicator.id];
        const name = `    ${named(indicator)}`;
        rows.push([
          name,
          indicator.weight.value.toFixed(2),
          ...observed(observation, indicator.valueUnit, methodology, say, named),
        ]);
      }
    }
  }
  return rows;
}

function observed(
  observation: Observation | undefined,
  unit: string,
  methodology: Methodology,
  say: Say,
  named: Named,
): readonly string[] {
  if (!observation || observation.state === 'not_observed') return [say('state_not_observed'), '', '', ''];
  const n = String(observation.n);
  if (observation.state === 'too_few') return [say('state_too_few'), '', n, observation.method ?? ''];
  const names = methodology.units[unit];
  const value = observation.value === null ? '' : `${shown(observation.value)} ${names ? named(names) : unit}`;
  const flags = observation.flags.map((flag) => {
    const text = methodology.flags[flag];
    return text ? named(text) : flag;
  });
  const method = [observation.method ?? '', ...flags].filter(Boolean).join('; ');
  return [observation.score === null ? '' : displayScore(observation.score), value, n, method];
}

function recommendationLines({ assessment, methodology }: FolderAssessment, say: Say, named: Named): readonly string[] {
  if (assessment.recommendations.length === 0) return [];
  const rows = assessment.recommendations.map(({ id, gain }, position) => {
    const rule = methodology.recommendations.rules.find((each) => each.id === id);
    const won = gain === null ? '' : say('recommendation_gain', { gain: shown(gain) });
    return [`${position + 1}.`, rule ? named(rule) : id, won];
  });
  return ['', say('recommendations'), ...table(rows, new Set([0, 2]))];
}

function importLines({ file, result }: FileImport, language: Language, say: Say, named: Named): readonly string[] {
  if (!result) return [];
  const { accepted, refused, duplicates } = result.counts;
  const dataset = named(datasetSpec(result.dataset));
  const unmapped = result.columns.filter((column) => column.column === null).map((column) => column.header);
  return [
    say('import_line', { file, dataset, accepted, refused, duplicates }),
    ...problemLines(result, language, say),
    ...(unmapped.length > 0 ? [`  ${say('import_unmapped', { columns: unmapped.join(', ') })}`] : []),
  ];
}

/** What was wrong, the most frequent first, and the spellings that a mapping could translate. */
function problemLines(
  { dataset, issueCounts, unknownValues }: CheckResult,
  language: Language,
  say: Say,
): readonly string[] {
  return issueCounts.flatMap((issue) => {
    const { text } = issueMessage(dataset, { ...issue, value: issue.example }, language);
    const values = unknownValues.filter(({ column }) => issue.rule === 'unknown_value' && column === issue.column);
    return [
      `  ${say(`import_${issue.level}`, { count: issue.count, text })}`,
      ...values.map(({ value, count }) => `    ${say('import_unknown_value', { value, count })}`),
    ];
  });
}

function shown(value: number): string {
  return value.toFixed(2);
}
