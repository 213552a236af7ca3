import { dictionary, type ColumnSpec, type DatasetSpec } from '../datasets/dictionary.js';
import { sqlId, sqlList, sqlNumber, sqlText } from '../sql.js';
import { storedType, type CellReader } from './cell-reader.js';
import type { ColumnPlan } from './column-plan.js';
import type { DerivedColumns } from './import-rules.js';
import { rowCondition } from './row-rules.js';

/** A column of the dataset with everything that its statement needs. */
export interface ReadColumn {
  readonly plan: ColumnPlan;
  readonly reader: CellReader;
  /** SQL: `read_cell` with the readers of this column, over a cell. */
  readonly slow: (cell: string) => string;
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
const fastId = (column: string) => sqlId(`q:${column}`);
const slowId = (column: string) => sqlId(`s:${column}`);
const problemId = (column: string) => sqlId(`p:${column}`);
const warningId = (column: string) => sqlId(`w:${column}`);

function literal(spec: ColumnSpec): string | null {
  if (spec.default === undefined) return null;
  return typeof spec.default === 'number' ? sqlNumber(spec.default) : sqlText(spec.default);
}

function limits(spec: ColumnSpec, input: TypedRowsInput): string[] {
  const id = sqlId(spec.id);
  if (spec.type === 'datetime' || spec.type === 'date') {
    const latest = sqlText(deadlines.has(spec.id) ? input.latestDeadline : input.latest);
    const over = spec.type === 'date' ? `${id} > CAST(TIMESTAMP ${latest} AS DATE)` : `${id} > TIMESTAMP ${latest}`;
    return [`WHEN ${id} < TIMESTAMP ${sqlText(earliest)} OR ${over} THEN 'date_out_of_range'`];
  }
  return [
    ...(spec.min === undefined ? [] : [`WHEN ${id} < ${sqlNumber(spec.min)} THEN 'below_min'`]),
    ...(spec.max === undefined ? [] : [`WHEN ${id} > ${sqlNumber(spec.max)} THEN 'above_max'`]),
  ];
}

/** What was read of one column: the stored value, made of the short cut or of the reader's text. */
function valueSql({ plan, reader }: ReadColumn): string {
  const { id } = plan.spec;
  const slow = slowId(id);
  return `CASE WHEN ${slow} IS NULL THEN ${fastId(id)}
    WHEN starts_with(${slow}, '=') THEN ${reader.typed(`substring(${slow}, 2)`)}
    WHEN starts_with(${slow}, '?') THEN ${reader.typed(`split_part(${slow}, chr(31), 2)`)} END`;
}

/**
 * One statement that types every row: `kind` (0 row, 1 blank, 2 totals row), `refused`, `warned`, `problems` (what is
 * wrong, in the order of the columns, then of the rules; NULL where nothing is) and the columns of the dataset. Each
 * layer uses only what the one below has computed, so nothing is computed twice.
 */
export function typedRowsSql(input: TypedRowsInput): string {
  const { dataset, columns, absent, derived } = input;
  const ids = dataset.columns.map((column) => sqlId(column.id));
  const carried = ['kind', ...(input.rowNumbers ? ['row'] : [])];
  const shown = columns.map(({ plan }) => shownId(plan.spec.id));
  const each = (work: (column: ReadColumn) => string) => columns.map(work);
  const select = (list: readonly string[], from: string) => `SELECT ${list.join(',\n  ')}\nFROM (${from})`;

  const fast = select(
    ['*', ...each(({ plan, reader }) => `${reader.fast(cellId(plan.spec.id))} AS ${fastId(plan.spec.id)}`)],
    input.cells,
  );
  const slow = select(
    [
      '*',
      ...each(({ plan, slow: read }) => {
        const cell = cellId(plan.spec.id);
        return `CASE WHEN ${fastId(plan.spec.id)} IS NULL AND ${cell} IS NOT NULL AND kind = 0 THEN ${read(cell)} END AS ${slowId(plan.spec.id)}`;
      }),
    ],
    fast,
  );
  const values = select(
    [
      ...carried,
      ...shown,
      ...each(({ plan }) => `${cellId(plan.spec.id)}, ${slowId(plan.spec.id)}`),
      ...each((column) => `${valueSql(column)} AS ${sqlId(column.plan.spec.id)}`),
      ...absent.map((spec) => `CAST(NULL AS ${storedType(spec)}) AS ${sqlId(spec.id)}`),
    ],
    slow,
  );
  const completed = select(
    [
      ...carried,
      ...shown,
      ...each(({ plan }) => slowId(plan.spec.id)),
      ...dataset.columns.map((spec) => {
        const stored = columns.find(({ plan }) => plan.spec.id === spec.id)?.reader.stored;
        const id = sqlId(spec.id);
        const short = `(${slowId(spec.id)} IS NULL AND ${id} IS NOT NULL)`;
        const value = derived.sql[spec.id] ?? stored?.(id, short) ?? id;
        const otherwise = literal(spec);
        // A default fills what is empty, never what could not be read: such a row is refused by its problem.
        return `${otherwise === null ? value : `coalesce(${value}, ${otherwise})`} AS ${id}`;
      }),
    ],
    values,
  );
  const read = new Set(columns.map(({ plan }) => plan.spec.id));
  const judged = dataset.columns.map((spec) => {
    const cases = [
      ...(read.has(spec.id) ? [`WHEN starts_with(${slowId(spec.id)}, '!') THEN substring(${slowId(spec.id)}, 2)`] : []),
      ...(spec.required ? [`WHEN ${sqlId(spec.id)} IS NULL THEN 'required_empty'`] : []),
      ...limits(spec, input),
    ];
    return { spec, sql: cases.length === 0 ? null : `CASE ${cases.join(' ')} END` };
  });
  const problems = judged.filter((each) => each.sql !== null);
  const texts = columns.filter(({ plan }) => plan.spec.type === 'text').map(({ plan }) => plan.spec.id);
  const warning = (id: string) =>
    `CASE WHEN starts_with(${slowId(id)}, '?') THEN split_part(substring(${slowId(id)}, 2), chr(31), 1) END`;
  const problem = select(
    [
      ...carried,
      ...shown,
      ...ids,
      ...problems.map(({ spec, sql }) => `CASE WHEN kind = 0 THEN ${sql} END AS ${problemId(spec.id)}`),
      ...texts.map((id) => `${warning(id)} AS ${warningId(id)}`),
    ],
    completed,
  );
  const rules = dataset.rules
    .map((rule) => ({ ...rule, condition: rowCondition(rule.id) }))
    .filter((rule) => rule.condition.sql !== null);
  const anyProblem = `coalesce(${[...problems.map(({ spec }) => problemId(spec.id)), 'NULL::VARCHAR'].join(', ')}) IS NOT NULL`;
  const broken = select(
    [
      '*',
      // A row that could not be read is refused for that; what its empty places would break is not told as well.
      ...rules.map((rule) => `readable AND coalesce(${rule.condition.sql}, false) AS ${sqlId(`r:${rule.id}`)}`),
    ],
    select(['*', `kind = 0 AND NOT (${anyProblem}) AS readable`], problem),
  );
  const ruleIds = (level: string) => rules.filter((rule) => rule.level === level).map((rule) => sqlId(`r:${rule.id}`));
  const either = (list: readonly string[]) => (list.length === 0 ? 'false' : list.join(' OR '));
  const warned = [...ruleIds('warning'), ...texts.map((id) => `${warningId(id)} IS NOT NULL`)];

  const position = (column: string) => sqlNumber(dataset.columns.findIndex((spec) => spec.id === column));
  const shownCell = (column: string) => {
    const found = columns.find(({ plan }) => plan.spec.id === column);
    return found ? input.shown(found.plan, shownId(column)) : 'CAST(NULL AS VARCHAR)';
  };
  const issue = (when: string, column: string, rule: string) =>
    `CASE WHEN ${when} THEN {'place': ${position(column)}, 'rule': ${rule}, 'value': ${shownCell(column)}} END`;
  const issues = [
    ...problems.map(({ spec }) => issue(`${problemId(spec.id)} IS NOT NULL`, spec.id, problemId(spec.id))),
    ...texts.map((id) => issue(`${warningId(id)} IS NOT NULL`, id, warningId(id))),
    ...rules.map((rule) => issue(sqlId(`r:${rule.id}`), rule.condition.column, sqlText(rule.id))),
  ];
  const refused = `NOT readable OR ${either(ruleIds('error'))}`;
  return select(
    [
      ...carried,
      `kind = 0 AND (${refused}) AS refused`,
      `kind = 0 AND (${either(warned)}) AS warned`,
      `CASE WHEN kind = 0 AND (${refused} OR ${either(warned)}) THEN list_filter(${sqlList(issues)}, lambda x: x IS NOT NULL) END AS problems`,
      // Outside of the cells, so that the rows of a month are found without reading the others.
      `${sqlId(dataset.period.column)} AS moment`,
      // One column, because DuckDB reserves memory by column and thread: with twenty, a small limit leaves one thread.
      `struct_pack(${ids.map((id) => `${id} := ${id}`).join(', ')}) AS cells`,
    ],
    broken,
  );
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
