import { issueMessage, message, type Language } from '../check/messages.js';
import { datasetSpec, type ColumnType } from '../datasets/dictionary.js';
import { placeText } from '../row-place.js';
import type { DatasetId } from '../tasks.js';
import {
  maxSheetRows,
  type Cell,
  type CellStyle,
  type Sheet,
  type SheetRow,
  type Workbook,
} from '../workbook/workbook.js';
import type { IssueLine, ReportColumn } from './issue-lines.js';
import { reportTexts } from './report-texts.js';

export interface XlsxReport {
  readonly dataset: DatasetId;
  readonly columns: readonly ReportColumn[];
  /** Sheets of the file that rows were read from. */
  readonly sheets: readonly string[];
  readonly lines: AsyncIterable<IssueLine>;
  /** How many rows the lines tell of. */
  readonly rows: number;
  readonly language: Language;
  /** The sheet and header row at which the saved mapping looks for the data; null: none in particular. */
  readonly sheet: string | null;
  readonly headerRow: number;
}

/** Places in the list of styles. */
const style = { plain: 0, text: 1, header: 2, error: 3, warning: 4, wrapped: 5 } as const;
const styles: readonly CellStyle[] = [
  {},
  { format: 'text' },
  { format: 'text', bold: true, fill: 'E7E6E6' },
  { format: 'text', fill: 'FFC7CE' },
  { format: 'text', fill: 'FFEB9C' },
  { format: 'text', wrap: true },
];
const numeric: ReadonlySet<ColumnType> = new Set(['integer', 'decimal', 'duration_seconds', 'rating_1_5']);
const written = /^-?(0|[1-9]\d{0,14})(\.\d{1,9})?$/;

/**
 * Every row with an issue as a workbook that can be corrected and uploaded: row number and problem first, then the
 * columns of the file under their headers, the offending cells filled.
 */
export function xlsxReport(report: XlsxReport): Workbook {
  const texts = reportTexts(report.language);
  const perSheet = maxSheetRows - report.headerRow;
  const count = Math.max(1, Math.ceil(report.rows / perSheet));
  const rows = rowsOf(report);
  const columns = [{ width: 8 }, { width: 60 }, ...report.columns.map(() => ({ width: 20, style: style.text }))];
  const name = report.sheet ?? texts.sheet;
  const sheets: Sheet[] = Array.from({ length: count }, () => ({
    name,
    columns,
    frozen: { rows: report.headerRow, columns: 2 },
    rows: sheetRows(report, rows, perSheet),
  }));
  const notes = texts.notes.map((note): SheetRow => [{ value: note, style: style.wrapped }]);
  return { styles, sheets: [...sheets, { name: texts.notesSheet, rows: notes, columns: [{ width: 100 }] }] };
}

async function* sheetRows(report: XlsxReport, rows: AsyncIterator<SheetRow>, most: number): AsyncGenerator<SheetRow> {
  const { row, problem } = reportTexts(report.language);
  for (let above = 1; above < report.headerRow; above += 1) yield [];
  yield [row, problem, ...report.columns.map(({ header }) => header)].map((value) => ({ value, style: style.header }));
  for (let count = 0; count < most; count += 1) {
    const next = await rows.next();
    if (next.done === true) return;
    yield next.value;
  }
}

/** One row of the sheet for each row of the file: its lines stand together. */
async function* rowsOf(report: XlsxReport): AsyncGenerator<SheetRow> {
  let lines: IssueLine[] = [];
  for await (const line of report.lines) {
    if (lines[0] !== undefined && lines[0].row !== line.row) {
      yield rowOf(report, lines);
      lines = [];
    }
    lines.push(line);
  }
  if (lines.length > 0) yield rowOf(report, lines);
}

function rowOf({ dataset, columns, sheets, language }: XlsxReport, lines: readonly IssueLine[]): SheetRow {
  const texts = reportTexts(language);
  const marks = new Map<string, 'error' | 'warning'>();
  const problems = lines.map(({ issue }) => {
    if (issue === null) {
      const { text, remedy } = message('duplicate_kept', {}, language);
      return `${text} ${remedy}`;
    }
    if (issue.column !== null && marks.get(issue.column) !== 'error') marks.set(issue.column, issue.level);
    const { text, remedy } = issueMessage(dataset, issue, language);
    return `${texts[issue.level]}${language === 'zh' ? '：' : ': '}${text} ${remedy}`;
  });
  const specs = datasetSpec(dataset).columns;
  const cells = columns.map(({ columns: fed }, index): Cell => {
    const value = lines[0]?.cells[index] ?? null;
    const levels = fed.flatMap((id) => marks.get(id) ?? []);
    const mark = levels.includes('error') ? style.error : levels.includes('warning') ? style.warning : style.text;
    const type = specs.find(({ id }) => id === fed[0])?.type;
    if (value !== null && fed.length === 1 && type !== undefined && numeric.has(type) && written.test(value))
      return { value: Number(value), style: mark === style.text ? style.plain : mark };
    return { value, style: mark };
  });
  return [
    lines[0] ? placeText(lines[0].row, sheets) : null,
    { value: problems.join('\n'), style: style.wrapped },
    ...cells,
  ];
}
