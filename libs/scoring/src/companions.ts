import type { Observation } from './assessment.js';
import type { CompanionValue } from './city-data.js';
import type { CityRows } from './city-rows.js';
import type { CompanionSeries } from './companion-series.js';
import type { FactIndex } from './fact-index.js';
import { at, NOISE } from './numeric.js';
import type { ScoringMethod } from './scoring-method.js';

/** Least share of answered requests whose wait is known, for figures about waits. */
const KNOWN_WAITS = 0.9;

/** A share or a mean that is Σ total ÷ Σ n of its series, or of the daily totals where there are no rows. */
interface Rate {
  readonly scale: number;
  readonly daily?: true;
  /** The log must know its waits. */
  readonly ofWaits?: true;
  /** null while nobody fills the field: at least one hit, or at least one row of the `:recorded` series. */
  readonly recorded?: 'hit' | 'series';
}

const RATES = {
  connect_15s: { scale: 100, daily: true, ofWaits: true },
  connect_30s: { scale: 100, daily: true, ofWaits: true },
  asa: { scale: 1, daily: true, ofWaits: true },
  abandon_rate: { scale: 100, daily: true },
  short_abandon_rate: { scale: 100 },
  night_connect_rate: { scale: 100 },
  self_service_share: { scale: 100, daily: true },
  talk_mean: { scale: 1, daily: true },
  rating_invited_share: { scale: 100 },
  on_call_answer_rate: { scale: 100, recorded: 'hit' },
  extension_rate: { scale: 100 },
  return_rate: { scale: 100, recorded: 'series' },
  rehandle_rate: { scale: 100, recorded: 'series' },
  resolution_rate: { scale: 100 },
  callback_satisfaction_first: { scale: 100 },
} as const satisfies Partial<Record<CompanionSeries, Rate>>;

/** Every companion the method names, in its order: from facts, from the observations, else as read from the rows. */
export function companions(
  method: ScoringMethod,
  city: CityRows,
  observations: Readonly<Record<string, Observation>>,
  fromRows: Readonly<Record<string, CompanionValue>>,
): Record<string, CompanionValue> {
  return Object.fromEntries(
    method.companions.map(({ id }) => [id, companion(id, city, observations) ?? fromRows[id] ?? null]),
  );
}

function companion(id: string, city: CityRows, observations: Readonly<Record<string, Observation>>): CompanionValue {
  const { facts, profile } = city;
  switch (id) {
    case 'wait_p90':
      return knowsWaits(facts) ? histogramQuantile(facts, 'wait_p90', 0.9) : null;
    case 'working_days_by_type':
      return byStratum(facts, id, ({ n, total }) => total / n);
    case 'orders_by_channel':
      return byStratum(facts, id, ({ n }) => n);
    case 'callback_reach':
      return sumsRatio(facts, id, 100);
    case 'callback_tried_rate':
      return component(observations, 'called_back_rate')?.state === 'observed' ? rowsRatio(facts, id, 100) : null;
    case 'overdue_rate': {
      const onTime = component(observations, 'on_time_rate')?.value ?? null;
      return onTime === null ? null : 100 - onTime;
    }
    case 'rating_participation':
      return participation(facts, observations.post_call_satisfaction?.method ?? null);
    case 'satisfaction_gap': {
      const after = observations.post_call_satisfaction?.value ?? null;
      const later = observations.callback_satisfaction?.value ?? null;
      return after === null || later === null ? null : after - later;
    }
    case 'seats_per_100k': {
      const agents = profile?.agentCount ?? null;
      return profile === null || agents === null || !(profile.residentPopulation > 0)
        ? null
        : agents / (profile.residentPopulation / 100_000);
    }
    default:
      return Object.hasOwn(RATES, id) ? rate(facts, id, RATES[id as keyof typeof RATES]) : null;
  }
}

function rate(facts: FactIndex, id: string, spec: Rate): number | null {
  if (spec.recorded === 'hit' && facts.tally(id).total === 0) return null;
  if (spec.recorded === 'series' && facts.tally(`${id}:recorded`).n === 0) return null;
  const fromRows = spec.ofWaits === true && !knowsWaits(facts) ? null : rowsRatio(facts, id, spec.scale);
  return fromRows ?? (spec.daily === true ? sumsRatio(facts, `${id}.daily`, spec.scale) : null);
}

/** Ratings ÷ answered calls in per cent, under the method that measured the satisfaction; null where none did. */
export function participation(facts: FactIndex, method: string | null): number | null {
  if (method === null) return null;
  const series = `rating_participation:${method}`;
  const fromTotals = facts.tally(`${series}:denominator`).n > 0;
  return fromTotals ? sumsRatio(facts, series, 100) : rowsRatio(facts, series, 100);
}

function knowsWaits(facts: FactIndex): boolean {
  const { n, total } = facts.tally('asa:usable');
  return n > 0 && total + NOISE >= KNOWN_WAITS * n;
}

function rowsRatio(facts: FactIndex, series: string, scale: number): number | null {
  const { n, total } = facts.tally(series);
  return n > 0 ? (total / n) * scale : null;
}

function sumsRatio(facts: FactIndex, series: string, scale: number): number | null {
  const denominator = facts.tally(`${series}:denominator`).total;
  return denominator > 0 ? (facts.tally(series).total / denominator) * scale : null;
}

/** Strata in the order of their names; null without any row. */
function byStratum(facts: FactIndex, series: string, figure: (tally: { n: number; total: number }) => number) {
  const entries = [...facts.strata(series)].filter(([, { n }]) => n > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? null : Object.fromEntries(entries.map(([id, tally]) => [id, figure(tally)]));
}

/** Type 7 quantile of values that stand as strata, each as often as its n. */
function histogramQuantile(facts: FactIndex, series: string, p: number): number | null {
  const bins = [...facts.strata(series)].map(([text, { n }]) => ({ value: Number(text), n })).filter(({ n }) => n > 0);
  bins.sort((a, b) => a.value - b.value);
  const rows = bins.reduce((sum, { n }) => sum + n, 0);
  if (rows === 0) return null;
  const h = (rows - 1) * p;
  const below = Math.floor(h);
  const low = valueAt(bins, below);
  return below + 1 < rows ? low + (h - below) * (valueAt(bins, below + 1) - low) : low;
}

/** Value of the row of this rank, counted from 0. */
function valueAt(bins: readonly { value: number; n: number }[], rank: number): number {
  let left = rank;
  for (const { value, n } of bins) {
    if (left < n) return value;
    left -= n;
  }
  return at([], rank);
}

function component(observations: Readonly<Record<string, Observation>>, id: string): Observation | undefined {
  for (const { components } of Object.values(observations)) {
    const part = components?.[id];
    if (part !== undefined) return part;
  }
  return undefined;
}
