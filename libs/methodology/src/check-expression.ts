/** What the names in an expression may stand for. */
export interface ExpressionNames {
  readonly dataset: string;
  /** Derived columns and conditions, by dataset and name. */
  readonly derived: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Ids of the lists of day periods. */
  readonly dayPeriods: readonly string[];
  /** Whether the measure has a curve. */
  readonly curve: boolean;
  /** Whether the condition may speak of the period as a whole ("recorded" rules only). */
  readonly period: boolean;
  /** Columns by dataset; where absent, names of columns and datasets are not checked. */
  readonly columns?: Readonly<Record<string, readonly string[]>>;
}

export interface ExpressionProblem {
  /** Place inside the expression, such as `[1][2]`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

const conditionOperators = [
  ...['eq', 'ne', 'in', 'not_in', 'filled', 'empty', 'ge', 'gt', 'le', 'lt', 'le_col'],
  ...['and', 'or', 'not', 'is', 'exists', 'any_row_in_period'],
];

/** Every way in which the condition departs from the grammar or names something that is not there; empty if none. */
export function checkCondition(condition: unknown, names: ExpressionNames): readonly ExpressionProblem[] {
  const checker = new ExpressionChecker(names);
  checker.condition(condition, '');
  return checker.problems;
}

/** Every way in which the value departs from the grammar or names something that is not there; empty if none. */
export function checkValue(value: unknown, names: ExpressionNames): readonly ExpressionProblem[] {
  const checker = new ExpressionChecker(names);
  checker.value(value, '');
  return checker.problems;
}

/** The name of a column or derived column, such as the instant that places a row. */
export function checkColumn(column: unknown, names: ExpressionNames): readonly ExpressionProblem[] {
  const checker = new ExpressionChecker(names);
  checker.column(column, '');
  return checker.problems;
}

/** A derived entry is a condition or a value; its operator tells which. */
export function isConditionExpression(expression: unknown): boolean {
  return Array.isArray(expression) && conditionOperators.includes(String(expression[0]));
}

class ExpressionChecker {
  readonly problems: ExpressionProblem[] = [];

  constructor(private readonly names: ExpressionNames) {}

  condition(expression: unknown, path: string): void {
    if (!Array.isArray(expression)) return this.report(path, `expected a condition, found ${shown(expression)}`);
    const [operator, ...operands] = expression as readonly unknown[];
    switch (operator) {
      case 'eq':
      case 'ne':
        if (!this.arity(operands, 2, path)) return;
        this.column(operands[0], `${path}[1]`);
        return this.constant(operands[1], `${path}[2]`);
      case 'in':
      case 'not_in':
        if (!this.arity(operands, 2, path)) return;
        this.column(operands[0], `${path}[1]`);
        return this.list(operands[1], `${path}[2]`, (item, at) => this.constant(item, at));
      case 'filled':
      case 'empty':
        if (this.arity(operands, 1, path)) this.value(operands[0], `${path}[1]`);
        return;
      case 'ge':
      case 'gt':
      case 'le':
      case 'lt':
        if (!this.arity(operands, 2, path)) return;
        this.value(operands[0], `${path}[1]`);
        return this.number(operands[1], `${path}[2]`);
      case 'le_col':
        if (!this.arity(operands, 2, path)) return;
        this.column(operands[0], `${path}[1]`);
        return this.column(operands[1], `${path}[2]`);
      case 'and':
      case 'or':
        if (operands.length === 0) this.report(path, `${operator} needs at least one condition`);
        return operands.forEach((operand, i) => this.condition(operand, `${path}[${i + 1}]`));
      case 'not':
        if (this.arity(operands, 1, path)) this.condition(operands[0], `${path}[1]`);
        return;
      case 'is':
        if (this.arity(operands, 1, path)) this.derivedCondition(operands[0], `${path}[1]`);
        return;
      case 'exists':
        if (this.arity(operands, 2, path)) this.exists(operands[0], operands[1], path);
        return;
      case 'any_row_in_period':
        if (!this.names.period) this.report(path, 'any_row_in_period speaks of a period, not of a row');
        if (this.arity(operands, 2, path)) this.elsewhere(operands[0], path).column(operands[1], `${path}[2]`);
        return;
      default:
        return this.report(path, `unknown operator ${shown(operator)} in a condition`);
    }
  }

