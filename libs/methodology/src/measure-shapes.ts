import { z } from 'zod';
import type { Condition, Value } from './expression.js';
import { names, sourced, withProvenance } from './provenance-shapes.js';

// The grammar of expressions is checked apart (`check-expression.ts`), where the names they use are known.
const condition = z.custom<Condition>((given) => Array.isArray(given), 'expected a condition');
const value = z.custom<Value>((given) => ['string', 'number'].includes(typeof given) || Array.isArray(given), {
  error: 'expected a column, a number or a value',
});
const id = z.string().min(1);

const curve = z.strictObject({
  unit: z.string(),
  points: z.array(withProvenance({ x: z.number(), score: z.number().min(0).max(100) })).min(2),
});

const interval = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('wilson'), otherwise: z.literal('bootstrap').optional() }),
  z.strictObject({ kind: z.literal('bootstrap'), within: z.literal('stratum').optional() }),
  z.strictObject({ kind: z.literal('day_block_bootstrap') }),
  z.strictObject({ kind: z.literal('joint') }),
]);

const placed = { id, dataset: id, placeBy: id };
const counted = {
  ...placed,
  rows: condition,
  minN: sourced,
  recorded: z.strictObject({ any: condition }).optional(),
};
const scale = z.number().positive();

const method = z.discriminatedUnion('kind', [
  z.strictObject({
    ...counted,
    kind: z.literal('ratio'),
    scale,
    hit: condition,
    keepLast: z.strictObject({ per: id, by: id }).optional(),
  }),
  z.strictObject({ ...counted, kind: z.literal('ratio_of_sums'), scale, numerator: value, denominator: value }),
  z.strictObject({ ...counted, kind: z.literal('mean'), scale, of: value }),
  z.strictObject({ ...counted, kind: z.literal('median'), of: value }),
  z.strictObject({ ...counted, kind: z.literal('mean_of_row_scores'), rowScore: value }),
  z.strictObject({
    ...counted,
    kind: z.literal('mean_of_stratum_means'),
    rowScore: value,
    strata: id,
    stratum: id,
    minRowsPerStratum: sourced,
    minStrata: sourced,
    usable: z.strictObject({ rows: condition, hit: condition, shareAtLeast: sourced }).optional(),
  }),
  z.strictObject({
    ...placed,
    kind: z.literal('mean_of_item_means'),
    items: z.array(id).min(1),
    minAnswersPerItem: sourced,
    minItems: sourced,
    minN: sourced,
  }),
  z.strictObject({ ...placed, kind: z.literal('count_channels'), count: condition, functionColumns: z.array(id) }),
  z.strictObject({
    ...counted,
    kind: z.literal('first_contact'),
    scale,
    pool: condition,
    same: z.array(id).min(1),
    orderBy: z.array(id).min(1),
    windowSeconds: sourced,
    hit: condition,
  }),
  z.strictObject({
    ...counted,
    kind: z.literal('annualised_ratio'),
    scale,
    of: value,
    requestsOnly: z.boolean(),
    population: z.strictObject({ dataset: id, column: id }),
  }),
]);

const tried = z.strictObject({ dataset: id, placeBy: id, tried: condition, joined: condition, minTried: sourced });

const zeroRule = z.union([
  z.strictObject({ id, when: z.enum(['no_online_human_service', 'no_online_service']) }),
  z.strictObject({ id, when: z.array(tried).min(1) }),
]);

const simpleMeasure = z.strictObject({
  kind: z.literal('simple'),
  methods: z.array(method).min(1),
  zeroRules: z.array(zeroRule).optional(),
  scoreAdjustment: z
    .strictObject({ factor: sourced, shareBelow: sourced, rows: condition, hit: condition, unknownFlag: id })
    .optional(),
});

const component = z.strictObject({ id, ...names, weight: sourced, curve, measure: simpleMeasure, interval });

export const indicatorShape = z.strictObject({
  id,
  ...names,
  reportId: id,
  weight: sourced,
  unit: z.string(),
  valueUnit: z.string(),
  direction: z.enum(['higher', 'lower']),
  description: z.strictObject(names),
  curve: curve.optional(),
  measure: z.discriminatedUnion('kind', [
    simpleMeasure,
    z.strictObject({ kind: z.literal('components'), valueOf: id, components: z.array(component).min(1) }),
  ]),
  interval,
  companions: z.array(id),
  flags: z.array(id),
  note: z.strictObject(names).optional(),
});

export const expressionShape = z.union([condition, value]);
