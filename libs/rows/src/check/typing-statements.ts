import { dictionary, type ColumnSpec, type DatasetSpec } from '../datasets/dictionary.js';
import { sqlId, sqlList, sqlNumber, sqlText } from '../sql.js';
import { isNoneOf, storedType, type CellReader } from './cell-reader.js';
import { constantOf, type ColumnPlan } from './column-plan.js';
import type { DerivedColumns } from './import-rules.js';
import { rowCondition } from './row-rules.js';

/** A column of the dataset with everything that its statement needs. */
export interface ReadColumn {
  readonly plan: ColumnPlan;
  readonly reader: CellReader;
  /** SQL: `read_cell` with the readers of this column, over a cell. */
  readonly slow: (cell: string) => string;
  /** Words for an empty cell, where the column holds such; looking for them in every column would cost too much. */
  readonly empties: readonly string[];
  /** Tokens of cells that are remembered, as UUID. */
  readonly names?: ReadonlyMap<string, string>;
  /** SQL over a cell, for `foundId`: what the short cut and the stored value both look up. */
  readonly lookUp?: (cell: string) => string;
}

export interface TypedRowsInput {
  readonly dataset: DatasetSpec;
  /** SQL relation of the cells: `kind`, `row` where known, `a:<column>` (to be read), `f:<column>` (as they stand). */
  readonly cells: string;
  readonly rowNumbers: boolean;
  readonly columns: readonly ReadColumn[];
  readonly absent: readonly ColumnSpec[];
  readonly derived: DerivedColumns;
  /** Wall clock of Shanghai: limits of instants. */
  readonly latest: string;
  readonly latestDeadline: string;
  /** SQL over a cell: what an issue shows of it. */
  readonly shown: (plan: ColumnPlan, cell: string) => string;
}

const earliest = '1990-01-01 00:00:00';
const deadlines: ReadonlySet<string> = new Set(['deadline_at', 'extended_deadline_at']);
export const cellId = (column: string) => sqlId(`a:${column}`);
export const shownId = (column: string) => sqlId(`f:${column}`);
/** What `lookUp` finds for the cell of a column. */
export const foundId = (column: string) => sqlId(`n:${column}`);
const fastId = (column: string) => sqlId(`q:${column}`);
const slowId = (column: string) => sqlId(`s:${column}`);
const problemId = (column: string) => sqlId(`p:${column}`);
const warningId = (column: string) => sqlId(`w:${column}`);
const ruleId = (rule: string) => sqlId(`r:${rule}`);

/** A column of a layer: its name, and its SQL over the columns of the layer below. */
type Computed = readonly [name: string, sql: string];

const list = (items: readonly string[]) => items.join(',\n  ');
const either = (conditions: readonly string[]) => (conditions.length === 0 ? 'false' : conditions.join(' OR '));

/** A layer: what is below, and what is computed of it. */
function layer(columns: readonly Computed[], below: string): string {
  return `SELECT ${list(['*', ...columns.map(([name, sql]) => `${sql} AS ${name}`)])}\nFROM (${below})`;
}

interface Problem {
  /** SQL condition over the columns of the dataset. */
  readonly when: string;
  readonly code: string;
}

function problemsOf(spec: ColumnSpec, input: TypedRowsInput): readonly Problem[] {
  const id = sqlId(spec.id);
  const problems = spec.required ? [{ when: `${id} IS NULL`, code: 'required_empty' }] : [];
  if (spec.type === 'datetime' || spec.type === 'date') {
    const latest = sqlText(deadlines.has(spec.id) ? input.latestDeadline : input.latest);
    const over = spec.type === 'date' ? `${id} > CAST(TIMESTAMP ${latest} AS DATE)` : `${id} > TIMESTAMP ${latest}`;
    return [...problems, { when: `${id} < TIMESTAMP ${sqlText(earliest)} OR ${over}`, code: 'date_out_of_range' }];
  }
  return [
    ...problems,
    ...(spec.min === undefined ? [] : [{ when: `${id} < ${sqlNumber(spec.min)}`, code: 'below_min' }]),
    ...(spec.max === undefined ? [] : [{ when: `${id} > ${sqlNumber(spec.max)}`, code: 'above_max' }]),
  ];
}

/** Rules of the dictionary that can be told from one row. */
function rowRules(dataset: DatasetSpec) {
  return dataset.rules.flatMap(({ id, level }) => {
    const { column, sql } = rowCondition(id);
    return sql === null ? [] : [{ id, level, column, when: sql }];
  });
}

/** What was read of one column: the value, made of the short cut or of the reader's text. */
function valueSql({ plan, reader }: ReadColumn): string {
  const { id } = plan.spec;
  const slow = slowId(id);
  return `CASE WHEN ${slow} IS NULL THEN ${fastId(id)}
    WHEN starts_with(${slow}, '=') THEN ${reader.typed(`substring(${slow}, 2)`)}
    WHEN starts_with(${slow}, '?') THEN ${reader.typed(`split_part(${slow}, chr(31), 2)`)} END`;
}

