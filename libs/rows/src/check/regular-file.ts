import { rm } from 'node:fs/promises';
import type { DecodedFile } from '../decode/decoded-file.js';
import type { RegularFile } from './cell-source.js';
import { rewriteRecords, type RefusedRecord } from './rewrite-records.js';
import { scanRecords, type RecordScan } from './scan-records.js';

export interface PreparedFile {
  readonly file: RegularFile;
  readonly blankRows: number;
  readonly refused: readonly RefusedRecord[];
  remove(): Promise<void>;
}

/** The decoded file as DuckDB may read it: as it stands where every record is one line, otherwise written again. */
export async function prepareFile(decoded: DecodedFile): Promise<PreparedFile> {
  const { csvFile: path, regular, delimiter, rowNumbers, headers, firstDataRow } = decoded;
  const scan: RecordScan = regular ? { regular: true, blankTail: 0 } : await scanRecords(path, delimiter);
  if (scan.regular) {
    const file = { path, delimiter, rowNumbers, headers };
    return { file, blankRows: scan.blankTail, refused: [], remove: () => Promise.resolve() };
  }
  const target = `${path}.records`;
  const remove = () => rm(target, { force: true });
  try {
    const { blankRows, refused } = await rewriteRecords({ path, delimiter, rowNumbers, firstDataRow }, target);
    const file = { path: target, delimiter, rowNumbers: true, headers };
    return { file, blankRows, refused, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
