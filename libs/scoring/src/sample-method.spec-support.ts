import type { Observation } from './assessment.js';
import type { ChannelState, CityData, Fact, Sample } from './city-data.js';
import { readCity } from './city-rows.js';
import { observe } from './observe.js';
import type {
  ComponentsSpec,
  CurvePoint,
  IndicatorSpec,
  IntervalSpec,
  MeasureSpec,
  MethodSpec,
  ScoringMethod,
} from './scoring-method.js';

// Hand-made pieces of a method and of a city for the specs of this library.

type Defaulted<T> = T extends MethodSpec
  ? Omit<T, 'minN' | 'recorded' | 'usableShare'> & Partial<Pick<T, 'minN' | 'recorded' | 'usableShare'>>
  : never;

/** A way of measuring, with any number of rows enough. */
export function way(spec: Defaulted<MethodSpec>): MethodSpec {
  return { minN: 1, recorded: false, usableShare: null, ...spec };
}

export function measured(methods: MethodSpec[], more: Partial<MeasureSpec> = {}): MeasureSpec {
  return { kind: 'simple', methods, zeroRules: [], ...more };
}

export function curve(...points: [number, number][]): CurvePoint[] {
  return points.map(([x, score]) => ({ x, score }));
}

export const IDENTITY = curve([0, 0], [100, 100]);

/** An indicator of element `element` that carries every flag there is. */
export function indicator(
  id: string,
  measure: MeasureSpec | ComponentsSpec,
  curvePoints: CurvePoint[] | null = IDENTITY,
  more: Partial<IndicatorSpec> = {},
): IndicatorSpec {
  return {
    id,
    parent: 'element',
    weight: 1,
    direction: 'higher',
    valueUnit: '%',
    measure,
    curve: curvePoints,
    interval: NO_INTERVAL,
    flags: FLAGS,
    ...more,
  };
}

const NO_INTERVAL: IntervalSpec = { kind: 'none' };

export const FLAGS = [
  'fallback_method',
  'partial_strata',
  'partial_component',
  'partial_items',
  'no_such_channel',
  'never_joined',
  'days_missing',
  'short_period',
  'annualised',
  'requests_only',
  'low_participation',
  'interruptible_unknown',
  'default_limits',
  'calendar_missing',
];

/** One dimension with one element, unless told; cut-offs of the 2023 method. */
export function scoringMethod(indicators: IndicatorSpec[], more: Partial<ScoringMethod> = {}): ScoringMethod {
  return {
    id: 'sample',
    version: '1',
    digest: 'digest of the sample',
    dimensions: [{ id: 'dimension', weight: 1 }],
    elements: [{ id: 'element', parent: 'dimension', weight: 1 }],
    indicators,
    ratedShare: 2 / 3,
    grades: GRADES,
    wilsonZ: 1.959963984540054,
    bootstrap: { replicates: 1000, quantiles: [0.025, 0.975], minDays: 14 },
    channels: { maxAgeDays: 365 },
    companions: [],
    lowParticipationBelow: 10,
    recommendations: { threshold: 60, targetLow: 80, targetHigh: 100, rules: [] },
    ...more,
  };
}

export const GRADES = [
  { grade: 'A+', minScore: 80 },
  { grade: 'A', minScore: 75 },
  { grade: 'B+', minScore: 72 },
  { grade: 'B', minScore: 69 },
  { grade: 'C+', minScore: 65 },
  { grade: 'C', minScore: 60 },
  { grade: 'D+', minScore: 56 },
  { grade: 'D', minScore: 52 },
  { grade: 'E+', minScore: 46 },
  { grade: 'E', minScore: 0 },
];

/** The second quarter of 2023 (91 days) without any data, unless told. */
export function cityData(more: Partial<CityData> = {}): CityData {
  return {
    period: { start: '2023-04-01', end: '2023-07-01' },
    facts: [],
    samples: {},
    channels: [],
    profile: null,
    companions: {},
    ...more,
  };
}

/** How a method of this one indicator sees the city. */
export function observed(spec: IndicatorSpec, data: Partial<CityData>): Observation {
  const method = scoringMethod([spec]);
  const observation = observe(method, readCity(method, cityData(data)))[spec.id];
  if (observation === undefined) throw new Error(`${spec.id} is not in the result`);
  return observation;
}

export function fact(series: string, n: number, total: number, more: Partial<Fact> = {}): Fact {
  return { series, day: '2023-04-10', stratum: null, after: null, until: null, n, total, ...more };
}

/** Columns of equal length; null: the row is not in the series. */
export function sample(
  columns: Record<string, (number | null)[]>,
  strata: Record<string, (string | null)[]> = {},
): Sample {
  const values = Object.entries(columns).map(
    ([id, rows]) => [id, Float64Array.from(rows, (row) => row ?? NaN)] as const,
  );
  return { rows: Object.values(columns)[0]?.length ?? 0, values: Object.fromEntries(values), strata };
}

export function channel(code: string, columns: ChannelState['columns'], checkedAt = '2023-06-01'): ChannelState {
  return { channel: code, checkedAt, columns };
}

/** n ISO days from 2023-04-01 on, at most 91. */
export function daysFromApril(n: number): string[] {
  const days = ['04', '05', '06'].flatMap((month) =>
    Array.from({ length: month === '05' ? 31 : 30 }, (_, day) => `2023-${month}-${String(day + 1).padStart(2, '0')}`),
  );
  return days.slice(0, n);
}

export const HOTLINE_PERIODS = ['p09', 'p11', 'p13', 'p17', 'p19', 'p21'].map((id) => ({ id, evening: id >= 'p17' }));
export const ONLINE_PERIODS = ['o09', 'o13', 'o17'].map((id) => ({ id, evening: id === 'o17' }));
