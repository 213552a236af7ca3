import { open } from 'node:fs/promises';
import type { Delimiter } from '../tasks.js';
import { At, carriageReturn, lineFeed, step } from './record-states.js';

/** What DuckDB may be left to read by itself: it drops blank lines, and misreads line breaks inside cells in parallel. */
export type RecordScan =
  | {
      /** Each record is one line; one kind of line end; no NUL; blank lines only at the end; quotation marks in order. */
      readonly regular: true;
      readonly lineEnd: 'lf' | 'crlf';
      readonly blankTail: number;
    }
  | { readonly regular: false };

export const chunkBytes = 4 << 20;

interface ScanState {
  at: At;
  lineEnd: 'lf' | 'crlf' | null;
  afterCarriageReturn: boolean;
  /** Something other than a blank stands on the line so far. */
  content: boolean;
  blankLines: number;
}

/** Reads the file until it is known to be irregular. Chunks of plain lines, nearly all in practice, are searched natively. */
export async function scanRecords(path: string, delimiter: Delimiter): Promise<RecordScan> {
  const state: ScanState = {
    at: At.FieldStart,
    lineEnd: null,
    afterCarriageReturn: false,
    content: false,
    blankLines: 0,
  };
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
      if (!skipPlainLines(state, chunk) && !scanBytes(state, chunk, delimiter.charCodeAt(0))) return { regular: false };
      buffer.copyWithin(0, lines, filled);
      held = filled - lines;
    }
  } finally {
    await file.close();
  }
  if (state.at === At.Quoted || state.afterCarriageReturn) return { regular: false };
  return { regular: true, lineEnd: state.lineEnd ?? 'lf', blankTail: state.blankLines };
}

/** True: the chunk holds plain lines only and `state` stands behind it. */
function skipPlainLines(state: ScanState, chunk: Buffer): boolean {
  const between = !state.content && state.at === At.FieldStart;
  if (!between || state.blankLines > 0 || state.lineEnd === 'crlf' || state.afterCarriageReturn) return false;
  if (chunk[0] === lineFeed) return false;
  if (chunk.includes('"') || chunk.includes(0) || chunk.includes(carriageReturn) || chunk.includes('\n\n'))
    return false;
  // Blanks alone on a line look like content here; such a line is later found to be ragged, not lost.
  state.lineEnd = 'lf';
  return chunk[chunk.length - 1] === lineFeed;
}

function scanBytes(state: ScanState, chunk: Buffer, delimiter: number): boolean {
  let { at, afterCarriageReturn, content, blankLines } = state;
  for (const byte of chunk) {
    if (byte === lineFeed) {
      const lineEnd = afterCarriageReturn ? 'crlf' : 'lf';
      if (at === At.Quoted || (state.lineEnd ?? lineEnd) !== lineEnd) return false;
      state.lineEnd = lineEnd;
      if (content && blankLines > 0) return false;
      if (!content) blankLines += 1;
      at = At.FieldStart;
      content = afterCarriageReturn = false;
    } else if (afterCarriageReturn || byte === 0) return false;
    else if (byte === carriageReturn) {
      if (at === At.Quoted) return false;
      afterCarriageReturn = true;
    } else {
      at = step(at, byte, delimiter);
      if (at === At.Broken) return false;
      content ||= byte !== 32;
    }
  }
  Object.assign(state, { at, afterCarriageReturn, content, blankLines });
  return !(content && blankLines > 0);
}
