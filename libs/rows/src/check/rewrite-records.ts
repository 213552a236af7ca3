import { open } from 'node:fs/promises';
import { FileRefused } from '../refused.js';
import type { Delimiter } from '../tasks.js';
import { At, carriageReturn, lineFeed, step } from './record-states.js';
import { chunkBytes } from './scan-records.js';

/** A longer row is refused; a quotation that runs on for longer over several lines was never closed. */
export const maxRecordBytes = 1 << 20;

export interface RefusedRecord {
  readonly row: number;
  readonly rule: 'nul_character' | 'broken_quotes' | 'line_too_long';
}

export interface RewrittenRecords {
  readonly blankRows: number;
  readonly refused: readonly RefusedRecord[];
}

export interface RewriteSource {
  readonly path: string;
  readonly delimiter: Delimiter;
  /** The first field already is the row number. */
  readonly rowNumbers: boolean;
  readonly firstDataRow: number;
}

/**
 * Writes an irregular file again as one line per record with the row number as first field: line breaks inside cells
 * become blanks (as cleaning would make them), blank lines and records that cannot be read are left out and told.
 * Throws FileRefused `open_quote_at_row` where a quotation mark swallows the rows after it.
 */
export async function rewriteRecords(source: RewriteSource, target: string): Promise<RewrittenRecords> {
  const delimiter = source.delimiter.charCodeAt(0);
  const refused: RefusedRecord[] = [];
  const record = Buffer.allocUnsafe(maxRecordBytes);
  let at: At = At.FieldStart;
  let [length, index, blankRows] = [0, 0, 0];
  let content = false;
  let afterCarriageReturn = false;
  let lines = 0;
  let rule: RefusedRecord['rule'] | null = null;
  let out: string[] = [];
  const rowOf = () =>
    source.rowNumbers ? Number.parseInt(record.toString('latin1', 0, 12), 10) : source.firstDataRow + index;
  const openQuote = () => new FileRefused({ code: 'open_quote_at_row', params: { row: rowOf() } });

  const endRecord = () => {
    if (!content) blankRows += 1;
    else if (at === At.Broken && lines > 0) throw openQuote();
    else if (rule !== null || at === At.Broken) refused.push({ row: rowOf(), rule: rule ?? 'broken_quotes' });
    else {
      const text = record.toString('utf8', 0, length);
      out.push(source.rowNumbers ? `${text}\n` : `${rowOf()}${source.delimiter}${text}\n`);
    }
    at = At.FieldStart;
    length = lines = 0;
    content = false;
    rule = null;
    index += 1;
  };

  const take = (byte: number) => {
    if (byte === 0) rule ??= 'nul_character';
    if (length === maxRecordBytes) {
      if (lines > 0) throw openQuote();
      rule = 'line_too_long';
      return;
    }
    record[length++] = byte;
  };

  const buffer = Buffer.allocUnsafe(chunkBytes);
  const file = await open(source.path, 'r');
  const written = await open(target, 'w', 0o600);
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, null);
      if (bytesRead === 0) break;
      for (const byte of buffer.subarray(0, bytesRead)) {
        if (byte === lineFeed && afterCarriageReturn) {
          afterCarriageReturn = false;
          continue;
        }
        afterCarriageReturn = byte === carriageReturn;
        if (byte === lineFeed || byte === carriageReturn) {
          if (at === At.Quoted) {
            lines += 1;
            take(32);
          } else endRecord();
        } else {
          at = step(at, byte, delimiter);
          content ||= byte !== 32;
          take(byte);
        }
      }
      await written.write(out.join(''));
      out = [];
    }
    if (at === At.Quoted) throw openQuote();
    if (length > 0) endRecord();
    await written.write(out.join(''));
  } finally {
    await file.close();
    await written.close();
  }
  return { blankRows, refused };
}
