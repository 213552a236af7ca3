import { createWriteStream } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import yazl from 'yazl';
import { packageParts } from './workbook-parts.js';
import { stylesXml } from './workbook-styles.js';
import { sheetXml } from './sheet-xml.js';
import type { Sheet, Workbook } from './workbook.js';

export interface WorkbookOptions {
  /** 0 stores the parts uncompressed: the same bytes from any zlib. Default 1. */
  readonly compressionLevel?: number;
}

/** Writes an .xlsx file and gives its size in bytes. Streamed: memory does not grow with the rows. */
export async function writeWorkbook(path: string, workbook: Workbook, options: WorkbookOptions = {}): Promise<number> {
  const out = createWriteStream(path, { mode: 0o600 });
  await pipeline(workbookStream(workbook, options), out);
  return out.bytesWritten;
}

/** The bytes of an .xlsx file, for small workbooks. */
export function workbookBytes(workbook: Workbook, options: WorkbookOptions = {}): Promise<Buffer> {
  return buffer(workbookStream(workbook, options));
}

function workbookStream({ sheets, styles }: Workbook, { compressionLevel = 1 }: WorkbookOptions): Readable {
  // A time stamp without a zone: the archive is the same on every machine.
  const entry = {
    mtime: new Date(2025, 0, 1),
    mode: 0o100644,
    forceDosTimestamp: true,
    ...(compressionLevel === 0 ? { compress: false } : { compressionLevel }),
  };
  const zip = new yazl.ZipFile();
  const out = new PassThrough();
  // A fault in the rows has to reach whoever reads the file.
  zip.on('error', (error: Error) => out.destroy(error));
  for (const [name, text] of [...packageParts(sheetNames(sheets)), ['xl/styles.xml', stylesXml(styles)] as const])
    zip.addBuffer(Buffer.from(text, 'utf8'), name, entry);
  sheets.forEach((sheet, index) => {
    const xml = Readable.from(encoded(sheetXml(sheet)), { objectMode: false });
    xml.on('error', (error) => out.destroy(error));
    zip.addReadStream(xml, `xl/worksheets/sheet${index + 1}.xml`, entry);
  });
  zip.end();
  zip.outputStream.pipe(out);
  return out;
}

async function* encoded(parts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const part of parts) yield Buffer.from(part, 'utf8');
}

const longestName = 31;

/** Names as the format allows them, each once. */
function sheetNames(sheets: readonly Sheet[]): readonly string[] {
  const taken = new Set<string>();
  return sheets.map(({ name }) => {
    const bare =
      name
        .replaceAll(/[[\]:*?/\\\u0000-\u001f]/g, ' ')
        .replaceAll(/^'|'$/g, '')
        .trim() || 'Sheet';
    for (let count = 1; ; count += 1) {
      const suffix = count === 1 ? '' : ` ${count}`;
      const tried = `${bare.slice(0, longestName - suffix.length)}${suffix}`;
      if (taken.has(tried.toLowerCase())) continue;
      taken.add(tried.toLowerCase());
      return tried;
    }
  });
}
