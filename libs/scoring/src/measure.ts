import type { Observation, Stratum } from './assessment.js';
import { sourceOf } from './city-rows.js';
import type { CityRows } from './city-rows.js';
import type { CompletedDays } from './completed-days.js';
import { isMeasurable } from './measurable.js';
import { median } from './numeric.js';
import type { MethodSpec } from './scoring-method.js';

/** What a method finds in the rows, before the curve. */
export type Measured =
  | { readonly state: 'not_observed' }
  | { readonly state: 'too_few'; readonly n: number; readonly strata?: Readonly<Record<string, Stratum>> }
  | {
      readonly state: 'observed';
      readonly n: number;
      readonly value: number;
      readonly numerator: number | null;
      readonly denominator: number | null;
      readonly flags: readonly string[];
      readonly strata?: Readonly<Record<string, Stratum>>;
      readonly sources?: Observation['sources'];
    };

export const NOT_OBSERVED: Measured = { state: 'not_observed' };

type Kind<K extends MethodSpec['kind']> = Extract<MethodSpec, { kind: K }>;
type RatioMethod = Kind<'ratio' | 'ratio_of_sums' | 'mean' | 'first_contact'>;
type Scaled = Extract<MethodSpec, { scale: number }>;

/** The value of one method in full precision, or why there is none. */
export function measure(method: MethodSpec, city: CityRows): Measured {
  if (!isMeasurable(method, city)) return NOT_OBSERVED;
  switch (method.kind) {
    case 'ratio':
    case 'first_contact':
      return ratio(method, city);
    case 'ratio_of_sums':
      return ratioOfSums(method, city);
    case 'mean':
    case 'mean_of_row_scores':
      return meanOfRows(method, city);
    case 'median':
      return medianOfRows(method, city);
    case 'mean_of_stratum_means':
      return meanOfStratumMeans(method, city);
    case 'mean_of_item_means':
      return meanOfItemMeans(method, city);
    case 'count_channels':
      return countChannels(method, city);
    case 'annualised_ratio':
      return annualisedRatio(method, city);
  }
}

/** The value of a method on its own days and those that other methods give. */
export function measureCompleted(method: MethodSpec, days: CompletedDays, city: CityRows): Measured {
  if (!isMeasurable(method, city)) return NOT_OBSERVED;
  const total = sum(days.total);
  const measured =
    method.kind === 'annualised_ratio'
      ? callsPerResident(method, city, total, days.covered)
      : 'scale' in method
        ? shareOf(method, total, sum(days.denominator))
        : NOT_OBSERVED;
  return measured.state === 'observed' ? { ...measured, sources: days.sources } : measured;
}

/** `found` when there are rows enough; a method without any row is not observed. */
function withEnough(method: MethodSpec, n: number, found: () => Measured): Measured {
  if (n <= 0) return NOT_OBSERVED;
  return n < method.minN ? { state: 'too_few', n } : found();
}

function ratio(method: RatioMethod, city: CityRows): Measured {
  const { n, total } = sourceOf(city, method.dataset).tally(method.id);
  return shareOf(method, total, n);
}

function ratioOfSums(method: RatioMethod, city: CityRows): Measured {
  const source = sourceOf(city, method.dataset);
  return shareOf(method, source.tally(method.id).total, source.tally(`${method.id}:denominator`).total);
}

function shareOf(method: Scaled, numerator: number, denominator: number): Measured {
  return withEnough(method, denominator, () => ({
    state: 'observed',
    n: denominator,
    value: (numerator / denominator) * method.scale,
    numerator,
    denominator,
    flags: [],
  }));
}

function meanOfRows(method: MethodSpec, city: CityRows): Measured {
  const { n, total } = sourceOf(city, method.dataset).tally(method.id);
  return withEnough(method, n, () => found(n, (total / n) * scaleOf(method), []));
}

function medianOfRows(method: MethodSpec, city: CityRows): Measured {
  const values = city.samples
    .get(method.dataset)
    ?.values(method.id)
    ?.filter((value) => !Number.isNaN(value));
  const middle = values === undefined ? null : median(values);
  if (values === undefined || middle === null) return withoutSample(method, city);
  return withEnough(method, values.length, () => found(values.length, middle, []));
}

