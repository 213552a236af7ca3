import type { StatedChoices } from '@hotline/imports';
import { definitionLedger, definitionTopics, type DefinitionTopic } from '@hotline/methodology';
import type { Definition } from '@hotline/scoring';
import type {
  DefinitionChoiceModel,
  DefinitionInput,
  DefinitionTopicModel,
  FollowedDefinitionModel,
} from './definition.model.js';

export function toTopicModels(dataset: string): DefinitionTopicModel[] {
  return definitionTopics(dataset).map(({ id, zh, en, choices }) => ({
    id,
    name: zh,
    nameEn: en,
    choices: choices.map(toChoice),
  }));
}

/** In the order of the ledger. */
export function toFollowedModels(definition: Definition | null | undefined): FollowedDefinitionModel[] {
  return definitionLedger().topics.flatMap((topic) => {
    const followed = definition?.[topic.id];
    if (!followed) return [];
    const choices = topic.choices.filter(({ id }) => followed.choices.includes(id)).map(toChoice);
    return [{ topic: topic.id, name: topic.zh, nameEn: topic.en, choices, stated: followed.stated }];
  });
}

export function toStatedChoices(given: readonly DefinitionInput[] | null | undefined): StatedChoices {
  return Object.fromEntries((given ?? []).map(({ topic, choice }) => [topic, choice]));
}

function toChoice({ id, zh, en }: DefinitionTopic['choices'][number]): DefinitionChoiceModel {
  return { id, name: zh, nameEn: en };
}
