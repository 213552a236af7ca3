/** Reads workbooks back as tests look at them, by other means than the decoder's. */
import { SaxesParser } from 'saxes';
import yauzl from 'yauzl';
import type { SheetRow, Workbook } from './workbook.js';
import { workbookBytes } from './write-workbook.js';

export interface SampleCell {
  readonly text: string;
  /** `inlineStr` for text, `n` for numbers. */
  readonly type: string;
  /** Background as RRGGBB; null: none. */
  readonly fill: string | null;
  /** Id of the number format. */
  readonly format: number;
}

export interface SampleSheet {
  readonly name: string;
  /** By row and column from 0; cells left out are undefined. */
  readonly cells: readonly (readonly (SampleCell | undefined)[])[];
  readonly xml: string;
}

export async function zipParts(bytes: Buffer): Promise<ReadonlyMap<string, string>> {
  const parts = new Map<string, string>();
  await new Promise<void>((resolve, reject) => {
    yauzl.fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on('error', reject);
      zip.on('end', () => resolve());
      zip.on('entry', (entry: yauzl.Entry) => {
        zip.openReadStream(entry, (failed, stream) => {
          if (failed) return reject(failed);
          const chunks: Buffer[] = [];
          stream.on('error', reject);
          stream.on('data', (chunk: Buffer) => chunks.push(chunk));
          stream.on('end', () => {
            parts.set(entry.fileName, Buffer.concat(chunks).toString('utf8'));
            zip.readEntry();
          });
        });
      });
      zip.readEntry();
    });
  });
  return parts;
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** Elements in the order of their start, each with all the text inside. Throws where the part is not well-formed. */
function elements(xml: string): readonly Element[] {
  const found: Element[] = [];
  const open: Element[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: attributes as Record<string, string>, text: '' };
    found.push(element);
    open.push(element);
  });
  parser.on('text', (text) => open.forEach((element) => (element.text += text)));
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  return found;
}

const unescaped = (text: string) =>
  text.replaceAll(/_x([0-9A-F]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

export async function readSampleWorkbook(bytes: Buffer): Promise<readonly SampleSheet[]> {
  const parts = await zipParts(bytes);
  const part = (name: string) => parts.get(name) ?? '';
  const styles = elements(part('xl/styles.xml'));
  const fills = styles.filter(({ name }) => name === 'fill').map((_, index) => fillAt(part('xl/styles.xml'), index));
  const xfs = styles.slice(styles.findIndex(({ name }) => name === 'cellXfs')).filter(({ name }) => name === 'xf');
  const sheets = elements(part('xl/workbook.xml')).filter(({ name }) => name === 'sheet');
  return sheets.map(({ attributes }, index) => {
    const xml = part(`xl/worksheets/sheet${index + 1}.xml`);
    const cells: (SampleCell | undefined)[][] = [];
    for (const { name, attributes: of, text } of elements(xml)) {
      if (name === 'row') cells[Number(of['r']) - 1] = [];
      if (name !== 'c') continue;
      const [, letters = '', row = ''] = /^([A-Z]+)(\d+)$/.exec(of['r'] ?? '') ?? [];
      const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
      const xf = xfs[Number(of['s'] ?? 0)]?.attributes;
      const line = (cells[Number(row) - 1] ??= []);
      line[column] = {
        text: unescaped(text),
        type: of['t'] ?? 'n',
        fill: fills[Number(xf?.['fillId'])] ?? null,
        format: Number(xf?.['numFmtId']),
      };
    }
    return { name: attributes['name'] ?? '', cells, xml };
  });
}

function fillAt(xml: string, index: number): string | null {
  const fill = xml.split('<fill>')[index + 1] ?? '';
  return /<fgColor rgb="FF([0-9A-F]{6})"/.exec(fill.split('</fill>')[0] ?? '')?.[1] ?? null;
}

/** A workbook with one plain sheet. */
export function plainWorkbook(rows: readonly SheetRow[], name = '数据'): Promise<Buffer> {
  const workbook: Workbook = { styles: [{}, { format: 'instant' }, { format: 'day' }], sheets: [{ name, rows }] };
  return workbookBytes(workbook);
}
