import { createHash } from 'node:crypto';
import type { ImportEntity } from '@hotline/imports';
import type { Assessment, Fact, Observation } from '@hotline/scoring';
import canonicalize from 'canonicalize';
import type { EvidenceDays, EvidenceImport } from './assessment.entity.js';

/** The imports in force, in the order in which they were committed. */
export function evidenceImports(imports: readonly ImportEntity[]): EvidenceImport[] {
  return imports.flatMap((entity) => {
    const { result, dataset } = entity;
    if (!result || dataset === null) return [];
    return [
      {
        id: entity.id,
        file: entity.fileName,
        dataset,
        sha256: entity.sha256,
        uploadedAt: entity.uploadedAt.toISOString(),
        uploadedBy: entity.uploadedBy,
        accepted: result.counts.accepted,
        refused: result.counts.refused,
        duplicates: result.counts.duplicates,
        unmapped: result.columns.filter((column) => column.column === null).map((column) => column.header),
        months: result.months.map((month) => month.month),
        firstDay: result.firstDay,
        lastDay: result.lastDay,
        definition: entity.definition,
      },
    ];
  });
}

/**
 * The days on which each method of an assessment stands; a day that another method gave is not among them. Where daily totals are divided by each other, n is the
 * denominator: a row of totals says nothing by being one row.
 */
export function evidenceDays({ indicators }: Pick<Assessment, 'indicators'>, facts: readonly Fact[]): EvidenceDays {
  const observations = Object.values(indicators).flatMap((observation) => [
    observation,
    ...Object.values(observation.components ?? {}),
  ]);
  const methods = new Set(observations.flatMap(methodsOf));
  const spans = new Map(observations.flatMap(({ sources }) => Object.entries(sources ?? {})));
  const wanted = new Set([...methods].flatMap((method) => [method, denominatorOf(method)]));
  const days = new Map<string, Map<string, { n: number; total: number }>>();
  for (const fact of facts.filter(({ series }) => wanted.has(series)).sort(byStratum)) {
    const ofSeries = days.get(fact.series) ?? new Map<string, { n: number; total: number }>();
    days.set(fact.series, ofSeries);
    const day = ofSeries.get(fact.day);
    if (day) {
      day.n += fact.n;
      day.total += fact.total;
    } else {
      ofSeries.set(fact.day, { n: fact.n, total: fact.total });
    }
  }
  return Object.fromEntries(
    [...days]
      .filter(([series]) => methods.has(series))
      .map(([method, byDay]) => {
        const denominators = days.get(denominatorOf(method));
        return [
          method,
          [...byDay]
            .filter(([day]) => spans.get(method)?.some(({ start, end }) => start <= day && day < end) ?? true)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([day, { n, total }]) => [day, denominators?.get(day)?.total ?? n, total] as const),
        ];
      }),
  );
}

/** The database gives facts in any order; sums of fractions would differ in their last digit, and so would the hash. */
function byStratum({ stratum: a }: Fact, { stratum: b }: Fact): number {
  return a === b ? 0 : a === null || (b !== null && a < b) ? -1 : 1;
}

/** Series of the second sum of a method that divides sums. */
function denominatorOf(method: string): string {
  return `${method}:denominator`;
}

/** Method ids an observation stands on, those that gave some of its days and those of its components included. */
export function methodsOf(observation: Observation): string[] {
  const own = observation.sources ? Object.keys(observation.sources) : [observation.method ?? []].flat();
  return [...own, ...Object.values(observation.components ?? {}).flatMap(methodsOf)];
}

/** SHA-256 of the canonical JSON of a value. */
export function hashOf(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('only JSON values have a hash');
  return createHash('sha256').update(text).digest('hex');
}
