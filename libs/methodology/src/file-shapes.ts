import { z } from 'zod';
import { expressionShape, indicatorShape } from './measure-shapes.js';
import { names, nameShape, provenanceShape, sourced, withProvenance } from './provenance-shapes.js';

const id = z.string().min(1);
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'expected a time of day, HH:MM');
const node = { id, ...names, weight: sourced, publishedMean: sourced };
const sampleSizes = z.strictObject({ mysteryCalls: sourced, mysteryChats: sourced, survey: sourced });

export const manifestShape = z.strictObject({
  id,
  index: id,
  edition: id,
  version: id,
  ...names,
  statement: nameShape,
  status: z.enum(['draft', 'published']),
  digest: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'),
});

/** Shape of each file of a method but the manifest and the indicators, by file name. */
export const fileShapes = {
  'sources.yaml': z.strictObject({
    sources: z.record(
      id,
      z.strictObject({ title: nameShape, issuer: id.optional(), date: id.optional(), clause: id.optional() }),
    ),
  }),
  'conventions.yaml': z.strictObject({
    provenanceKinds: z.record(id, nameShape),
    scoreOfPoints: provenanceShape,
    wilson: z.strictObject({ z: sourced }),
    bootstrap: z.strictObject({ replicates: sourced, low: sourced, high: sourced, minDays: sourced }),
    channels: z.strictObject({ maxAgeDays: sourced }),
    units: z.record(id, nameShape),
    flags: z.record(id, nameShape),
    rules: z.array(z.strictObject({ id, ...names })),
  }),
  'derived.yaml': z.strictObject({
    derived: z.record(id, z.record(id, expressionShape)),
    limits: z.record(id, sourced),
    dayPeriods: withProvenance({
      eveningFrom: withProvenance({ time }),
      lists: z.record(id, z.array(z.strictObject({ id, ...names, start: time, end: time })).min(1)),
    }),
  }),
  'aggregation.yaml': z.strictObject({
    ratedShare: sourced,
    grades: z.array(z.strictObject({ grade: id, minScore: sourced })).min(1),
    badge: z.strictObject({ showIf: sourced }),
    dimensions: z.array(z.strictObject(node)).min(1),
    elements: z.array(z.strictObject({ ...node, parent: id })).min(1),
  }),
  'companions.yaml': z.strictObject({
    companions: z.array(
      z.strictObject({
        id,
        ...names,
        unit: id,
        definition: nameShape,
        threshold: sourced.optional(),
        quantile: sourced.optional(),
        warnBelow: sourced.optional(),
        minPairs: sourced.optional(),
      }),
    ),
  }),
  'recommendations.yaml': z.strictObject({
    threshold: sourced,
    targetLow: sourced,
    targetHigh: sourced,
    rules: z.array(
      z.strictObject({
        id,
        ...names,
        indicators: z.array(id).min(1, 'a recommendation needs at least one indicator'),
        reportItems: z.array(id),
        extraTrigger: z
          .strictObject({
            id: z.enum(['evening_gap', 'resolution_gap']),
            countsAs: id,
            rule: nameShape,
            margin: sourced,
          })
          .optional(),
      }),
    ),
  }),
  'peers.yaml': z.strictObject({
    dimensions: z.array(id),
    minOtherTenants: sourced,
    minOverlap: sourced,
    widen: z.array(id),
    regions: withProvenance({ list: z.array(z.strictObject({ id, ...names, provinces: z.array(id).min(1) })) }),
    tiers: withProvenance({ list: z.array(z.strictObject({ id, ...names, cities: z.int() })) }),
    adminLevels: withProvenance({ list: z.array(z.strictObject({ id, ...names, fromRegistry: z.array(id).min(1) })) }),
    populationBands: withProvenance({
      list: z.array(z.strictObject({ id, ...names, min: z.int(), below: z.int().nullable() })),
    }),
  }),
  'protocol.yaml': z.strictObject({
    hotline: z.strictObject({
      periods: sourced,
      callsPerPeriod: sourced,
      differentDays: sourced,
      scenariosPerPeriod: sourced,
    }),
    online: z.strictObject({ periods: sourced, chatsPerPeriod: sourced }),
    secondRaterShare: sourced,
    samples: z.strictObject({ internal: sampleSizes, badge: sampleSizes }),
    surveyDisplay: z.strictObject({ suppressBelow: sourced, warnBelow: sourced }),
  }),
  'working-calendar.yaml': withProvenance({
    years: z.record(
      z.string().regex(/^\d{4}$/, 'expected a year'),
      z.strictObject({ daysOff: z.array(z.string()), makeUpDays: z.array(z.string()) }),
    ),
  }),
} as const;

export type FileName = keyof typeof fileShapes;
export type FileContent<Name extends FileName> = z.infer<(typeof fileShapes)[Name]>;

/** The indicators of one element: `indicators/<element>.yaml`. */
export const indicatorFileShape = z.strictObject({ element: id, indicators: z.array(indicatorShape).min(1) });
export type IndicatorFile = z.infer<typeof indicatorFileShape>;
