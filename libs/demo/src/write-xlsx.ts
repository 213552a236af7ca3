import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { datasetSpec } from '@hotline/rows';
import type { DatasetId } from '@hotline/rows';
import yazl from 'yazl';
import { textColumns } from './cell-texts.js';
import type { TextColumn, Wording } from './cell-texts.js';
import type { Row } from './city-plan.js';
import { instantSeconds } from './spellings.js';
import type { WrittenFile } from './write-csv.js';

export interface XlsxOptions {
  /** Default `zh`. */
  readonly headers?: Wording;
  readonly columns?: readonly string[];
  /** A merged title above the header row. */
  readonly titleRow?: boolean;
  /** Formatted rows without any value after the last one, as programs leave them behind; default 0. */
  readonly blankTail?: number;
  /** 0 stores the parts uncompressed: the same bytes from any zlib. Default 1. */
  readonly compressionLevel?: number;
}

/** A sheet holds 1 048 576 rows. */
const maxRows = 1_048_576;
/** Style ids of `styles.xml`. */
const style = { instant: 1, day: 2, title: 3 } as const;
/** 1970-01-01 counted from 1899-12-30. */
const epochSerial = 25_569;
const piece = 1 << 17;

/**
 * Writes rows as an .xlsx workbook with one sheet: text as inline strings, instants and days as styled serial numbers.
 * Streamed; memory does not grow with the number of rows.
 *
 * @throws where the rows do not fit one sheet.
 */
export async function writeXlsx(
  path: string,
  dataset: DatasetId,
  rows: Iterable<Row>,
  options: XlsxOptions = {},
): Promise<WrittenFile> {
  const columns = textColumns(dataset, options.headers ?? 'zh', options.columns);
  const level = options.compressionLevel ?? 1;
  // A time stamp without a zone: the archive is the same on every machine.
  const entry = {
    mtime: new Date(2025, 0, 1),
    mode: 0o100644,
    forceDosTimestamp: true,
    ...(level === 0 ? { compress: false } : { compressionLevel: level }),
  };
  const zip = new yazl.ZipFile();
  for (const [name, text] of workbookParts(datasetSpec(dataset).zh))
    zip.addBuffer(Buffer.from(text, 'utf8'), name, entry);
  let count = 0;
  const sheet = sheetXml(datasetSpec(dataset).zh, columns, rows, options, () => count++);
  zip.addReadStream(Readable.from(encoded(sheet), { objectMode: false }), 'xl/worksheets/sheet1.xml', entry);
  zip.end();
  const out = createWriteStream(path);
  await pipeline(Readable.from(zip.outputStream), out);
  return { path, rows: count, bytes: out.bytesWritten };
}

function* encoded(parts: Iterable<string>): Generator<Buffer> {
  for (const part of parts) yield Buffer.from(part, 'utf8');
}

function* sheetXml(
  title: string,
  columns: readonly TextColumn[],
  rows: Iterable<Row>,
  options: XlsxOptions,
  counted: () => void,
): Generator<string> {
  const letters = columns.map((_, index) => columnLetters(index));
  const last = letters.at(-1) ?? 'A';
  let pending = `${xmlHead}<worksheet xmlns="${mainNs}"><sheetData>`;
  let number = 0;
  const line = (cells: string): void => {
    number++;
    if (number > maxRows) throw new Error(`a sheet holds ${maxRows} rows; write several files`);
    pending += `<row r="${number}">${cells}</row>`;
  };
  if (options.titleRow) line(textCell(`A1`, `${title}明细表`, style.title));
  const headerRow = number + 1;
  line(columns.map(({ header }, index) => textCell(`${letters[index]}${headerRow}`, header)).join(''));
  for (const row of rows) {
    const at = number + 1;
    let cells = '';
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index];
      if (column !== undefined) cells += cellXml(`${letters[index]}${at}`, column, row[column.id]);
    }
    line(cells);
    counted();
    if (pending.length >= piece) {
      yield pending;
      pending = '';
    }
  }
  for (let left = options.blankTail ?? 0; left > 0; left--) {
    const at = number + 1;
    line(letters.map((letter) => `<c r="${letter}${at}" s="${style.day}"/>`).join(''));
  }
  const merged = options.titleRow ? `<mergeCells count="1"><mergeCell ref="A1:${last}1"/></mergeCells>` : '';
  yield `${pending}</sheetData>${merged}</worksheet>`;
}

function cellXml(reference: string, column: TextColumn, value: Row[string] | undefined): string {
  if (value === null || value === undefined || value === '') return '';
  if (typeof value === 'number') return `<c r="${reference}"><v>${value}</v></c>`;
  if (typeof value === 'string') {
    if (column.type === 'datetime' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value))
      return `<c r="${reference}" s="${style.instant}"><v>${serial(value)}</v></c>`;
    if (column.type === 'date' && /^\d{4}-\d\d-\d\d$/.test(value))
      return `<c r="${reference}" s="${style.day}"><v>${serial(value)}</v></c>`;
  }
  return textCell(reference, column.textOf(value));
}

function textCell(reference: string, text: string, styleId = 0): string {
  const styled = styleId === 0 ? '' : ` s="${styleId}"`;
  return `<c r="${reference}"${styled} t="inlineStr"><is><t>${escapeXml(text)}</t></is></c>`;
}

function serial(text: string): number {
  return instantSeconds(text) / 86_400 + epochSerial;
}

function escapeXml(text: string): string {
  return /[&<>]/.test(text) ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') : text;
}

/** 0 → A, 25 → Z, 26 → AA */
function columnLetters(index: number): string {
  const rest = String.fromCharCode(65 + (index % 26));
  return index < 26 ? rest : columnLetters(Math.floor(index / 26) - 1) + rest;
}

const xmlHead = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const mainNs = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relationNs = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageNs = 'http://schemas.openxmlformats.org/package/2006';
const mediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

function workbookParts(sheetName: string): readonly (readonly [string, string])[] {
  return [
    [
      '[Content_Types].xml',
      `${xmlHead}<Types xmlns="${packageNs}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${mediaType}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${mediaType}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${mediaType}.styles+xml"/></Types>`,
    ],
    [
      '_rels/.rels',
      `${xmlHead}<Relationships xmlns="${packageNs}/relationships"><Relationship Id="rId1" Type="${relationNs}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `${xmlHead}<workbook xmlns="${mainNs}" xmlns:r="${relationNs}"><sheets><sheet name="${escapeXml(sheetName)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${xmlHead}<Relationships xmlns="${packageNs}/relationships"><Relationship Id="rId1" Type="${relationNs}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${relationNs}/styles" Target="styles.xml"/></Relationships>`,
    ],
    [
      'xl/styles.xml',
      `${xmlHead}<styleSheet xmlns="${mainNs}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="14"/><name val="宋体"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs></styleSheet>`,
    ],
  ];
}
