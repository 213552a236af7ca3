import type { Condition, Constant, DayPeriod as MethodDayPeriod, ExistsClause, Value } from '@hotline/methodology';
import { sqlId, sqlNumber, sqlText } from '../sql.js';
import type { CurvePoint } from './series-plan.js';

type Curve = readonly CurvePoint[];
type DayPeriod = Pick<MethodDayPeriod, 'id' | 'start' | 'end'>;

/** What the names in an expression stand for, for the rows of one dataset. */
export interface ExpressionScope {
  /** Alias of the row relation in the statement. */
  readonly row: string;
  /** Columns of the row relation: stored columns and derived columns computed before. */
  readonly columns: ReadonlySet<string>;
  /** Derived columns and conditions that are compiled in place. */
  readonly derived: Readonly<Record<string, Condition | Value>>;
  readonly dayPeriods: Readonly<Record<string, readonly DayPeriod[]>>;
  /** Points of `["curve", value]`; null where the measure has none. */
  readonly curve: Curve | null;
  /** Condition that a row of another dataset exists; registers the join it needs. */
  readonly exists: (dataset: string, clause: ExistsClause) => string;
  /** Lookup in the working calendar; registers the join it needs. `day` is a compiled DATE. */
  readonly calendar: (day: string, workingDays: number) => { readonly end: string; readonly missing: string };
}

/** The method names something that the dataset does not have. The checker of the method should have caught it. */
export class ExpressionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ExpressionError';
  }
}

/** What stands in the place of a part of a condition that looks at the row itself: its expression, or a name for it. */
export type NamePart = (expression: string) => string;

const itself: NamePart = (expression) => expression;

/**
 * A condition as a DuckDB expression that is true or false, never NULL: a comparison with an empty cell is false,
 * except `ne` and `not_in`, which are true. It is put together of what `namePart` makes of its smallest parts.
 */
export function compileCondition(condition: Condition, scope: ExpressionScope, namePart: NamePart = itself): string {
  switch (condition[0]) {
    case 'eq':
      return namePart(
        condition[2] === true
          ? `coalesce(${column(condition[1], scope)}, false)`
          : `coalesce(${column(condition[1], scope)} = ${constant(condition[2])}, false)`,
      );
    case 'ne':
      return namePart(`(${column(condition[1], scope)} IS DISTINCT FROM ${constant(condition[2])})`);
    case 'in':
      return namePart(`coalesce(${column(condition[1], scope)} IN (${condition[2].map(constant).join(', ')}), false)`);
    case 'not_in':
      return namePart(
        `coalesce(${column(condition[1], scope)} NOT IN (${condition[2].map(constant).join(', ')}), true)`,
      );
    case 'filled':
      return namePart(`(${compileValue(condition[1], scope)} IS NOT NULL)`);
    case 'empty':
      return namePart(`(${compileValue(condition[1], scope)} IS NULL)`);
    case 'ge':
      return namePart(compare(condition[1], '>=', condition[2], scope));
    case 'gt':
      return namePart(compare(condition[1], '>', condition[2], scope));
    case 'le':
      return namePart(compare(condition[1], '<=', condition[2], scope));
    case 'lt':
      return namePart(compare(condition[1], '<', condition[2], scope));
    case 'le_col':
      return namePart(`coalesce(${column(condition[1], scope)} <= ${column(condition[2], scope)}, false)`);
    case 'and':
      return all(parts(condition), scope, namePart, 'AND', 'true');
    case 'or':
      return all(parts(condition), scope, namePart, 'OR', 'false');
    case 'not':
      return `(NOT ${compileCondition(condition[1], scope, namePart)})`;
    case 'is':
      // A derived condition computed before is a column, and never NULL.
      if (scope.columns.has(condition[1])) return namePart(column(condition[1], scope));
      return compileCondition(derivedCondition(condition[1], scope), scope, namePart);
    case 'exists':
      return namePart(scope.exists(condition[1], condition[2]));
    case 'any_row_in_period':
      throw new ExpressionError('any_row_in_period speaks of a period, not of a row');
  }
}

