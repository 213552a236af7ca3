import type { DatasetId } from '@hotline/rows';

/** How well a centre works, theme by theme: 0 = as badly as any hotline in the country, 1 = as well as the best. */
export interface QualityProfile {
  /** Enough seats by day: waits, give-ups, blocked lines. */
  readonly staffing: number;
  /** How much of that is kept from 17:00 to morning. */
  readonly eveningCover: number;
  /** Greeting, menu, sound. */
  readonly menu: number;
  /** Humans in the chats and how fast they write. */
  readonly onlineService: number;
  /** Number of other channels, what they can do, how much they are used. */
  readonly channels: number;
  /** What agents know and how they speak; also how much is settled on the call. */
  readonly training: number;
  /** Response, deadlines, call-backs. */
  readonly orderDiscipline: number;
  /** Ratings by callers, service complaints. */
  readonly satisfaction: number;
  /** What citizens and firms answer in the survey. */
  readonly surveyMood: number;
}

export interface CityPlan {
  /** GB/T 2260 code, six digits. */
  readonly code: string;
  readonly name: string;
  readonly seed: number;
  /** Incoming calls a year, self-service included, test calls not. */
  readonly callsPerYear: number;
  readonly ordersPerYear: number;
  readonly residentPopulation: number;
  readonly quality: QualityProfile;
  /** First day of the centre's records; nothing is generated before it. Default: start of the period asked for. */
  readonly since?: string;
  /** Answered questionnaires a year; default 480. */
  readonly surveysPerYear?: number;
  /** Test calls per day period and quarter; 1 = 24 a year, 2 = 48. Default 1. */
  readonly testCallsPerPeriod?: number;
  /** Datasets the centre does not hand in. */
  readonly missing?: readonly DatasetId[];
  /** The call platform exports daily totals only. */
  readonly dailyTotalsOnly?: boolean;
  /** Share of rows with a fault that the importer explains, 0…1; default 0.003. */
  readonly dirtyShare?: number;
}

/** Column id to value: instants `2025-05-04 09:05:00`, days `2025-05-04`, codes of the dictionary, null where empty. */
export type Row = Record<string, string | number | boolean | null>;
