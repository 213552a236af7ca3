/**
 * What the core needs of a method, in plain numbers. `@hotline/methodology` derives it from the data files, where every
 * one of these numbers carries its provenance. Ids are those of the method; scores are 0–100.
 */
export interface ScoringMethod {
  readonly id: string;
  readonly version: string;
  /** Hash of the canonical content of the method. */
  readonly digest: string;
  readonly dimensions: readonly TreeNode[];
  /** `parent` names a dimension. */
  readonly elements: readonly (TreeNode & { readonly parent: string })[];
  readonly indicators: readonly IndicatorSpec[];
  /** Share of the weight that must be present for a node to be rated (2/3). */
  readonly ratedShare: number;
  /** Best first, the last one begins at 0. */
  readonly grades: readonly GradeBand[];
  readonly wilsonZ: number;
  readonly bootstrap: {
    readonly replicates: number;
    /** Lower and upper quantile of the percentile interval. */
    readonly quantiles: readonly [number, number];
    /** Day blocks need rows on at least so many different days. */
    readonly minDays: number;
  };
  readonly channels: { readonly maxAgeDays: number };
  readonly companions: readonly { readonly id: string; readonly unit: string }[];
  /** Participation in per cent below which post-call satisfaction is flagged. */
  readonly lowParticipationBelow: number;
  readonly recommendations: RecommendationSpec;
}

export interface TreeNode {
  readonly id: string;
  /** Share within the parent; siblings sum to 1. */
  readonly weight: number;
}

export interface GradeBand {
  readonly grade: string;
  readonly minScore: number;
}

export interface CurvePoint {
  readonly x: number;
  readonly score: number;
}

/** Sorted by x; straight lines between the points, flat outside. */
export type Curve = readonly CurvePoint[];

export type IntervalSpec =
  | { readonly kind: 'none' }
  /** `otherwise` applies when a value is neither 0 nor 1. */
  | { readonly kind: 'wilson'; readonly otherwise?: 'bootstrap' }
  | { readonly kind: 'bootstrap'; readonly within?: 'stratum' }
  | { readonly kind: 'day_block_bootstrap' }
  | { readonly kind: 'joint' };

export interface IndicatorSpec extends TreeNode {
  /** Id of the element. */
  readonly parent: string;
  readonly direction: 'higher' | 'lower';
  /** Unit of the value shown: s, %, points, count, 1–5, 0–100. */
  readonly valueUnit: string;
  readonly measure: MeasureSpec | ComponentsSpec;
  /** null exactly where the measure has components, which carry curves of their own. */
  readonly curve: Curve | null;
  readonly interval: IntervalSpec;
  /** Flags the method foresees for this indicator and its components; no other is ever set. Empty where it names none. */
  readonly flags: readonly string[];
}

export interface ComponentsSpec {
  readonly kind: 'components';
  /** The component that lends value, n, numerator, denominator and method to the indicator. */
  readonly valueOf: string;
  readonly components: readonly {
    readonly id: string;
    readonly weight: number;
    readonly curve: Curve;
    readonly measure: MeasureSpec;
    readonly interval: IntervalSpec;
  }[];
}

export interface MeasureSpec {
  readonly kind: 'simple';
  /** Tried in this order; the first that is observed decides. */
  readonly methods: readonly MethodSpec[];
  readonly zeroRules: readonly ZeroRule[];
  /** Multiplies the score when fewer than `shareBelow` of the tested rows hit (greeting). */
  readonly adjustment?: { readonly factor: number; readonly shareBelow: number; readonly unknownFlag: string };
}

export type ZeroRule =
  | { readonly id: string; readonly when: 'no_online_human_service' | 'no_online_service' }
  /** Each source was tried at least `minTried` times and joined never, in any one of the datasets. */
  | { readonly id: string; readonly when: readonly { readonly series: string; readonly minTried: number }[] };

interface MethodBase {
  /** Such as `connect_rate.calls`: the id stored with the observation, and the root of its fact series. */
  readonly id: string;
  readonly dataset: string;
  readonly minN: number;
  /** True when the method has a "recorded" rule (series `${id}:recorded`). */
  readonly recorded: boolean;
  /** Least share of usable rows (series `${id}:usable`), if the method has such a rule. */
  readonly usableShare: number | null;
}

export type MethodSpec =
  | (MethodBase & { readonly kind: 'ratio' | 'ratio_of_sums' | 'mean' | 'first_contact'; readonly scale: number })
  | (MethodBase & { readonly kind: 'median' | 'mean_of_row_scores' })
  | (MethodBase & {
      readonly kind: 'mean_of_stratum_means';
      readonly minRowsPerStratum: number;
      readonly minStrata: number;
      /** All strata in order; `evening` ones begin at 17:00 or later. */
      readonly strata: readonly { readonly id: string; readonly evening: boolean }[];
    })
  | (MethodBase & {
      readonly kind: 'mean_of_item_means';
      readonly items: readonly string[];
      readonly minAnswersPerItem: number;
      readonly minItems: number;
    })
  | (MethodBase & {
      readonly kind: 'count_channels';
      /** Columns that must all be true on a counted channel, `is_live` included. */
      readonly count: readonly string[];
      readonly functionColumns: readonly string[];
    })
  | (MethodBase & { readonly kind: 'annualised_ratio'; readonly scale: number; readonly requestsOnly: boolean });

export interface RecommendationSpec {
  readonly threshold: number;
  readonly targetLow: number;
  readonly targetHigh: number;
  readonly rules: readonly {
    readonly id: string;
    readonly indicators: readonly string[];
    readonly extraTrigger?: {
      readonly id: 'evening_gap' | 'resolution_gap';
      readonly countsAs: string;
      readonly margin: number;
    };
  }[];
}