/**
 * Columns that are not stored as they were read: filled from others of the row, made a token, or given their default.
 * @param stored SQL of what is stored of a column, where that is not what was read
 */
function completed(
  { dataset, derived }: TypedRowsInput,
  stored: (column: string) => string | undefined,
): readonly Computed[] {
  return dataset.columns.flatMap((spec): Computed[] => {
    const id = sqlId(spec.id);
    const value = derived.sql[spec.id] ?? stored(spec.id) ?? id;
    const otherwise = literal(spec);
    // A default fills what is empty, never what could not be read: such a row is refused by its problem.
    const sql = otherwise === null ? value : `coalesce(${value}, ${otherwise})`;
    return sql === id ? [] : [[id, sql]];
  });
}

/**
 * SQL of the columns that are the same in every row, as nothing in the file fills them. No statement gives them, but for
 * those by which rows are found and sorted.
 */
export function constantColumns({ dataset, absent, derived }: TypedRowsInput): ReadonlyMap<string, string> {
  const places = new Set([...dataset.key, dataset.period.column]);
  const same = absent.filter(({ id }) => derived.sql[id] === undefined && !places.has(id));
  return new Map(same.map((spec) => [spec.id, literal(spec) ?? emptySql(spec)]));
}

const emptySql = (spec: ColumnSpec): string => `CAST(NULL AS ${storedType(spec)})`;

function literal(spec: ColumnSpec): string | null {
  if (spec.default === undefined) return null;
  return typeof spec.default === 'number' ? sqlNumber(spec.default) : sqlText(spec.default);
}

/** The layers that short cuts read: `q:<column>`, and `n:<column>` where something is looked up. */
function shortCuts({ columns, cells }: TypedRowsInput): string {
  const emptied = columns.flatMap(({ plan, empties }) => {
    const cell = cellId(plan.spec.id);
    return empties.length === 0 ? [] : [`CASE WHEN ${isNoneOf(cell, empties)} THEN ${cell} END AS ${cell}`];
  });
  const filled = emptied.length === 0 ? cells : `SELECT * REPLACE (${list(emptied)})\nFROM (${cells})`;
  const found = columns.flatMap(({ plan, lookUp }): Computed[] =>
    lookUp ? [[foundId(plan.spec.id), lookUp(cellId(plan.spec.id))]] : [],
  );
  return layer(
    columns.map(({ plan, reader }) => [fastId(plan.spec.id), reader.fast(cellId(plan.spec.id))]),
    found.length === 0 ? filled : layer(found, filled),
  );
}

/** The columns as read, then completed: layers over one that has what `value` needs. */
function completedRows(
  input: TypedRowsInput,
  value: (column: ReadColumn) => string,
  stored: (column: string) => string | undefined,
  below: string,
): string {
  const values = layer(
    [
      ...input.columns.map((column): Computed => [sqlId(column.plan.spec.id), value(column)]),
      ...input.absent.map((spec): Computed => [sqlId(spec.id), emptySql(spec)]),
    ],
    below,
  );
  const filled = completed(input, stored).map(([name, sql]) => `${sql} AS ${name}`);
  return filled.length === 0 ? values : `SELECT * REPLACE (${list(filled)})\nFROM (${values})`;
}

/** The columns that statements give, without constant ones. */
export function varyingColumns(input: TypedRowsInput): readonly string[] {
  const constants = constantColumns(input);
  return input.dataset.columns.filter(({ id }) => !constants.has(id)).map(({ id }) => sqlId(id));
}

/** Outside of the cells, so that the rows of a month are found without reading the others. */
const moment = ({ dataset }: TypedRowsInput) => `${sqlId(dataset.period.column)} AS moment`;

/** Rows that were read by short cuts, as SQL. */
export interface PlainRows {
  /** Relation with the columns of the dataset, which are right where the row is plain, and what is told of rows. */
  readonly rows: string;
  /** Condition: a cell was not read, or something is wrong. NULL counts as "plain". */
  readonly other: string;
  /** Columns of the dataset but for constant ones, and the period as `moment`. */
  readonly columns: readonly string[];
}

/**
 * Completes and judges rows that were read by short cuts.
 * @param read SQL relation with `plain` (every cell was read) and `q:<column>` of each column that the file fills
 */
export function plainRowsSql(input: TypedRowsInput, read: string): PlainRows {
  const { dataset } = input;
  const value = ({ plan, reader }: ReadColumn) => {
    const constant = constantOf(plan);
    return constant === null ? fastId(plan.spec.id) : reader.fast(constant);
  };
  const unread = input.columns.flatMap(({ plan, reader }) => {
    const constant = constantOf(plan);
    return constant === null ? [] : [{ when: `(${reader.fast(constant)}) IS NULL` }];
  });
  const wrong = [...unread, ...dataset.columns.flatMap((spec) => problemsOf(spec, input)), ...rowRules(dataset)];
  return {
    rows: `(${completedRows(input, value, () => undefined, `FROM ${read}`)})`,
    // As conditions of their own, each is asked of the rows that the ones before left over: half the time of one answer.
    other: either(['NOT plain', ...wrong.map(({ when }) => `(${when})`)]),
    columns: [moment(input), ...varyingColumns(input)],
  };
}

