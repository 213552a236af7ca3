import type { ExpressionNames, ExpressionProblem } from './check-expression.js';
import { checkColumn, checkCondition, checkValue, isConditionExpression } from './check-expression.js';
import type { Method, SimpleMeasure } from './measure.js';
import type { MethodFiles } from './method-files.js';
import type { MethodologyProblem } from './methodology-error.js';

/** Columns of the datasets by dataset id, from the data dictionary. */
export type DatasetColumns = Readonly<Record<string, readonly string[]>>;

type At = (path: string, problems: readonly ExpressionProblem[] | string) => void;

/** Every expression follows the grammar and names what is there; columns and datasets only with a dictionary. */
export function checkMeasures(files: MethodFiles, columns?: DatasetColumns): readonly MethodologyProblem[] {
  const problems: MethodologyProblem[] = [];
  const reporter =
    (file: string, above: string): At =>
    (path, found) => {
      const listed = typeof found === 'string' ? [{ path: '', message: found }] : found;
      problems.push(...listed.map((each) => ({ file, path: `${above}${path}${each.path}`, message: each.message })));
    };
  const { derived, dayPeriods } = files['derived.yaml'];
  const names = (dataset: string, more: Partial<ExpressionNames> = {}): ExpressionNames => ({
    dataset,
    derived,
    dayPeriods: Object.keys(dayPeriods.lists),
    curve: false,
    period: false,
    ...(columns && { columns }),
    ...more,
  });
  checkDerived(files, names, reporter('derived.yaml', ''), columns);
  for (const { file, indicators } of files.indicators) {
    indicators.forEach(({ measure }, i) => {
      const path = `indicators[${i}].measure`;
      if (measure.kind === 'simple') return checkMeasure(measure, names, reporter(file, path));
      measure.components.forEach((component, c) =>
        checkMeasure(component.measure, names, reporter(file, `${path}.components[${c}].measure`)),
      );
    });
  }
  return problems;
}

type Names = (dataset: string, more?: Partial<ExpressionNames>) => ExpressionNames;

function checkDerived(files: MethodFiles, names: Names, at: At, columns?: DatasetColumns): void {
  const { derived, limits } = files['derived.yaml'];
  const stated = Object.values(limits).map(({ value }) => value);
  for (const [dataset, entries] of Object.entries(derived)) {
    if (columns && !(dataset in columns)) at(`derived.${dataset}`, `unknown dataset ${dataset}`);
    for (const [name, expression] of Object.entries(entries)) {
      const path = `derived.${dataset}.${name}`;
      if (columns?.[dataset]?.includes(name)) at(path, `${name} is a column of ${dataset} already`);
      if (dependsOnItself(name, entries)) {
        at(path, `${name} is defined by itself`);
        continue;
      }
      const check = isConditionExpression(expression) ? checkCondition : checkValue;
      at(path, check(expression, names(dataset)));
      for (const limit of timeLimits(expression)) {
        if (!stated.includes(limit)) at(path, `${limit} stands under no limit, so it has no provenance`);
      }
    }
  }
}

function dependsOnItself(name: string, entries: Readonly<Record<string, unknown>>): boolean {
  const seen = new Set<string>();
  const visit = (expression: unknown): boolean =>
    typeof expression === 'string'
      ? expression === name || (expression in entries && !seen.has(expression) && visit(follow(expression)))
      : Array.isArray(expression) && expression.slice(1).some(visit);
  const follow = (next: string): unknown => {
    seen.add(next);
    return entries[next];
  };
  return visit(entries[name]);
}

/** Working days and seconds that stand as constants in a derived column. */
function timeLimits(expression: unknown): readonly number[] {
  if (!Array.isArray(expression)) return [];
  const [operator, ...operands] = expression as readonly unknown[];
  const own = operator === 'end_of_working_day' || operator === 'plus_seconds' ? [operands[1]] : [];
  return [...own.filter((each) => typeof each === 'number'), ...operands.flatMap(timeLimits)];
}

