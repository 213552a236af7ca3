import { dayNumber, daysOfYearBefore } from './calendar.js';
import { countedChannels } from './counted-channels.js';
import type { CountedChannels } from './counted-channels.js';
import type { CityData, CityProfile } from './city-data.js';
import type { Definition } from './definition.js';
import { indexFacts } from './fact-index.js';
import type { FactIndex } from './fact-index.js';
import type { RowsSource } from './rows-source.js';
import { orderRows } from './sample-rows.js';
import type { SampleRows } from './sample-rows.js';
import type { ScoringMethod } from './scoring-method.js';

/** The data of a city, ready to be measured. */
export interface CityRows {
  readonly facts: FactIndex;
  readonly samples: ReadonlyMap<string, SampleRows>;
  readonly channels: CountedChannels;
  readonly profile: CityProfile | null;
  readonly definitions: Readonly<Record<string, Definition>>;
  readonly days: number;
  /** Number of the first day of the period. */
  readonly firstDay: number;
  /** Days of the twelve months that end with the period. */
  readonly yearDays: number;
}

/** Puts facts and rows in an order that depends on nothing but themselves. Throws on a period without a day. */
export function readCity(method: ScoringMethod, data: CityData): CityRows {
  const firstDay = dayNumber(data.period.start);
  const days = dayNumber(data.period.end) - firstDay;
  if (days < 1) throw new RangeError(`A period covers at least one day: ${data.period.start} to ${data.period.end}.`);
  return {
    facts: indexFacts(data.facts, data.period),
    samples: new Map(Object.entries(data.samples).map(([dataset, sample]) => [dataset, orderRows(sample)])),
    channels: countedChannels(data.channels, data.period.end, method.channels.maxAgeDays),
    profile: data.profile,
    definitions: data.definitions ?? {},
    days,
    firstDay,
    yearDays: daysOfYearBefore(data.period.end),
  };
}

/** Rows of a small dataset where the city has them, daily facts otherwise. */
export function sourceOf(city: CityRows, dataset: string): RowsSource {
  return city.samples.get(dataset) ?? city.facts;
}
