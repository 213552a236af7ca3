/** Rows of a series that count in the period, and the sum of their quantity. */
export interface Tally {
  readonly n: number;
  readonly total: number;
}

/** Where a method reads its rows from: daily facts of a large dataset or single rows of a small one. */
export interface RowsSource {
  tally(series: string): Tally;
  /** By stratum; rows without one are left out. */
  strata(series: string): ReadonlyMap<string, Tally>;
}
