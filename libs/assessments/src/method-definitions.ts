import type { DefinitionTopic } from '@hotline/methodology';
import type { Definition, DefinitionChoice, Period, ScoringMethod } from '@hotline/scoring';
import type { EvidenceImport } from './assessment.entity.js';

/**
 * What the rows of each method follow in a period, by method id: the choices that its files record. Where they differ, all
 * of them; an assumption unless every file states its own. Methods that the ledger does not concern are left out.
 */
export function methodDefinitions(
  topics: readonly DefinitionTopic[],
  { indicators }: Pick<ScoringMethod, 'indicators'>,
  imports: readonly EvidenceImport[],
  { start, end }: Period,
): Readonly<Record<string, Definition>> {
  const measures = indicators.flatMap(({ measure }) =>
    measure.kind === 'components' ? measure.components.map((component) => component.measure) : [measure],
  );
  const methods = measures.flatMap((measure) => measure.methods);
  const within = imports.filter(
    ({ firstDay, lastDay }) => firstDay !== null && lastDay !== null && firstDay < end && lastDay >= start,
  );
  const found = methods.flatMap(({ id, dataset }): [string, Definition][] => {
    const files = within.filter((file) => file.dataset === dataset);
    const own = topics.filter((topic) => topic.methods.includes(id));
    const definition = own.flatMap((topic): [string, DefinitionChoice][] => {
      const recorded = files.flatMap((file) => file.definition?.[topic.id] ?? []);
      if (recorded.length === 0) return [];
      const choices = [...new Set(recorded.flatMap((each) => each.choices))].sort();
      return [[topic.id, { choices, stated: recorded.every(({ stated }) => stated) }]];
    });
    return definition.length === 0 ? [] : [[id, Object.fromEntries(definition)]];
  });
  return Object.fromEntries(found);
}
