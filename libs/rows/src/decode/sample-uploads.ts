/** Uploads as tests make them: real files in a folder of their own. */
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { FileRefused } from '../refused.js';
import type { Refusal } from '../tasks.js';
import { decodeFile } from './decode-file.js';
import type { DecodedFile } from './decoded-file.js';
import type { DecodeRequest } from './header/choose-dataset.js';
import type { DecodeLimits } from './limits.js';

interface Wording {
  readonly zh: string;
  readonly en: string;
  readonly remedy_zh: string;
  readonly remedy_en: string;
}

export function decodeMessages(): Readonly<Record<string, Wording>> {
  const file = new URL('../../data/messages-decode.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Wording>>;
}

export class UploadFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'uploads-'));
  private readonly out = mkdtempSync(join(this.path, 'out-'));

  file(name: string): string {
    return join(this.path, name);
  }

  write(name: string, bytes: Buffer | string): string {
    writeFileSync(this.file(name), bytes);
    return this.file(name);
  }

  async zip(name: string, parts: Readonly<Record<string, Buffer | string>>): Promise<string> {
    const zip = new ZipFile();
    for (const [part, content] of Object.entries(parts)) {
      zip.addBuffer(typeof content === 'string' ? Buffer.from(content) : content, part, {
        compress: part !== 'mimetype',
      });
    }
    zip.end();
    await pipeline(zip.outputStream, createWriteStream(this.file(name)));
    return this.file(name);
  }

  async decode(
    file: string,
    options: Partial<DecodeRequest> = {},
    limits: Partial<DecodeLimits> = {},
  ): Promise<DecodedFile & { readonly text: string; readonly rows: readonly string[] }> {
    const decoded = await decodeFile({ file, fileName: 'upload.bin', ...options }, this.out, limits);
    const text = readFileSync(decoded.csvFile, 'utf8');
    return { ...decoded, text, rows: text.split('\n').slice(0, -1) };
  }

  /** The refusal of the file, after a look whether its sentences can be filled in both languages. */
  async refusal(
    file: string,
    options: Partial<DecodeRequest> = {},
    limits: Partial<DecodeLimits> = {},
  ): Promise<Refusal> {
    try {
      await this.decode(file, options, limits);
    } catch (error) {
      if (!(error instanceof FileRefused)) throw error;
      for (const sentence of Object.values(wordingOf(error.refusal))) {
        if (/[{}]/.test(sentence))
          throw new Error(`${error.refusal.code}: placeholder left in "${sentence}"`, { cause: error });
      }
      return error.refusal;
    }
    throw new Error('the file was not refused');
  }

  /** A whole workbook. */
  workbook(book: SampleWorkbook): Promise<string> {
    return this.zip('u.xlsx', workbookParts(book));
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

/** Sentences of a code with its parameters filled in. */
export function wordingOf({ code, params }: Refusal): Wording {
  const wording = decodeMessages()[code];
  if (!wording) throw new Error(`no wording for ${code}`);
  const fill = (sentence: string): string =>
    Object.entries(params).reduce(
      (text, [name, value]) => text.replaceAll(`{${name}}`, Array.isArray(value) ? value.join('、') : String(value)),
      sentence,
    );
  const { zh, en, remedy_zh, remedy_en } = wording;
  return { zh: fill(zh), en: fill(en), remedy_zh: fill(remedy_zh), remedy_en: fill(remedy_en) };
}

/** A text, a number, nothing, or the XML of a cell without its reference: `<c s="1"><v>2</v></c>`. */
export type SampleCell = string | number | null | { readonly xml: string };

export interface SampleSheet {
  readonly name: string;
  readonly state?: 'hidden';
  readonly rows: readonly (readonly SampleCell[])[];
  readonly merges?: readonly string[];
  /** In place of rows. */
  readonly data?: string;
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006/relationships';
const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

export interface SampleWorkbook {
  readonly sheets: readonly SampleSheet[];
  /** Content of the si elements. */
  readonly strings?: readonly string[];
  /** Format of the numbers of each cell style: built-in number or code. */
  readonly formats?: readonly (number | string)[];
  readonly from1904?: boolean;
}

/** A sheet of calls. */
export const callSheet = (rows: SampleSheet['rows'], more: Partial<SampleSheet> = {}): SampleSheet => ({
  name: '通话',
  rows,
  ...more,
});

/** Parts of a workbook as Excel writes them, for `UploadFolder.zip`. */
export function workbookParts(book: SampleWorkbook): Record<string, string> {
  const parts: Record<string, string> = {
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels': `<Relationships xmlns="${packages}"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  };
  const sheets = book.sheets.map(({ name, state }, at) => {
    const hidden = state ? ` state="${state}"` : '';
    return `<sheet name="${escaped(name)}" sheetId="${at + 1}"${hidden} r:id="rId${at + 1}"/>`;
  });
  const start = `<workbook xmlns="${main}" xmlns:r="${relations}">`;
  const dates = book.from1904 === true ? '<workbookPr date1904="1"/>' : '';
  parts['xl/workbook.xml'] = `${start}${dates}<sheets>${sheets.join('')}</sheets></workbook>`;
  const links = book.sheets.map(
    (_, at) => `<Relationship Id="rId${at + 1}" Type="${relations}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`,
  );
  if (book.strings) {
    links.push(`<Relationship Id="rIdS" Type="${relations}/sharedStrings" Target="/xl/sharedStrings.xml"/>`);
    const items = book.strings.map((item) => `<si>${item}</si>`);
    parts['xl/sharedStrings.xml'] = `<sst xmlns="${main}">${items.join('')}</sst>`;
  }
  if (book.formats) {
    links.push(`<Relationship Id="rIdF" Type="${relations}/styles" Target="styles.xml"/>`);
    parts['xl/styles.xml'] = stylesXml(book.formats);
  }
  parts['xl/_rels/workbook.xml.rels'] = `<Relationships xmlns="${packages}">${links.join('')}</Relationships>`;
  book.sheets.forEach((sheet, at) => {
    parts[`xl/worksheets/sheet${at + 1}.xml`] = sheetXml(sheet);
  });
  return parts;
}

function stylesXml(formats: readonly (number | string)[]): string {
  const custom = formats.flatMap((format, at) =>
    typeof format === 'string'
      ? [`<numFmt numFmtId="${200 + at}" formatCode="${escaped(format).replace(/"/g, '&quot;')}"/>`]
      : [],
  );
  const styles = formats.map((format, at) => `<xf numFmtId="${typeof format === 'string' ? 200 + at : format}"/>`);
  const base = '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>';
  return `<styleSheet xmlns="${main}"><numFmts>${custom.join('')}</numFmts>${base}<cellXfs>${styles.join('')}</cellXfs></styleSheet>`;
}

function sheetXml({ rows, merges, data }: SampleSheet): string {
  const lines = rows.map((cells, row) => {
    const texts = cells.map((cell, column) => cellXml(cell, `${String.fromCharCode(65 + column)}${row + 1}`));
    return `<row r="${row + 1}" spans="1:${cells.length}">${texts.join('')}</row>`;
  });
  const merged = merges?.map((ref) => `<mergeCell ref="${ref}"/>`).join('');
  const tail = merged === undefined ? '' : `<mergeCells count="${merges?.length ?? 0}">${merged}</mergeCells>`;
  const start = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="${main}">`;
  return `${start}<sheetData>${data ?? lines.join('')}</sheetData>${tail}</worksheet>`;
}

function cellXml(cell: SampleCell, ref: string): string {
  if (cell === null) return '';
  if (typeof cell === 'object') return cell.xml.replace('<c', `<c r="${ref}"`);
  if (typeof cell === 'number') return `<c r="${ref}"><v>${cell}</v></c>`;
  return `<c r="${ref}" t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`;
}