/**
 * A statement that reads and judges any row: `kind`, `refused`, `warned`, `problems` (what is wrong, in the order of the
 * columns, then of the rules; NULL where nothing is) and the columns of the dataset. Each layer uses only what the one
 * below has computed, so nothing is computed twice.
 */
export function typedRowsSql(input: TypedRowsInput): string {
  const { dataset, columns } = input;
  const slow = layer(
    columns.map(({ plan: { spec }, slow: read }) => {
      const cell = cellId(spec.id);
      const left = `${fastId(spec.id)} IS NULL AND ${cell} IS NOT NULL AND kind = 0`;
      return [slowId(spec.id), `CASE WHEN ${left} THEN ${read(cell)} END`];
    }),
    shortCuts(input),
  );
  const stored = (id: string) => {
    const reader = columns.find(({ plan }) => plan.spec.id === id)?.reader;
    return reader?.stored?.(sqlId(id), `(${slowId(id)} IS NULL AND ${sqlId(id)} IS NOT NULL)`);
  };
  const rows = completedRows(input, valueSql, stored, slow);

  const read = new Set(columns.map(({ plan }) => plan.spec.id));
  const judged = dataset.columns.flatMap((spec) => {
    const cases = problemsOf(spec, input).map(({ when, code }) => `WHEN ${when} THEN ${sqlText(code)}`);
    const text = slowId(spec.id);
    if (read.has(spec.id)) cases.unshift(`WHEN starts_with(${text}, '!') THEN substring(${text}, 2)`);
    return cases.length === 0 ? [] : [{ id: spec.id, sql: `CASE WHEN kind = 0 THEN CASE ${cases.join(' ')} END END` }];
  });
  const texts = columns.filter(({ plan }) => plan.spec.type === 'text').map(({ plan }) => plan.spec.id);
  const warning = (id: string) =>
    `CASE WHEN starts_with(${slowId(id)}, '?') THEN split_part(substring(${slowId(id)}, 2), chr(31), 1) END`;
  const problems = layer(
    [
      ...judged.map(({ id, sql }): Computed => [problemId(id), sql]),
      ...texts.map((id): Computed => [warningId(id), warning(id)]),
    ],
    rows,
  );
  const unreadable = `coalesce(${[...judged.map(({ id }) => problemId(id)), 'NULL::VARCHAR'].join(', ')}) IS NOT NULL`;
  const rules = rowRules(dataset);
  const broken = layer(
    // A row that could not be read is refused for that; what its empty places would break is not told as well.
    rules.map(({ id, when }) => [ruleId(id), `readable AND coalesce(${when}, false)`]),
    layer([['readable', `kind = 0 AND NOT (${unreadable})`]], problems),
  );

  const ruleIds = (level: string) => rules.filter((rule) => rule.level === level).map(({ id }) => ruleId(id));
  const refused = `kind = 0 AND (NOT readable OR ${either(ruleIds('error'))})`;
  const warned = `kind = 0 AND (${either([...ruleIds('warning'), ...texts.map((id) => `${warningId(id)} IS NOT NULL`)])})`;
  const shown = (column: string) => {
    const found = columns.find(({ plan }) => plan.spec.id === column);
    return found ? input.shown(found.plan, shownId(column)) : 'CAST(NULL AS VARCHAR)';
  };
  const issue = (when: string, column: string, rule: string) => {
    const place = sqlNumber(dataset.columns.findIndex(({ id }) => id === column));
    return `CASE WHEN ${when} THEN {'place': ${place}, 'rule': ${rule}, 'value': ${shown(column)}} END`;
  };
  const issues = [
    ...judged.map(({ id }) => issue(`${problemId(id)} IS NOT NULL`, id, problemId(id))),
    ...texts.map((id) => issue(`${warningId(id)} IS NOT NULL`, id, warningId(id))),
    ...rules.map(({ id, column }) => issue(ruleId(id), column, sqlText(id))),
  ];
  // One column, because DuckDB reserves memory by column and thread: with twenty, a small limit leaves one thread.
  const cells = `struct_pack(${list(varyingColumns(input).map((id) => `${id} := ${id}`))}) AS cells`;
  return `SELECT ${list([
    'kind',
    ...(input.rowNumbers ? ['row'] : []),
    moment(input),
    cells,
    `${refused} AS refused`,
    `${warned} AS warned`,
    `CASE WHEN (${refused}) OR (${warned}) THEN list_filter(${sqlList(issues)}, lambda x: x IS NOT NULL) END AS problems`,
  ])}\nFROM (${broken})`;
}

/** Level of a code that is no rule of the dictionary. */
export const cellWarnings: ReadonlySet<string> = new Set(['personal_number_masked', 'duplicate_key']);

/** error: the row is refused; warning: it is kept. */
export function levelOf(rule: string): 'error' | 'warning' {
  const found = dictionary()
    .datasets.flatMap((dataset) => dataset.rules)
    .find((each) => each.id === rule);
  return found?.level ?? (cellWarnings.has(rule) ? 'warning' : 'error');
}
