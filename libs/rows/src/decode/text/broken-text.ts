/** A text that cannot be split into rows: what is wrong, and where in its UTF-8 form (offset of the row or the quote). */
export class BrokenText extends Error {
  constructor(
    readonly reason: 'open_quote' | 'record_too_long' | 'nul_bytes',
    readonly at: number,
  ) {
    super(`${reason} at ${at}`);
  }
}
