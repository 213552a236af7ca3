import type { Condition, ExistsClause, Value } from '@hotline/methodology';
import { datasetIds } from '../tasks.js';
import type { DatasetId, Segment } from '../tasks.js';
import { datasetSpec } from '../datasets/dictionary.js';
import { sqlId } from '../sql.js';
import { parquet } from '../segments/key-relation.js';
import { compileCondition, compileValue, ExpressionError } from './compile-expression.js';
import type { ExpressionScope, NamePart } from './compile-expression.js';
import { firstContactColumns } from './series-plan.js';
import type { CurvePoint } from './series-plan.js';
import type { MeasureRules } from './measure-rules.js';
import { WorkingDays } from './working-days.js';

/** Builds statements over the rows of one dataset: compiles expressions and collects the joins that they need. */
export class RowRelation {
  private readonly joins = new Map<string, string>();
  private readonly stored: ReadonlySet<string>;
  private readonly staged: readonly string[];

  constructor(
    private readonly rules: MeasureRules,
    private readonly workingDays: WorkingDays,
    readonly dataset: DatasetId,
    /** Segments of other datasets that `exists` looks at. */
    private readonly segments: readonly Segment[],
    /** SELECT or table function that yields the stored columns. */
    private readonly source: string,
    /** Expressions that will be compiled, to compute the derived columns they share only once. */
    uses: readonly unknown[],
  ) {
    this.stored = new Set([
      ...datasetSpec(dataset).columns.map((column) => column.id),
      ...Object.values(firstContactColumns),
    ]);
    const derived = rules.derived[dataset] ?? {};
    const used = new Set<string>();
    const visit = (part: unknown): void => {
      if (Array.isArray(part)) part.forEach(visit);
      else if (part !== null && typeof part === 'object') Object.values(part).forEach(visit);
      else if (typeof part === 'string' && part in derived && !used.has(part)) {
        used.add(part);
        visit(derived[part]);
      }
    };
    visit(uses);
    this.staged = Object.keys(derived).filter((name) => used.has(name));
  }

  /** @param namePart what stands for the parts of the condition; without it they stand for themselves */
  condition(condition: Condition, curve: readonly CurvePoint[] | null, namePart?: NamePart): string {
    return compileCondition(condition, this.scope('r', this.columns(), this.joins, curve), namePart);
  }

  value(value: Value, curve: readonly CurvePoint[] | null): string {
    return compileValue(value, this.scope('r', this.columns(), this.joins, curve));
  }

  scopeFor(curve: readonly CurvePoint[] | null): ExpressionScope {
    return this.scope('r', this.columns(), this.joins, curve);
  }

  /** Derived columns that `from()` adds to the stored ones. */
  stagedColumns(): readonly string[] {
    return this.staged;
  }

  /** Number of working days up to the date of a column. */
  countedWorkingDays(column: string): string {
    const day = `CAST(${this.value(column, null)} AS DATE)`;
    return `${this.calendarJoin(day, this.joins)}.${this.workingDays.counted()}`;
  }

  /** `FROM` clause of a statement whose expressions were compiled before. Rows have the alias `r`. */
  from(): string {
    const joins = new Map<string, string>();
    const scope = this.scope('s', this.stored, joins, null);
    const derived = this.rules.derived[this.dataset] ?? {};
    const columns = this.staged.map((name) => {
      const expression = derived[name];
      if (expression === undefined) throw new ExpressionError(`no derived column ${name}`);
      return `${compileDerived(expression, scope)} AS ${sqlId(name)}`;
    });
    const rows = `SELECT ${['s.*', ...columns].join(', ')} FROM (${this.source}) s ${[...joins.values()].join(' ')}`;
    return `(${rows}) r ${[...this.joins.values()].join(' ')}`;
  }

  private columns(): ReadonlySet<string> {
    return new Set([...this.stored, ...this.staged]);
  }

  private scope(
    row: string,
    columns: ReadonlySet<string>,
    joins: Map<string, string>,
    curve: readonly CurvePoint[] | null,
  ): ExpressionScope {
    return {
      row,
      columns,
      derived: this.rules.derived[this.dataset] ?? {},
      dayPeriods: this.rules.dayPeriods,
      curve,
      calendar: (day, count) => {
        const alias = this.calendarJoin(day, joins);
        const found = this.workingDays.columns(count);
        return { end: `${alias}.${sqlId(found.end)}`, missing: `${alias}.${sqlId(found.missing)}` };
      },
      exists: (dataset, clause) => this.exists(row, dataset, clause, joins, columns),
    };
  }

  private calendarJoin(day: string, joins: Map<string, string>): string {
    return this.join(
      joins,
      `calendar ${day}`,
      (alias) => `LEFT JOIN ${WorkingDays.table} ${alias} ON ${alias}.day = ${day}`,
    );
  }

  /**
   * A row exists whose instant is not later than a limit exactly where the earliest one is not: one aggregate per key,
   * limited to the keys of these rows, instead of a correlated search.
   */
  private exists(
    row: string,
    dataset: string,
    clause: ExistsClause,
    joins: Map<string, string>,
    columns: ReadonlySet<string>,
  ): string {
    const other = datasetIds.find((id) => id === dataset);
    if (!other) throw new ExpressionError(`no dataset ${dataset}`);
    const files = this.segments.filter((segment) => segment.dataset === other).map((segment) => segment.file);
    if (files.length === 0) return 'false';
    const same = sqlId(clause.same);
    const [instant, limit] = clause.not_after;
    const look = new RowRelation(
      this.rules,
      this.workingDays,
      other,
      this.segments,
      `SELECT * FROM ${parquet(files)}`,
      [clause.rows],
    );
    const rows = look.condition(clause.rows, null);
    const alias = this.join(
      joins,
      `exists ${dataset} ${JSON.stringify(clause.rows)} ${clause.same} ${instant}`,
      (name) => `LEFT JOIN (
        SELECT r.${same} AS same, min(r.${sqlId(instant)}) AS earliest FROM ${look.from()}
        WHERE ${rows} AND r.${same} IN (SELECT ${same} FROM (${this.source}))
        GROUP BY 1) ${name} ON ${name}.same = ${sqlId(row)}.${same}`,
    );
    const scope = this.scope(row, columns, joins, null);
    return `coalesce(${alias}.earliest <= ${compileValue(limit, scope)}, false)`;
  }

  private join(joins: Map<string, string>, key: string, clause: (alias: string) => string): string {
    const known = [...joins.keys()].indexOf(key);
    const alias = `${joins === this.joins ? 'j' : 'd'}${known < 0 ? joins.size : known}`;
    if (known < 0) joins.set(key, clause(alias));
    return alias;
  }
}

function compileDerived(expression: Condition | Value, scope: ExpressionScope): string {
  return isCondition(expression) ? compileCondition(expression, scope) : compileValue(expression, scope);
}

const conditionNames: ReadonlySet<unknown> = new Set([
  ...[
    'eq',
    'ne',
    'in',
    'not_in',
    'filled',
    'empty',
    'ge',
    'gt',
    'le',
    'lt',
    'le_col',
    'and',
    'or',
    'not',
    'is',
    'exists',
  ],
]);

function isCondition(expression: Condition | Value): expression is Condition {
  return Array.isArray(expression) && conditionNames.has(expression[0]);
}
