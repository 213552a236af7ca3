const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;

/** Where a copy of rows stands between two bytes. */
export type CellState = 'cell-start' | 'plain' | 'quoted' | 'closed';

export interface AfterQuotes {
  readonly state: CellState;
  /** Position of the last quotation mark that opens a cell; null: none does. */
  readonly opened: number | null;
}

/**
 * Where a piece of text ends whose quotation marks are as a program writes them: around whole cells, doubled inside, no
 * line break within. null: there are others, and only looking at each byte in its turn tells what they mean. Most bytes
 * are passed over by one comparison.
 * @param state where the piece begins
 */
export function afterQuotes(piece: Buffer, separator: number, state: CellState): AfterQuotes | null {
  const endsCell = (byte: number | undefined) => byte === separator || byte === lineFeed || byte === carriageReturn;
  let inside = state === 'quoted';
  let opened: number | null = null;
  let at = 0;
  if (state === 'closed') {
    if (piece[0] === quote) [inside, at] = [true, 1];
    else if (!endsCell(piece[0])) return null;
  }
  for (; at < piece.length; at += 1) {
    const byte = piece[at] as number;
    if (byte > quote) continue;
    if (byte !== quote) {
      if (inside && (byte === lineFeed || byte === carriageReturn)) return null;
    } else if (!inside) {
      if (at === 0 ? state !== 'cell-start' : !endsCell(piece[at - 1])) return null;
      inside = true;
      opened = at;
    } else if (at + 1 === piece.length) return { state: 'closed', opened };
    else if (piece[at + 1] === quote) at += 1;
    else if (endsCell(piece[at + 1])) inside = false;
    else return null;
  }
  if (inside) return { state: 'quoted', opened };
  return { state: endsCell(piece[piece.length - 1]) ? 'cell-start' : 'plain', opened };
}
