import { dictionary, type ColumnSpec, type DatasetSpec } from '@hotline/rows';
import { Query, Resolver } from '@nestjs/graphql';
import { toTopicModels } from '../definitions/to-definition.model.js';
import { Needs } from '../request/context.decorators.js';
import { DatasetModel, type CodeModel, type DatasetColumnModel } from './dataset.model.js';

@Resolver(() => DatasetModel)
export class DatasetResolver {
  @Query(() => [DatasetModel], { description: '数据字典：可上传的全部数据集 The data dictionary' })
  @Needs('viewer', 'any')
  datasets(): DatasetModel[] {
    return dictionary().datasets.map(toDataset);
  }
}

function toDataset(spec: DatasetSpec): DatasetModel {
  return {
    id: spec.id,
    name: spec.zh,
    nameEn: spec.en,
    purpose: spec.purpose_zh,
    purposeEn: spec.purpose,
    columns: spec.columns.map((column) => toColumn(column, spec.key)),
    rules: spec.rules.map(({ id, level, message_zh, message_en }) => ({
      id,
      level,
      message: message_zh,
      messageEn: message_en,
    })),
    definitions: toTopicModels(spec.id),
    templatePath: `/datasets/${spec.id}/template.xlsx`,
    templateCsvPath: `/datasets/${spec.id}/template.csv`,
    schemaPath: `/datasets/${spec.id}/schema.json`,
  };
}

function toColumn(column: ColumnSpec, key: readonly string[]): DatasetColumnModel {
  return {
    id: column.id,
    name: column.zh,
    nameEn: column.en,
    type: column.type,
    required: column.required,
    key: key.includes(column.id),
    unit: column.unit ?? null,
    meaning: column.meaning_zh ?? null,
    meaningEn: column.meaning ?? null,
    personal: column.personal ?? null,
    aliases: [...column.aliases],
    codes: column.enum === undefined ? [] : codesOf(column.enum),
  };
}

function codesOf(list: string): CodeModel[] {
  const { codes } = dictionary().enums[list] ?? { codes: [] };
  return codes.map(({ code, zh, en, accepts }) => ({ code, name: zh, nameEn: en, accepts: [...accepts] }));
}
