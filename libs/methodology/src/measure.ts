import type { Condition, Value } from './expression.js';
import type { Names, Provenance, Sourced } from './provenance.js';

/** A point of a curve. Kind and source belong to x; the score given to an x is always a choice of this method. */
export interface ScoredPoint extends Provenance {
  readonly x: number;
  /** 0–100 */
  readonly score: number;
}

/** Straight lines between the points, flat outside. */
export interface ScoreCurve {
  readonly unit: string;
  readonly points: readonly ScoredPoint[];
}

export type Measure = SimpleMeasure | ComponentsMeasure;

export interface SimpleMeasure {
  readonly kind: 'simple';
  /** Tried in this order; the first that is observed decides. */
  readonly methods: readonly Method[];
  readonly zeroRules?: readonly MethodZeroRule[];
  readonly scoreAdjustment?: ScoreAdjustment;
}

export interface ComponentsMeasure {
  readonly kind: 'components';
  /** The component that lends value, n, numerator, denominator and method to the indicator. */
  readonly valueOf: string;
  readonly components: readonly Component[];
}

/** A part of an indicator with a score of its own. */
export interface Component extends Names {
  readonly id: string;
  readonly weight: Sourced;
  readonly curve: ScoreCurve;
  readonly measure: SimpleMeasure;
  readonly interval: IntervalRule;
}

/** The score is multiplied when fewer than `shareBelow` of the tested rows (`rows`, among those of the method) hit. */
export interface ScoreAdjustment {
  readonly factor: Sourced;
  readonly shareBelow: Sourced;
  readonly rows: Condition;
  readonly hit: Condition;
  /** Set when no row was tested. */
  readonly unknownFlag: string;
}

/** Value and score are 0 although no row was measured, because something was observed to be absent. */
export type MethodZeroRule =
  | { readonly id: string; readonly when: 'no_online_human_service' | 'no_online_service' }
  | { readonly id: string; readonly when: readonly TriedRule[] };

export interface TriedRule {
  readonly dataset: string;
  readonly placeBy: string;
  readonly tried: Condition;
  readonly joined: Condition;
  readonly minTried: Sourced;
}

export type IntervalRule =
  | { readonly kind: 'none' }
  | { readonly kind: 'wilson'; readonly otherwise?: 'bootstrap' }
  | { readonly kind: 'bootstrap'; readonly within?: 'stratum' }
  | { readonly kind: 'day_block_bootstrap' }
  | { readonly kind: 'joint' };

interface MethodBase {
  /** Stored with every observation; values with different method ids are never compared. */
  readonly id: string;
  readonly dataset: string;
  /** Column or derived column whose instant or day places the row in a period. */
  readonly placeBy: string;
}

interface RowsMethod extends MethodBase {
  readonly rows: Condition;
  readonly minN: Sourced;
  /** The field is kept at all: at least one row must meet it, otherwise not observed. */
  readonly recorded?: { readonly any: Condition };
}

/** rows → denominator; rows that also meet `hit` → numerator; value = numerator ÷ denominator × scale. */
export interface RatioMethod extends RowsMethod {
  readonly kind: 'ratio';
  readonly scale: number;
  readonly hit: Condition;
  /** After the row filter and the period only the row with the greatest `by` is kept per value of `per`. */
  readonly keepLast?: { readonly per: string; readonly by: string };
}

/** value = Σ numerator ÷ Σ denominator × scale; n = Σ denominator. */
export interface RatioOfSumsMethod extends RowsMethod {
  readonly kind: 'ratio_of_sums';
  readonly scale: number;
  readonly numerator: Value;
  readonly denominator: Value;
}

/** value = mean of `of` × scale. */
export interface MeanMethod extends RowsMethod {
  readonly kind: 'mean';
  readonly scale: number;
  readonly of: Value;
}

export interface MedianMethod extends RowsMethod {
  readonly kind: 'median';
  readonly of: Value;
}

/** value = score = mean of `rowScore` (points). */
export interface MeanOfRowScoresMethod extends RowsMethod {
  readonly kind: 'mean_of_row_scores';
  readonly rowScore: Value;
}

/**
 * value = score = plain mean of the means of `rowScore` of the counted strata (points). At least one counted stratum must
 * begin in the evening (see `DayPeriods.eveningFrom`).
 */
export interface MeanOfStratumMeansMethod extends RowsMethod {
  readonly kind: 'mean_of_stratum_means';
  readonly rowScore: Value;
  /** Id of a list of day periods. */
  readonly strata: string;
  /** Column or derived column that holds the id of the day period. */
  readonly stratum: string;
  readonly minRowsPerStratum: Sourced;
  readonly minStrata: Sourced;
  /** The method is used only when at least this share of `rows` meet `hit`. */
  readonly usable?: { readonly rows: Condition; readonly hit: Condition; readonly shareAtLeast: Sourced };
}

/** value = plain mean of the means of the counted items; n = rows with at least one item filled. */
export interface MeanOfItemMeansMethod extends MethodBase {
  readonly kind: 'mean_of_item_means';
  readonly items: readonly string[];
  readonly minAnswersPerItem: Sourced;
  readonly minItems: Sourced;
  readonly minN: Sourced;
}

/** value = number of non-phone channels whose counted row (latest valid check) meets `count`. */
export interface CountChannelsMethod extends MethodBase {
  readonly kind: 'count_channels';
  readonly count: Condition;
  /** Not observed when channels are live and none of them has all of these filled. */
  readonly functionColumns: readonly string[];
}

/**
 * A row of the pool that meets `rows` is a first contact when it is linked to no earlier order and no pool row with the
 * same `same` stands before it in `orderBy` within the window. It is repeated when such a row stands after it within the
 * window, or a valid order created 0 to window seconds after it names it as its parent.
 * value = first contacts that meet `hit` and are not repeated ÷ first contacts × scale.
 */
export interface FirstContactMethod extends RowsMethod {
  readonly kind: 'first_contact';
  readonly scale: number;
  readonly pool: Condition;
  readonly same: readonly string[];
  readonly orderBy: readonly string[];
  readonly windowSeconds: Sourced;
  readonly hit: Condition;
}

/** value = S ÷ C × Y ÷ P × scale: S = Σ `of`, C = covered days (n), Y = days of the year that ends with the period, P = population. */
export interface AnnualisedRatioMethod extends RowsMethod {
  readonly kind: 'annualised_ratio';
  readonly scale: number;
  readonly of: Value;
  /** Requests for a human stand in for all calls (flag requests_only). */
  readonly requestsOnly: boolean;
  readonly population: { readonly dataset: string; readonly column: string };
}

export type Method =
  | RatioMethod
  | RatioOfSumsMethod
  | MeanMethod
  | MedianMethod
  | MeanOfRowScoresMethod
  | MeanOfStratumMeansMethod
  | MeanOfItemMeansMethod
  | CountChannelsMethod
  | FirstContactMethod
  | AnnualisedRatioMethod;
