import { isoDay } from './calendar.js';
import type { Period } from './city-data.js';
import type { CityRows } from './city-rows.js';
import { sameDefinition } from './definition.js';
import { readsFacts } from './leaf.js';
import { isMeasurable } from './measurable.js';
import { at } from './numeric.js';
import type { MethodSpec } from './scoring-method.js';

/** A method that divides what it adds up over the days: of rows, or of daily totals. */
type DailyMethod = Extract<MethodSpec, { scale: number }>;

/** What a method and those that complete it add up to on each day of the period: 0 on a day that none of them covers. */
export interface CompletedDays {
  readonly total: Float64Array;
  readonly denominator: Float64Array;
  /** Rows: of daily totals there is one a day. */
  readonly n: Float64Array;
  readonly covered: number;
  /** By method id, the spans of days that it gives: every covered day is in exactly one of them. */
  readonly sources: Readonly<Record<string, readonly Period[]>>;
  /** Their datasets, in the order of the methods. */
  readonly datasets: readonly string[];
}

/**
 * The days of a method, and those on which it has no row from the other methods of its measure, in their order: a centre
 * that uploads its call log for some days and daily totals for others is measured on all of them, and no day counts
 * twice. Only methods that measure the same quantity by the same definition complete each other. null: there is no day to be added.
 */
export function completedDays(
  method: MethodSpec,
  methods: readonly MethodSpec[],
  city: CityRows,
): CompletedDays | null {
  if (!isDaily(method) || !readsFacts(method, city)) return null;
  const others = methods.filter(
    (other): other is DailyMethod =>
      other.id !== method.id &&
      isDaily(other) &&
      quantityOf(other) === quantityOf(method) &&
      sameDefinition(city.definitions[other.id], city.definitions[method.id]) &&
      readsFacts(other, city) &&
      city.facts.daily(other.id).covered > 0 &&
      isMeasurable(other, city),
  );
  if (others.length === 0) return null;
  const days = Array.from({ length: city.days }, (): DailyMethod | null => null);
  for (const source of [method, ...others]) {
    const { n } = city.facts.daily(source.id);
    for (let day = 0; day < city.days; day += 1) if (at(n, day) > 0) days[day] ??= source;
  }
  return days.some((source) => source !== null && source !== method) ? sumsOf(days, [method, ...others], city) : null;
}

function sumsOf(days: readonly (DailyMethod | null)[], methods: readonly DailyMethod[], city: CityRows): CompletedDays {
  const [total, denominator, n] = [0, 1, 2].map(() => new Float64Array(city.days)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const used = methods.filter((method) => days.includes(method));
  for (const method of used) {
    const own = city.facts.daily(method.id);
    const divisor = method.kind === 'ratio_of_sums' ? city.facts.daily(`${method.id}:denominator`).total : own.n;
    days.forEach((source, day) => {
      if (source !== method) return;
      total[day] = at(own.total, day);
      denominator[day] = at(divisor, day);
      n[day] = at(own.n, day);
    });
  }
  return {
    total,
    denominator,
    n,
    covered: days.filter((source) => source !== null).length,
    sources: Object.fromEntries(used.map((method) => [method.id, spansOf(method, days, city.firstDay)])),
    datasets: [...new Set(used.map(({ dataset }) => dataset))],
  };
}

function spansOf(method: DailyMethod, days: readonly (DailyMethod | null)[], firstDay: number): Period[] {
  const spans: Period[] = [];
  for (let day = 0; day < days.length; day += 1) {
    if (days[day] !== method) continue;
    const start = day;
    while (day + 1 < days.length && days[day + 1] === method) day += 1;
    spans.push({ start: isoDay(firstDay + start), end: isoDay(firstDay + day + 1) });
  }
  return spans;
}

function isDaily(method: MethodSpec): method is DailyMethod {
  return method.kind === 'ratio' || method.kind === 'ratio_of_sums' || method.kind === 'annualised_ratio';
}

/** Requests are not all calls, and a share is not a number of calls. */
function quantityOf(method: DailyMethod): string {
  const what = method.kind === 'annualised_ratio' ? (method.requestsOnly ? 'requests' : 'calls') : 'share';
  return `${what} ${method.scale}`;
}
