import type { Condition, Value } from './expression.js';
import type { IntervalRule, Measure, ScoreCurve } from './measure.js';
import type { Names, Provenance, Source, Sourced } from './provenance.js';

/** A version of the method, whole. Property names are those of the data files; the order of lists is that of the method. */
export interface Methodology extends Manifest {
  readonly sources: Readonly<Record<string, Source>>;
  /** Rules that hold everywhere, in words. */
  readonly rules: readonly (Names & { readonly id: string })[];
  readonly units: Readonly<Record<string, Names>>;
  readonly flags: Readonly<Record<string, Names>>;
  readonly provenanceKinds: Readonly<Record<string, Names>>;
  readonly scoreOfPoints: Provenance;
  readonly wilson: { readonly z: Sourced };
  readonly bootstrap: {
    readonly replicates: Sourced;
    readonly low: Sourced;
    readonly high: Sourced;
    readonly minDays: Sourced;
  };
  readonly channels: { readonly maxAgeDays: Sourced };
  /** Derived columns and conditions by dataset and name. */
  readonly derived: Readonly<Record<string, Readonly<Record<string, Condition | Value>>>>;
  /** Provenance of the time limits that stand as constants in `derived`. */
  readonly limits: Readonly<Record<string, Sourced>>;
  readonly dayPeriods: DayPeriods;
  readonly ratedShare: Sourced;
  readonly grades: readonly Grade[];
  /** A grade is shown alone when the probability of it or a better one is at least this. */
  readonly badge: { readonly showIf: Sourced };
  readonly dimensions: readonly Dimension[];
  readonly elements: readonly Element[];
  readonly indicators: readonly Indicator[];
  readonly companions: readonly Companion[];
  readonly recommendations: Recommendations;
  readonly peers: Peers;
  readonly protocol: Protocol;
  readonly workingCalendar: WorkingCalendar;
}

export interface Manifest extends Names {
  /** Name of the data folder; loads this method. */
  readonly id: string;
  /** Name of the index over all its editions. */
  readonly index: string;
  readonly edition: string;
  readonly version: string;
  readonly statement: Names;
  readonly status: 'draft' | 'published';
  /** SHA-256 of the canonical content, hex. */
  readonly digest: string;
}

export interface DayPeriods extends Provenance {
  /** HH:MM; day periods that begin then or later are the evening. */
  readonly eveningFrom: Provenance & { readonly time: string };
  readonly lists: Readonly<Record<string, readonly DayPeriod[]>>;
}

/** start ≤ Shanghai time of day < end, HH:MM; 24:00 is the end of the day. */
export interface DayPeriod extends Names {
  readonly id: string;
  readonly start: string;
  readonly end: string;
}

export interface Grade {
  readonly grade: string;
  readonly minScore: Sourced;
}

export interface Dimension extends Names {
  readonly id: string;
  /** Share within the parent; siblings sum to 1. */
  readonly weight: Sourced;
  readonly publishedMean: Sourced;
}

export interface Element extends Dimension {
  /** Id of the dimension. */
  readonly parent: string;
}

export interface Indicator extends Names {
  readonly id: string;
  /** Id of the element. */
  readonly parent: string;
  /** Place in the indicator tree of the report. */
  readonly reportId: string;
  readonly weight: Sourced;
  /** Unit of what is measured, and of x of the curve. */
  readonly unit: string;
  readonly valueUnit: string;
  /** Whether a higher measure is better. */
  readonly direction: 'higher' | 'lower';
  readonly description: Names;
  /** Absent exactly where the measure has components, which carry their own. */
  readonly curve?: ScoreCurve;
  readonly measure: Measure;
  readonly interval: IntervalRule;
  readonly companions: readonly string[];
  readonly flags: readonly string[];
  readonly note?: Names;
}

/** A figure that is shown beside an indicator and not scored. */
export interface Companion extends Names {
  readonly id: string;
  readonly unit: string;
  readonly definition: Names;
  readonly threshold?: Sourced;
  readonly quantile?: Sourced;
  readonly warnBelow?: Sourced;
  readonly minPairs?: Sourced;
}

export interface Recommendations {
  readonly threshold: Sourced;
  readonly targetLow: Sourced;
  readonly targetHigh: Sourced;
  readonly rules: readonly RecommendationRule[];
}

export interface RecommendationRule extends Names {
  readonly id: string;
  readonly indicators: readonly string[];
  /** Items of the improvement chapter of the report. */
  readonly reportItems: readonly string[];
  readonly extraTrigger?: {
    readonly id: 'evening_gap' | 'resolution_gap';
    readonly countsAs: string;
    readonly rule: Names;
    readonly margin: Sourced;
  };
}

export interface Peers {
  readonly dimensions: readonly string[];
  readonly minOtherTenants: Sourced;
  readonly minOverlap: Sourced;
  /** Order in which a wider group is offered when one is too small. */
  readonly widen: readonly string[];
  readonly regions: Provenance & {
    readonly list: readonly (Names & { readonly id: string; readonly provinces: readonly string[] })[];
  };
  /** `cities`: how many of the 334 rated cities are in the tier. */
  readonly tiers: Provenance & { readonly list: readonly (Names & { readonly id: string; readonly cities: number })[] };
  readonly adminLevels: Provenance & {
    readonly list: readonly (Names & { readonly id: string; readonly fromRegistry: readonly string[] })[];
  };
  /** Residents: min ≤ population < below; below null = no upper bound. */
  readonly populationBands: Provenance & {
    readonly list: readonly (Names & { readonly id: string; readonly min: number; readonly below: number | null })[];
  };
}

/** How many test calls, chats and answers an assessment should rest on. */
export interface Protocol {
  readonly hotline: {
    readonly periods: Sourced;
    readonly callsPerPeriod: Sourced;
    readonly differentDays: Sourced;
    readonly scenariosPerPeriod: Sourced;
  };
  readonly online: { readonly periods: Sourced; readonly chatsPerPeriod: Sourced };
  readonly secondRaterShare: Sourced;
  readonly samples: Readonly<Record<'internal' | 'badge', SampleSizes>>;
  readonly surveyDisplay: { readonly suppressBelow: Sourced; readonly warnBelow: Sourced };
}

export interface SampleSizes {
  readonly mysteryCalls: Sourced;
  readonly mysteryChats: Sourced;
  readonly survey: Sourced;
}

/** Days that differ from Monday to Friday, by year; a year that is not listed has no calendar. */
export interface WorkingCalendar extends Provenance {
  readonly years: Readonly<
    Record<string, { readonly daysOff: readonly string[]; readonly makeUpDays: readonly string[] }>
  >;
}
