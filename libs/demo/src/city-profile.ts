import { dayOf, yearOf } from './calendar.js';
import type { Period } from './calendar.js';
import { agentCount } from './citizens.js';
import type { CityPlan, Row } from './city-plan.js';

/** The year before the period and each year of it; people come and go by four in a thousand a year. */
export function* cityProfileRows(plan: CityPlan, period: Period): Generator<Row> {
  const last = yearOf(dayOf(period.end) - 1);
  for (let year = yearOf(dayOf(period.start)) - 1; year <= last; year++) {
    yield {
      year,
      resident_population: Math.round(plan.residentPopulation * (1 - 0.004 * (last - year))),
      agent_count: agentCount(plan),
    };
  }
}
