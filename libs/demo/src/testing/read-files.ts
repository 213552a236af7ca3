import { readFile } from 'node:fs/promises';
import iconv from 'iconv-lite';
import { SaxesParser } from 'saxes';
import yauzl from 'yauzl';

/** Reads back what the writers wrote, by other means than theirs. */
export async function readCsv(path: string, encoding: string, delimiter = ','): Promise<string[][]> {
  const text = iconv.decode(await readFile(path), encoding);
  const lines: string[][] = [];
  let line: string[] = [];
  // A field is quoted (doubled quotes inside) or runs to the next delimiter or line end.
  const field = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${delimiter}\\r\\n]*))(${delimiter}|\\r?\\n|$)`, 'y');
  while (field.lastIndex < text.length) {
    const [, quoted, plain = '', end] = field.exec(text) ?? [];
    line.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== delimiter) {
      lines.push(line);
      line = [];
    }
  }
  return lines;
}

/** Each data row as header → text. */
export function asRecords(lines: readonly (readonly string[])[]): Record<string, string>[] {
  const [header = [], ...rows] = lines;
  return rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? ''])));
}

export async function readZip(path: string): Promise<Map<string, Buffer>> {
  const entries = new Map<string, Buffer>();
  await new Promise<void>((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true }, (error, zip) => {
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
            entries.set(entry.fileName, Buffer.concat(chunks));
            zip.readEntry();
          });
        });
      });
      zip.readEntry();
    });
  });
  return entries;
}

/** Cell reference to its text or number, and the style of the cell. */
export async function readSheet(path: string): Promise<Map<string, { readonly text: string; readonly style: string }>> {
  const xml = (await readZip(path)).get('xl/worksheets/sheet1.xml');
  if (!xml) throw new Error('the workbook has no first sheet');
  const cells = new Map<string, { text: string; style: string }>();
  let current: { text: string; style: string } | null = null;
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    if (name !== 'c') return;
    current = { text: '', style: String(attributes.s ?? '0') };
    cells.set(String(attributes.r), current);
  });
  parser.on('text', (text) => {
    if (current) current.text += text;
  });
  parser.on('closetag', ({ name }) => {
    if (name === 'c') current = null;
  });
  parser.write(xml.toString('utf8')).close();
  return cells;
}

/** The sheet as lines of text, empty cells as ''. */
export async function readSheetLines(path: string): Promise<string[][]> {
  const lines: string[][] = [];
  for (const [reference, { text }] of await readSheet(path)) {
    const [, letters = '', number = ''] = /^([A-Z]+)(\d+)$/.exec(reference) ?? [];
    const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
    const line = (lines[Number(number) - 1] ??= []);
    while (line.length <= column) line.push('');
    line[column] = text;
  }
  return lines;
}
