import type { Definition } from './definition.js';

/** What the rows of a city say about a period, before any rule of the method is applied. */
export interface CityData {
  /** [start, end) in Shanghai days, ISO dates. */
  readonly period: Period;
  /** Roll-ups of the large datasets. Days outside the period are ignored. */
  readonly facts: readonly Fact[];
  /** Rows of the small datasets (mystery calls, mystery chats, surveys) placed in the period, by dataset id. */
  readonly samples: Readonly<Record<string, Sample>>;
  /** The counted row of each channel code (latest valid check), phone included. Empty: no valid row at all. */
  readonly channels: readonly ChannelState[];
  /** The city_profile row for the period. */
  readonly profile: CityProfile | null;
  /** Companion figures that are read from rows directly, not from facts: id to value. */
  readonly companions: Readonly<Record<string, CompanionValue>>;
  /** What the rows of a method follow, by method id; absent where nobody keeps account of it. */
  readonly definitions?: Readonly<Record<string, Definition>>;
}

export interface Period {
  readonly start: string;
  readonly end: string;
}

/**
 * One cell of the daily roll-up. `n` counts rows, `total` sums a quantity of each row exactly.
 *
 * Series of a method `m`:
 * - `m`              n = rows that meet `rows`; total = Σ of the row's quantity: hit (0/1), row_score, or `of`;
 *                    for first_contact n = first contacts, total = resolved and not repeated;
 *                    for ratio_of_sums total = Σ numerator
 * - `m:denominator`  ratio_of_sums: total = Σ denominator
 * - `m:squares`      mean_of_stratum_means: total = Σ row_score²
 * - `m:recorded`     n = rows that show the field is kept at all
 * - `m:usable`       n = rows the "usable" rule looks at, total = those that hit
 * - `m:default_limits`, `m:calendar_missing`   n = rows to which that flag applies
 * - `rule:dataset:tried`, `rule:dataset:joined`  n = rows, for the zero rule `rule` (never_joined)
 * Companions have series under their own id (see `companion-series.ts`).
 */
export interface Fact {
  readonly series: string;
  /** Shanghai day of the instant that places the row. */
  readonly day: string;
  /** Day period, channel, order type …; null where the series has none. */
  readonly stratum: string | null;
  /** Day of the previous row of the same key: the fact counts only in periods that start after it. */
  readonly after: string | null;
  /** Day of the next row of the same key: the fact counts only in periods that end on or before it. */
  readonly until: string | null;
  readonly n: number;
  readonly total: number;
}

/** Rows of one dataset, aligned by position, so that a bootstrap can draw a row once for every method. */
export interface Sample {
  readonly rows: number;
  /**
   * Quantity of each row by method id (NaN: the row is not in the method), unscaled: hit 0/1, `of` or row_score.
   * Further keys: `m:adjustment` 0/1 (NaN: not tested); `m:q_item` per item of mean_of_item_means (NaN: not answered);
   * `rule:dataset:tried` and `rule:dataset:joined` 1 where the zero rule counts the row, else NaN.
   */
  readonly values: Readonly<Record<string, Float64Array>>;
  /** Day period of each row by method id. */
  readonly strata: Readonly<Record<string, readonly (string | null)[]>>;
}

export interface ChannelState {
  readonly channel: string;
  readonly checkedAt: string;
  /** Boolean columns of the channels dataset: is_live, can_create_order, … ; null = empty. */
  readonly columns: Readonly<Record<string, boolean | null>>;
}

export interface CityProfile {
  readonly year: number;
  readonly residentPopulation: number;
  readonly agentCount: number | null;
}

export type CompanionValue =
  number | string | boolean | null | readonly CompanionValue[] | { readonly [key: string]: CompanionValue };
