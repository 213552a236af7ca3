import type { Day } from './calendar.js';
import { isPublicHoliday, isWorkingDay, monthOf, weekdayOf } from './calendar.js';
import type { CityPlan } from './city-plan.js';
import { itemAt, Random } from './random.js';

/** Sunday first. Mondays carry what the weekend left. */
const weekdayShape = [0.7, 1.18, 1.12, 1.08, 1.06, 1.03, 0.78];
/** January first: quiet around Spring Festival, busy in the heat. */
const monthShape = [0.95, 0.86, 1.0, 0.98, 1.0, 1.03, 1.1, 1.12, 1.03, 0.98, 0.98, 0.97];
/** Share of the day's calls by hour: peaks at 9–11 and 14–16, a shoulder after supper. */
const hourWeights = [
  0.6, 0.4, 0.3, 0.25, 0.25, 0.35, 0.8, 1.8, 5.2, 9.6, 9.4, 6.6, 4.6, 5.2, 8.2, 8.4, 7.4, 5.0, 4.0, 4.4, 4.2, 3.0, 1.9,
  1.1,
];
const hourSum = hourWeights.reduce((sum, weight) => sum + weight, 0);
export const hourShape: readonly number[] = hourWeights.map((weight) => weight / hourSum);

export interface Demand {
  /** Expected events of the day ÷ events of an average day. */
  readonly factor: number;
  /** What the roster did not foresee: 1 on a usual day, 1.5 in a storm. */
  readonly pressure: number;
}

/** How busy a day is. The same day of the same city is always equally busy, whatever period is generated. */
export function demandOf(plan: CityPlan, day: Day): Demand {
  const random = Random.of(plan.seed, 'demand', day);
  const worked = isWorkingDay(day);
  const usual =
    (isPublicHoliday(day) ? 0.55 : worked ? Math.max(itemAt(weekdayShape, weekdayOf(day)), 1.0) : 0.74) *
    itemAt(monthShape, monthOf(day) - 1);
  const noise = random.logNormal(1, 0.07);
  // About seven days a year: a storm, a burst water main, a new rule that nobody understands.
  const surge = random.chance(0.02) ? 1.3 + 0.5 * random.next() : 1;
  return { factor: usual * noise * surge, pressure: noise * surge };
}

/** Hour of day, drawn by the shape of the day. */
export function drawHour(random: Random): number {
  let at = random.next();
  for (let hour = 0; hour < 23; hour++) {
    at -= itemAt(hourShape, hour);
    if (at < 0) return hour;
  }
  return 23;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
