/**
 * What a reader makes of one cleaned, filled cell. `value` is text that DuckDB casts to the type of the column; `empty`
 * is a cell that says nothing; `problem` and `warning` are codes of the message catalogue.
 */
export type Reading =
  { readonly value: string; readonly warning?: string } | { readonly empty: true } | { readonly problem: string };

export type Reader = (text: string) => Reading;

export const nothing: Reading = { empty: true };
export const problem = (code: string): Reading => ({ problem: code });
export const value = (text: string): Reading => ({ value: text });