/** A value as a DuckDB expression; NULL is an empty value. */
export function compileValue(value: Value, scope: ExpressionScope): string {
  if (typeof value === 'number') return double(value);
  if (typeof value === 'string') return column(value, scope);
  switch (value[0]) {
    case 'first_filled':
      return `coalesce(${values(value)
        .map((part) => compileValue(part, scope))
        .join(', ')})`;
    case 'sum_filled': {
      const parts = values(value).map((part) => compileValue(part, scope));
      const sum = parts.map((part) => `coalesce(${part}, 0)`).join(' + ');
      return `CASE WHEN coalesce(${parts.join(', ')}) IS NULL THEN NULL ELSE ${sum} END`;
    }
    case 'later_of':
      return `greatest(${values(value)
        .map((part) => compileValue(part, scope))
        .join(', ')})`;
    case 'seconds_between':
      return `date_diff('second', ${compileValue(value[1], scope)}, ${compileValue(value[2], scope)})`;
    case 'plus_seconds':
      return `(${compileValue(value[1], scope)} + to_seconds(${sqlNumber(value[2])}))`;
    case 'end_of_working_day':
      return scope.calendar(`CAST(${compileValue(value[1], scope)} AS DATE)`, value[2]).end;
    case 'if':
      return `CASE WHEN ${compileCondition(value[1], scope)} THEN ${compileValue(value[2], scope)} ELSE ${compileValue(value[3], scope)} END`;
    case 'map': {
      const cases = Object.entries(value[2]).map(([from, to]) => `WHEN ${sqlText(from)} THEN ${double(to)}`);
      return `CASE ${column(value[1], scope)} ${cases.join(' ')} END`;
    }
    case 'mean_of_checks':
      return meanOfChecks(value[1], scope);
    case 'curve':
      return compileCurve(compileValue(value[1], scope), scope.curve);
    case 'stratum':
      return compileStratum(value[1], column(value[2], scope), scope);
  }
}

/** True where computing the value counted a working day in a year without calendar; null where it never can. */
export function compileCalendarMissing(value: Value, scope: ExpressionScope): string | null {
  const derived = (typeof value === 'string' ? scope.derived[value] : value) as Value | undefined;
  if (derived === undefined || typeof derived === 'number' || typeof derived === 'string') return null;
  if (derived[0] === 'end_of_working_day') {
    return `coalesce(${scope.calendar(`CAST(${compileValue(derived[1], scope)} AS DATE)`, derived[2]).missing}, false)`;
  }
  if (derived[0] === 'if') {
    const [then, otherwise] = [derived[2], derived[3]].map((part) => compileCalendarMissing(part, scope));
    if (then === null && otherwise === null) return null;
    return `CASE WHEN ${compileCondition(derived[1], scope)} THEN ${then ?? 'false'} ELSE ${otherwise ?? 'false'} END`;
  }
  if (derived[0] !== 'first_filled') return null;
  const branches = values(derived).map((part) => ({
    filled: `${compileValue(part, scope)} IS NOT NULL`,
    missing: compileCalendarMissing(part, scope),
  }));
  if (branches.every((branch) => branch.missing === null)) return null;
  return `CASE ${branches.map((branch) => `WHEN ${branch.filled} THEN ${branch.missing ?? 'false'}`).join(' ')} ELSE false END`;
}

/** True where no stated value was filled and a limit in working days stood in; null where the value knows no such limit. */
export function compileDefaultLimit(value: Value, scope: ExpressionScope): string | null {
  const named = typeof value === 'string' ? scope.derived[value] : value;
  if (!Array.isArray(named) || named[0] !== 'first_filled') return null;
  const parts = named.slice(1) as Value[];
  const fallback = parts.findIndex((part) => countsWorkingDays(part));
  if (fallback < 1) return null;
  return `(coalesce(${parts
    .slice(0, fallback)
    .map((part) => compileValue(part, scope))
    .join(', ')}) IS NULL)`;
}

