import type { DecodedFile } from '../decode/decoded-file.js';
import { isOneOf, sqlId, sqlNumber, sqlText } from '../sql.js';
import type { ColumnMapping, FileMapping, ValueRule } from '../tasks.js';
import { alreadyClean, cleanCell } from './clean-cell.js';
import { markers } from './cell-reader.js';
import { constantOf, headerPosition, mapped, type ColumnPlan } from './column-plan.js';
import { cellId, shownId } from './typing-statements.js';
import { maxRecordBytes } from './rewrite-records.js';

/** A file that DuckDB reads line by line without guessing anything. */
export interface RegularFile {
  readonly path: string;
  readonly delimiter: string;
  /** The first field is the row number. */
  readonly rowNumbers: boolean;
  readonly headers: readonly string[];
}

const field = (position: number) => sqlId(`c${position}`);

/**
 * SQL relation of the cells as text; a blank cell is NULL.
 * @param rejects names of the tables that receive lines that cannot be read; null: such lines are passed over
 */
export function readCsvSql(
  file: RegularFile,
  rejects: { readonly table: string; readonly scan: string } | null,
): string {
  const names = [...(file.rowNumbers ? ['row'] : []), ...file.headers.map((_, position) => `c${position}`)];
  const options = [
    `columns = {${names.map((name) => `${sqlText(name)}: 'VARCHAR'`).join(', ')}}`,
    'auto_detect = false',
    'header = false',
    `delim = ${sqlText(file.delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    `nullstr = ''`,
    String.raw`new_line = '\n'`,
    `max_line_size = ${sqlNumber(2 * maxRecordBytes)}`,
    // Small buffers: each thread holds several, and they speed nothing up when larger.
    `buffer_size = ${sqlNumber(8 * maxRecordBytes)}`,
    'strict_mode = true',
    rejects === null
      ? 'ignore_errors = true'
      : `store_rejects = true, rejects_table = ${sqlText(rejects.table)}, rejects_scan = ${sqlText(rejects.scan)}, rejects_limit = 0`,
  ];
  return `read_csv(${sqlText(file.path)}, ${options.join(', ')})`;
}

const blankCell = String.raw`[\s\x{a0}\x{3000}]*`;
const totalsRow = String.raw`\s*(合\s*计|总\s*计|小\s*计|汇\s*总|(?i:total))\s*[:：]?\s*`;

/**
 * SQL: the first filled cell of a row. Empty text stands for a first cell that is filled and no word for totals, as its
 * first character alone tells: any visible one of ASCII before `t` but `T`. Most rows begin with one.
 */
function firstFilledSql(headers: readonly string[]): string {
  const first = `ascii(${field(0)})`;
  const filled = headers.map(
    (_, position) =>
      `CASE WHEN NOT regexp_full_match(${field(position)}, ${sqlText(blankCell)}) THEN ${field(position)} END`,
  );
  return `CASE WHEN ${first} BETWEEN 33 AND 83 OR ${first} BETWEEN 85 AND 115 THEN '' ELSE coalesce(${filled.join(', ')}, NULL) END`;
}

/** SQL: 0 a row, 1 without any filled cell, 2 a row of totals. */
const kindSql = `CASE WHEN first_filled = '' THEN 0 WHEN first_filled IS NULL THEN 1
  WHEN strlen(first_filled) < 32 AND regexp_full_match(first_filled, ${sqlText(totalsRow)}) THEN 2 ELSE 0 END`;

/** Builds the relation of cells that are still to be read, with the translations of the mapping applied. */
export class CellSource {
  /** @param clean SQL that cleans a cell */
  constructor(
    private readonly file: DecodedFile,
    private readonly mapping: FileMapping | undefined,
    private readonly clean: (cell: string) => string,
  ) {}

  /** SQL of the cell of a column; a joined or translated cell becomes NULL where it is empty. */
  cell(plan: ColumnPlan): string {
    const { source, mapping } = plan;
    if (!source) throw new Error(`no source for ${plan.spec.id}`);
    const parts = source.positions.map(field);
    if (mapping === undefined) return parts[0] ?? 'NULL';
    const [first = constantOf(plan) ?? 'NULL'] = parts;
    const joined =
      parts.length <= 1
        ? first
        : `CASE WHEN ${parts.map((part) => this.isEmpty(part, mapping.emptyMarkers)).join(' OR ')} THEN NULL ELSE concat_ws(' ', ${parts.join(', ')}) END`;
    return this.translated(joined, mapping);
  }

  /** SQL of the cell as it stands in the file. */
  shown(plan: ColumnPlan): string {
    const parts = plan.source?.positions.map(field) ?? [];
    if (parts.length === 0) return constantOf(plan) ?? 'NULL';
    return parts.length === 1 ? (parts[0] ?? 'NULL') : `concat_ws(' ', ${parts.join(', ')})`;
  }

  /** The relation that `typedRowsSql` starts from. */
  relation(rows: string, plans: readonly ColumnPlan[], rowNumbers: boolean): string {
    const columns = [
      `${kindSql} AS kind`,
      ...(rowNumbers ? ['TRY_CAST("row" AS BIGINT) AS "row"'] : []),
      ...plans.flatMap((plan) => [
        `${this.cell(plan)} AS ${cellId(plan.spec.id)}`,
        `${this.shown(plan)} AS ${shownId(plan.spec.id)}`,
      ]),
    ];
    return `SELECT ${columns.join(',\n  ')}\nFROM (SELECT *, ${firstFilledSql(this.file.headers)} AS first_filled FROM ${rows})`;
  }

  private cleaned(cell: string): string {
    return `CASE WHEN regexp_full_match(${cell}, ${sqlText(alreadyClean)}) THEN ${cell} ELSE ${this.clean(cell)} END`;
  }

  private isEmpty(cell: string, own: readonly string[] | undefined): string {
    const empty = new Set([...markers, ...(own ?? []).map(cleanCell), '']);
    return isOneOf(`coalesce(${this.cleaned(cell)}, '')`, [...empty].map(mapped));
  }

  private translated(cell: string, mapping: ColumnMapping): string {
    const text = this.cleaned(cell);
    const own = (mapping.emptyMarkers ?? []).map(cleanCell).filter((marker) => marker !== '');
    const cases = [
      ...(mapping.values ?? []).map((rule) => {
        const is = `coalesce(${text}, '') = ${mapped(cleanCell(rule.value))}`;
        const only = rule.when === undefined ? '' : ` AND ${this.condition(rule.when, mapping)}`;
        return `WHEN ${is}${only} THEN ${rule.to === null ? 'NULL' : mapped(rule.to)}`;
      }),
      ...(own.length === 0 ? [] : [`WHEN ${isOneOf(text, own.map(mapped))} THEN NULL`]),
    ];
    return cases.length === 0 ? cell : `CASE ${cases.join(' ')} ELSE ${cell} END`;
  }

  private condition(when: NonNullable<ValueRule['when']>, mapping: ColumnMapping): string {
    const position = headerPosition(this.file, when.header);
    const others = this.file.columns
      .filter((match) => match.position === position && match.column !== null)
      .flatMap((match) => this.mapping?.columns[match.column ?? '']?.emptyMarkers ?? []);
    const empty = this.isEmpty(field(position), [...others, ...(mapping.emptyMarkers ?? [])]);
    return when.is === 'empty' ? `(${empty})` : `NOT (${empty})`;
  }
}