function meanOfStratumMeans(method: Kind<'mean_of_stratum_means'>, city: CityRows): Measured {
  const tallies = sourceOf(city, method.dataset).strata(method.id);
  const strata: Record<string, Stratum> = {};
  const means: number[] = [];
  let n = 0;
  let evening = false;
  for (const { id, evening: late } of method.strata) {
    const tally = tallies.get(id) ?? { n: 0, total: 0 };
    const counted = tally.n >= Math.max(1, method.minRowsPerStratum);
    const stratumMean = counted ? tally.total / tally.n : null;
    strata[id] = { n: tally.n, mean: stratumMean };
    n += tally.n;
    if (stratumMean === null) continue;
    means.push(stratumMean);
    evening ||= late;
  }
  if (n === 0) return NOT_OBSERVED;
  // A centre must not gain by leaving its evening out.
  if (n < method.minN || means.length < method.minStrata || !evening) return { state: 'too_few', n, strata };
  const flags = means.length < method.strata.length ? ['partial_strata'] : [];
  return { ...found(n, meanOf(means), flags), strata };
}

function meanOfItemMeans(method: Kind<'mean_of_item_means'>, city: CityRows): Measured {
  const sample = city.samples.get(method.dataset);
  if (sample === undefined) return withoutSample(method, city);
  const series = method.items.map((item) => `${method.id}:${item}`);
  const n = sample.countInAny(series);
  const counted = series
    .map((id) => sample.tally(id))
    .filter((item) => item.n >= Math.max(1, method.minAnswersPerItem));
  return withEnough(method, n, () => {
    if (counted.length < method.minItems) return { state: 'too_few', n };
    const flags = counted.length < series.length ? ['partial_items'] : [];
    return found(n, meanOf(counted.map((item) => item.total / item.n)), flags);
  });
}

function countChannels(method: Kind<'count_channels'>, city: CityRows): Measured {
  const { known, nonPhone, live } = city.channels;
  if (!known) return NOT_OBSERVED;
  const answered = live.some(({ columns }) =>
    method.functionColumns.every((column) => typeof columns[column] === 'boolean'),
  );
  if (live.length > 0 && !answered) return NOT_OBSERVED;
  const counted = nonPhone.filter(({ columns }) => method.count.every((column) => columns[column] === true));
  return found(nonPhone.length, counted.length, []);
}

function annualisedRatio(method: Kind<'annualised_ratio'>, city: CityRows): Measured {
  return callsPerResident(method, city, city.facts.tally(method.id).total, city.facts.daily(method.id).covered);
}

/** Calls per covered day × days of a year ÷ residents: S ÷ C × Y ÷ P × scale. */
function callsPerResident(method: Kind<'annualised_ratio'>, city: CityRows, total: number, covered: number): Measured {
  const population = city.profile?.residentPopulation;
  if (population === undefined || !(population > 0)) return NOT_OBSERVED;
  return withEnough(method, covered, () => {
    const calls = (total / covered) * city.yearDays;
    const flags = covered < city.yearDays ? ['annualised'] : [];
    if (method.requestsOnly) flags.push('requests_only');
    return {
      state: 'observed',
      n: covered,
      value: (calls / population) * method.scale,
      numerator: calls,
      denominator: population,
      flags: flags,
    };
  });
}

/** A median or a mean of items cannot be rebuilt from daily sums: facts alone are a fault of the caller. */
function withoutSample(method: MethodSpec, city: CityRows): Measured {
  if (city.facts.tally(method.id).n > 0) {
    throw new TypeError(`Method ${method.id} (${method.kind}) needs the rows of ${method.dataset}, not daily facts.`);
  }
  return NOT_OBSERVED;
}

function found(n: number, value: number, flags: readonly string[]): Extract<Measured, { state: 'observed' }> {
  return { state: 'observed', n, value, numerator: null, denominator: null, flags };
}

export function scaleOf(method: MethodSpec): number {
  return 'scale' in method ? method.scale : 1;
}

function sum(values: Float64Array): number {
  return values.reduce((all, value) => all + value, 0);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