function checkMeasure(measure: SimpleMeasure, names: Names, at: At): void {
  measure.methods.forEach((method, m) =>
    checkMethod(method, names, (path, found) => at(`.methods[${m}]${path}`, found)),
  );
  const [first] = measure.methods;
  if (measure.scoreAdjustment && first) {
    at('.scoreAdjustment.rows', checkCondition(measure.scoreAdjustment.rows, names(first.dataset)));
    at('.scoreAdjustment.hit', checkCondition(measure.scoreAdjustment.hit, names(first.dataset)));
  }
  measure.zeroRules?.forEach(({ when }, z) => {
    if (typeof when === 'string') return;
    when.forEach((rule, w) => {
      const path = `.zeroRules[${z}].when[${w}]`;
      at(`${path}.placeBy`, checkColumn(rule.placeBy, names(rule.dataset)));
      at(`${path}.tried`, checkCondition(rule.tried, names(rule.dataset)));
      at(`${path}.joined`, checkCondition(rule.joined, names(rule.dataset)));
    });
  });
}

function checkMethod(method: Method, names: Names, at: At): void {
  const rows = names(method.dataset, { curve: true });
  const known = rows.columns;
  if (known && !(method.dataset in known)) return at('.dataset', `unknown dataset ${method.dataset}`);
  // The state of the channels is as of the end of the period, so no column places a row.
  if (method.placeBy !== 'as_of') at('.placeBy', checkColumn(method.placeBy, rows));
  if ('rows' in method) at('.rows', checkCondition(method.rows, rows));
  if ('recorded' in method && method.recorded) {
    at('.recorded.any', checkCondition(method.recorded.any, { ...rows, period: true }));
  }
  const each = (path: string, columns: readonly string[]) =>
    columns.forEach((column, c) => at(`${path}[${c}]`, checkColumn(column, rows)));
  switch (method.kind) {
    case 'ratio':
      at('.hit', checkCondition(method.hit, rows));
      if (!method.keepLast) return;
      at('.keepLast.per', checkColumn(method.keepLast.per, rows));
      return at('.keepLast.by', checkColumn(method.keepLast.by, rows));
    case 'ratio_of_sums':
      at('.numerator', checkValue(method.numerator, rows));
      return at('.denominator', checkValue(method.denominator, rows));
    case 'mean':
    case 'median':
      return at('.of', checkValue(method.of, rows));
    case 'mean_of_row_scores':
      return at('.rowScore', checkValue(method.rowScore, rows));
    case 'mean_of_stratum_means':
      if (!rows.dayPeriods.includes(method.strata)) at('.strata', `unknown list of day periods ${method.strata}`);
      at('.rowScore', checkValue(method.rowScore, rows));
      at('.stratum', checkColumn(method.stratum, rows));
      if (!method.usable) return;
      at('.usable.rows', checkCondition(method.usable.rows, rows));
      return at('.usable.hit', checkCondition(method.usable.hit, rows));
    case 'mean_of_item_means':
      return each('.items', method.items);
    case 'count_channels':
      at('.count', checkCondition(method.count, rows));
      if (countColumns(method.count) === null)
        at('.count', 'expected [eq, column, true], or several of them under and');
      return each('.functionColumns', method.functionColumns);
    case 'first_contact':
      at('.pool', checkCondition(method.pool, rows));
      at('.hit', checkCondition(method.hit, rows));
      each('.same', method.same);
      return each('.orderBy', method.orderBy);
    case 'annualised_ratio':
      at('.of', checkValue(method.of, rows));
      return at('.population.column', checkColumn(method.population.column, names(method.population.dataset)));
  }
}

/** Columns that must all be true on a counted channel; null when the condition says something else. */
export function countColumns(count: unknown): readonly string[] | null {
  if (!Array.isArray(count)) return null;
  const [operator, ...operands] = count as readonly unknown[];
  if (operator === 'eq') return typeof operands[0] === 'string' && operands[1] === true ? [operands[0]] : null;
  if (operator !== 'and') return null;
  const parts = operands.map(countColumns);
  return parts.includes(null) ? null : parts.flatMap((part) => part ?? []);
}
