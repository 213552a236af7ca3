import type { Condition, Value } from '@hotline/methodology';
import type { DatasetId } from '../tasks.js';

/** How one fact series is counted, in the terms of the method. Meaning of the series: `city-data.ts`, `companion-series.ts`. */
export interface SeriesPlan {
  readonly series: string;
  readonly dataset: DatasetId;
  /** Instant or day that places a row. A row without it is in no period. */
  readonly place: Value;
  readonly rows: Condition;
  /** Only the rows to which a flag of the placing value applies. */
  readonly flag: 'calendar_missing' | 'default_limits' | null;
  /** null: the total equals n. */
  readonly quantity: Quantity | null;
  readonly stratum: SeriesStratum | null;
  readonly neighbour: Neighbour | null;
  readonly firstContact: FirstContact | null;
  /** Curve of the measure, for `["curve", value]`. */
  readonly curve: readonly CurvePoint[] | null;
}

export interface CurvePoint {
  readonly x: number;
  readonly score: number;
}

export interface SeriesStratum {
  readonly value: Value;
  /** Stratum of the rows whose value is empty; null: they have none. */
  readonly otherwise: string | null;
  /** A handful of values: series without stratum may be counted in the same pass. */
  readonly fewValues: boolean;
}

export type Quantity =
  | { readonly kind: 'hit'; readonly condition: Condition }
  /** A score has 12 decimals and stays below a million, so that its sum is exact and fast. */
  | { readonly kind: 'score'; readonly value: Value; readonly squared: boolean }
  | { readonly kind: 'amount'; readonly value: Value }
  /** Working days after the first day, up to and including the second. */
  | { readonly kind: 'working_days'; readonly from: string; readonly to: string };

/** The fact counts only in periods without the previous (next) row of the same key. */
export interface Neighbour {
  readonly side: 'after' | 'until';
  readonly per: string;
  readonly by: string;
}

/** Adds the columns `is_first_contact` and `is_repeated` to the rows of the pool. */
export interface FirstContact {
  readonly pool: Condition;
  readonly same: readonly string[];
  readonly orderBy: readonly string[];
  readonly windowSeconds: number;
}

export const firstContactColumns = { first: 'is_first_contact', repeated: 'is_repeated' } as const;

export function series(
  given: Pick<SeriesPlan, 'series' | 'dataset' | 'place' | 'rows'> & Partial<SeriesPlan>,
): SeriesPlan {
  return { flag: null, quantity: null, stratum: null, neighbour: null, firstContact: null, curve: null, ...given };
}
