import { open } from 'node:fs/promises';
import type { Delimiter } from '../tasks.js';
import { At, carriageReturn, lineFeed, step } from './record-states.js';

/** What DuckDB may be left to read by itself: it drops blank lines, and misreads line breaks inside cells in parallel. */
export interface RecordScan {
  /** Each record is one line that ends in LF; no NUL; blank lines only at the end; quotation marks in order. */
  readonly regular: boolean;
  /** Blank lines at the end of a regular file. */
  readonly blankTail: number;
}

export const chunkBytes = 4 << 20;
const blank = 32;

interface ScanState {
  at: At;
  /** Something other than a blank stands on the line so far. */
  content: boolean;
  blankLines: number;
}

/** Reads the file until it is known to be irregular. Chunks of plain lines, nearly all in practice, are searched natively. */
export async function scanRecords(path: string, delimiter: Delimiter): Promise<RecordScan> {
  const state: ScanState = { at: At.FieldStart, content: false, blankLines: 0 };
  const buffer = Buffer.allocUnsafe(chunkBytes);
  const file = await open(path, 'r');
  let held = 0;
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, held, chunkBytes - held, null);
      const filled = held + bytesRead;
      if (filled === 0) break;
      // Whole lines at a time: only between two lines can the short cut begin.
      const lines = bytesRead === 0 ? filled : buffer.subarray(0, filled).lastIndexOf(lineFeed) + 1 || filled;
      const chunk = buffer.subarray(0, lines);
      if (!isPlain(state, chunk) && !scanBytes(state, chunk, delimiter.charCodeAt(0)))
        return { regular: false, blankTail: 0 };
      buffer.copyWithin(0, lines, filled);
      held = filled - lines;
    }
  } finally {
    await file.close();
  }
  return state.at === At.Quoted ? { regular: false, blankTail: 0 } : { regular: true, blankTail: state.blankLines };
}

/** Whole lines without anything that would have to be looked at byte by byte; lines of blanks alone are later found ragged. */
function isPlain(state: ScanState, chunk: Buffer): boolean {
  return (
    state.at === At.FieldStart &&
    !state.content &&
    state.blankLines === 0 &&
    chunk[0] !== lineFeed &&
    chunk[chunk.length - 1] === lineFeed &&
    !chunk.includes('"') &&
    !chunk.includes(0) &&
    !chunk.includes(carriageReturn) &&
    !chunk.includes('\n\n')
  );
}

/** False: the file is irregular. */
function scanBytes(state: ScanState, chunk: Buffer, delimiter: number): boolean {
  let { at, content, blankLines } = state;
  for (const byte of chunk) {
    if (byte === lineFeed) {
      if (at === At.Quoted || (content && blankLines > 0)) return false;
      if (!content) blankLines += 1;
      at = At.FieldStart;
      content = false;
    } else {
      if (byte === 0 || byte === carriageReturn) return false;
      at = step(at, byte, delimiter);
      if (at === At.Broken) return false;
      content ||= byte !== blank;
    }
  }
  Object.assign(state, { at, content, blankLines });
  return !(content && blankLines > 0);
}
