/** Where a reader of delimited text stands between two bytes. */
export const enum At {
  FieldStart,
  Plain,
  Quoted,
  /** After a quotation mark that closes the field unless it is doubled. */
  Closed,
  /** Blanks after a closed field. */
  Tail,
  /** Anything else after a closed field: the quotation marks of this record are out of order. */
  Broken,
}
export const lineFeed = 10;
export const carriageReturn = 13;
const quote = 34;
const blank = 32;

/** The state after one byte that ends no record. */
export function step(at: At, byte: number, delimiter: number): At {
  switch (at) {
    case At.Quoted:
      return byte === quote ? At.Closed : At.Quoted;
    case At.Plain:
      return byte === delimiter ? At.FieldStart : At.Plain;
    case At.FieldStart:
      if (byte === quote) return At.Quoted;
      return byte === delimiter || byte === blank ? At.FieldStart : At.Plain;
    case At.Closed:
      if (byte === quote) return At.Quoted;
      if (byte === delimiter) return At.FieldStart;
      return byte === blank ? At.Tail : At.Broken;
    case At.Tail:
      if (byte === delimiter) return At.FieldStart;
      return byte === blank ? At.Tail : At.Broken;
    case At.Broken:
      return At.Broken;
  }
}