  value(expression: unknown, path: string): void {
    if (typeof expression === 'number') return;
    if (typeof expression === 'string') return this.column(expression, path);
    if (!Array.isArray(expression)) return this.report(path, `expected a value, found ${shown(expression)}`);
    const [operator, ...operands] = expression as readonly unknown[];
    switch (operator) {
      case 'first_filled':
      case 'sum_filled':
      case 'later_of':
        if (operands.length === 0) this.report(path, `${operator} needs at least one value`);
        return operands.forEach((operand, i) => this.value(operand, `${path}[${i + 1}]`));
      case 'seconds_between':
        if (!this.arity(operands, 2, path)) return;
        return operands.forEach((operand, i) => this.value(operand, `${path}[${i + 1}]`));
      case 'plus_seconds':
      case 'end_of_working_day':
        if (!this.arity(operands, 2, path)) return;
        this.value(operands[0], `${path}[1]`);
        return this.wholeNumber(operands[1], operator === 'plus_seconds' ? 0 : 1, `${path}[2]`);
      case 'if':
        if (!this.arity(operands, 3, path)) return;
        this.condition(operands[0], `${path}[1]`);
        this.value(operands[1], `${path}[2]`);
        return this.value(operands[2], `${path}[3]`);
      case 'map':
        if (!this.arity(operands, 2, path)) return;
        this.column(operands[0], `${path}[1]`);
        return this.table(operands[1], `${path}[2]`);
      case 'mean_of_checks':
        if (!this.arity(operands, 1, path)) return;
        return this.list(operands[0], `${path}[1]`, (item, at) => this.column(item, at));
      case 'curve':
        if (!this.names.curve) this.report(path, 'there is no curve here');
        if (this.arity(operands, 1, path)) this.value(operands[0], `${path}[1]`);
        return;
      case 'stratum':
        if (!this.arity(operands, 2, path)) return;
        if (!this.names.dayPeriods.includes(String(operands[0])))
          this.report(`${path}[1]`, `unknown list of day periods ${shown(operands[0])}`);
        return this.column(operands[1], `${path}[2]`);
      default:
        return this.report(path, `unknown operator ${shown(operator)} in a value`);
    }
  }

  column(name: unknown, path: string): void {
    const { dataset, derived, columns } = this.names;
    if (typeof name !== 'string') return this.report(path, `expected a column, found ${shown(name)}`);
    const entry = derived[dataset]?.[name];
    if (entry !== undefined) {
      if (isConditionExpression(entry))
        this.report(path, `${name} is a condition of ${dataset}, not a column; write [is, ${name}]`);
      return;
    }
    if (columns && columns[dataset]?.includes(name) !== true) this.report(path, `unknown column ${name} of ${dataset}`);
  }

  private derivedCondition(name: unknown, path: string): void {
    const { dataset, derived } = this.names;
    const entry = typeof name === 'string' ? derived[dataset]?.[name] : undefined;
    if (!isConditionExpression(entry)) this.report(path, `unknown derived condition ${shown(name)} of ${dataset}`);
  }

  private exists(dataset: unknown, clause: unknown, path: string): void {
    const other = this.elsewhere(dataset, path);
    if (!isClause(clause)) {
      return this.report(`${path}[2]`, 'expected {same, rows, not_after: [column, value]} and nothing else');
    }
    this.column(clause.same, `${path}[2].same`);
    other.column(clause.same, `${path}[2].same`);
    other.condition(clause.rows, `${path}[2].rows`);
    other.column(clause.not_after[0], `${path}[2].not_after[0]`);
    this.column(clause.not_after[1], `${path}[2].not_after[1]`);
  }

  /** A checker for the rows of another dataset that reports here. */
  private elsewhere(dataset: unknown, path: string): ExpressionChecker {
    if (typeof dataset !== 'string' || (this.names.columns && !(dataset in this.names.columns))) {
      this.report(`${path}[1]`, `unknown dataset ${shown(dataset)}`);
    }
    const other = new ExpressionChecker({ ...this.names, dataset: String(dataset), curve: false, period: false });
    other.report = (at, message) => this.report(at, message);
    return other;
  }

  private arity(operands: readonly unknown[], wanted: number, path: string): boolean {
    if (operands.length === wanted) return true;
    this.report(path, `expected ${wanted} operand${wanted === 1 ? '' : 's'}, found ${operands.length}`);
    return false;
  }

  private list(given: unknown, path: string, item: (value: unknown, path: string) => void): void {
    if (!Array.isArray(given) || given.length === 0) return this.report(path, 'expected a list with at least one item');
    given.forEach((each: unknown, i) => item(each, `${path}[${i}]`));
  }

  private table(given: unknown, path: string): void {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      return this.report(path, `expected a table, found ${shown(given)}`);
    }
    for (const [key, to] of Object.entries(given)) this.number(to, `${path}.${key}`);
  }

  private constant(given: unknown, path: string): void {
    if (!['string', 'number', 'boolean'].includes(typeof given)) {
      this.report(path, `expected a constant, found ${shown(given)}`);
    }
  }

  private number(given: unknown, path: string): void {
    if (typeof given !== 'number') this.report(path, `expected a number, found ${shown(given)}`);
  }

  private wholeNumber(given: unknown, least: number, path: string): void {
    if (!Number.isInteger(given) || Number(given) < least) {
      this.report(path, `expected a whole number from ${least}, found ${shown(given)}`);
    }
  }

  private report(path: string, message: string): void {
    this.problems.push({ path, message });
  }
}

interface Clause {
  readonly same: unknown;
  readonly rows: unknown;
  readonly not_after: readonly [unknown, unknown];
}

function isClause(clause: unknown): clause is Clause {
  if (typeof clause !== 'object' || clause === null) return false;
  if (Object.keys(clause).sort().join() !== 'not_after,rows,same') return false;
  const limits: unknown = 'not_after' in clause ? clause.not_after : null;
  return Array.isArray(limits) && limits.length === 2;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