function countsWorkingDays(value: Value): boolean {
  if (typeof value === 'string' || typeof value === 'number') return false;
  if (value[0] === 'end_of_working_day') return true;
  if (value[0] === 'if') return countsWorkingDays(value[2]) || countsWorkingDays(value[3]);
  return value[0] === 'first_filled' && values(value).some(countsWorkingDays);
}

/** Straight lines between the points, flat outside; NULL stays NULL. */
export function compileCurve(x: string, curve: Curve | null): string {
  const first = curve?.[0];
  const last = curve?.at(-1);
  if (!curve || !first || !last) throw new ExpressionError('the measure has no curve');
  const lines = curve.slice(1).map((point, index) => {
    const from = curve[index] ?? first;
    const slope = `(${x} - ${double(from.x)}) / ${double(point.x - from.x)} * ${double(point.score - from.score)}`;
    return `WHEN ${x} < ${double(point.x)} THEN ${double(from.score)} + ${slope}`;
  });
  return `CASE WHEN ${x} IS NULL THEN NULL WHEN ${x} <= ${double(first.x)} THEN ${double(first.score)} ${lines.join(' ')} ELSE ${double(last.score)} END`;
}

function compileStratum(periods: string, instant: string, scope: ExpressionScope): string {
  const list = scope.dayPeriods[periods];
  if (!list) throw new ExpressionError(`no day periods ${periods}`);
  const minute = `(hour(${instant}) * 60 + minute(${instant}))`;
  const cases = list.map(
    (period) =>
      `WHEN ${minute} >= ${minuteOfDay(period.start)} AND ${minute} < ${minuteOfDay(period.end)} THEN ${sqlText(period.id)}`,
  );
  return `CASE ${cases.join(' ')} END`;
}

function minuteOfDay(time: string): number {
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(time) ?? [];
  if (hours === undefined || minutes === undefined) throw new ExpressionError(`not a time of day: ${time}`);
  return Number(hours) * 60 + Number(minutes);
}

function meanOfChecks(columns: readonly string[], scope: ExpressionScope): string {
  const marks = columns.map(
    (name) =>
      `CASE ${column(name, scope)} WHEN 'yes' THEN 1.0::DOUBLE WHEN 'partly' THEN 0.5::DOUBLE WHEN 'no' THEN 0::DOUBLE END`,
  );
  return `list_avg([${marks.join(', ')}])`;
}

function compare(value: Value, operator: string, limit: number, scope: ExpressionScope): string {
  return `coalesce(${compileValue(value, scope)} ${operator} ${sqlNumber(limit)}, false)`;
}

function column(name: string, scope: ExpressionScope): string {
  if (scope.columns.has(name)) return `${sqlId(scope.row)}.${sqlId(name)}`;
  const derived = scope.derived[name];
  if (derived === undefined) throw new ExpressionError(`no column ${name}`);
  return `(${compileValue(derived as Value, scope)})`;
}

function derivedCondition(name: string, scope: ExpressionScope): Condition {
  const derived = scope.derived[name];
  if (!Array.isArray(derived)) throw new ExpressionError(`no derived condition ${name}`);
  return derived as unknown as Condition;
}

function constant(value: Constant): string {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' ? sqlNumber(value) : sqlText(value);
}

/** DuckDB reads 11.03 as a decimal; the method counts in doubles. */
function double(value: number): string {
  return `${sqlNumber(value)}::DOUBLE`;
}

function all(
  conditions: readonly Condition[],
  scope: ExpressionScope,
  namePart: NamePart,
  operator: string,
  none: string,
): string {
  if (conditions.length === 0) return none;
  return `(${conditions.map((part) => compileCondition(part, scope, namePart)).join(` ${operator} `)})`;
}

function parts(condition: readonly ['and' | 'or', ...Condition[]]): readonly Condition[] {
  return condition.slice(1) as Condition[];
}

function values(value: readonly ['first_filled' | 'sum_filled' | 'later_of', ...Value[]]): readonly Value[] {
  return value.slice(1);
}
