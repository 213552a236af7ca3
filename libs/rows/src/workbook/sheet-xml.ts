import { columnLetters } from './column-letters.js';
import { mainNs, xmlHead } from './workbook-parts.js';
import { maxCellCharacters, maxSheetRows, type Cell, type ChoiceList, type Sheet } from './workbook.js';
import { escapeAttribute, escapeXml } from './xml-escape.js';

/** Pieces of about this many characters are given on. */
const piece = 1 << 17;

/** The text of `xl/worksheets/sheetN.xml`, piece by piece. Throws RangeError where the rows do not fit one sheet. */
export async function* sheetXml(sheet: Sheet): AsyncGenerator<string> {
  const letters: string[] = [];
  let pending = `${xmlHead}<worksheet xmlns="${mainNs}">${viewXml(sheet)}${columnsXml(sheet)}<sheetData>`;
  let number = 0;
  for await (const cells of sheet.rows) {
    number += 1;
    if (number > maxSheetRows) throw new RangeError(`a sheet holds ${maxSheetRows} rows; write several`);
    let row = '';
    for (let index = 0; index < cells.length; index += 1) {
      row += cellXml((letters[index] ??= columnLetters(index)), number, cells[index] ?? null);
    }
    pending += `<row r="${number}">${row}</row>`;
    if (pending.length >= piece) {
      yield pending;
      pending = '';
    }
  }
  const merged = sheet.merged ?? [];
  const merges = merged.map((range) => `<mergeCell ref="${range}"/>`).join('');
  const lists = sheet.lists ?? [];
  yield `${pending}</sheetData>${merged.length > 0 ? `<mergeCells count="${merged.length}">${merges}</mergeCells>` : ''}${
    lists.length > 0 ? `<dataValidations count="${lists.length}">${lists.map(listXml).join('')}</dataValidations>` : ''
  }</worksheet>`;
}

function cellXml(letters: string, row: number, cell: Cell): string {
  if (cell === null) return '';
  const { value, style } = typeof cell === 'object' ? cell : { value: cell, style: 0 };
  const styled = style === 0 ? '' : ` s="${style}"`;
  if (value === null || value === '') return style === 0 ? '' : `<c r="${letters}${row}"${styled}/>`;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError(`${letters}${row}: a cell holds no ${value}`);
    return `<c r="${letters}${row}"${styled}><v>${value}</v></c>`;
  }
  const text = value.length > maxCellCharacters ? `${value.slice(0, maxCellCharacters - 1)}…` : value;
  // Without the mark, programs may drop blanks at either end.
  const kept = /^\s|\s$|\n/.test(text) ? ' xml:space="preserve"' : '';
  return `<c r="${letters}${row}"${styled} t="inlineStr"><is><t${kept}>${escapeXml(text)}</t></is></c>`;
}

function viewXml({ frozen }: Sheet): string {
  if (!frozen) return '';
  const { rows, columns } = frozen;
  const corner = `${columnLetters(columns)}${rows + 1}`;
  const splits = `${columns > 0 ? ` xSplit="${columns}"` : ''}${rows > 0 ? ` ySplit="${rows}"` : ''}`;
  const pane = columns > 0 && rows > 0 ? 'bottomRight' : columns > 0 ? 'topRight' : 'bottomLeft';
  return `<sheetViews><sheetView workbookViewId="0"><pane${splits} topLeftCell="${corner}" activePane="${pane}" state="frozen"/></sheetView></sheetViews>`;
}

function columnsXml({ columns = [] }: Sheet): string {
  const parts = columns.flatMap(({ width, style }, index) => {
    if (width === undefined && style === undefined) return [];
    const styled = style === undefined ? '' : ` style="${style}"`;
    return [`<col min="${index + 1}" max="${index + 1}" width="${width ?? 12}"${styled} customWidth="1"/>`];
  });
  return parts.length === 0 ? '' : `<cols>${parts.join('')}</cols>`;
}

function listXml({ range, words, title, hint }: ChoiceList): string {
  const choices = words.join(',');
  if (choices.length > 255 || words.some((word) => word.includes(',')))
    throw new RangeError(`${range}: the words do not fit a list`);
  return `<dataValidation type="list" errorStyle="warning" allowBlank="1" showInputMessage="1" showErrorMessage="1" errorTitle="${escapeAttribute(title)}" error="${escapeAttribute(hint)}" sqref="${range}"><formula1>"${escapeXml(choices).replaceAll('"', '""')}"</formula1></dataValidation>`;
}
