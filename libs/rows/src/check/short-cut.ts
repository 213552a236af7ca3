/** Spellings of a column that are read outside of SQL: those of nearly every cell of nearly every file. */
export type ShortCut =
  | { readonly kind: 'none' | 'text' | 'identifier' | 'integer' | 'decimal' | 'duration' | 'phone' | 'person' }
  /** @param words what each word stands for, as it is stored */
  | { readonly kind: 'word' | 'boolean'; readonly words: ReadonlyMap<string, string> }
  /** @param anySerial whether serial numbers of days without a time of day are instants */
  | { readonly kind: 'datetime' | 'date'; readonly anySerial: boolean };
