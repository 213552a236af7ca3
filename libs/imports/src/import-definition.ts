import { definitionTopics } from '@hotline/methodology';
import type { RequestContext, TenantScope } from '@hotline/platform';
import type { DatasetId } from '@hotline/rows';
import type { Definition } from '@hotline/scoring';
import type { EntityManager } from 'typeorm';
import { ImportError } from './import-error.js';
import { StatedDefinitionEntity } from './stated-definition.entity.js';

/** Choice by topic of the definition ledger. */
export type StatedChoices = Readonly<Record<string, string>>;

/** Remembers what the files of a dataset follow; topics that are not named stay as they are. @throws ImportError definition_unknown */
export async function stateDefinition(
  manager: EntityManager,
  ctx: RequestContext,
  dataset: DatasetId,
  stated: StatedChoices,
  statedBy: string,
): Promise<void> {
  requireKnown(dataset, stated);
  if (Object.keys(stated).length === 0) return;
  await manager.query(
    `insert into stated_definition (tenant_id, dataset, choices, stated_at, stated_by) values ($1, $2, $3, now(), $4)
     on conflict (tenant_id, dataset) do update
       set choices = stated_definition.choices || excluded.choices, stated_at = now(), stated_by = excluded.stated_by`,
    [ctx.tenantId, dataset, JSON.stringify(stated), statedBy],
  );
}

/** What a file of the dataset follows: as it was stated, else the definition of the method as an assumption. */
export async function definitionOf(
  manager: EntityManager,
  { tenantId }: TenantScope,
  dataset: DatasetId,
): Promise<Definition> {
  const stated = await manager.findOneBy(StatedDefinitionEntity, { tenantId, dataset });
  return Object.fromEntries(
    definitionTopics(dataset).map(({ id, choices }) => {
      const choice = choices.find((each) => each.id === stated?.choices[id]);
      return [id, { choices: [(choice ?? choices[0])?.id ?? ''], stated: choice !== undefined }];
    }),
  );
}

/** @throws ImportError definition_unknown */
function requireKnown(dataset: DatasetId, stated: StatedChoices): void {
  const topics = definitionTopics(dataset);
  for (const [topic, choice] of Object.entries(stated)) {
    const known = topics.find(({ id }) => id === topic);
    if (!known) {
      throw new ImportError('definition_unknown', { dataset, topic, topics: topics.map(({ id }) => id) });
    }
    const choices = known.choices.map(({ id }) => id);
    if (!choices.includes(choice)) throw new ImportError('definition_choice_unknown', { topic, choice, choices });
  }
}
